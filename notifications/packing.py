"""Packing: everything that may leave now is packed, one parcel for each person."""

import base64
import hashlib
import logging
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime

from engine.alive import ALIVE
from engine.calendar import day_of
from engine.case import Case
from engine.daily import DAILY
from engine.notice import Kind, Notice, Parcel
from engine.people import Recipient, Register
from engine.ports import Outbox, Reader
from engine.receipt import AT_ONCE
from engine.roles import instead, recipient
from engine.window import is_open

log = logging.getLogger("tiltak.packing")


def pack_ripe(outbox: Outbox, reader: Reader, *, now: datetime, host: str) -> int:
    """Pack for every party that has a ripe notice; returns how many parcels came of it.

    Outside the hours only what answers somebody: what ripened while the service was away is held like all else.
    """
    if not outbox.ripe(now):
        return 0
    register = reader.register()
    letters = () if is_open(now, register.organisation) else AT_ONCE
    parties = _reached(outbox, reader, register, now, letters)
    return _each(parties, lambda party: _pack(outbox, reader, register, party, now, host, letters))


def _reached(
    outbox: Outbox, reader: Reader, register: Register, now: datetime, letters: Collection[str]
) -> Sequence[str]:
    """Those to be packed for, once all that is meant for somebody else by now was given to them."""
    parties, today = outbox.ripe(now, letters), day_of(now, register.organisation.zone)
    away = [party for party in parties if _moved(party, register, today)]
    for party in away:
        _redirect(outbox, reader, register, party, now)
    return [it for it in outbox.ripe(now, letters) if not _moved(it, register, today)] if away else parties


def _each(parties: Sequence[str], pack: Callable[[str], int]) -> int:
    """Nobody waits for a letter because somebody else's cannot be packed; that one is told of when all others are."""
    packed, failed = 0, list[Exception]()
    for party in parties:
        try:
            packed += pack(party)
        except Exception as error:
            log.error("nothing can be packed for %s: %s", party, error)
            failed.append(error)
    if failed:
        raise failed[0]
    return packed


def _moved(party: str, register: Register, on: date) -> bool:
    """Whether somebody else is the one to write to by now: a substitute, a successor, the next one on the ladder."""
    found = recipient(party, register, on)
    return found is None or found.party != party


def _redirect(outbox: Outbox, reader: Reader, register: Register, party: str, now: datetime) -> None:
    notices, today = _going_along(outbox, party, now), day_of(now, register.organisation.zone)
    cases = reader.cases_by_ref(sorted({notice.ref for notice in notices}))
    found = [(it, instead(party, cases.get(it.ref), register, today)) for it in notices]
    outbox.redirect([replace(it, to=other.party, instead_of=it.instead_of or other.instead_of) for it, other in found])


def _going_along(outbox: Outbox, party: str, now: datetime) -> list[Notice]:
    """What is not ripe yet goes along, except tomorrow's digest."""
    return [it for it in outbox.waiting(party) if it.ripe_at <= now or it.rule not in (DAILY, ALIVE)]


def _pack(
    outbox: Outbox,
    reader: Reader,
    register: Register,
    party: str,
    now: datetime,
    host: str,
    letters: Collection[str],
) -> int:
    """Each answer in a parcel of its own, so that it arrives in the thread it belongs to; all else in one."""
    notices = _going_along(outbox, party, now)
    answers = [it for it in notices if it.letter in AT_ONCE]
    others = [] if letters else [it for it in notices if it not in answers]
    going, overtaken = sort_out(others, reader.cases_by_ref(sorted({notice.ref for notice in others})))
    to, since = _addressee(party, register, day_of(now, register.organisation.zone)), outbox.last_packed(party)

    def send(kind: Kind, those: Sequence[Notice], overtaken: Sequence[Notice] = ()) -> bool:
        own_id = parcel_id([notice.key for notice in those or overtaken])
        parcel = Parcel(id=own_id, to=to, kind=kind, notices=tuple(those), packed_at=now, since=since)
        return outbox.pack(parcel, message_id=f"<t.{own_id}@{host}>", overtaken=[it.key for it in overtaken])

    packed = [send("receipt", [it]) for it in answers]
    return sum([*packed, send(kind_of(going), going, overtaken)] if others else packed)


def _addressee(party: str, register: Register, on: date) -> Recipient:
    found = recipient(party, register, on)
    assert found, f"{party} was redirected"
    return found


def sort_out(notices: Sequence[Notice], cases: Mapping[str, Case]) -> tuple[list[Notice], list[Notice]]:
    """Those that still hold, and those overtaken: a rule's notice about a case that has left the state it spoke of."""
    going = [it for it in notices if not _overtaken(it, cases.get(it.ref))]
    return going, [it for it in notices if it not in going]


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
