"""What a change of rules would do to the mails of a year: which move, which disappear, which are new."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, time

from engine.calendar import instant
from engine.errors import Refused
from engine.escalation import Record
from engine.people import Register
from engine.replan import replan, settled
from engine.simulation import Decision, Opening
from engine.telling import case_calendar
from engine.workflow import Workflow, Workflows


@dataclass(frozen=True, slots=True)
class Difference:
    """`moved` are the same piece of news on another day or by another letter, before and after."""

    moved: tuple[tuple[Decision, Decision], ...]
    gone: tuple[Decision, ...]
    new: tuple[Decision, ...]

    @property
    def sentence(self) -> str:
        moved, gone, new = len(self.moved), len(self.gone), len(self.new)
        if not moved and not gone and not new:
            return "Nobody hears anything else, or on another day."
        return (
            f"{moved} {'reminder moves' if moved == 1 else 'reminders move'}, "
            f"{gone} {'disappears' if gone == 1 else 'disappear'}, {new} {'is' if new == 1 else 'are'} new."
        )


def difference(before: Iterable[Decision], after: Iterable[Decision]) -> Difference:
    """A piece of news is the same when the same step of the same rule tells the same party about the same case.

    A step that has another place on its ladder, but says the same on the same day, is no change.
    """
    old, young = _by_key(before), _by_key(after)
    for key in old.keys() & young.keys():
        if _said(old[key]) == _said(young[key]):
            del old[key], young[key]
    unplaced = {_said(it): key for key, it in young.items()}
    for key, it in list(old.items()):
        if (same := unplaced.pop(_said(it), None)) is not None:
            del old[key], young[same]
    both = [key for key in old if key in young]
    return Difference(
        moved=tuple((old[key], young[key]) for key in both),
        gone=tuple(was for key, was in old.items() if key not in young),
        new=tuple(becomes for key, becomes in young.items() if key not in old),
    )


def under(workflows: Workflows, openings: Sequence[Opening], *, register: Register, start: date) -> list[Opening]:
    """The same cases as they go on from a day under the latest of these rules. Refused where a state is unknown."""
    return [_under(workflows.latest(it.case.kind), it, register, start) for it in openings]


def by_present(workflows: Workflows, openings: Sequence[Opening], *, register: Register, start: date) -> list[Opening]:
    """The same cases as the service will plan them once it knows what has been changed in these files."""
    return [_under(workflows[it.case.workflow], it, register, start) for it in openings]


def _under(workflow: Workflow, opening: Opening, register: Register, start: date) -> Opening:
    case, seq = opening.case, opening.events + 1
    if case.wake_on is None and case.workflow != workflow.key:  # it is at an end, and stays there
        return opening
    if case.state not in workflow.states:
        raise Refused(f"{case.ref} is {case.state}, a state that {workflow.key} does not have; give it that state")
    if workflow.key == case.workflow and case.rules in ("", workflow.fingerprint):
        return opening
    after = replan(case, workflow, seq=seq)
    over = settled(
        after,
        workflow,
        occurrences=opening.occurrences,
        holds=opening.holds,
        calendar=case_calendar(after, register, start),
        now=instant(start, time(), register.organisation.zone),
    )
    record = Record.of([*opening.occurrences, *over], opening.holds)
    return replace(opening, case=after, record=record, events=seq)


def _by_key(decisions: Iterable[Decision]) -> dict[str, Decision]:
    """By the keys of what they tell, without the mark that a change of rules leaves in them."""
    return {re.sub(r"~\d+", "", it.notice.key): it for it in decisions if it.notice}


def _said(decision: Decision) -> tuple[object, ...]:
    notice = decision.notice
    assert notice
    return (decision.day, notice.ref, decision.rule, notice.to, notice.letter, notice.via)
