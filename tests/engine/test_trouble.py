"""Who cannot be reached and why, whom that concerns, and when it is said again."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from engine.people import Absence, Register
from engine.trouble import Cause, Inspection, Outage, Trouble, Why, headless, troubled, troubles, unreached
from tests.engine.cast import MONDAY, REGISTER, case, person, unit

DAY = timedelta(days=1)


def with_unit(code: str, **facts: Any) -> Register:
    return replace(REGISTER, units={**REGISTER.units, code: unit(code, **facts)})


def with_person(key: str, **facts: Any) -> Register:
    return replace(REGISTER, persons={**REGISTER.persons, key: replace(person(key, "HUM"), **facts)})


def with_absence(substitute: str) -> Register:
    return replace(REGISTER, absences=(Absence(person="officer", first=MONDAY, substitute=substitute),))


def ended(successor: str, *, of_it: str = "") -> Register:
    """DHAKA ended the day before, and so did its successor OLD."""
    before = MONDAY - DAY
    units = {
        **REGISTER.units,
        "DHAKA": unit("DHAKA", valid_to=before, successor=successor),
        "OLD": unit("OLD", valid_to=before - DAY, successor=of_it),
    }
    return replace(REGISTER, units=units)


SILENT = with_unit("DHAKA")
REFUSED = {"dhaka@ud.example": "550 unknown", "officer@ud.example": ""}
CAUSES: list[tuple[str, Register, Why | None]] = [
    ("unit:DHAKA", REGISTER, None),
    ("person:officer", REGISTER, None),
    ("unit:NOWHERE", REGISTER, Why("unknown")),
    ("person:nobody", REGISTER, Why("unknown")),
    ("unit:DHAKA", ended(""), Why("ended", "2011-08-28")),
    ("unit:DHAKA", ended("OLD"), Why("ended", "2011-08-27")),
    ("unit:DHAKA", ended("OLD", of_it="DHAKA"), Why("ended", "2011-08-28")),  # in a circle
    ("unit:DHAKA", ended("OLD", of_it="UR"), None),
    ("unit:DHAKA", ended("NOWHERE"), Why("unknown")),
    ("unit:DHAKA", with_unit("DHAKA", valid_from=MONDAY + DAY), Why("ended")),
    ("unit:DHAKA", replace(SILENT, refused=REFUSED), Why("refused", "dhaka@ud.example: 550 unknown")),
    ("person:officer", replace(REGISTER, refused=REFUSED), Why("refused", "officer@ud.example: ")),
    ("person:officer", with_person("officer", address="nowhere"), Why("no address", "nowhere")),
    ("person:officer", with_person("officer", active=False), Why("left")),
    ("person:officer", with_absence(""), None),  # it was meant so
    ("person:officer", with_absence("hum-head"), None),
    ("person:officer", with_absence("nobody"), Why("stand-in", "nobody")),
]


@pytest.mark.parametrize(("party", "register", "why"), CAUSES)
def test_who_is_not_reached_is_not_reached_for_a_reason(party: str, register: Register, why: Why | None) -> None:
    assert unreached(party, register, MONDAY) == why


def test_everybody_in_the_register_who_is_not_reached_is_found() -> None:
    register = replace(REGISTER, refused=REFUSED)
    assert {party: why.cause for party, why in troubled(register, MONDAY).items()} == {
        "unit:DHAKA": "refused",
        "person:officer": "refused",
    }
    assert troubled(REGISTER, MONDAY) == {}


def test_the_empty_chair_of_a_head_is_found_while_the_unit_is_there() -> None:
    gone = with_unit("DHAKA", valid_to=MONDAY - DAY)
    assert headless(gone, MONDAY) == {"unit:UR": Why("no head")}
    assert headless(gone, MONDAY - DAY) == {"unit:UR": Why("no head"), "unit:DHAKA": Why("no head")}


def test_each_watcher_hears_of_the_cases_that_it_watches() -> None:
    ours = [case(ref=f"P-{number}") for number in range(7)]
    theirs = case(ref="Q-1", coordinator="UR")
    register = replace(REGISTER, refused={"hum@ud.example": "550 unknown"})
    found = list(troubles([("unit:HUM", Why("refused", "550"), [*ours, theirs])], register, MONDAY))
    assert found == [
        Trouble(
            party="unit:HUM", to="unit:GIL", cause="refused", detail="550", instead="person:hum-head",
            cases=("P-0", "P-1", "P-2", "P-3", "P-4"), count=7, since=MONDAY, told_on=MONDAY,
        ),
        Trouble(
            party="unit:HUM", to="unit:UR", cause="refused", detail="550", instead="person:hum-head",
            cases=("Q-1",), count=1, since=MONDAY, told_on=MONDAY,
        ),
    ]  # fmt: skip


@pytest.mark.parametrize(("cause", "weeks"), [("no head", 8), ("refused", 2), ("left", 2)])
def test_a_trouble_is_said_again_after_a_while(cause: Cause, weeks: int) -> None:
    it = Trouble(party="unit:HUM", to="unit:GIL", cause=cause, since=date(2011, 1, 1), told_on=MONDAY)
    again = MONDAY + timedelta(weeks=weeks)
    assert not it.due_again(again - DAY)
    assert it.due_again(again)


@pytest.mark.parametrize(
    ("inspection", "stale"),
    [
        (Inspection(), True),
        (Inspection(enrolled=3, seen=3, day=MONDAY), False),
        (Inspection(enrolled=4, seen=3, day=MONDAY), True),
        (Inspection(enrolled=3, seen=3, day=MONDAY - DAY), True),
        (Inspection(enrolled=3, seen=3, day=MONDAY + DAY), False),
        (Inspection(enrolled=3, seen=3), True),
    ],
)
def test_the_register_is_looked_at_once_a_day_and_whenever_it_has_changed(inspection: Inspection, stale: bool) -> None:
    assert inspection.stale(MONDAY) == stale


def test_an_outage_has_missed_the_days_between_its_last_look_and_the_next_one() -> None:
    outage = Outage(MONDAY, MONDAY + 3 * DAY)
    assert [outage.missed(MONDAY + number * DAY) for number in range(4)] == [False, True, True, False]
