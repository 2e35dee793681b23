"""Every letter in every language: complete, the same as text and as HTML, and deaf to what somebody wrote into it."""

import os
import re
from dataclasses import replace
from datetime import date
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.briefing import Briefing, Item, Next
from engine.text import Text
from notifications.abridging import foremost
from notifications.letters import WIDTH, write
from notifications.preview import LETTERS, sample

LANGUAGES = ("nb", "nn", "en")
GOLDEN = Path(__file__).parent / "golden"
RENEW = "TILTAK_RENEW_GOLDEN"
CASES = [(letter, language) for letter in LETTERS for language in LANGUAGES]
OPERATORS = ("operator", "clock", "alarm")  # about the service itself
DOOR = "sign_in"
CASELESS = (DOOR, "rhythm")
ALONE = [letter for letter in LETTERS if letter not in ("bundle", "digest", *OPERATORS, *CASELESS)]
EACH = pytest.mark.parametrize(("letter", "language"), CASES)


class _Words(HTMLParser):
    """What a reader of the HTML reads, and every tag on the way."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.words: list[str] = []
        self.tags: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        assert not [name for name, _ in attrs if name.startswith("on")]
        self.words += [value or "" for name, value in attrs if name == "href"]

    def handle_data(self, data: str) -> None:
        if not self.tags or self.tags[-1] not in ("style", "title"):
            self.words += data.split()


def bare(text: str) -> list[str]:
    """Letters and figures only: marks of lists and columns differ between text and HTML."""
    return re.findall(r"\w+", re.sub(r"[|]", " ", text.lower()))


def all_sorts(briefing: Briefing, **changes: object) -> Briefing:
    return replace(briefing, items=tuple(replace(item, **changes) for item in briefing.items))  # type: ignore[arg-type]


@EACH
def test_text_and_html_say_the_same(letter: str, language: str) -> None:
    written = write(sample(letter, language))
    text, html = sorted(set(bare(written.text))), sorted(set(bare(" ".join(_Words(written.html).words))))
    assert text == html


@EACH
def test_lines_of_text_are_short_and_tidy(letter: str, language: str) -> None:
    text = write(sample(letter, language)).text
    assert [line for line in text.splitlines() if len(line) > WIDTH] == []
    assert not re.search(r"\n\n\n|[ \t]\n| ,| \.|\.\.|None|Undefined|\{\{|\}\}|\(\)|«»|“”", text), text
    assert not re.search(r"\S  +\S", text), text
    for paragraph in text.split("\n\n"):
        *above, last = paragraph.strip().splitlines()
        assert not above or len(last.split()) > 1 or len(above[-1].split()) <= 2 or "//" in paragraph, paragraph


@EACH
def test_a_letter_says_who_what_when_what_next_and_why(letter: str, language: str) -> None:
    text = " ".join(write(sample(letter, language)).text.split())
    if letter in ("bundle", "digest"):
        wanted = ["due", "2012", "[3]", "[8]"]
    elif letter in OPERATORS:
        wanted = ["12. juni 2012" if language != "en" else "12 June 2012", "organisation.operator"]
    elif letter == "rhythm":
        wanted = ["https://tiltak.example/rhythm/aaaaaaaaaaaaaaaaaaaaaaaaaa", "08:00", "2011"]
    elif letter == DOOR:
        wanted = ["https://tiltak.example/sign-in/aaaaaaaaaaaaaaaaaaaaaaaaaa", "15 min"]
    else:
        item = sample(letter, language).items[0]
        wanted = [item.ref, item.plan_title, "5. juni 2012" if language != "en" else "5 June 2012"]
        if letter not in ("closed", "unreadable", "fresh_link"):
            wanted.append("19. juni 2012" if language != "en" else "19 June 2012")  # what happens next
        if letter in ("assigned", "due_soon", "overdue", "stalled", "returned", "handed_over"):
            wanted += [item.said or item.question, item.link]
    assert [it for it in wanted if it not in text] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_letter_names_words_for_a_reply_only_where_replies_are_read_and_never_alone_on_a_line(language: str) -> None:
    briefing = sample("overdue", language)
    words = [it.words[language][0] for it in briefing.items[0].answers]
    read = write(briefing).text
    assert all(word in read for word in words)
    assert not set(words) & {line.strip(" .,«»“”").lower() for line in read.splitlines()}
    unread = write(replace(briefing, replies_read=False, reply_to="hum@ud.example")).text
    assert not [word for word in words if f"«{word}»" in unread or f"“{word}”" in unread]
    assert "hum@ud.example" in unread  # a person reads it


@EACH
def test_a_subject_is_one_line_that_says_what_it_is_about(letter: str, language: str) -> None:
    subject = write(sample(letter, language)).subject
    assert "\n" not in subject
    assert 10 < len(subject) < 120
    if letter not in ("undeliverable", *OPERATORS, *CASELESS):
        assert "evaluering" in subject


def test_the_languages_differ_in_every_letter() -> None:
    for letter in LETTERS:
        assert len({write(sample(letter, language)).text for language in LANGUAGES}) == 3, letter


@EACH
def test_letters_are_as_they_were(letter: str, language: str) -> None:
    """A change of wording is meant to be seen: renew with TILTAK_RENEW_GOLDEN=1 and read the difference."""
    kept = GOLDEN / f"{letter}.{language}.txt"
    written = write(sample(letter, language))
    found = f"{written.subject}\n\n{written.text}"
    if os.environ.get(RENEW):
        kept.write_text(found, encoding="utf-8")
    assert found == kept.read_text(encoding="utf-8")


EVIL = "<script>a(1)</script> {{ 7*7 }} {% raw %} &amp; \r\n\r\nBcc: x@y.example\n\n--\n\u202egnit <img src=x onerror=>"
WRITTEN_BY_PEOPLE = ("title", "question", "said", "owner_as_written", "plan_title", "reason", "instead_of")


@EACH
def test_what_somebody_wrote_is_only_words(letter: str, language: str) -> None:
    changes = dict.fromkeys(WRITTEN_BY_PEOPLE, EVIL)
    briefing = all_sorts(sample(letter, language), **changes, said_by=Text.same(EVIL), owner=Text.same(EVIL))
    written = write(briefing)
    tags = _Words(written.html).tags
    assert "script" not in tags
    assert "img" not in tags
    assert "49" not in written.text
    assert "49" not in "".join(_Words(written.html).words)
    assert "\u202e" not in written.text + written.subject + written.html
    assert "\n\nBcc:" not in written.text
    assert written.text.count("\n--\n") == 1
    assert "\n" not in written.subject


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("letter", ALONE)
def test_every_letter_can_speak_of_every_kind_of_case_in_every_shape(letter: str, language: str) -> None:
    shapes: list[dict[str, object]] = [
        {"workflow": workflow, "number": number, **more}
        for workflow in ("action", "plan", "request", "report", "receipt", "an-own-one")
        for number in ("3", "")
        for more in (
            {"due": None, "left": None, "overdue": 0, "next": None},
            {"owner": Text.same(""), "owner_as_written": "giverne i fellesskap"},
            {"left": 0, "overdue": 0},
            {"missed": date(2012, 6, 6), "instead_of": "responsible", "answers": ()},
            {"next": Next(day=date(2012, 6, 19), letter="digest", level=0, whom=(), only_you=True)},
        )
    ]
    for shape in shapes:
        written = write(all_sorts(sample(letter, language), **shape))
        assert not re.search(r"None|Undefined|\{\{|  +\w+ +\.", written.text), (shape, written.text)


@settings(max_examples=80, deadline=None)
@given(st.text(max_size=2_000), st.text(max_size=2_000), st.sampled_from(CASES))
def test_any_words_make_a_letter_with_short_lines(title: str, said: str, case: tuple[str, str]) -> None:
    written = write(all_sorts(sample(*case), title=title, said=said, question=title))
    long = [line for line in written.text.splitlines() if len(line) > WIDTH]
    assert all(len(line.split()) <= 1 or max(map(len, line.split())) > WIDTH // 2 for line in long), long
    assert "\n" not in written.subject


def test_a_case_is_said_once_with_what_weighs_most() -> None:
    item = sample("overdue", "nb").items[0]
    lighter, other = replace(item, level=1, letter="due_soon"), replace(item, ref="IOM-2011-4", level=3)
    found: list[Item] = foremost([lighter, item, other])
    assert [(it.ref, it.level) for it in found] == [("IOM-2011-4", 3), ("IOM-2011-3", 2)]


@pytest.mark.parametrize("language", LANGUAGES)
def test_one_is_not_said_as_many(language: str) -> None:
    text = write(all_sorts(sample("overdue", language), overdue=1)).text
    assert {"nb": "1 virkedag ", "nn": "1 yrkedag ", "en": "1 working day "}[language] in text.replace("\n", " ")
