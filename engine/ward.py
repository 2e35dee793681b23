"""What the operator's letter says of the service, and what a digest says of those who cannot be reached."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from engine.briefing import Node, Unheard, Vitals
from engine.calendar import day_of
from engine.health import GONE, START, Ailment, Heartbeat
from engine.inspection import UNHEARD
from engine.notice import Parcel
from engine.people import Register
from engine.ports import Reader
from engine.roles import name_of
from engine.trouble import Trouble

FORGOTTEN = timedelta(days=3)  # a node that was not heard of for so long was taken away on purpose


def vitals(reader: Reader, parcel: Parcel, register: Register, ailments: Iterable[Ailment]) -> Vitals:
    """How the service fares as of the instant at which the parcel was packed."""
    zone, tally = ZoneInfo(register.organisation.zone), reader.tally(parcel.packed_at)
    ripe = reader.next_ripe()
    return Vitals(
        tally=replace(tally, since=tally.since.astimezone(zone)),
        nodes=tuple(_nodes(reader.heartbeats(), parcel.packed_at, zone)),
        ailments=tuple(_local(it, zone) for it in ailments),
        outages=tuple(reader.outages(day_of(tally.since, register.organisation.zone))),
        next_alarm=reader.next_wake(),
        next_letter=ripe.astimezone(zone) if ripe else None,
    )


def _local(it: Ailment, zone: ZoneInfo) -> Ailment:
    at, swept = (moment.astimezone(zone) if moment else None for moment in (it.at, it.swept))
    return replace(it, at=at, swept=swept)


def _nodes(beats: Sequence[Heartbeat], now: datetime, zone: ZoneInfo) -> Iterator[Node]:
    heard: dict[str, datetime] = {}
    for it in beats:
        heard[it.node] = max(heard.get(it.node, it.began_at), it.began_at)
    for start in beats:
        if start.loop == START and now - heard[start.node] < FORGOTTEN:
            gone = now - heard[start.node] > GONE
            since = heard[start.node] if gone else start.began_at
            yield Node(name=start.node, since=since.astimezone(zone), gone=gone)


def unheard(
    troubles: Iterable[Trouble], parcel: Parcel, register: Register, numbers: Mapping[str, str]
) -> Iterator[Unheard]:
    """The troubles of which this reader hears: all of them for the operator, for others those about their cases."""
    for it in troubles:
        if _told(it, parcel):
            yield Unheard(
                name=name_of(it.party, register),
                cause=it.cause,
                detail=it.detail,
                day=_day(it.detail) if it.cause == "ended" else None,
                count=it.count,
                cases=tuple(numbers.get(ref) or ref for ref in it.cases),
                instead=name_of(it.instead, register),
                yours=it.instead == parcel.to.party,
                mended=it.mended_on is not None,
            )


def _told(trouble: Trouble, parcel: Parcel) -> bool:
    """A trouble that is over is told once: in the parcel with the notice of it."""
    carried = any(it.rule == UNHEARD and it.instead_of == trouble.party for it in parcel.notices)
    if trouble.mended_on:
        return carried and any(it.step == "mended" for it in parcel.notices if it.instead_of == trouble.party)
    return carried or parcel.kind == "operator" or (parcel.kind == "digest" and trouble.to == parcel.to.party)


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None
