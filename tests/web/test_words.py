"""Whatever engine and workflow files may say has words on a page, in every language."""

from typing import get_args

import pytest

from engine.case import Outcome, Through
from engine.notice import Kind, Status
from engine.stage import DONE, ENDED, FRESH, GIVEN, stage, way
from engine.text import LANGUAGES
from engine.workflow import CLOCKS, ROLES
from tests.web.cast import WORKFLOWS
from web.language import Tongue
from web.mail_view import MARKS
from web.words import (
    clock_words,
    kind_words,
    letter_words,
    outcome_words,
    role_words,
    status_words,
    step_words,
    through_words,
    why_words,
)
from workflows.loading import SHIPPED_LETTERS

TONGUES = [Tongue(language) for language in LANGUAGES]


@pytest.mark.parametrize("tongue", TONGUES, ids=LANGUAGES)
def test_every_name_of_the_engine_has_words(tongue: Tongue) -> None:
    silent = {"sent", "digest", "moved"}  # told by the mail or the event itself
    vocabularies = (
        (
            letter_words,
            [
                *SHIPPED_LETTERS,
                "undeliverable",
                "unreadable",
                "operator",
                "clock",
                "alarm",
                "left",
                "unclear",
                "confirm",
                "rhythm",
            ],
        ),
        (kind_words, get_args(Kind)),
        (status_words, get_args(Status)),
        (role_words, [*ROLES, "operator"]),
        (through_words, get_args(Through)),
        (outcome_words, [outcome for outcome in get_args(Outcome) if outcome not in silent]),
    )
    for say, names in vocabularies:
        assert [name for name in names if say(tongue, name) == name] == [], say.__name__
    assert all(clock_words(tongue, clock) for clock in CLOCKS)
    assert set(MARKS) == set(get_args(Status))


@pytest.mark.parametrize("tongue", TONGUES, ids=LANGUAGES)
def test_every_step_of_every_shipped_rule_is_a_sentence(tongue: Tongue) -> None:
    for workflow in WORKFLOWS.by_key.values():
        for rule in workflow.rules:
            for step in [*(it.name for it in rule.steps), *(["repeat"] if rule.repeat else [])]:
                said = step_words(tongue, rule, step)
                assert said != rule.id
                assert " " in said


def test_a_step_is_said_as_one_would_say_it() -> None:
    action = WORKFLOWS.latest("action")
    due = action.rule("due")
    assert step_words(Tongue("nb"), due, "1") == "30 dager før fristen"
    assert step_words(Tongue("nn"), due, "2") == "1 yrkedag etter fristen"
    assert step_words(Tongue("en"), due, "repeat") == "repeated every 10 working days"


def test_a_reason_that_is_no_rule_is_said_too() -> None:
    action, tongue = WORKFLOWS.latest("action"), Tongue("en")
    assert why_words(tongue, action, "move:report", "") == "after “Report as done”"
    assert why_words(tongue, action, "move:hand over", "") == "after “Handed over”"
    assert why_words(tongue, action, "system:sweep", "") == "because something failed in the service"
    assert why_words(tongue, action, "system:daily", "") == "a digest on every working day"
    assert why_words(tongue, action, "system:unheard", "found") == "because somebody cannot be reached"
    assert why_words(tongue, action, "system:alive", "") == "the service is alive"


@pytest.mark.parametrize("name", WORKFLOWS.names())
def test_every_state_of_every_shipped_workflow_has_a_place_on_the_way(name: str) -> None:
    workflow = WORKFLOWS.latest(name)
    stages = {state: stage(workflow, state) for state in workflow.states}
    assert stages[workflow.initial] in (FRESH, GIVEN)
    assert stages[way(workflow)[-1]] == DONE
    ends = {state.name for state in workflow.states.values() if state.final}
    assert {state for state, place in stages.items() if place in (DONE, ENDED)} == ends
