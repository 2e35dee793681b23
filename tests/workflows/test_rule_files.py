"""Whole workflow files, drawn at random: what the strategy draws is sound, and it draws every kind of rule."""

from collections.abc import Callable

import pytest
from hypothesis import Phase, find, given, settings

from engine.workflow import CLOCKS, Rule, Workflow
from tests.workflows.rule_files import Frame, accepted, rule_files
from workflows.checker import Verdict
from workflows.loading import parse

ACTION = Frame("action", ("proposed", "assigned", "in_progress"), ("closed", "overtaken"))


@settings(max_examples=8, deadline=None)
@given(accepted())
def test_what_is_accepted_has_a_figure_for_every_open_state(judged: tuple[Workflow, Verdict]) -> None:
    workflow, verdict = judged
    open_states = {name for name, state in workflow.states.items() if not state.final}
    assert set(verdict.silence) == open_states
    assert not any(it.endless for it in verdict.silence.values())


@settings(max_examples=3, deadline=None)
@given(accepted(ACTION))
def test_a_file_can_stand_in_for_a_shipped_one(judged: tuple[Workflow, Verdict]) -> None:
    assert judged[0].key == "action/1"
    assert {*ACTION.states, *ACTION.ends} == set(judged[0].states)


KINDS: dict[str, Callable[[Rule], bool]] = {
    "a move by a rule": lambda rule: any(step.do for step in rule.steps),
    "an ack": lambda rule: rule.ack is not None,
    "a snooze": lambda rule: rule.snooze is not None,
    "a rule that another silences": lambda rule: bool(rule.inhibited_by),
    "cases without a date": lambda rule: rule.when.dated is False,
    **{clock: lambda rule, it=clock: rule.clock == it for clock in CLOCKS},  # type: ignore[misc]
}


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_rule_is_drawn(kind: str) -> None:
    def has(text: str) -> bool:
        return any(KINDS[kind](rule) for rule in parse(text, "task.yaml").rules)

    assert find(rule_files(), has, settings=settings(max_examples=200, database=None, phases=[Phase.generate]))
