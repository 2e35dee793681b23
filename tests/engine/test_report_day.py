"""The day on which the report on a plan is due."""

from datetime import date

import pytest

from engine.case import Case
from engine.report_day import report_day, tells_day
from tests.engine.cast import case

MAY, JUNE, JULY = date(2012, 5, 21), date(2012, 6, 15), date(2012, 7, 2)


def plan(due: date | None) -> Case:
    return case(ref="P", plan="P", kind="plan", due=due)


def report(ref: str, due: date | None) -> Case:
    return case(ref=ref, plan="P", kind="report", due=due)


@pytest.mark.parametrize(
    ("cases", "day"),
    [
        ([], None),
        ([plan(None)], None),
        ([plan(MAY)], MAY),
        ([report("P-8", JUNE), plan(MAY)], MAY),
        ([plan(None), report("P-8", None), report("P-9", JUNE), report("P-10", JULY)], JUNE),
        ([plan(None), case(ref="P-1", plan="P", due=MAY)], None),
    ],
)
def test_the_plans_own_date_counts_and_else_that_of_the_first_report_that_has_one(
    cases: list[Case], day: date | None
) -> None:
    assert report_day(cases) == day


def test_only_a_plan_and_its_reports_tell_the_day() -> None:
    assert [tells_day(it) for it in (plan(None), report("P-9", None), case(ref="P-1", plan="P"))] == [True, True, False]
