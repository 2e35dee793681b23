"""The stored alarm: the rules, a hand-over or a succession, whichever comes first."""

from dataclasses import replace
from datetime import date

import pytest

from engine.alarm import alarm, answering, disturbed, handover_on, next_alarm, passed_on, succeeded
from engine.case import Case
from engine.escalation import Record
from engine.people import Register, Responsibility
from tests.engine.cast import MONDAY, REGISTER, WORKFLOW, case, unit

AUTUMN = date(2011, 9, 1)  # HUM takes over from GIL
QUIET_DAY = date(2011, 9, 28)  # thirty days without a sign of life


def rings(it: Case, register: Register = REGISTER) -> date | None:
    return alarm(WORKFLOW, it, Record(), register, MONDAY)


def test_the_first_of_rules_and_hand_over_rings() -> None:
    assert rings(case()) == QUIET_DAY
    assert rings(case(owner="GIL", subject="IOM")) == AUTUMN
    assert next_alarm(None, case(), REGISTER, MONDAY) is None
    assert rings(case(state="closed", owner="GIL", subject="IOM")) is None


def test_a_case_in_the_wrong_hands_rings_today() -> None:
    assert handover_on(case(subject="IOM"), REGISTER, MONDAY) == MONDAY  # HUM owns it, and in August GIL should
    assert handover_on(case(owner="GIL", subject="IOM"), REGISTER, MONDAY) == AUTUMN
    assert handover_on(case(coordinator="HUM", coordination="IOM"), REGISTER, MONDAY) == MONDAY
    assert handover_on(case(coordination="IOM"), REGISTER, MONDAY) == AUTUMN
    assert handover_on(case(), REGISTER, MONDAY) is None


def test_a_subject_that_nobody_named_changes_nothing() -> None:
    nameless = replace(REGISTER, responsibilities=(Responsibility(subject="", unit="UR", valid_from=AUTUMN),))
    assert handover_on(case(), nameless, MONDAY) is None
    assert answering(case(), nameless, AUTUMN) == ("HUM", "GIL")


@pytest.mark.parametrize(
    ("facts", "units"),
    [
        ({}, ("HUM", "GIL")),
        ({"subject": "IOM", "owner": "UR"}, ("HUM", "GIL")),
        ({"coordination": "IOM"}, ("HUM", "HUM")),
        ({"subject": "UNHCR", "coordination": "UNHCR"}, ("HUM", "GIL")),
    ],
)
def test_a_subject_decides_who_answers_and_where_nobody_answers_all_stays(
    facts: dict[str, object], units: tuple[str, str]
) -> None:
    assert answering(case(**facts), REGISTER, AUTUMN) == units


def test_a_unit_that_another_succeeds_rings_on_that_day() -> None:
    ends = unit("HUM", valid_to=date(2011, 9, 14), successor="UR")
    assert rings(case(), replace(REGISTER, units={**REGISTER.units, "HUM": ends})) == date(2011, 9, 15)


LAST, AFTER = date(2011, 9, 14), date(2011, 9, 15)
HUM_ENDS = unit("HUM", valid_to=LAST, successor="UR")
ENDING = replace(REGISTER, units={**REGISTER.units, "HUM": HUM_ENDS})


def test_whoever_is_no_more_has_been_succeeded() -> None:
    assert answering(case(), ENDING, LAST) == ("HUM", "GIL")
    assert answering(case(), ENDING, AFTER) == ("UR", "GIL")
    assert answering(case(coordinator="HUM"), ENDING, AFTER) == ("UR", "UR")
    assert answering(case(owner="NOWHERE", coordinator=""), ENDING, AFTER) == ("NOWHERE", "")


def test_a_successor_takes_the_case_with_the_person_who_has_it() -> None:
    ours = case(responsible="officer")
    assert passed_on(ours, ENDING, LAST) == ours
    assert passed_on(ours, ENDING, AFTER) == ours.evolve(owner="UR", activity_on=AFTER)
    assert succeeded(ours, ENDING, AFTER) == HUM_ENDS
    assert succeeded(ours, ENDING, LAST) is None


def test_another_unit_that_answers_from_now_on_names_somebody_of_its_own() -> None:
    ours = case(responsible="gil-head", owner="GIL", subject="IOM", coordination="IOM")
    taken = ours.evolve(owner="HUM", coordinator="HUM", responsible="", activity_on=AUTUMN)
    assert passed_on(ours, REGISTER, AUTUMN) == taken
    assert succeeded(ours, REGISTER, AUTUMN) is None


def test_another_coordinator_changes_nothing_for_the_owner() -> None:
    ours = case(responsible="officer", coordination="IOM")
    assert passed_on(ours, REGISTER, AUTUMN) == ours.evolve(coordinator="HUM")


def test_a_coordinator_that_is_succeeded_rings_on_that_day() -> None:
    assert rings(case(owner="UR", coordinator="HUM"), ENDING) == AFTER


def changed(**facts: object) -> Register:
    return replace(REGISTER, **facts)  # type: ignore[arg-type]


def with_unit(code: str, **facts: object) -> Register:
    return changed(units={**REGISTER.units, code: replace(REGISTER.units[code], **facts)})  # type: ignore[arg-type]


def test_a_change_that_counts_no_other_days_disturbs_no_alarm() -> None:
    renamed = with_unit("HUM", mailbox="ny@ud.example", head="officer")
    for after in (REGISTER, renamed, changed(organisation=replace(REGISTER.organisation, operator="x@ud.example"))):
        assert not disturbed(REGISTER, after)


@pytest.mark.parametrize(
    "facts",
    [
        {"calendar": "BD"},
        {"closed_days": frozenset({AUTUMN})},
        {"valid_from": AUTUMN},
        {"valid_to": AUTUMN},
        {"successor": "UR"},
    ],
)
def test_a_unit_that_counts_other_days_disturbs_its_own_cases_and_those_it_will_inherit(
    facts: dict[str, object],
) -> None:
    before = with_unit("DHAKA", successor="HUM")
    after = replace(before, units={**before.units, "HUM": replace(before.units["HUM"], **facts)})  # type: ignore[arg-type]
    found = disturbed(before, after)
    assert bool(found)
    assert (found.everyone, found.owners, found.subjects) == (False, frozenset({"HUM", "DHAKA"}), frozenset())


def test_a_new_unit_disturbs_those_that_it_succeeds() -> None:
    before = with_unit("UR", successor="NEW")
    after = replace(before, units={**before.units, "NEW": unit("NEW")})
    assert disturbed(before, after).owners == {"NEW", "UR"}


@pytest.mark.parametrize("facts", [{"country": "SE"}, {"closed_days": frozenset({AUTUMN})}])
def test_other_days_off_for_all_disturb_all(facts: dict[str, object]) -> None:
    after = changed(organisation=replace(REGISTER.organisation, **facts))  # type: ignore[arg-type]
    found = disturbed(REGISTER, after)
    assert bool(found)
    assert (found.everyone, found.owners) == (True, frozenset())


def test_a_responsibility_that_comes_goes_or_moves_disturbs_its_subject() -> None:
    other = Responsibility(subject="UNHCR", unit="UR")
    found = disturbed(REGISTER, changed(responsibilities=(*REGISTER.responsibilities, other)))
    assert bool(found)
    assert (found.everyone, found.owners, found.subjects) == (False, frozenset(), frozenset({"UNHCR"}))
    assert disturbed(changed(responsibilities=(other,)), changed(responsibilities=())).subjects == {"UNHCR"}
