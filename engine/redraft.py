"""A plan in the store, written back as the draft a file would hold: the way out that import is the way in."""

from collections.abc import Mapping, Sequence
from datetime import date

from engine.case import Case, DeadlineVersion
from engine.draft import CaseDraft, DueRule, PastDeadline, PlanDraft
from engine.people import Register
from engine.ports import Reader
from engine.regime import REGIME, received_on

Deadlines = Mapping[str, Sequence[DeadlineVersion]]


def redraft(reader: Reader, plan: str, *, today: date) -> PlanDraft:
    """The plan as it stands. NotFound when there is none."""
    case, register = reader.case(plan), reader.register()
    cases = [it for it in reader.cases(plan) if it.ref != plan]
    deadlines = reader.deadlines([case.ref, *(it.ref for it in cases)])
    evaluation, recommendations = reader.evaluation(plan) or (None, ())
    return PlanDraft(
        ref=case.ref,
        title=case.title,
        body=case.body,
        decided_on=case.opened_on,
        regime=case.facts.get(REGIME, ""),
        received_on=received_on(case.facts),
        state=case.state,
        due=_due(case, deadlines),
        earlier_deadlines=_earlier(case, deadlines),
        coordinator=_unless_answering(case.coordinator, case.coordination, register, today),
        coordination=case.coordination,
        executive=case.executive,
        copies=case.copies,
        organisation=register.organisation,
        units=tuple(register.units.values()),
        persons=tuple(register.persons.values()),
        responsibilities=register.responsibilities,
        absences=register.absences,
        evaluation=evaluation,
        recommendations=tuple(recommendations),
        cases=tuple(_entry(it, case.ref, deadlines, register, today) for it in cases),
    )


def _entry(case: Case, plan: str, deadlines: Deadlines, register: Register, today: date) -> CaseDraft:
    return CaseDraft(
        number=case.number,
        workflow=case.kind,
        state=case.state,
        title=case.title,
        question=case.question,
        body=case.body,
        parent="" if case.parent == plan else case.parent.removeprefix(f"{plan}-"),
        owner=_unless_answering(case.owner, case.subject, register, today),
        owner_as_written=case.owner_as_written,
        responsible=case.responsible,
        contributors=case.contributors,
        subject=case.subject,
        due=_due(case, deadlines),
        earlier_deadlines=_earlier(case, deadlines),
        priority=case.priority,
        tags=tuple(sorted(case.tags)),
        recommendations=case.recommendations,
        statement=case.statement,
        facts=case.facts,
    )


def _unless_answering(unit: str, subject: str, register: Register, today: date) -> str:
    """A unit that follows from the subject is not written down."""
    return "" if subject and register.answering(subject, today) == unit else unit


def _due(case: Case, deadlines: Deadlines) -> date | DueRule | None:
    versions = deadlines.get(case.ref, ())
    return DueRule.parse(versions[-1].rule) if versions and versions[-1].rule else case.due


def _earlier(case: Case, deadlines: Deadlines) -> tuple[PastDeadline, ...]:
    return tuple(
        PastDeadline(value=it.value, reason=it.reason, decided_by=it.decided_by)
        for it in deadlines.get(case.ref, ())
        if it.version < case.due_version
    )
