"""Packing: everything that may leave now is packed, one parcel for each person."""

import base64
import hashlib
import logging
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from functools import partial
from itertools import compress

from engine.alive import ALIVE
from engine.calendar import day_of
from engine.case import Case
from engine.daily import DAILY
from engine.notice import Kind, Notice, Packing, Parcel
from engine.people import Recipient, Register
from engine.ports import Outbox, Reader
from engine.receipt import AT_ONCE
from engine.roles import instead, recipient
from engine.window import is_open

log = logging.getLogger("tiltak.packing")
MOST_AT_A_TIME = 200  # parties, in one transaction
MOST_LOOKS = 3


def pack_ripe(outbox: Outbox, reader: Reader, *, now: datetime, host: str) -> int:
    """Pack for every party that has a ripe notice; returns how many parcels came of it.

    Outside the hours only what answers somebody: what ripened while the service was away is held like all else.
    """
    if not outbox.ripe(now):
        return 0
    register = reader.register()
    letters = () if is_open(now, register.organisation) else AT_ONCE
    parties = _reached(outbox, reader, register, now, letters)
    return _each(parties, partial(_pack, outbox, reader, register, letters, now, host))


def _reached(
    outbox: Outbox, reader: Reader, register: Register, now: datetime, letters: Collection[str]
) -> Sequence[str]:
    """Those to be packed for, once all that is meant for somebody else by now was given to them."""
    parties, today = outbox.ripe(now, letters), day_of(now, register.organisation.zone)
    away = [party for party in parties if _moved(party, register, today)]
    for party in away:
        _redirect(outbox, reader, register, party, now)
    return [it for it in outbox.ripe(now, letters) if not _moved(it, register, today)] if away else parties


def _each(parties: Sequence[str], pack: Callable[[Sequence[str]], int]) -> int:
    """Nobody waits for a letter because somebody else's cannot be packed; that one is told of when all others are."""
    packed, failed = 0, list[Exception]()
    for start in range(0, len(parties), MOST_AT_A_TIME):
        some = parties[start : start + MOST_AT_A_TIME]
        try:
            packed += pack(some)
        except Exception:  # whose fault it is shows when everybody is packed for alone
            packed += sum(_alone(party, pack, failed) for party in some)
    if failed:
        raise failed[0]
    return packed


def _alone(party: str, pack: Callable[[Sequence[str]], int], failed: list[Exception]) -> int:
    try:
        return pack([party])
    except Exception as error:
        log.error("nothing can be packed for %s: %s", party, error)
        failed.append(error)
        return 0


def _moved(party: str, register: Register, on: date) -> bool:
    """Whether somebody else is the one to write to by now: a substitute, a successor, the next one on the ladder."""
    found = recipient(party, register, on)
    return found is None or found.party != party


def _redirect(outbox: Outbox, reader: Reader, register: Register, party: str, now: datetime) -> None:
    notices, today = _going_along(outbox.waiting([party]).get(party, ()), now), day_of(now, register.organisation.zone)
    cases = reader.cases_by_ref(sorted({notice.ref for notice in notices}))
    found = [(it, instead(party, cases.get(it.ref), register, today)) for it in notices]
    outbox.redirect([replace(it, to=other.party, instead_of=it.instead_of or other.instead_of) for it, other in found])


def _going_along(waiting: Sequence[Notice], now: datetime) -> list[Notice]:
    """What is not ripe yet goes along, except tomorrow's digest."""
    return [it for it in waiting if it.ripe_at <= now or it.rule not in (DAILY, ALIVE)]


def _pack(
    outbox: Outbox,
    reader: Reader,
    register: Register,
    letters: Collection[str],
    now: datetime,
    host: str,
    parties: Sequence[str],
) -> int:
    """Pack for some parties in one transaction. Looks again when another node was faster with some of it."""
    for _ in range(MOST_LOOKS):
        going = {party: _going_along(those, now) for party, those in outbox.waiting(parties).items()}
        cases = reader.cases_by_ref(sorted({it.ref for those in going.values() for it in those}))
        since, today = outbox.last_packed(parties), day_of(now, register.organisation.zone)
        packings: list[Packing] = []
        for party, those in going.items():
            to = _addressee(party, register, today)
            for kind, inside, overtaken in _parcels(those, cases, letters):
                packings.append(_packing(to, kind, inside, overtaken, now, since.get(party), host))
        if not packings or outbox.pack(packings):
            return sum(bool(it.parcel.notices) for it in packings)
    return 0  # others are at it; what they leave is met by the next sweep


def _parcels(
    waiting: Sequence[Notice], cases: Mapping[str, Case], letters: Collection[str]
) -> Iterator[tuple[Kind, Sequence[Notice], Sequence[Notice]]]:
    """Each answer in a parcel of its own, so that it arrives in the thread it belongs to; all else in one."""
    answers = [it for it in waiting if it.letter in AT_ONCE]
    yield from (("receipt", [it], ()) for it in answers)
    others = [] if letters else [it for it in waiting if it.letter not in AT_ONCE]
    if others:
        going, overtaken = sort_out(others, cases)
        yield kind_of(going), going, overtaken


def _packing(
    to: Recipient,
    kind: Kind,
    going: Sequence[Notice],
    overtaken: Sequence[Notice],
    now: datetime,
    since: datetime | None,
    host: str,
) -> Packing:
    own_id = parcel_id([notice.key for notice in going or overtaken])
    return Packing(
        parcel=Parcel(id=own_id, to=to, kind=kind, notices=tuple(going), packed_at=now, since=since),
        message_id=f"<t.{own_id}@{host}>",
        overtaken=tuple(it.key for it in overtaken),
    )


def _addressee(party: str, register: Register, on: date) -> Recipient:
    found = recipient(party, register, on)
    assert found, f"{party} was redirected"
    return found


def sort_out(notices: Sequence[Notice], cases: Mapping[str, Case]) -> tuple[list[Notice], list[Notice]]:
    """Those that still hold, and those overtaken: a rule's notice about a case that has left the state it spoke of."""
    overtaken = [_overtaken(it, cases.get(it.ref)) for it in notices]
    return [it for it, over in zip(notices, overtaken, strict=True) if not over], list(compress(notices, overtaken))


def _overtaken(notice: Notice, case: Case | None) -> bool:
    by_rule = ":" not in notice.rule
    return by_rule and case is not None and case.state != notice.state


def kind_of(notices: Sequence[Notice]) -> Kind:
    """A letter speaks of one thing, a bundle of several, a digest is a coordinator's view of the plan."""
    if any(it.rule == ALIVE for it in notices):
        return "operator"
    if any(it.role == "coordinator" and (it.via == "digest" or len(notices) > 1) for it in notices):
        return "digest"
    return "letter" if len({it.ref for it in notices}) <= 1 else "bundle"


def parcel_id(keys: Sequence[str]) -> str:
    """26 lower-case base32 characters that follow from what is in the parcel: packed twice, it is the same parcel."""
    digest = hashlib.sha256("\n".join(sorted(keys)).encode()).digest()[:16]
    return base64.b32encode(digest).decode().rstrip("=").lower()
