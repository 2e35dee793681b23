"""The operator's letter on the service itself, and a digest's lines on those who cannot be reached."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any, cast
from zoneinfo import ZoneInfo

import pytest

from engine.briefing import NOBODY, Node, Unheard, Vitals
from engine.health import START, Ailment, Heartbeat, Tally
from engine.inspection import UNHEARD
from engine.notice import Kind, Notice, Parcel
from engine.ports import Reader
from engine.roles import recipient
from engine.text import Text
from engine.trouble import Outage, Trouble
from engine.ward import unheard, vitals
from tests.engine.cast import MONDAY, NOON, REGISTER

NIGHT = datetime(2011, 8, 28, 22, 30, tzinfo=UTC)  # in Oslo half an hour into Monday
OSLO = ZoneInfo("Europe/Oslo")


@dataclass
class Service:
    """What a reader tells of the service."""

    since: datetime = NIGHT
    ripe: datetime | None = NIGHT
    beats: Sequence[Heartbeat] = ()
    asked: date | None = None

    def tally(self, now: datetime) -> Tally:
        assert now == NOON
        return Tally(since=self.since, watched=3)

    def next_ripe(self) -> datetime | None:
        return self.ripe

    def next_wake(self) -> date:
        return MONDAY

    def heartbeats(self) -> Sequence[Heartbeat]:
        return self.beats

    def outages(self, since: date) -> Sequence[Outage]:
        self.asked = since
        return [Outage(MONDAY, since)]


def parcel(*notices: Notice, to: str = "unit:GIL", kind: Kind = "digest") -> Parcel:
    receiver = recipient(to, REGISTER, MONDAY)
    assert receiver
    return Parcel(id="a" * 26, to=receiver, kind=kind, notices=notices, packed_at=NOON)


def told_of(service: Service, *ailments: Ailment) -> Vitals:
    return vitals(cast(Reader, service), parcel(to="operator", kind="operator"), REGISTER, ailments)


def local(vitals: Vitals) -> list[tuple[datetime | None, object]]:
    instants = (vitals.tally.since, vitals.next_letter, *(at for it in vitals.ailments for at in (it.at, it.swept)))
    return [(it, it and it.tzinfo) for it in instants]


def test_the_operator_reads_of_everything_by_the_local_clock() -> None:
    service, back = Service(), Ailment(what="back", at=NOON, swept=NIGHT)
    told = told_of(service, back)
    assert told == Vitals(
        tally=Tally(since=NIGHT, watched=3),
        ailments=(back,),
        outages=(Outage(MONDAY, MONDAY),),  # since the local day, not the day in Greenwich
        next_alarm=MONDAY,
        next_letter=NIGHT,
    )
    assert local(told) == [(NIGHT, OSLO), (NIGHT, OSLO), (NOON, OSLO), (NIGHT, OSLO)]


def test_what_is_not_there_has_no_hour() -> None:
    told = told_of(Service(ripe=None), Ailment(what="never", loop="sweep"))
    assert local(told) == [(NIGHT, OSLO), (None, None), (None, None), (None, None)]


def beat(node: str, ago: timedelta, loop: str = "sweep") -> Heartbeat:
    return Heartbeat(loop=loop, node=node, began_at=NOON - ago)


SECOND, HOUR, DAY = timedelta(seconds=1), timedelta(hours=1), timedelta(days=1)


@pytest.mark.parametrize(("heard", "gone"), [(HOUR, False), (HOUR + SECOND, True), (3 * DAY - SECOND, True)])
def test_a_node_runs_since_its_start_until_it_was_not_heard_of_for_an_hour(heard: timedelta, gone: bool) -> None:
    beats = [beat("a", 9 * DAY), beat("a", 4 * DAY, START), beat("a", heard), beat("a", 5 * DAY)]
    (node,) = told_of(Service(beats=beats)).nodes
    assert node == Node(name="a", since=NOON - (heard if gone else 4 * DAY), gone=gone)
    assert node.since.tzinfo == OSLO


def test_a_node_that_was_not_heard_of_for_three_days_was_taken_away_on_purpose() -> None:
    beats = [beat("a", 3 * DAY, START), beat("b", DAY), beat("c", HOUR, START)]  # and b has never begun
    assert [it.name for it in told_of(Service(beats=beats)).nodes] == ["c"]


TROUBLE = Trouble(
    party="unit:DHAKA", to="unit:GIL", cause="refused", detail="550 unknown", instead="unit:GIL",
    cases=("P-1", "P-2"), count=2, since=MONDAY, told_on=MONDAY,
)  # fmt: skip


def said(trouble: Trouble, parcel: Parcel) -> list[Unheard]:
    return list(unheard([trouble], parcel, REGISTER, {"P-1": "1"}))


def test_a_digest_tells_who_is_not_reached_and_why_and_who_gets_the_letters() -> None:
    assert said(TROUBLE, parcel()) == [
        Unheard(
            name=Text.same("DHAKA"), cause="refused", detail="550 unknown", day=None, count=2,
            cases=("1", "P-2"), instead=Text.same("GIL"), yours=True, mended=False,
        )
    ]  # fmt: skip


def test_a_unit_that_ended_is_told_with_its_day_if_that_is_known() -> None:
    ended = replace(TROUBLE, cause="ended", detail="2011-08-31", instead="")
    (it,) = said(ended, parcel())
    assert (it.day, it.instead, it.yours) == (date(2011, 8, 31), NOBODY, False)
    assert [it.day for it in said(replace(ended, detail=""), parcel())] == [None]


def notice(step: str, **more: Any) -> Notice:
    facts = {
        "key": step, "ref": "P-1", "to": "unit:GIL", "role": "coordinator", "letter": "digest", "via": "digest",
        "rule": UNHEARD, "step": step, "reason": "why", "planned": MONDAY, "decided_at": NOON, "ripe_at": NOON,
        "instead_of": "unit:DHAKA",
    }  # fmt: skip
    return Notice(**{**facts, **more})


FOUND, MENDED = notice("found"), notice("mended")
OF_ANOTHER = notice("mended", instead_of="unit:UR")
BY_A_RULE = notice("1", rule="due")
STANDS: list[tuple[Parcel, bool]] = [
    (parcel(), True),
    (parcel(kind="letter"), False),
    (parcel(to="unit:HUM"), False),
    (parcel(to="operator", kind="operator"), True),
    (parcel(FOUND, kind="letter"), True),
    (parcel(BY_A_RULE, OF_ANOTHER, kind="letter"), False),
]


@pytest.mark.parametrize(("carrier", "heard"), STANDS)
def test_a_trouble_is_told_to_its_watcher_to_the_operator_and_where_a_notice_brings_it(
    carrier: Parcel, heard: bool
) -> None:
    assert bool(said(TROUBLE, carrier)) == heard


@pytest.mark.parametrize(
    ("notices", "heard"),
    [
        ((), False),
        ((FOUND,), False),
        ((MENDED,), True),
        ((FOUND, OF_ANOTHER), False),
        ((notice("mended", rule="due"),), False),
    ],
)
def test_a_trouble_that_is_over_is_told_once_in_the_parcel_that_brings_it(
    notices: tuple[Notice, ...], heard: bool
) -> None:
    told = said(replace(TROUBLE, mended_on=MONDAY), parcel(*notices))
    assert [it.mended for it in told] == [True] * heard
