"""Somebody is away: letters and rights go to whoever stands in, on and on, and never round in a circle."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.people import Absence, Register
from engine.roles import acting_for, recipients, roles_of
from tests.engine.cast import MONDAY, REGISTER, case

FRIDAY = MONDAY + timedelta(days=4)


def away(person: str, substitute: str = "", first: date = MONDAY, last: date | None = FRIDAY) -> Absence:
    return Absence(person=person, first=first, last=last, substitute=substitute)


def with_absences(*absences: Absence) -> Register:
    return replace(REGISTER, absences=absences)


def reached(role: str, register: Register, on: date = MONDAY) -> tuple[str, str]:
    (found,) = recipients(role, case(responsible="officer"), register, on)  # type: ignore[arg-type]
    return found.party, found.instead_of


@pytest.mark.parametrize(
    ("day", "party"),
    [
        (MONDAY - timedelta(days=1), "person:officer"),
        (MONDAY, "person:stranger"),
        (FRIDAY, "person:stranger"),
        (FRIDAY + timedelta(days=1), "person:officer"),
    ],
)
def test_letters_go_to_the_substitute_on_exactly_those_days(day: date, party: str) -> None:
    assert reached("responsible", with_absences(away("officer", "stranger")), day)[0] == party


def test_the_letter_says_in_whose_place_it_came() -> None:
    assert reached("responsible", with_absences(away("officer", "stranger"))) == ("person:stranger", "Officer")


def test_a_substitute_who_is_away_as_well_has_one_of_their_own() -> None:
    register = with_absences(away("officer", "gil-head"), away("gil-head", "dhaka-head"))
    assert reached("responsible", register) == ("person:dhaka-head", "Officer")


def test_substitutes_in_a_circle_or_none_at_all_leave_it_to_the_unit() -> None:
    assert reached("responsible", with_absences(away("officer"))) == ("unit:HUM", "Officer")
    circle = with_absences(away("officer", "stranger"), away("stranger", "officer"))
    assert reached("responsible", circle) == ("unit:HUM", "Officer")


def test_nobody_is_there_for_somebody_whose_substitutes_go_round_in_a_circle() -> None:
    circle = with_absences(away("officer", "stranger"), away("stranger", "officer"))
    assert circle.standing_in("officer", MONDAY) == ""
    assert circle.standing_in("hum-head", MONDAY) == "hum-head"


def test_of_two_absences_the_later_one_holds() -> None:
    register = with_absences(away("officer", "stranger"), away("officer", "gil-head", first=MONDAY + timedelta(days=1)))
    assert reached("responsible", register, MONDAY + timedelta(days=1))[0] == "person:gil-head"


def test_an_absence_without_an_end_lasts() -> None:
    register = with_absences(away("officer", "stranger", last=None))
    assert reached("responsible", register, MONDAY + timedelta(days=4000))[0] == "person:stranger"


def test_the_right_to_act_goes_along_and_is_told_from_a_right_of_ones_own() -> None:
    it, register = case(responsible="officer"), with_absences(away("officer", "stranger"))
    assert roles_of("person:stranger", it, REGISTER, MONDAY) == set()
    assert "responsible" in roles_of("person:stranger", it, register, MONDAY)
    assert acting_for("person:stranger", it, register, MONDAY) == "person:officer"
    assert acting_for("person:officer", it, register, MONDAY) == ""
    assert acting_for("unit:HUM", it, register, MONDAY) == ""
    assert roles_of("person:stranger", it, register, FRIDAY + timedelta(days=1)) == set()


def test_who_has_a_right_of_ones_own_acts_by_it_and_who_stands_in_for_a_bystander_has_none() -> None:
    both = with_absences(away("officer", "hum-head"), away("dhaka-head", "stranger"))
    assert acting_for("person:hum-head", case(responsible="officer"), both, MONDAY) == ""
    assert acting_for("person:stranger", case(responsible="officer"), both, MONDAY) == ""


def test_people_are_known_by_every_address_they_write_from_while_they_are_here() -> None:
    officer = replace(REGISTER.persons["officer"], addresses=("Officer@home.example",))
    left = replace(officer, key="left", active=False)
    nameless = replace(officer, key="nameless", address="", addresses=())
    register = replace(REGISTER, persons={it.key: it for it in (officer, left, nameless)})
    assert [register.writers(it) for it in ("OFFICER@ud.example", "officer@HOME.example", "x@ud.example", "")] == [
        ("officer",), ("officer",), (), (),
    ]  # fmt: skip


PEOPLE = sorted(REGISTER.persons)
ABSENCES = st.builds(
    Absence,
    person=st.sampled_from(PEOPLE),
    first=st.integers(-5, 5).map(lambda days: MONDAY + timedelta(days=days)),
    last=st.none(),
    substitute=st.sampled_from(["", *PEOPLE, "nobody"]),
)


@given(st.lists(ABSENCES, max_size=8), st.sampled_from(["responsible", "head", "coordinator", "executive"]))
def test_whoever_is_away_somebody_who_is_there_hears(absences: list[Absence], role: str) -> None:
    register = with_absences(*absences)
    for found in recipients(role, case(responsible="officer"), register, MONDAY):  # type: ignore[arg-type]
        assert found.address
        if found.party.startswith("person:"):
            assert register.away(found.party.removeprefix("person:"), MONDAY) is None
