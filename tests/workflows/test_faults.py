"""Everything that can be wrong in a workflow file is said in a plain sentence, with its line and what to do."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.errors import Faulty
from tests.workflows.paper import SOUND, faults_in, line_of, spoilt
from workflows.loading import inspect

ASK = """asks:
  wait:
    label: {{nb: Vent, nn: Vent, en: Wait}}
    from: [given]
    by: [responsible]
    needs: {needs}
    tell: [{{letter: asked, to: [{to}}}]
rules:
"""
WRONG = [
    # old, new, words of the line at fault, what is said, what to do
    ("when: {state: [given]}\n    clock: due", "wen: {}\n    clock: due", "wen:", "no key wen in", "when?"),
    ("needs: [statement]", "neds: [statement]", "neds", "there is no key neds in moves › finish", "mean needs?"),
    ("version: 1", "version: one", "version", "version must be a whole number, not 'one'", "digits"),
    ("version: 1", "version: true", "version", "version must be a whole number, not true", "digits"),
    ("version: 1", "version: 0", "version", "version is 0", "at least 1"),
    ("final: true", "final: yes please", "final", "states › done › final must be true or false", "true or false"),
    ("by: [responsible]", "by: responsible", "by: resp", "moves › finish › by must be a list", "square brackets"),
    ("by: [responsible]", "by: []", "by: []", "moves › finish › by is empty", "fill it in"),
    ("guard: {watcher: coordinator, max_silence: 90d}", "guard: soon", "guard", "guard must be a block", "below"),
    ("{nb: Gjort, nn: Gjort, en: Done}", "{nb: Gjort, en: Done}", "nb: Gjort", "nothing in nn", "nb, nn"),
    ("nn: Oppgåve", "nn: ''", "Oppgave", "label › nn is empty", "fill it in"),
    ("nn: Oppgåve", "nn: 7", "Oppgave", "label › nn must be a text, not 7", "quotes"),
    ("at: 1wd", "at: 1 wd", "1 wd", "'1 wd' is no length of time", "without a space"),
    ("at: 1wd", "at: 1", "at: 1,", "1 is no length of time", "10wd"),
    ("at: 30d", "at: 9999d", "9999d", "9999d is longer than ten years", "nobody"),
    ("hold: 5wd", "hold: -5wd", "hold", "-5wd is no length of time that lies ahead", "at least 1d"),
    ("hold: 5wd, times: 1", "hold: 5wd, times: 1, needs: [due]", "hold", "there is no need 'due'", "reason"),
    ("max: 30d, times: 1", "max: 30d, times: 0", "snooze", "rules › number 1 › snooze › times is 0", "at least 1"),
    ("letter: overdue, level: 1", "letter: overdue, level: 10", "overdue", "level is 10", "at most 9"),
    ("letter: overdue", "letter: overdu", "overdu", "there is no letter 'overdu'", "did you mean overdue?"),
    ("letter: closed", "letter: thanks", "thanks", "there is no letter 'thanks'", "letters:"),
    ("    to: done", "    to: dne", "to: dne", "there is no state 'dne'", "did you mean done?"),
    ("from: [given]", "from: [given, givn]", "givn", "there is no state 'givn'", "did you mean given?"),
    ("initial: given", "initial: begun", "begun", "there is no state 'begun'", "known are given, done"),
    ("initial: given\n", "", "workflow", "the file has no initial", "add initial:"),
    ("clock: activity", "clock: activities", "activities", "there is no clock 'activities'", "did you mean activity?"),
    ("watcher: coordinator", "watcher: boss", "boss", "there is no role 'boss'", "responsible, head, coordinator"),
    ("needs: [statement]", "needs: [statment]", "statment", "there is no need 'statment'", "did you mean statement?"),
    ("via: digest", "via: pigeon", "pigeon", "there is no way of telling 'pigeon'", "now, digest"),
    ("id: quiet", "id: due", "id: due", "two rules with the id 'due'", "another id"),
    ("id: quiet", "id: Quiet!", "Quiet!", "'Quiet!' in rules › number 2 › id is no name", "small letters"),
    ("  given:\n", "  true:\n", "  true:", "the key true is no word", "quotes"),
    ("  given:\n", "  2011-08-25:\n", "  2011-08-25:", "is no word", "quotes"),
    ("  given:\n", "  [given]:\n", "  [given]:", "cannot be a key", "a word"),
    ("  given:\n", "  Given:\n", "  Given:", "'Given' in states › Given is no name", "small letters"),
    ("[due >= 1]", "[due > 1]", "due > 1", "'due > 1' names no rule and level", "due >= 1"),
    ("[due >= 1]", "[du >= 1]", "du >= 1", "there is no rule 'du'", "did you mean due?"),
    ("label: {nb: Gitt, nn: Gitt, en: Given}", "label: {nb: Gitt", "  done:", "this is not YAML", "colons"),
    ("version: 1", "version: 1\nversion: 2", "version: 2", "'version' stands twice", "keep one"),
    # what only the checker sees
    (
        "  done:\n",
        "  lost: {label: {nb: Tapt, nn: Tapt, en: Lost}, final: true}\n  done:\n",
        "lost",
        "state lost cannot be reached from given",
        "add a move",
    ),
    ("from: [given]\n    to: done", "from: [done]\n    to: done", "  given:", "state given has no way out", "final"),
    ("    final: true\n", "", "  given:", "from state given no end can be reached", "final: true"),
    ("clock: entered", "clock: activity", "  given:", "the coordinator may never hear again", "on the clock entered"),
    ("every: 30d, tell: [coordinator]", "every: 30d, tell: [head]", "  given:", "never hear", "repeat"),
    ("max_silence: 90d", "max_silence: 60d", "  given:", "could hear nothing for 66 days", "the guard allows 60d"),
    ("[due >= 1]", "[quiet >= 0]", "[quiet", "rule quiet can silence itself", "circle"),
    ("[due >= 1]", "[due >= 3]", "due >= 3", "which never reaches level 3", "reaches the watcher"),
    (
        "      - {at: 10wd, tell: [coordinator], letter: stalled, level: 2}\n",
        "",
        "due >= 1",
        "which never tells the coordinator from level 1 on",
        "reaches the watcher",
    ),
    ("at: 60d", "at: -60d", "at: -60d", "-60d lies before the clock entered can be known", "0d or later"),
    ("state: [given]}\n    clock: act", "state: [done]}\n    clock: act", "due >= 1", "the same cases", "in common"),
    ("at: 10wd", "at: 1wd", "stalled, level: 2", "1wd does not always come after 1wd", "in order of time"),
    ("at: 10wd", "at: 6d", "at: 6d", "6d does not always come after 1wd", "in one unit"),
    ("state: [given]}\n    clock: activity", "state: [done]}\n    clock: activity", "state: [done]", "only at", "drop"),
    (
        "    by: [responsible]\n",
        "    by: [responsible, coordinator]\n",
        "say:",
        "finish ends the case, and a mail could make the coordinator do so",
        "leave out say:",
    ),
    ("rules:\n", ASK.format(needs="[due]", to="coordinator], via: digest"), "letter: asked", "hear at once", "via:"),
    ("rules:\n", ASK.format(needs="[]", to="head]"), "letter: asked", "coordinator does not hear of wait", "name the"),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "line", "what", "remedy"), WRONG, ids=[f"{it[3][:40]}" for it in WRONG])
def test_a_fault_says_where_what_and_what_to_do(old: str, new: str, line: str, what: str, remedy: str) -> None:
    text = spoilt(old, new)
    found = [it for it in faults_in(text) if what in it.what and remedy in it.remedy]
    assert found, [str(it) for it in faults_in(text)]
    lines = [number for number, words in enumerate(text.splitlines(), 1) if line in words]
    assert found[0].line in lines
    assert found[0].file == "task.yaml"


@pytest.mark.parametrize(("old", "new"), [it[:2] for it in WRONG])
def test_no_sentence_is_jargon(old: str, new: str) -> None:
    said = "\n".join(map(str, faults_in(spoilt(old, new))))
    for jargon in ("Input should", "pydantic", "valid string", "Traceback", "dict", "literal", "NoneType"):
        assert jargon not in said


def test_the_sound_file_has_no_faults() -> None:
    assert faults_in(SOUND) == ()


def test_every_fault_is_reported_at_once() -> None:
    text = SOUND.replace("at: 1wd", "at: soon").replace("clock: due", "clok: due").replace("nn: Oppgåve, ", "")
    text = text.replace("letter: closed", "letter: thanks").replace("to: given", "to: gven")
    expected = {line_of(text, words) for words in ("at: soon", "clok", "Oppgave", "thanks", "gven")}
    assert expected <= {it.line for it in faults_in(text)}


def test_a_file_that_is_far_too_long_is_refused_at_once() -> None:
    assert faults_in(SOUND + "#" * 2_000_000)[0].what.startswith("the file has 2,00")
    rule = "  - {id: again, clock: due, steps: [{at: 1d, tell: [head], letter: due_soon}]}\n"
    assert "rules has 63 entries" in [it.what for it in faults_in(SOUND.replace("guard:", rule * 60 + "guard:"))]


@pytest.mark.parametrize("text", ["", "- 1\n- 2\n", "just words", "workflow: task", "states: 3\nmoves: 4\nrules: 5\n"])
def test_a_file_of_another_kind_is_refused_not_crashed_on(text: str) -> None:
    with pytest.raises(Faulty):
        inspect(text, "odd.yaml")


def test_a_word_that_could_mean_two_moves_is_refused() -> None:
    text = spoilt("from: [done]\n", "from: [done, given]\n    say: {nb: [Ferdig], nn: [opp], en: [up]}\n")
    fault = next(it for it in faults_in(text) if "may mean" in it.what)
    assert fault.what == "'Ferdig' may mean finish as well as reopen in state given"
    assert fault.line == line_of(text, "[Ferdig]")


WORDS = re.findall(r"[\w-]+|[^\w\s]", SOUND)


@settings(max_examples=300, deadline=None)
@given(st.lists(st.tuples(st.integers(0, len(WORDS) - 1), st.sampled_from([*WORDS, "", "3", "-1d", "no"])), max_size=4))
def test_a_garbled_file_is_refused_in_sentences_or_sound(changes: list[tuple[int, str]]) -> None:
    places = list(re.finditer(r"[\w-]+|[^\w\s]", SOUND))
    text = SOUND
    for place, word in sorted(dict(changes).items(), reverse=True):
        text = text[: places[place].start()] + word + text[places[place].end() :]
    for fault in faults_in(text):
        assert 0 <= fault.line <= len(text.splitlines()) + 1
        assert fault.what
        assert "Input should" not in fault.what


def test_a_letter_the_workflow_brings_itself_may_be_named() -> None:
    text = spoilt("letter: closed", "letter: thanks")
    assert faults_in(text + "letters: [thanks]\n") == ()
