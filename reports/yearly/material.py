"""What the report is made of: a plan and everything known about it, as it stood at the end of a day."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Final

from engine.calendar import day_of
from engine.case import Case, DeadlineVersion, Evaluation, Event, Occurrence, Recommendation
from engine.errors import NotFound, Refused
from engine.people import Register
from engine.ports import Reader
from engine.recorded import Past, as_of
from engine.undo import UNDO
from engine.workflow import Workflow, Workflows

WRITTEN: Final = "owner_as_written was"
STATED: Final = frozenset({"statement", "answer"})  # what a move needs when it says what was done


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """One case with its history, its deadlines and what the rules have told, none of it later than the day."""

    case: Case
    workflow: Workflow
    history: tuple[Event, ...]
    deadlines: tuple[DeadlineVersion, ...]
    told: tuple[Occurrence, ...]

    @property
    def standing_events(self) -> tuple[Event, ...]:
        """Without those that were taken back, and without the taking back."""
        undone = {it.facts.get("of") for it in self.history if it.move == UNDO}
        return tuple(it for it in self.history if it.move != UNDO and str(it.seq) not in undone)


@dataclass(frozen=True, slots=True, kw_only=True)
class Material:
    plan: Kept
    cases: tuple[Kept, ...]
    register: Register
    evaluation: Evaluation | None
    recommendations: tuple[Recommendation, ...]
    on: date

    def day(self, event: Event) -> date:
        return day_of(event.at, self.register.organisation.zone)

    @property
    def everything(self) -> tuple[Kept, ...]:
        return (self.plan, *self.cases)


def gather(reader: Reader, workflows: Workflows, plan: str, *, on: date, today: date) -> Material:
    """A number of queries that does not grow with the cases. NotFound for no plan, Refused for a day without one."""
    register, cases = reader.register(), reader.cases(plan)
    if plan not in {it.ref for it in cases}:
        raise NotFound("plan", plan)
    if on > today:
        raise Refused(f"nobody knows yet how {plan} stands on {on}; choose {today} or an earlier day")
    refs = [it.ref for it in cases]
    histories, deadlines = _histories(reader, refs), reader.deadlines(refs)
    told, evaluated = reader.occurrences(refs), reader.evaluation(plan)
    kept = {}
    for case in cases:
        past = Past(case=case, history=histories[case.ref], deadlines=deadlines.get(case.ref, ()))
        if found := _on(past, told.get(case.ref, ()), workflows[case.workflow], register, on, today):
            kept[case.ref] = found
    if plan not in kept:
        raise Refused(f"there was no plan {plan} on {on} yet; choose a later day")
    return Material(
        plan=kept.pop(plan),
        cases=tuple(kept.values()),
        register=register,
        evaluation=evaluated[0] if evaluated else None,
        recommendations=tuple(evaluated[1]) if evaluated else (),
        on=on,
    )


def _histories(reader: Reader, refs: Sequence[str]) -> Mapping[str, list[Event]]:
    counts = reader.events_count(refs)
    found: dict[str, list[Event]] = {ref: [] for ref in refs}
    for event in reader.events([(ref, seq + 1) for ref in refs for seq in range(counts.get(ref, 0))]):
        found[event.ref].append(event)
    return {ref: sorted(events, key=lambda it: it.seq) for ref, events in found.items()}


def _on(
    past: Past, told: Iterable[Occurrence], workflow: Workflow, register: Register, on: date, today: date
) -> Kept | None:
    """None when the case had not been opened by then."""
    zone = register.organisation.zone
    history = tuple(it for it in past.history if day_of(it.at, zone) <= on)
    if not history:
        return None
    kept = Kept(
        case=past.case,
        workflow=workflow,
        history=history,
        deadlines=tuple(it for it in past.deadlines if day_of(it.set_at, zone) <= on),
        told=tuple(it for it in told if day_of(it.decided_at, zone) <= on),
    )
    return kept if on == today else replace(kept, case=_then(past, kept, register, on))


def _then(past: Past, kept: Kept, register: Register, on: date) -> Case:
    """The case at the end of an earlier day, with what events remember and rules do not count by."""
    case = as_of(past, kept.workflow, register, on + timedelta(days=1)).case
    later = past.history[len(kept.history) :]
    owner = next((it.facts[WRITTEN] for it in later if WRITTEN in it.facts), case.owner_as_written)
    return case.evolve(statement=_statement(past, kept), owner_as_written=owner)


def _statement(past: Past, kept: Kept) -> str:
    """What had been stated by then; without that, what the plan file said."""
    stating = {name for name, move in kept.workflow.moves.items() if not STATED.isdisjoint(move.needs)}
    stated = [it.text for it in kept.standing_events if it.move in stating]
    if stated or not any(it.move in stating for it in past.history):
        return stated[-1] if stated else past.case.statement
    return next((it.facts["statement was"] for it in past.history if "statement was" in it.facts), "")
