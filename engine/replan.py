"""The rules have changed under a case: what was decided stays decided, what lies ahead is planned by the new ones."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import takewhile
from typing import Final

from engine.calendar import Calendar
from engine.case import Case, Hold, Occurrence
from engine.escalation import Planned, Record, anchor, applies, arming_of, key_of, planned
from engine.workflow import Rule, Workflow, Workflows

COME_PAST: Final = "the rules had come this far when they were changed"


@dataclass(frozen=True, slots=True)
class Past:
    """How far one arming of a rule had come: the last day it planned and the highest level, and whether it moved."""

    day: date
    level: int
    moved: bool

    @classmethod
    def of(cls, decided: Sequence[Occurrence]) -> "Past":
        return cls(
            max(it.planned for it in decided),
            max(it.level for it in decided),
            any(it.outcome == "moved" for it in decided),
        )

    def covers(self, step: Planned) -> bool:
        """Whether the step is over. One that reaches higher than anything before is not: it comes now."""
        return self.moved if step.do else step.level <= self.level


def newer_rules(case: Case, workflows: Workflows) -> Workflow | None:
    """A newer version of the case's workflow that knows the state it is in, whether or not it was activated."""
    newest = workflows.newest(case.kind)
    return newest if newest and newest.key != case.workflow and case.state in newest.states else None


def replan(case: Case, workflow: Workflow, *, seq: int) -> Case:
    """The case under the rules as they are now, from the event with this number."""
    return case.evolve(workflow=workflow.key, rules=workflow.fingerprint, replanned_seq=seq)


def settled(
    case: Case,
    workflow: Workflow,
    *,
    occurrences: Sequence[Occurrence],
    holds: Sequence[Hold],
    calendar: Calendar,
    now: datetime,
) -> list[Occurrence]:
    """The steps of a replanned case that its old rules had come past already: decided, so that none is told again."""
    record = Record.of(occurrences, holds)
    return [it for rule in workflow.rules for it in _over(rule, case, occurrences, record, calendar, now)]


def _over(
    rule: Rule, case: Case, occurrences: Sequence[Occurrence], record: Record, calendar: Calendar, now: datetime
) -> Iterator[Occurrence]:
    armed = anchor(rule, case, record) if applies(rule, case) else None
    if armed is None:
        return
    arming, start = armed
    before = [it for it in occurrences if (it.rule, arming_of(it.key)) == (rule.id, arming)]
    if not before:
        return
    past, steps = Past.of(before), planned(rule, key_of(arming, case), start, calendar)
    for step in takewhile(lambda it: it.day <= past.day, steps):
        if past.covers(step):
            yield Occurrence(
                ref=case.ref,
                rule=rule.id,
                step=step.step,
                key=step.key,
                planned=step.day,
                decided_at=now,
                outcome="superseded",
                reason=COME_PAST,
                level=step.level,
            )
