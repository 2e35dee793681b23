"""Once a day, and whenever the register has changed: who cannot be reached is told, and again until it is well."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any, cast
from zoneinfo import ZoneInfo

import pytest

from engine.case import Case
from engine.inspection import KEPT_DAYS, UNHEARD, inspect, notice
from engine.notice import Notice
from engine.people import Register
from engine.ports import Reader, Store
from engine.trouble import Inspection, Outage, Trouble
from tests.engine.cast import MONDAY, NOON, REGISTER, case, unit

OSLO = ZoneInfo("Europe/Oslo")
DAY = timedelta(days=1)
HEADED = replace(REGISTER, units={**REGISTER.units, "UR": unit("UR", head="gil-head")})
MUTE = replace(HEADED, refused={"hum@ud.example": "550 unknown"})


@dataclass
class House:
    """As much of a store as an inspection needs. `before` is what the last one has noted; None: it was just now."""

    people: Register = HEADED
    needed: dict[str, list[Case]] = field(default_factory=dict)
    stood: list[Trouble] = field(default_factory=list)
    before: Inspection | None = field(default_factory=lambda: Inspection(day=MONDAY - DAY))
    latest: Inspection = field(default_factory=lambda: Inspection(enrolled=4))
    wake: date | None = None
    ripe: datetime | None = None
    asked: dict[str, list[str]] = field(default_factory=dict)
    away: list[Outage] = field(default_factory=list)
    kept: list[Trouble] = field(default_factory=list)
    forgotten: list[Trouble] = field(default_factory=list)
    told: list[Notice] = field(default_factory=list)

    def forget_links(self, before: datetime) -> int:
        assert before.tzinfo
        return 0

    def inspection(self) -> Inspection:
        return self.latest

    def register(self) -> Register:
        return self.people

    def next_wake(self) -> date | None:
        return self.wake

    def next_ripe(self) -> datetime | None:
        return self.ripe

    def named(self) -> frozenset[str]:
        return frozenset(self.needed)

    def needing(self, party: str, headed: Sequence[str]) -> Sequence[Case]:
        self.asked[party] = list(headed)
        return self.needed.get(party, [])

    @contextmanager
    def begin(self) -> Iterator["House"]:
        yield self

    def inspect(self, enrolled: int, today: date) -> Inspection | None:
        assert (enrolled, today) == (4, MONDAY)
        return self.before

    def add_outage(self, outage: Outage) -> None:
        self.away.append(outage)

    def troubles(self) -> Sequence[Trouble]:
        return self.stood

    def keep_trouble(self, trouble: Trouble) -> None:
        self.kept.append(trouble)

    def forget_trouble(self, trouble: Trouble) -> None:
        self.forgotten.append(trouble)

    def queue(self, notices: Sequence[Notice]) -> int:
        self.told += notices
        return len(notices)


def inspected(house: House) -> int:
    return inspect(cast(Store, house), cast(Reader, house), house.people.organisation, now=NOON)


def steps(house: House) -> list[tuple[str, str]]:
    return [(it.instead_of, it.step) for it in house.told]


NEEDED = {"unit:HUM": [case()]}
FOUND = Trouble(
    party="unit:HUM", to="unit:GIL", cause="refused", detail="hum@ud.example: 550 unknown", instead="person:hum-head",
    cases=("IOM-2011-3",), count=1, since=MONDAY, told_on=MONDAY,
)  # fmt: skip


def test_who_is_not_reached_is_kept_and_told_to_whoever_watches_the_cases() -> None:
    house = House(MUTE, NEEDED)
    assert inspected(house) == 1
    assert house.kept == [FOUND]
    assert house.told == [
        Notice(
            key=f"unheard|unit:HUM|refused|found|{MONDAY}|unit:GIL", ref="IOM-2011-3", to="unit:GIL",
            role="coordinator", letter="digest", via="digest", rule=UNHEARD, step="found",
            reason="unit:HUM: refused (hum@ud.example: 550 unknown)", planned=MONDAY, decided_at=NOON,
            ripe_at=datetime(2011, 8, 30, 5, 30, tzinfo=UTC), instead_of="unit:HUM",
        )
    ]  # fmt: skip


def test_nothing_is_looked_at_while_nothing_has_changed() -> None:
    house = House(MUTE, NEEDED, latest=Inspection(enrolled=4, seen=4, day=MONDAY))
    assert inspected(house) == 0
    assert (house.asked, house.kept) == ({}, [])


def test_the_slower_of_two_nodes_tells_nothing() -> None:
    house = House(MUTE, NEEDED, before=None)
    assert (inspected(house), house.kept, house.told) == (0, [], [])


def test_only_those_who_are_not_reached_are_asked_for_with_the_units_they_head() -> None:
    people = replace(HEADED, refused={f"{it}@ud.example": "550" for it in ("gil-head", "stranger")})
    house = House(people, {"unit:GONE": [case(owner="GONE")], "unit:HUM": [case()], "operator": [case()]})
    inspected(house)
    assert house.asked == {"person:gil-head": ["GIL", "UR"], "person:stranger": [], "unit:GONE": []}
    assert [(it.party, it.cause) for it in house.kept] == [("unit:GONE", "unknown")]  # whom cases need


def test_an_empty_chair_is_told_of_with_a_digest_that_comes_anyway() -> None:
    chair = {"unit:UR": [case(owner="UR")]}
    house = House(replace(REGISTER, refused={}), chair)
    inspected(house)
    assert [(it.party, it.cause, it.detail) for it in house.kept] == [("unit:UR", "no head", "")]
    assert [it.reason for it in house.told] == ["unit:UR: no head"]
    deaf = House(replace(REGISTER, refused={"ur@ud.example": "550"}), chair)
    inspected(deaf)
    assert [it.cause for it in deaf.kept] == ["refused"]  # the worse of two is told


@pytest.mark.parametrize(
    ("days", "told"), [(13, []), (14, [("unit:HUM", "again")])], ids=["a day too early", "after two weeks"]
)
def test_what_lasts_is_told_again_after_a_while_and_keeps_its_beginning(days: int, told: list[tuple[str, str]]) -> None:
    began, said = date(2011, 7, 1), MONDAY - days * DAY
    house = House(MUTE, NEEDED, stood=[replace(FOUND, since=began, told_on=said, detail="421")])
    assert inspected(house) == len(told)
    assert house.kept == [replace(FOUND, since=began, told_on=MONDAY if told else said)]
    assert steps(house) == told


def test_what_is_not_said_again_yet_keeps_nobody_else_from_being_told() -> None:
    both = {"unit:HUM": [case()], "unit:UR": [case(owner="UR")]}
    deaf = replace(MUTE, refused={"hum@ud.example": "550 unknown", "ur@ud.example": "550"})
    house = House(deaf, both, stood=[FOUND])
    inspected(house)
    assert steps(house) == [("unit:UR", "found")]


@pytest.mark.parametrize(
    "known", [{"cause": "left"}, {"mended_on": MONDAY - DAY}, {"to": "unit:UR"}, {"party": "unit:UR"}]
)
def test_another_trouble_than_the_one_known_is_new(known: dict[str, Any]) -> None:
    house = House(MUTE, NEEDED, stood=[replace(FOUND, since=date(2011, 7, 1), told_on=MONDAY, **known)])
    inspected(house)
    assert house.kept[0] == FOUND
    assert steps(house)[0] == ("unit:HUM", "found")


def test_what_is_over_is_told_once_more_and_remembered_for_a_while() -> None:
    old = replace(FOUND, since=date(2011, 5, 1))
    mended = [replace(old, party=f"unit:{days}", mended_on=MONDAY - days * DAY) for days in (KEPT_DAYS, KEPT_DAYS + 1)]
    house = House(HEADED, stood=[old, *mended])
    assert inspected(house) == 1
    assert (house.kept, house.forgotten) == ([replace(old, mended_on=MONDAY)], mended[1:])
    assert steps(house) == [("unit:HUM", "mended")]


LATE, RIPE = MONDAY - DAY, datetime(2011, 8, 28, 21, 59, tzinfo=UTC)  # in Oslo a minute to midnight
AWAY = [Outage(MONDAY - 2 * DAY, MONDAY)]


@pytest.mark.parametrize(
    ("looked", "wake", "ripe", "away"),
    [
        (2, LATE, None, AWAY),
        (2, None, RIPE, AWAY),
        (2, MONDAY, RIPE + timedelta(minutes=1), []),  # nothing was to be done on an earlier day
        (2, None, None, []),
        (1, LATE, RIPE, []),
        (None, LATE, RIPE, []),
    ],
)
def test_the_service_was_away_if_for_days_it_did_not_do_what_was_to_be_done(
    looked: int | None, wake: date | None, ripe: datetime | None, away: list[Outage]
) -> None:
    before = Inspection(day=MONDAY - looked * DAY if looked else None)
    house = House(before=before, wake=wake, ripe=ripe)
    inspected(house)
    assert house.away == away


@pytest.mark.parametrize(("rhythm", "count"), [("off", 0), ("daily", 1)])
def test_the_operator_hears_that_the_service_is_alive_where_that_is_wished(rhythm: Any, count: int) -> None:
    house = House(replace(HEADED, organisation=replace(HEADED.organisation, operator_digest=rhythm)))
    assert inspected(house) == count


def test_what_can_wait_for_weeks_waits_for_a_digest_also_when_the_clocks_change_meanwhile() -> None:
    day = date(2012, 3, 5)
    trouble = Trouble(party="unit:HUM", to="unit:GIL", cause="no head", cases=("P-1",), count=1, since=day, told_on=day)
    early = datetime(2012, 3, 5, 6, 0, tzinfo=OSLO)
    at = notice(trouble, "found", REGISTER, early).ripe_at
    assert at.astimezone(OSLO) == datetime(2012, 4, 30, 7, 30, tzinfo=OSLO)
