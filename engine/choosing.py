"""Somebody chooses when the overview comes: kept for ever, receipted by mail, and nothing that waits comes later."""

from datetime import datetime
from typing import Any, Final

from engine.calendar import day_of
from engine.daily import MOMENT, wants_all
from engine.notice import Notice, Parcel
from engine.overview import leaves_at
from engine.people import Register
from engine.ports import Store, Tx
from engine.rhythm import Choice, Rhythm, Through

RECEIPT: Final = "rhythm"  # the letter


def choose(store: Store, party: str, rhythm: Rhythm | None, *, through: Through, now: datetime) -> Choice | None:
    """Let a party have its overview so from now on (None = as the organisation says). None when it is so already."""
    with store.begin() as tx:
        before = next(iter(tx.choices(party)), None)
        words = str(rhythm or "")
        if words == (before.rhythm if before else ""):
            return None
        number = before.seq + 1 if before else 1
        choice = Choice(party=party, seq=number, rhythm=words, chosen_at=now, through=through)
        tx.choose(choice)
        register = tx.register()
        _retime(tx, party, register, now)
        tx.queue([_receipt(choice, before.rhythm if before else "", register, now)])
        return choice


def _retime(tx: Tx, party: str, register: Register, now: datetime) -> None:
    """What waits may come sooner, never later: else whoever chose anew every week would never be told."""
    at = leaves_at("digest", "coordinator", party, register, now + MOMENT)
    tx.retime(party, at, day=day_of(at, register.organisation.zone), daily=wants_all(party, register))


def _receipt(choice: Choice, before: str, register: Register, now: datetime) -> Notice:
    return Notice(
        key=f"{RECEIPT}|{choice.party}|{choice.seq}",
        ref="",
        to=choice.party,
        role="coordinator",
        letter=RECEIPT,
        via="now",
        rule="system:rhythm",
        step=f"{choice.rhythm}/{before}",
        reason=choice.through,
        planned=day_of(now, register.organisation.zone),
        decided_at=now,
        ripe_at=now,
    )


def chosen(parcel: Parcel, register: Register) -> dict[str, Any]:
    """What a letter may say of it: how the receiver has the overview, or what a choice has just led to."""
    receipt = next((it for it in parcel.notices if it.letter == RECEIPT), None)
    if receipt:
        now, _, before = receipt.step.partition("/")
        return {"rhythm": Rhythm.parse(now), "before": Rhythm.parse(before)}
    return {"rhythm": register.rhythms.get(parcel.to.party)}
