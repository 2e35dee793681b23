"""People who mean to keep a case silent, within what the rules let them do: none beats the figure that is printed."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.calendar import day_of, instant
from engine.case import Case
from engine.escalation import Record, anchor, judge
from engine.people import Organisation
from engine.text import Text
from engine.window import ripe_at
from engine.workflow import Offset, Rule, Workflow
from tests.stories.world import WORKFLOWS
from tiltak.demo import SWEPT_AT
from workflows.horizon import EVES, NORWAY, Horizon
from workflows.silence import silence

START, DAY = date(2011, 1, 3), timedelta(days=1)
OFFICE = Organisation(key="ud", name=Text.same("UD"), closed_days=EVES)
STATES = [
    (workflow.name, state.name)
    for workflow in map(WORKFLOWS.latest, WORKFLOWS.names())
    for state in workflow.states.values()
    if not state.final
]
EACH = pytest.mark.parametrize(("name", "state"), STATES)


class Life:
    """One case in one state, swept every morning; somebody tries to keep the watcher from hearing of it."""

    def __init__(self, workflow: Workflow, state: str, start: date, due: date | None) -> None:
        self.workflow, self.today = workflow, start
        self.record, self.pauses = Record(), dict[tuple[str, str, str], int]()
        self.case = Case(
            ref="X-1", plan="X", workflow=workflow.key, kind=workflow.name, state=state, title="x", owner="A",
            coordinator="B", due=due, due_version=1 if due else 0, opened_on=start, entered_on=start, activity_on=start,
        )  # fmt: skip
        self.heard = [start]

    def live(self, days: int) -> None:
        for _ in range(days):
            firings, _ = judge(self.workflow, self.case, self.record, NORWAY, self.today)
            self.record = self.record.after(firings)
            for firing in firings:
                if firing.tells and self.workflow.guard.watcher in firing.planned.tell:
                    self.heard.append(self._leaves(firing.planned.via))
            self.today += DAY

    def _leaves(self, via: str) -> date:
        at = ripe_at(via, instant(self.today, SWEPT_AT, OFFICE.zone), OFFICE)
        return day_of(at, OFFICE.zone)

    def silent(self) -> int:
        """The longest stretch without a word, up to today."""
        days = [*sorted(self.heard), max(self.today - DAY, max(self.heard))]
        return max((later - earlier).days for earlier, later in pairwise(days))

    def comment(self) -> None:
        self.case = self.case.evolve(activity_on=self.today)

    def move_deadline(self, by: int | None) -> None:
        due = self.today + timedelta(days=by) if by is not None else None
        self.case = self.case.evolve(due=due, due_version=self.case.due_version + 1, activity_on=self.today)

    def pause(self, rule: Rule) -> None:
        """As long as the rule allows, if it allows one more."""
        armed = anchor(rule, self.case, self.record)
        for kind, length, times in _terms(rule):
            if armed and self.pauses.get((rule.id, armed[0], kind), 0) < times:
                self.pauses[rule.id, armed[0], kind] = self.pauses.get((rule.id, armed[0], kind), 0) + 1
                until = NORWAY.shift(self.today, length)
                held = max(until, self.record.holds.get((rule.id, armed[0]), until))
                self.record = replace(self.record, holds={**self.record.holds, (rule.id, armed[0]): held})
                return


def _terms(rule: Rule) -> Iterator[tuple[str, Offset, int]]:
    if rule.ack:
        yield "ack", rule.ack.hold, rule.ack.times
    if rule.snooze:
        yield "snooze", rule.snooze.longest, rule.snooze.times


def figure(workflow: Workflow, state: str) -> int:
    return silence(workflow, state, Horizon()).days


WAIT = st.integers(1, 70)
WISH = st.sampled_from(["comment", "deadline", "no deadline", "pause", "nothing"])
STARTS = st.integers(0, 3_650).map(lambda days: START + timedelta(days=days))
DUE = st.none() | st.integers(-100, 400)


@EACH
@settings(max_examples=40, deadline=None)
@given(start=STARTS, due=DUE, plot=st.lists(st.tuples(WAIT, WISH, st.integers(-60, 500)), max_size=14))
def test_no_adversary_beats_the_figure(
    name: str, state: str, start: date, due: int | None, plot: list[tuple[int, str, int]]
) -> None:
    workflow = WORKFLOWS.latest(name)
    life = Life(workflow, state, start, start + timedelta(days=due) if due is not None else None)
    for days, wish, number in plot:
        life.live(days)
        match wish:
            case "comment":
                life.comment()
            case "deadline" | "no deadline":
                life.move_deadline(number if wish == "deadline" else None)
            case "pause":
                life.pause(workflow.rules[number % len(workflow.rules)])
    life.live(figure(workflow, state) + 1)
    assert life.silent() <= figure(workflow, state)


@EACH
def test_the_figure_is_not_merely_large_somebody_comes_close(name: str, state: str) -> None:
    """Doing nothing at all, begun on the worst of many days and with a deadline far away, comes within a week of it."""
    workflow = WORKFLOWS.latest(name)
    worst = 0
    for days in range(0, 800, 3):
        start = START + timedelta(days=days)
        life = Life(workflow, state, start, start + timedelta(days=2_000))
        life.live(figure(workflow, state) + 40)
        worst = max(worst, life.silent())
    assert figure(workflow, state) - 10 <= worst <= figure(workflow, state)
