"""A plan file: read whole into a draft or refused with every fault, and written back in one canonical form."""

from collections.abc import Iterable, Mapping
from datetime import date

from pydantic import ValidationError

from engine.case import Evaluation, Recommendation
from engine.draft import CaseDraft, DueRule, PastDeadline, PlanDraft
from engine.errors import Fault, Faulty
from engine.people import Absence, Organisation, Person, Responsibility, SendWindow, Unit
from engine.source import Source, read
from engine.text import Text
from engine.workflow import Offset, Workflows
from reports.mending import mend
from reports.plan_text import write_plan
from reports.references import references
from reports.sentences import faults, places
from reports.shape import ActionEntry, DueEntry, Name, OrganisationEntry, PastEntry, PlanEntry, UnitEntry

__all__ = ["read_plan", "write_plan"]


def read_plan(text: str, name: str, *, workflows: Workflows) -> PlanDraft:
    """Raises Faulty with every fault in the file: its line, what is wrong, what to do. Never half a plan."""
    source = read(text.removeprefix("\ufeff"), name)
    if not isinstance(source.value, Mapping):
        raise Faulty([source.fault((), "this is no plan file", "it begins with plan: and title:")])
    try:
        entry = PlanEntry.model_validate(source.value)
    except ValidationError as error:
        wrong = faults(error, source, PlanEntry)
        raise Faulty([*wrong, *_further(error, source, workflows)]) from error
    if wrong := list(references(entry, source, workflows)):
        raise Faulty(wrong)
    return _draft(entry)


def _further(error: ValidationError, source: Source, workflows: Workflows) -> Iterable[Fault]:
    """What the rest of a faulty file refers to and is not there, so that everything can be mended in one go."""
    mended = mend(error, source, PlanEntry)
    return references(mended, source, workflows, without=places(error, source)) if mended else ()


def _draft(entry: PlanEntry) -> PlanDraft:
    evaluation = Evaluation(**entry.evaluation.model_dump()) if entry.evaluation else None
    return PlanDraft(
        ref=entry.plan,
        title=entry.title,
        decided_on=entry.decided_on,
        regime=entry.regime,
        received_on=entry.received_on,
        state=entry.state,
        body=entry.body,
        due=_due(entry.due),
        earlier_deadlines=tuple(_past(it) for it in entry.earlier_deadlines),
        coordinator=entry.coordinator,
        coordination=entry.coordination,
        executive=entry.executive,
        copies=entry.copies,
        organisation=_organisation(entry.organisation) if entry.organisation else None,
        units=tuple(_unit(it) for it in entry.units),
        persons=tuple(Person(**it.model_dump()) for it in entry.persons),
        responsibilities=tuple(Responsibility(**it.model_dump()) for it in entry.responsibilities),
        absences=tuple(Absence(**it.model_dump()) for it in entry.absences),
        evaluation=evaluation,
        recommendations=tuple(
            Recommendation(evaluation=evaluation.key if evaluation else "", **it.model_dump())
            for it in entry.recommendations
        ),
        cases=tuple(_case(it) for it in entry.actions),
    )


def _text(name: Name) -> Text:
    return Text.same(name) if isinstance(name, str) else Text(nb=name.nb, nn=name.nn, en=name.en)


def _organisation(entry: OrganisationEntry) -> Organisation:
    return Organisation(
        key=entry.key,
        name=_text(entry.name),
        country=entry.country,
        zone=entry.zone,
        language=entry.language,
        closed_days=frozenset(entry.closed_days),
        window=SendWindow(days=frozenset(entry.send_days), opens=entry.send_from, closes=entry.send_to),
        digest_at=entry.digest_at,
        send_empty_digest=entry.send_empty_digest,
        operator=entry.operator,
        operator_digest=entry.operator_digest,
    )


def _unit(entry: UnitEntry) -> Unit:
    plain = entry.model_dump(exclude={"name", "closed_days"})
    return Unit(name=_text(entry.name), closed_days=frozenset(entry.closed_days), **plain)


def _case(entry: ActionEntry) -> CaseDraft:
    plain = entry.model_dump(exclude={"due", "earlier_deadlines"})
    earlier = tuple(_past(it) for it in entry.earlier_deadlines)
    return CaseDraft(due=_due(entry.due), earlier_deadlines=earlier, **plain)


def _past(entry: PastEntry) -> PastDeadline:
    value = entry.value if isinstance(entry.value, date) else None
    return PastDeadline(value=value, reason=entry.reason, decided_by=entry.decided_by)


def _due(entry: date | DueEntry | None) -> date | DueRule | None:
    if not isinstance(entry, DueEntry):
        return entry
    return DueRule(anchor=entry.after, offset=Offset.parse(entry.by), roll=entry.roll)
