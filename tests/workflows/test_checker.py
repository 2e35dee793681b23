"""The checker on workflows that no file made: it answers, whatever it is given."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.text import Text
from engine.workflow import Ack, Guard, Move, Offset, Repeat, Rule, State, Step, Telling, When, Workflow
from tests.workflows.paper import SOUND
from workflows.checker import check
from workflows.loading import SHIPPED_LETTERS, parse

WORD = Text.same("word")
STATES = st.sampled_from(["a", "b", "c", "nowhere"])
ROLES = st.lists(st.sampled_from(["responsible", "coordinator", "boss"]), max_size=2).map(tuple)
LETTERS = st.sampled_from(["stalled", "love"])
OFFSETS = st.builds(Offset, st.integers(-50, 50), st.sampled_from(["d", "w", "m", "y", "wd"]))
RULE_IDS = st.sampled_from(["r1", "r2", "r3"])
STEPS = st.builds(Step, name=st.just("1"), at=OFFSETS, tell=ROLES, letter=LETTERS, level=st.integers(0, 3))
RULES = st.builds(
    Rule,
    id=RULE_IDS,
    when=st.builds(When, state=st.frozensets(STATES, max_size=2), tag=st.frozensets(st.just("t"), max_size=1)),
    clock=st.sampled_from(["due", "entered", "activity"]),
    steps=st.lists(STEPS, max_size=3).map(tuple),
    repeat=st.none() | st.builds(Repeat, every=OFFSETS, tell=ROLES, letter=LETTERS),
    ack=st.none() | st.builds(Ack, OFFSETS, st.integers(0, 2)),
    inhibited_by=st.lists(st.tuples(RULE_IDS, st.integers(0, 3)), max_size=2).map(tuple),
)
MOVES = st.builds(
    Move,
    name=st.sampled_from(["go", "stop", "back"]),
    sources=st.lists(STATES, max_size=2).map(tuple),
    dest=STATES,
    by=ROLES,
    label=st.just(WORD),
    tell=st.lists(st.builds(Telling, to=ROLES, letter=LETTERS), max_size=1).map(tuple),
)
WORKFLOWS = st.builds(
    Workflow,
    name=st.just("w"),
    version=st.just(1),
    label=st.just(WORD),
    initial=STATES,
    states=st.dictionaries(st.sampled_from(["a", "b", "c"]), st.booleans()).map(
        lambda finals: {name: State(name=name, label=WORD, final=final) for name, final in finals.items()}
    ),
    moves=st.lists(MOVES, max_size=3, unique_by=lambda it: it.name).map(lambda them: {it.name: it for it in them}),
    rules=st.lists(RULES, max_size=3, unique_by=lambda it: it.id).map(tuple),
    guard=st.builds(Guard, watcher=st.sampled_from(["coordinator", "head"]), max_silence=OFFSETS),
)


@settings(max_examples=300, deadline=None)
@given(WORKFLOWS)
def test_the_checker_answers_whatever_it_is_given(flow: Workflow) -> None:
    verdict = check(flow, letters={"stalled"})
    if not verdict.faults:
        assert all(it.days <= 50 * 366 for it in verdict.silence.values())
    if any(it.endless for it in verdict.silence.values()):
        assert verdict.faults


TASK = parse(SOUND, "task.yaml")


def said(flow: Workflow, letters: frozenset[str] = SHIPPED_LETTERS) -> str:
    return "\n".join(fault.what for fault in check(flow, letters=letters).faults)


def test_a_sound_workflow_is_let_through() -> None:
    assert said(TASK) == ""


def test_a_move_that_nobody_may_make_is_refused() -> None:
    moves = {**TASK.moves, "finish": replace(TASK.moves["finish"], by=())}
    assert said(replace(TASK, moves=moves)) == "nobody may finish"


def test_an_unknown_role_is_refused_wherever_it_stands() -> None:
    finish = replace(TASK.moves["finish"], by=("boss",), tell=(Telling(to=("chief",), letter="closed"),))  # type: ignore[arg-type]
    flow = replace(TASK, moves={**TASK.moves, "finish": finish}, guard=replace(TASK.guard, watcher="owl"))  # type: ignore[arg-type]
    assert {"there is no role 'boss'", "there is no role 'chief'", "there is no role 'owl'"} <= set(
        said(flow).split("\n")
    )


def test_a_letter_nobody_has_written_is_refused() -> None:
    assert said(TASK, SHIPPED_LETTERS - {"overdue"}) == "there is no letter 'overdue'"


def test_a_rule_that_reaches_the_watcher_by_its_repeat_alone_may_silence_another() -> None:
    due, quiet, dwell = TASK.rules
    mute = replace(due, steps=due.steps[:2])
    loud = replace(mute, repeat=Repeat(every=Offset(10, "wd"), tell=("coordinator",), letter="stalled"))
    assert "which never tells the coordinator from level 1 on" in said(replace(TASK, rules=(mute, quiet, dwell)))
    assert said(replace(TASK, rules=(loud, quiet, dwell))) == ""


def test_a_circle_of_rules_that_silence_each_other_is_refused() -> None:
    due, quiet, dwell = TASK.rules
    circle = (replace(due, inhibited_by=(("dwell", 0),)), quiet, replace(dwell, inhibited_by=(("due", 1),)))
    assert "rule due can silence itself" in said(replace(TASK, rules=circle))
    assert "rule dwell can silence itself" in said(replace(TASK, rules=circle))


@pytest.mark.parametrize("lost", ["initial", "dest", "source", "rule"])
def test_a_state_that_is_not_there_is_refused(lost: str) -> None:
    finish = TASK.moves["finish"]
    flow = {
        "initial": replace(TASK, initial="lost"),
        "dest": replace(TASK, moves={**TASK.moves, "finish": replace(finish, dest="lost")}),
        "source": replace(TASK, moves={**TASK.moves, "finish": replace(finish, sources=("given", "lost"))}),
        "rule": replace(TASK, rules=(replace(TASK.rules[0], when=When(state=frozenset({"lost"}))), *TASK.rules[1:])),
    }[lost]
    assert "there is no state 'lost'" in said(flow)


def test_without_a_source_a_fault_names_the_workflow() -> None:
    fault = check(TASK, letters=SHIPPED_LETTERS - {"closed"}).faults[0]
    assert (fault.file, fault.line) == ("task/1", 0)
