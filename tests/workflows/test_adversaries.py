"""People who mean to keep a case silent, within what the rules let them do: none beats the figure that is printed, and
whoever does what the checker says can be done comes to it."""

from datetime import date, time, timedelta
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.people import Organisation, Unit
from engine.workflow import Workflow
from tests.stories.world import WORKFLOWS
from tests.workflows.life import MORNING, NIGHT, OFFICE, Circumstances, Life, Manner, replay
from tests.workflows.rule_files import PRIORITY, TAG, accepted
from workflows.checker import Verdict, check
from workflows.loading import SHIPPED_LETTERS

START = date(2011, 1, 3)
LONG = 4_000  # days until a deadline that nobody lives to see
SHIPPED = [(it, check(it, letters=SHIPPED_LETTERS)) for it in map(WORKFLOWS.latest, WORKFLOWS.names())]
STATES = [(it, verdict, state) for it, verdict in SHIPPED for state in verdict.silence]
EACH = pytest.mark.parametrize(
    ("workflow", "verdict", "state"), STATES, ids=[f"{it.name}-{at}" for it, _, at in STATES]
)

Wish = tuple[str, int]
WISHES: st.SearchStrategy[Wish] = st.tuples(
    st.sampled_from(["comment", "deadline", "no deadline", "ack", "snooze", "move"]), st.integers(0, 500)
)
PLOTS = st.lists(st.tuples(st.integers(0, 70), st.sampled_from([MORNING, NIGHT]), WISHES), max_size=14)
STARTS = st.integers(0, 3_650).map(lambda days: START + timedelta(days=days))
DATES = st.none() | st.integers(-100, 400).map(lambda days: START + timedelta(days=days))
CIRCUMSTANCES = st.builds(
    Circumstances,
    due=DATES,
    report_due=DATES,
    tags=st.sampled_from([frozenset(), frozenset({TAG})]),
    priority=st.sampled_from(["", PRIORITY]),
)


def indulge(life: Life, wish: Wish) -> None:
    what, number = wish
    rule = life.workflow.rules[number % len(life.workflow.rules)]
    match what:
        case "comment":
            life.comment()
        case "deadline" | "no deadline":
            life.move_deadline(number - 100 if what == "deadline" else None)
        case "ack" | "snooze":
            until = life.today + timedelta(days=number // 20) if number % 3 == 0 else None
            life.pause(rule, what, until)
        case "move":
            open_moves = [it for it in life.workflow.moves_from(life.case.state) if not _ends(life.workflow, it.dest)]
            if open_moves:
                life.move(open_moves[number % len(open_moves)], NIGHT)


def _ends(workflow: Workflow, state: str) -> bool:
    return workflow.states[state].final


def conspire(life: Life, verdict: Verdict, plot: list[tuple[int, time, Wish]]) -> None:
    """Live through a plot, and then until the silence must have ended; no state may have been silent for longer."""
    for days, at, wish in plot:
        life.live(days, at)
        indulge(life, wish)
    life.live(min(verdict.silence[life.case.state].days + 1, 400), NIGHT)
    beaten = {
        it: days for it, days in life.silent().items() if it in verdict.silence and days > verdict.silence[it].days
    }
    assert not beaten


@EACH
@settings(max_examples=20, deadline=None)
@given(start=STARTS, circumstances=CIRCUMSTANCES, plot=PLOTS)
def test_no_adversary_beats_the_figure_of_a_shipped_workflow(
    workflow: Workflow,
    verdict: Verdict,
    state: str,
    start: date,
    circumstances: Circumstances,
    plot: list[tuple[int, time, Wish]],
) -> None:
    conspire(Life(workflow, state, start, circumstances), verdict, plot)


@settings(max_examples=12, deadline=None)
@given(judged=accepted(), start=STARTS, circumstances=CIRCUMSTANCES, plot=PLOTS, number=st.integers(0, 2))
def test_no_adversary_beats_the_figure_of_any_file(
    judged: tuple[Workflow, Verdict],
    start: date,
    circumstances: Circumstances,
    plot: list[tuple[int, time, Wish]],
    number: int,
) -> None:
    workflow, verdict = judged
    state = sorted(verdict.silence)[number % len(verdict.silence)]
    conspire(Life(workflow, state, start, circumstances), verdict, plot)


def reached(
    workflow: Workflow, verdict: Verdict, state: str, office: Organisation = OFFICE, unit: Unit | None = None
) -> int:
    """How long a case is silent for whoever does what the checker says can be done, and keeps the rules it does not
    count on quiet as well: by a word a day or none, with a deadline far away, long ago, or none."""
    silence = verdict.silence[state]
    assert silence.plot
    begun, best = silence.plot.entered, 0
    dates = (None, begun + timedelta(days=LONG), begun - timedelta(days=LONG))
    manners = [Manner(chatty, eager) for eager in (False, True) for chatty in (True, False)]
    for manner, due, report_due in product(manners, dates, (None, dates[2])):
        life = Life(workflow, state, begun, Circumstances(due=due, report_due=report_due), office, unit)
        best = max(best, replay(life, silence.plot, manner))
        if best == silence.days:
            break
    return best


@EACH
def test_the_figure_of_a_shipped_workflow_is_reached_to_the_day(
    workflow: Workflow, verdict: Verdict, state: str
) -> None:
    assert reached(workflow, verdict, state) == verdict.silence[state].days


def bystanders(workflow: Workflow, state: str) -> bool:
    """Rules that somebody could stop, so that they promise nothing, but perhaps not at the same time as all the others:
    those that another one silences, and those that look at cases with a deadline only, or without."""
    return any(
        rule.clock == "entered" and (rule.inhibited_by or rule.when.dated is not None)
        for rule in workflow.rules
        if not rule.when.state or state in rule.when.state
    )


@settings(max_examples=10, deadline=None)
@given(judged=accepted())
def test_the_figure_of_any_file_is_reached_by_somebody(judged: tuple[Workflow, Verdict]) -> None:
    """To the day; a few days short where a rule on the clock `hold_end` speaks up at the end of a pause."""
    workflow, verdict = judged
    for state, it in verdict.silence.items():
        came_to = reached(workflow, verdict, state)
        assert came_to <= it.days
        if not bystanders(workflow, state):
            assert it.days - 10 <= came_to
