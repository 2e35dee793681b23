"""What the rules of an authority make of a plan's days."""

from datetime import date

import pytest

from engine.calendar import Calendar
from engine.case import Case
from engine.draft import DueRule
from engine.regime import anchored, owed, pinned, received_on
from engine.text import Text
from engine.workflow import Offset, Regime, Term
from tests.engine.cast import case

SIX_WEEKS = Term(duty="plan", after="received", by=Offset(6, "w"), roll="none")
ONE_YEAR = Term(duty="report", after="decided", by=Offset(1, "y"))
RULES = Regime(key="rules", label=Text.same("Rules"), source="a book", terms=(SIX_WEEKS, ONE_YEAR))
NORWAY = Calendar("NO")


def plan(received: date | None, decided: date = date(2011, 8, 25)) -> Case:
    return case(ref="P", plan="P", kind="plan", opened_on=decided, facts=pinned("rules", received))


def test_the_plan_of_2011_came_71_days_after_its_six_weeks() -> None:
    by_plan, by_report = owed(RULES, plan(date(2011, 5, 4)), NORWAY)
    assert (by_plan.due, by_plan.late) == (date(2011, 6, 15), 71)
    assert (by_report.computed, by_report.due, by_report.late) == (date(2012, 8, 25), date(2012, 8, 27), None)


@pytest.mark.parametrize(("decided", "late"), [(date(2011, 6, 15), 0), (date(2011, 6, 14), -1), (date(2011, 6, 16), 1)])
def test_a_plan_is_late_from_the_day_after(decided: date, late: int) -> None:
    assert next(owed(RULES, plan(date(2011, 5, 4), decided), NORWAY)).late == late


def test_nothing_is_counted_from_a_day_that_nobody_knows() -> None:
    assert [it.term.duty for it in owed(RULES, plan(None), NORWAY)] == ["report"]
    assert anchored(SIX_WEEKS, received=None, decided=date(2011, 8, 25)) is None
    assert anchored(ONE_YEAR, received=None, decided=date(2011, 8, 25)) == DueRule(
        anchor=date(2011, 8, 25), offset=Offset(1, "y")
    )


def test_a_plan_keeps_its_regime_among_its_facts() -> None:
    assert received_on(pinned("rules", date(2011, 5, 4))) == date(2011, 5, 4)
    assert received_on(pinned("rules", None)) is None
    assert pinned("", None) == {}


def test_a_regime_has_one_term_for_a_duty_or_none() -> None:
    assert (RULES.term("plan"), RULES.term("report")) == (SIX_WEEKS, ONE_YEAR)
    assert Regime(key="free", label=Text.same("Free"), source="a book", terms=()).term("report") is None
