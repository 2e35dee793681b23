"""The figure in other calendars than Norway's: another weekend, other holidays, days on which no letter leaves."""

from dataclasses import replace
from datetime import date, time

import pytest
from hypothesis import given, settings

from engine.people import Organisation, SendWindow, Unit
from engine.text import Text
from engine.workflow import Guard, Offset, Workflow
from tests.stories.world import WORKFLOWS
from tests.workflows.life import Circumstances, Life
from tests.workflows.test_adversaries import CIRCUMSTANCES, PLOTS, STARTS, Wish, conspire, reached
from workflows.calendars import broken, horizons
from workflows.checker import check
from workflows.horizon import EVES, NORWEGIAN
from workflows.loading import SHIPPED_LETTERS

UD = Organisation(key="ud", name=Text.same("UD"), closed_days=EVES)
DHAKA = Unit(code="DHAKA", name=Text.same("Dhaka"), calendar="BD")  # off on Friday and Saturday
TUESDAYS = replace(UD, window=SendWindow(days=frozenset({2})), digest_at=time(9, 0))
PLACES = [(UD, DHAKA), (TUESDAYS, None), (TUESDAYS, DHAKA), (replace(UD, country="BD"), None)]
NAMES = ["Dhaka", "Tuesdays", "Dhaka by Tuesdays", "Bangladesh"]
ACTION, RECEIPT = WORKFLOWS.latest("action"), WORKFLOWS.latest("receipt")


@pytest.mark.parametrize(("office", "unit"), PLACES, ids=NAMES)
@pytest.mark.parametrize(("workflow", "state"), [(ACTION, "proposed"), (ACTION, "assigned"), (RECEIPT, "refused")])
def test_the_figure_is_reached_to_the_day(
    office: Organisation, unit: Unit | None, workflow: Workflow, state: str
) -> None:
    seen = horizons(office, [unit] if unit else [])[-1:]
    verdict = check(workflow, letters=SHIPPED_LETTERS, horizons=seen)
    assert reached(workflow, verdict, state, office, unit) == verdict.silence[state].days


@pytest.mark.parametrize(("office", "unit"), PLACES, ids=NAMES)
@settings(max_examples=10, deadline=None)
@given(start=STARTS, circumstances=CIRCUMSTANCES, plot=PLOTS)
def test_no_adversary_beats_it(
    office: Organisation,
    unit: Unit | None,
    start: date,
    circumstances: Circumstances,
    plot: list[tuple[int, time, Wish]],
) -> None:
    seen = horizons(office, [unit] if unit else [])[-1:]
    verdict = check(ACTION, letters=SHIPPED_LETTERS, horizons=seen)
    conspire(Life(ACTION, "proposed", start, circumstances, office, unit), verdict, plot)


def test_an_organisation_that_says_nothing_about_its_days_is_norwegian() -> None:
    assert horizons(Organisation(key="x", name=Text.same("X"))) == (NORWEGIAN,)
    assert horizons(UD) == (NORWEGIAN,)


def test_the_worst_of_several_calendars_counts_and_says_which_it_is() -> None:
    seen = horizons(TUESDAYS, [DHAKA, replace(DHAKA, code="CTG"), replace(DHAKA, code="X", calendar="XX")])
    assert [it.calendar.country for it in seen] == ["NO", "BD"]
    each = [check(RECEIPT, letters=SHIPPED_LETTERS, horizons=[it]).silence["pending"] for it in seen]
    worst = check(RECEIPT, letters=SHIPPED_LETTERS, horizons=seen).silence["pending"]
    assert worst == max(each, key=lambda it: it.days)
    assert len({it.days for it in each}) == 2


def test_what_is_closed_once_is_closed_every_year() -> None:
    summer = frozenset(date(2026, 7, day) for day in range(1, 32))
    shut = horizons(replace(UD, closed_days=summer | {date(2028, 2, 29)}))[0]
    assert not any(shut.calendar.workday(date(year, 7, 15)) for year in range(2010, 2040))
    assert not shut.calendar.workday(date(2028, 2, 29))
    silence = check(RECEIPT, letters=SHIPPED_LETTERS, horizons=[shut]).silence["pending"]
    assert silence.days > 45
    assert "Jul" in silence.why or "Aug" in silence.why


def test_a_guard_that_a_calendar_breaks_is_told_in_a_sentence() -> None:
    tight = replace(RECEIPT, guard=Guard(watcher="coordinator", max_silence=Offset(24, "d")))
    assert list(broken([RECEIPT, ACTION], horizons(TUESDAYS, [DHAKA]))) == []
    assert list(broken([tight], horizons(UD))) == []
    assert list(broken([tight], horizons(TUESDAYS))) == [
        "workflow receipt/1: in state pending the coordinator could hear nothing for 35 days, by the calendar of NO, "
        "and the guard allows 24d"
    ]
