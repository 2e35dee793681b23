"""The day on which the report on a plan is due: every case of the plan may count by it."""

from collections.abc import Iterable
from datetime import date
from typing import Final

from engine.case import Dated
from engine.ports import Tx

REPORT_DAY: Final = "report day"  # what a recorded year calls it that the day was moved; no move is called so
REPORT: Final = "report"  # the kind of case that is a report on its plan


def report_day(cases: Iterable[Dated]) -> date | None:
    """The plan's own deadline; where it has none, that of the first report in it that has one."""
    dated = [case for case in cases if case.due and tells_day(case)]
    return next((case.due for case in sorted(dated, key=lambda it: it.ref != it.plan)), None)


def tells_day(case: Dated) -> bool:
    """Whether the deadline of the case may be the day of the report."""
    return case.ref == case.plan or case.kind == REPORT


def follow(tx: Tx, case: Dated) -> None:
    """The deadline of a case has moved: all of its plan counts by the day that the report is due from now on."""
    if tells_day(case):
        tx.report_on(case.plan, report_day(tx.reports(case.plan)))
