"""A fresh link in place of one that is over: by letter, to the same address, and once an hour at most."""

from datetime import datetime
from typing import Final

from engine.calendar import day_of
from engine.link import Link
from engine.notice import Notice
from engine.pass_on import PASS_ON
from engine.ports import Store, Tx
from engine.receipt import foremost_role

FRESH: Final = "fresh_link"


def fresh_link(store: Store, link: Link, *, now: datetime) -> bool:
    """Queue a letter with a new link for every case of the old one; False when there is none or one is on its way."""
    if link.revoked_at:
        return False
    with store.begin() as tx:
        return bool(tx.queue([_notice(tx, it.ref, link, now) for it in link.cases]))


def _notice(tx: Tx, ref: str, link: Link, now: datetime) -> Notice:
    """One key for each hour, so that however often somebody asks, one letter leaves."""
    case, register = tx.case(ref), tx.register()
    today = day_of(now, register.organisation.zone)
    return Notice(
        key=f"{ref}|{FRESH}|{now:%Y-%m-%dT%H}|{link.party}",
        ref=ref,
        to=link.party,
        role=foremost_role(link.party, case, register, now),
        letter=FRESH,
        via="now",
        rule="system:link",
        reason="a fresh link was asked for",
        planned=today,
        decided_at=now,
        ripe_at=now,
        state=case.state,
        event_seq=_passed_on(tx, ref, link.party) if link.for_whom else 0,
    )


def _passed_on(tx: Tx, ref: str, party: str) -> int:
    """The event by which the party was given the case; the new link is good for as much as the old one."""
    given = (it.seq for it in reversed(tx.since(ref, 0)) if it.move == PASS_ON and it.facts.get("passed to") == party)
    return next(given, 0)
