"""What an administrator reads: the table of moves and the rules as sentences, in three languages."""

from dataclasses import replace

import pytest

from engine.text import LANGUAGES
from engine.workflow import CLOCKS, NEEDS, ROLES, Offset, When, Workflow
from tests.workflows.paper import SOUND, spoilt
from workflows.describe import rules, sentence, table
from workflows.loading import SHIPPED_LETTERS, load, parse
from workflows.words import CLOCKS as CLOCK_WORDS
from workflows.words import LETTERS as LETTER_WORDS
from workflows.words import NEEDS as NEED_WORDS
from workflows.words import ROLES as ROLE_WORDS
from workflows.words import each, length, listed

TASK = parse(SOUND, "task.yaml")
DUE, QUIET, DWELL = TASK.rules


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("nb", "10 virkedager etter fristen: brev «står stille» til koordinatoren (nivå 2)"),
        ("nn", "10 yrkedagar etter fristen: brev «står stille» til koordinatoren (nivå 2)"),
        ("en", "10 working days after the deadline: letter “standing still” to the coordinator (level 2)"),
    ],
)
def test_a_step_is_a_sentence(language: str, words: str) -> None:
    assert sentence(TASK, DUE, DUE.steps[2], language) == words


@pytest.mark.parametrize(
    ("language", "words"),
    [
        (
            "nb",
            (
                "5 virkedager før fristen: linje i sammendraget «fristen nærmer seg» til den ansvarlige",
                "1 virkedag etter fristen: brev «over fristen» til den ansvarlige (nivå 1)",
                "10 virkedager etter fristen: brev «står stille» til koordinatoren (nivå 2)",
                "kan kvitteres: pause i inntil 5 virkedager, én gang",
                "kan utsettes i inntil 30 dager, én gang, med begrunnelse; melding til koordinatoren",
            ),
        ),
        (
            "nn",
            (
                "5 yrkedagar før fristen: linje i samandraget «fristen nærmar seg» til den ansvarlege",
                "1 yrkedag etter fristen: brev «over fristen» til den ansvarlege (nivå 1)",
                "10 yrkedagar etter fristen: brev «står stille» til koordinatoren (nivå 2)",
                "kan kvitterast: pause i inntil 5 yrkedagar, éin gong",
                "kan utsetjast i inntil 30 dagar, éin gong, med grunngiving; melding til koordinatoren",
            ),
        ),
        (
            "en",
            (
                "5 working days before the deadline: line in the digest “due soon” to the one responsible",
                "1 working day after the deadline: letter “overdue” to the one responsible (level 1)",
                "10 working days after the deadline: letter “standing still” to the coordinator (level 2)",
                "can be acknowledged: a pause of up to 5 working days, once",
                "can be snoozed for up to 30 days, once, with a reason; word goes to the coordinator",
            ),
        ),
    ],
)
def test_a_rule_is_told_whole(language: str, words: tuple[str, ...]) -> None:
    assert rules(TASK, language)[0].sentences == words


@pytest.mark.parametrize(
    ("language", "words"),
    [("nb", "én gang, med begrunnelse"), ("nn", "éin gong, med grunngiving"), ("en", "once, with a reason")],
)
def test_an_acknowledgement_that_needs_a_reason_says_so(language: str, words: str) -> None:
    task = parse(spoilt("hold: 5wd, times: 1", "hold: 5wd, times: 1, needs: [reason]"), "task.yaml")
    assert rules(task, language)[0].sentences[3].endswith(words)


def test_what_silences_a_rule_is_told() -> None:
    assert rules(TASK, "en")[1].sentences[-1] == "keeps quiet while the rule due is telling at level 1 or higher"


def test_where_a_rule_applies_is_told_in_the_order_of_the_file() -> None:
    when = When(state=frozenset({"done", "given"}), tag=frozenset({"b", "a"}))
    flow = replace(TASK, rules=(replace(DUE, when=when), replace(QUIET, when=When())))
    assert [it.applies for it in rules(flow, "nn")] == ["Gitt, Gjort; merke: a, b", "alle statusar"]


def test_a_move_is_a_row() -> None:
    row = table(TASK, "nn")[0]
    assert (row.name, row.label, row.source, row.dest) == ("finish", "Fullfør", "Gitt", "Gjort")
    assert (row.by, row.needs, row.words) == ("den ansvarlege", "utgreiing", "ferdig")
    assert row.tells == "brev «lukka» til koordinatoren"


@pytest.mark.parametrize(
    ("offset", "words"),
    [
        (Offset(1, "d"), ["hver dag", "kvar dag", "every day"]),
        (Offset(2, "w"), ["hver 2. uke", "kvar 2. veke", "every 2 weeks"]),
        (Offset(2, "y"), ["hvert 2. år", "kvart 2. år", "every 2 years"]),
    ],
)
def test_a_repeat_is_said_as_people_say_it(offset: Offset, words: list[str]) -> None:
    assert [each(offset, language) for language in LANGUAGES] == words


def test_one_is_one_and_none_is_many() -> None:
    assert (length(Offset(-1, "m"), "nb"), length(Offset(0, "m"), "nb")) == ("1 måned", "0 måneder")


def test_a_list_ends_in_and() -> None:
    assert [listed(["a", "b", "c"][:n], "nn") for n in range(4)] == ["", "a", "a og b", "a, b og c"]


def test_every_word_of_the_language_has_words() -> None:
    assert set(ROLE_WORDS) == set(ROLES)
    assert set(CLOCK_WORDS) == set(CLOCKS)
    assert set(NEED_WORDS) == set(NEEDS)
    assert set(LETTER_WORDS) == SHIPPED_LETTERS


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("flow", load().by_key.values(), ids=lambda it: it.key)
def test_every_shipped_workflow_can_be_read_aloud(flow: Workflow, language: str) -> None:
    assert len(table(flow, language)) == len(flow.moves)
    assert all(row.sentences for row in rules(flow, language))
