"""The stored alarm of a case: the earliest day a rule or a change of responsibility could have something to say."""

from dataclasses import dataclass
from datetime import date

from engine.case import Case
from engine.escalation import Record, wake_on
from engine.people import Organisation, Register, Unit
from engine.roles import unit_on
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
    change = register.next_change(frozenset({case.subject, case.coordination} - {""}), today)
    days = (change, *(register.next_succession(unit, today) for unit in (case.owner, case.coordinator)))
    return min((day for day in days if day), default=None)


def answering(case: Case, register: Register, on: date) -> tuple[str, str]:
    """The units that own and coordinate a case on a day, by its subjects; as they stand where no subject decides.

    Whoever is no more has been succeeded, if anybody has.
    """
    owner = register.answering(case.subject, on) if case.subject else ""
    coordinator = register.answering(case.coordination, on) if case.coordination else ""
    return _there(owner or case.owner, register, on), _there(coordinator or case.coordinator, register, on)


def _there(code: str, register: Register, on: date) -> str:
    unit = unit_on(code, register, on)
    return unit.code if unit else code


def passed_on(case: Case, register: Register, on: date) -> Case:
    """The case in the hands of those who answer for it on a day. A successor takes it with the person who has it."""
    owner, coordinator = answering(case, register, on)
    after = case.evolve(owner=owner, coordinator=coordinator)
    if owner == case.owner:
        return after
    return after.evolve(responsible=case.responsible if succeeded(case, register, on) else "", activity_on=on)


def succeeded(case: Case, register: Register, on: date) -> Unit | None:
    """The unit that owned the case and is no more, when its successor takes over."""
    owner, _ = answering(case, register, on)
    heir = owner != case.owner and _there(case.owner, register, on) == owner
    return register.units[case.owner] if heir else None


@dataclass(frozen=True, slots=True)
class Disturbed:
    """Whose alarms no longer hold: those of cases of these owners, of these subjects, or of everybody."""

    everyone: bool
    owners: frozenset[str]
    subjects: frozenset[str]

    def __bool__(self) -> bool:
        return self.everyone or bool(self.owners or self.subjects)


def disturbed(before: Register, after: Register) -> Disturbed:
    """What a change of the register does to stored alarms: other days off, other successors, other responsibilities."""
    changed = {code for code, unit in after.units.items() if _counts(before.units.get(code)) != _counts(unit)}
    return Disturbed(
        _days_off(before.organisation) != _days_off(after.organisation),
        frozenset(code for code in after.units if any(unit.code in changed for unit in after.line(code))),
        frozenset(it.subject for it in {*before.responsibilities} ^ {*after.responsibilities}),
    )


def _days_off(organisation: Organisation) -> tuple[object, ...]:
    return organisation.country, organisation.closed_days


def _counts(unit: Unit | None) -> tuple[object, ...]:
    """What of a unit decides which days are working days."""
    return (unit.calendar, unit.closed_days, unit.valid_from, unit.valid_to, unit.successor) if unit else ()
