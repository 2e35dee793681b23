"""A plan as a file says it becomes cases with deadlines, alarms and first letters, in one transaction."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from engine.alarm import alarm
from engine.calendar import Calendar, calendar_of, day_of
from engine.case import Case, DeadlineVersion, Event
from engine.draft import CaseDraft, DueRule, PastDeadline, PlanDraft
from engine.errors import NotFound, Refused
from engine.escalation import Record
from engine.people import Register
from engine.ports import Store, Tx
from engine.regime import anchored, pinned
from engine.report_day import REPORT, report_day
from engine.roles import unit_on
from engine.telling import notices_of_event
from engine.workflow import Telling, Workflow, Workflows


@dataclass(frozen=True, slots=True)
class Adoption:
    """One plan being adopted: the draft, everybody it knows, and by whom and when."""

    tx: Tx
    draft: PlanDraft
    workflows: Workflows
    register: Register
    by: str
    now: datetime

    @property
    def today(self) -> date:
        return day_of(self.now, self.register.organisation.zone)


def adopt(store: Store, workflows: Workflows, draft: PlanDraft, *, by: str, now: datetime) -> Case:
    """Open the plan and all its cases; returns the plan. Refused when its ref is taken, or its evaluation differs."""
    with store.begin() as tx:
        if _exists(tx, draft.ref):
            raise Refused(f"there is a plan {draft.ref} already; give this one another ref")
        adoption = Adoption(tx, draft, workflows, _enrolled(tx, draft), by, now)
        _evaluate(tx, draft)
        due = draft.due or _by_regime(draft, workflows)
        drawn = [_dated(adoption, _plan_case(adoption), due, draft.earlier_deadlines)]
        drawn += [_dated(adoption, _case(adoption, it), it.due, it.earlier_deadlines) for it in draft.cases]
        day = report_day(case for case, _ in drawn)
        opened = [_open(adoption, case.evolve(report_due=day), deadlines) for case, deadlines in drawn]
        return opened[0]


def _by_regime(draft: PlanDraft, workflows: Workflows) -> DueRule | None:
    """When its rules want a report on the plan, unless the plan has one with a day of its own."""
    regime = workflows.regimes.get(draft.regime)
    term = regime.term("report") if regime else None
    if term is None or any(it.workflow == REPORT and it.due for it in draft.cases):
        return None
    return anchored(term, received=draft.received_on, decided=draft.decided_on)


def _exists(tx: Tx, ref: str) -> bool:
    try:
        tx.case(ref)
    except NotFound:
        return False
    return True


def _evaluate(tx: Tx, draft: PlanDraft) -> None:
    """Several plans may follow up one evaluation, if they mean the same one."""
    if draft.evaluation is None:
        return
    known = tx.evaluation(draft.evaluation.key)
    if known is None:
        tx.add_evaluation(draft.evaluation, draft.recommendations)
    elif (known[0], list(known[1])) != (draft.evaluation, list(draft.recommendations)):
        key = draft.evaluation.key
        raise Refused(f"there is an evaluation {key} already, and it says something else; give this one another key")


def _enrolled(tx: Tx, draft: PlanDraft) -> Register:
    """The register with the plan's units and persons added; those it knows already are brought up to date."""
    known = tx.register()
    register = Register(
        organisation=draft.organisation or known.organisation,
        units={**known.units, **{unit.code: unit for unit in draft.units}},
        persons={**known.persons, **{person.key: person for person in draft.persons}},
        responsibilities=tuple(dict.fromkeys((*known.responsibilities, *draft.responsibilities))),
        absences=tuple(dict.fromkeys((*known.absences, *draft.absences))),
    )
    tx.enrol(register)
    return tx.register()


def _plan_case(adoption: Adoption) -> Case:
    draft, workflow = adoption.draft, adoption.workflows.latest("plan")
    return Case(
        ref=draft.ref,
        plan=draft.ref,
        workflow=workflow.key,
        kind=workflow.name,
        state=draft.state or workflow.initial,
        title=draft.title,
        body=draft.body,
        owner=_coordinator(adoption),
        coordinator=_coordinator(adoption),
        subject=draft.coordination,
        coordination=draft.coordination,
        executive=draft.executive,
        copies=draft.copies,
        opened_on=draft.decided_on,
        entered_on=adoption.today,
        activity_on=adoption.today,
        evaluation=draft.evaluation.key if draft.evaluation else "",
        facts=pinned(draft.regime, draft.received_on),
    )


def _coordinator(adoption: Adoption) -> str:
    draft = adoption.draft
    subject = draft.coordination
    return (adoption.register.answering(subject, adoption.today) if subject else "") or draft.coordinator


def _case(adoption: Adoption, entry: CaseDraft) -> Case:
    draft, workflow = adoption.draft, adoption.workflows.latest(entry.workflow)
    answering = adoption.register.answering(entry.subject, adoption.today) if entry.subject else ""
    return Case(
        ref=f"{draft.ref}-{entry.number}",
        number=entry.number,
        plan=draft.ref,
        parent=f"{draft.ref}-{entry.parent}" if entry.parent else draft.ref,
        workflow=workflow.key,
        kind=workflow.name,
        state=entry.state or workflow.initial,
        title=entry.title,
        question=entry.question,
        body=entry.body,
        owner=answering or entry.owner,
        owner_as_written=entry.owner_as_written,
        responsible=entry.responsible,
        contributors=entry.contributors,
        subject=entry.subject,
        coordinator=_coordinator(adoption),
        coordination=draft.coordination,
        executive=draft.executive,
        copies=draft.copies,
        tags=frozenset(entry.tags),
        priority=entry.priority,
        opened_on=draft.decided_on,
        entered_on=adoption.today,
        activity_on=adoption.today,
        recommendations=entry.recommendations,
        statement=entry.statement,
        facts=entry.facts,
    )


def _dated(
    adoption: Adoption, case: Case, due: date | DueRule | None, earlier: Iterable[PastDeadline]
) -> tuple[Case, Sequence[DeadlineVersion]]:
    """The case with its deadline, and all the deadlines it has had."""
    deadlines = list(_deadlines(adoption, case, due, earlier))
    if due:
        case = case.evolve(due=deadlines[-1].value, due_version=len(deadlines))
    elif deadlines:  # all of them are of the past: the present one is that there is none
        case = case.evolve(due_version=len(deadlines) + 1)
    return case, deadlines


def _open(adoption: Adoption, case: Case, deadlines: Sequence[DeadlineVersion]) -> Case:
    """Add the case with its deadlines, its first event and alarm, and the letters of the state it begins in."""
    tx, workflow = adoption.tx, adoption.workflows[case.workflow]
    tx.add(case)
    for deadline in deadlines:
        tx.add_deadline(deadline)
    event = tx.log(_opening(adoption, case))
    opened = case.evolve(entered_seq=event.seq, rules=workflow.fingerprint)
    opened = opened.evolve(wake_on=alarm(workflow, opened, Record(), adoption.register, adoption.today))
    opened = tx.save(opened, seen=case.version)
    tx.queue(notices_of_event(event, first_letters(workflow, opened), opened, adoption.register, adoption.now))
    return opened


def _opening(adoption: Adoption, case: Case) -> Event:
    return Event(ref=case.ref, at=adoption.now, by=adoption.by, move="open", dest=case.state, through="import")


def first_letters(workflow: Workflow, case: Case) -> tuple[Telling, ...]:
    """A case that is opened in the middle tells what the first move into that state would have told."""
    moves = (move for move in workflow.moves.values() if move.dest == case.state and move.tell)
    first = next(moves, None)
    return first.tell if first and not workflow.states[case.state].final else ()


def _deadlines(
    adoption: Adoption, case: Case, due: date | DueRule | None, earlier: Iterable[PastDeadline]
) -> Iterable[DeadlineVersion]:
    version = 0
    for version, past in enumerate(earlier, 1):
        yield DeadlineVersion(
            ref=case.ref,
            version=version,
            value=past.value,
            reason=past.reason,
            decided_by=past.decided_by,
            set_at=adoption.now,
        )
    if isinstance(due, DueRule):
        yield _by_rule(adoption, case, due, version + 1)
    elif due:
        yield DeadlineVersion(ref=case.ref, version=version + 1, value=due, set_at=adoption.now)


def _by_rule(adoption: Adoption, case: Case, rule: DueRule, version: int) -> DeadlineVersion:
    computed, value = _calendar(adoption, case).compute(rule)
    return DeadlineVersion(
        ref=case.ref, version=version, value=value, rule=str(rule), computed=computed, set_at=adoption.now
    )


def _calendar(adoption: Adoption, case: Case) -> Calendar:
    return calendar_of(adoption.register.organisation, unit_on(case.owner, adoption.register, adoption.today))
