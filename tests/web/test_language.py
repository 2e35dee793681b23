"""The pages speak three languages, all of them whole."""

import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

from engine.workflow import Offset
from web.language import FOLDER, Tongue, preferred
from web.words import length_words

WEB = Path(__file__).parents[2] / "web"
KEYWORDS = {"say": None, "count": (1, 2), "_": None, "ngettext": (1, 2), "gettext": None}
METHODS = [("templates/**.html", "jinja2"), ("**.py", "python")]
HOLE = re.compile(r"%\((\w+)\)s")


def spoken() -> set[str | tuple[str, ...]]:
    options = {"templates/**.html": {"trimmed": "false", "silent": "false"}}
    found = extract_from_dir(WEB, method_map=METHODS, options_map=options, keywords=KEYWORDS)
    return {tuple(words) if isinstance(words, (list, tuple)) else words for _, _, words, _, _ in found}


def written(language: str) -> Catalog:
    with (FOLDER / language / "LC_MESSAGES" / "tiltak.po").open("rb") as file:
        return read_po(file, locale=language)


def forms(words: object) -> tuple[str, ...]:
    return tuple(str(form) for form in words) if isinstance(words, (list, tuple)) else (str(words),)


@pytest.mark.parametrize("language", ["nb", "nn"])
def test_every_word_is_translated_and_no_translation_is_left_over(language: str) -> None:
    messages = [message for message in written(language) if message.id]
    assert {tuple(it.id) if isinstance(it.id, (list, tuple)) else it.id for it in messages} == spoken()
    assert [it.id for it in messages if not all(forms(it.string)) or it.fuzzy] == []


def test_enough_words_were_found_for_the_test_above_to_mean_anything() -> None:
    assert len(spoken()) > 150


def holes(language: str) -> Iterator[tuple[str, set[str], set[str]]]:
    for message in written(language):
        for form in forms(message.string) if message.id else ():
            yield form, set(HOLE.findall(form)), set(HOLE.findall(" ".join(forms(message.id))))


@pytest.mark.parametrize("language", ["nb", "nn"])
def test_a_translation_names_no_fact_that_is_not_given(language: str) -> None:
    assert [form for form, named, given in holes(language) if not named <= given] == []


@pytest.mark.parametrize(
    ("language", "one", "many"),
    [
        ("nb", "1 virkedag", "2 virkedager"),
        ("nn", "1 yrkedag", "2 yrkedagar"),
        ("en", "1 working day", "2 working days"),
    ],
)
def test_days_are_counted_as_each_language_counts(language: str, one: str, many: str) -> None:
    tongue = Tongue(language)
    assert length_words(tongue, Offset(1, "wd")) == one
    assert length_words(tongue, Offset(-2, "wd")) == many
    assert length_words(tongue, Offset(0, "wd")).startswith("0 " + many.split(" ", 1)[1])


@pytest.mark.parametrize(
    ("language", "long"),
    [("nb", "tirsdag 12. juni 2012"), ("nn", "tysdag 12. juni 2012"), ("en", "Tuesday 12 June 2012")],
)
def test_dates_are_written_as_each_language_writes_them(language: str, long: str) -> None:
    tongue, day = Tongue(language), date(2012, 6, 12)
    assert tongue.long_day(day) == long
    assert tongue.day(day) == "12.06.2012"


@pytest.mark.parametrize(
    ("accepted", "language"),
    [("nn-NO,nn;q=0.9,nb;q=0.8", "nn"), ("no", "nb"), ("de-DE,en;q=0.5", "en"), ("fr", "nb"), ("", "nb")],
)
def test_the_browsers_wish_is_heard(accepted: str, language: str) -> None:
    assert preferred(accepted, "nb") == language


def test_lists_end_as_spoken() -> None:
    assert Tongue("nb").listed(["1", "2", "3"]) == "1, 2 og 3"
    assert Tongue("en").listed(["1"]) == "1"
    assert Tongue("en").listed([]) == ""
