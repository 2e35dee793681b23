"""The stored alarm of a case: the earliest day a rule or a change of responsibility could have something to say."""

from datetime import date

from engine.case import Case
from engine.escalation import Record, wake_on
from engine.people import Register
from engine.telling import case_calendar
from engine.workflow import Workflow


def alarm(workflow: Workflow, case: Case, record: Record, register: Register, today: date) -> date | None:
    """None when the case is at an end."""
    if workflow.states[case.state].final:
        return None
    first = wake_on(workflow, case, record, case_calendar(case, register, today))
    return next_alarm(first, case, register, today)


def next_alarm(first: date | None, case: Case, register: Register, today: date) -> date | None:
    """Of an open case whose rules have something to say on `first`."""
    days = (first, handover_on(case, register, today))
    return min((day for day in days if day), default=None)


def handover_on(case: Case, register: Register, today: date) -> date | None:
    """The day on which another unit answers, or already should: today at the earliest."""
    if answering(case, register, today) != (case.owner, case.coordinator):
        return today
    return register.next_change(frozenset({case.subject, case.coordination} - {""}), today)


def answering(case: Case, register: Register, on: date) -> tuple[str, str]:
    """The units that own and coordinate a case on a day, by its subjects; as they stand where no subject decides."""
    owner = register.answering(case.subject, on) if case.subject else ""
    coordinator = register.answering(case.coordination, on) if case.coordination else ""
    return owner or case.owner, coordinator or case.coordinator
