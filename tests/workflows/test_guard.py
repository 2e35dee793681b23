"""A rule may move a case only so that nothing ends by itself, nothing goes in a circle and nothing is missing."""

import pytest

from tests.workflows.paper import SOUND, faults_in, line_of
from workflows.describe import rules
from workflows.loading import parse

BACK = """  park:
    label: {nb: Legg til side, nn: Legg til side, en: Set aside}
    from: [given]
    to: parked
    by: [coordinator]
    tell: [{to: [responsible], letter: returned}]
  resume:
    label: {nb: Ta opp igjen, nn: Ta opp att, en: Take up again}
    from: [parked]
    to: given
    by: [coordinator]
"""
RULES = """  - id: left
    when: {state: [given]}
    clock: entered
    steps:
      - {at: 20wd, tell: [responsible], letter: stalled}
      - {at: 45d, level: 3, do: park}
"""
MOVING = (
    SOUND.replace("  done:\n", "  parked:\n    label: {nb: Lagt til side, nn: Lagt til side, en: Set aside}\n  done:\n")
    .replace("rules:\n", f"{BACK}rules:\n{RULES}")
    .replace(
        "when: {state: [given]}\n    clock: entered\n    steps:\n      - {at: 60d",
        "clock: entered\n    steps:\n      - {at: 60d",
    )
)


def test_a_guarded_move_is_fine() -> None:
    assert faults_in(MOVING) == ()


@pytest.mark.parametrize(
    ("old", "new", "at", "said", "remedy"),
    [
        ("do: park", "do: prak", "do:", "there is no move 'prak'", "did you mean park?"),
        ("do: park", "do: finish", "do:", "rule left would end the case by itself", "let the rule tell somebody"),
        ("do: park", "do: finish", "do:", "finish needs statement, which a rule cannot give", "needs nothing"),
        ("do: park", "do: resume", "do:", "rule left looks at given, where resume does not begin", "state: [parked]"),
        ("do: park", "do: park, tell: [head]", "do:", "the step both tells and moves", "leave out tell:"),
        ("level: 3, do: park", "level: 3", "45d", "the step tells nobody", "a move in do:"),
        (
            "do: park}\n",
            "do: park}\n      - {at: 60d, tell: [coordinator], letter: stalled}\n",
            "do:",
            "rule left goes on after it has moved the case",
            "another rule may go on",
        ),
        (
            "do: park}\n",
            "do: park}\n    repeat: {every: 9d, tell: [coordinator]}\n",
            "do:",
            "rule left goes on after it has moved the case",
            "another rule may go on",
        ),
        (
            "rules:\n",
            "rules:\n  - {id: round, when: {state: [parked]}, clock: entered, steps: [{at: 9d, do: resume}]}\n",
            "do: park",
            "by park and other moves of rules a case can go in a circle without anybody",
            "break the circle",
        ),
    ],
)
def test_what_a_rule_may_not_do_is_refused_with_its_line(old: str, new: str, at: str, said: str, remedy: str) -> None:
    text = MOVING.replace(old, new)
    assert text != MOVING
    fault = next((it for it in faults_in(text) if it.what.endswith(said)), None)
    assert fault is not None, faults_in(text)
    assert remedy in fault.remedy
    assert fault.line == line_of(text, at)


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("nb", "45 dager etter statusskiftet: saken endres av seg selv («Legg til side»); brev «sendt tilbake» til"),
        (
            "nn",
            "45 dagar etter statusskiftet: saka blir endra av seg sjølv («Legg til side»); brev «sendt tilbake» til",
        ),
        (
            "en",
            "45 days after the change of status: the case is changed by itself (“Set aside”); letter “sent back” to",
        ),
    ],
)
def test_the_move_is_said_in_words_with_what_it_tells(language: str, words: str) -> None:
    assert rules(parse(MOVING, "task.yaml"), language)[0].sentences[1].startswith(words)
