"""YAML as people mean it, with the line of everything, and nothing that could hurt."""

from contextlib import suppress
from datetime import date
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.errors import Faulty
from engine.source import MOST_BYTES, read


def value(text: str) -> Any:
    return read(text, "a.yaml").value


def refusal(text: str) -> str:
    with pytest.raises(Faulty) as refused:
        read(text, "a.yaml")
    return str(refused.value)


@pytest.mark.parametrize(
    "word", ["NO", "no", "yes", "on", "off", "16:00", "012", "0x1f", "1e3", "1.5", "1_000", "True", "=", "<<"]
)
def test_what_people_write_as_text_stays_text(word: str) -> None:
    assert value(f"a: {word}") == {"a": word}


def test_only_true_false_nothing_whole_numbers_and_days_are_more_than_text() -> None:
    assert value("a: true\nb: false\nc: ~\nd:\ne: -12\nf: 2011-08-25\ng: '2011-08-25'") == {
        "a": True, "b": False, "c": None, "d": None, "e": -12, "f": date(2011, 8, 25), "g": "2011-08-25",
    }  # fmt: skip


def test_a_day_that_is_not_in_the_calendar_stays_text_for_the_reader_to_refuse() -> None:
    assert value("a: 2011-02-30\nb: 2011-13-01") == {"a": "2011-02-30", "b": "2011-13-01"}


def test_every_value_knows_its_line() -> None:
    source = read("a: 1\nb:\n  - c: 2\n\n  - d: [3,\n     4]\n", "a.yaml")
    lines = {path: source.line(path) for path in [("a",), ("b",), ("b", 0, "c"), ("b", 1), ("b", 1, "d", 1)]}
    assert lines == {("a",): 1, ("b",): 2, ("b", 0, "c"): 3, ("b", 1): 5, ("b", 1, "d", 1): 6}
    assert source.line(("b", 0, "nothing", "there")) == 3
    assert (source.line(("b", 1, "nothing")), source.line(("b", 1, "nothing", "there"))) == (5, 5)
    assert (source.line(("nothing",)), source.line(())) == (1, 1)
    assert str(source.fault(("a",), "is odd", "make it even")) == "a.yaml:1: is odd (make it even)"
    assert str(source.fault(("b",), "is odd")) == "a.yaml:2: is odd"
    assert read("", "a.yaml").line(("a",)) == 1


def test_doubled_keys_are_all_told() -> None:
    assert refusal("a: 1\nb: {c: 1, c: 2}\na: 2\n").splitlines() == [
        "a.yaml:2: 'c' stands twice (keep one)",
        "a.yaml:3: 'a' stands twice (keep one)",
    ]


def test_after_a_key_that_is_no_word_the_others_are_looked_at_as_well() -> None:
    assert refusal("? [a]\n: b\nc: 1\nc: 2\n").splitlines() == [
        "a.yaml:1: a list or a block cannot be a key (write a word before the colon)",
        "a.yaml:4: 'c' stands twice (keep one)",
    ]


def test_line_ends_of_windows_and_a_byte_order_mark_are_fine() -> None:
    assert value("\ufeffa: b\r\nd:\r\n  - e\r\n") == {"a": "b", "d": ["e"]}
    assert read("a: 1\r\n\r\nb: 2\r\n", "a.yaml").line(("b",)) == 3


def test_a_key_is_read_like_a_value_for_whoever_knows_what_it_ought_to_be() -> None:
    assert value("true: a\n2011-08-25: b\nNO: c") == {True: "a", date(2011, 8, 25): "b", "NO": "c"}


def test_a_number_of_absurd_length_is_text() -> None:
    assert value(f"a: {'9' * 5000}") == {"a": "9" * 5000}


# what stands in the file, the line of the complaint, and the complaint
ODD = {
    "a tab as indent": ("a:\n\tb: 1", 2, "a tab stands where only blanks may stand (replace it with blanks)"),
    "a tab in a text": ("a: b\tc", 1, "a tab stands where only blanks may stand"),
    "a text that begins with a sign": ("a: 1\nb: @c", 2, "a text cannot begin with @ (put it in quotes)"),
    "two colons": ("a: b: c", 1, "a colon stands where none can stand"),
    "a crooked indent": ("a:\n  b: 1\n c: 2", 3, "this line is not in line with the ones above it"),
    "an open list": ("a: 1\nb: [1,\n  2", 3, "a comma or a closing ] is missing"),
    "an open block": ("a: {b: 1", 1, "a comma or a closing } is missing"),
    "a missing colon": ("a: 1\nb\n", 3, "a colon is missing"),
    "an open quotation": ("a: 'b", 1, "a quotation mark is opened and never closed"),
    "a second document": ("a: 1\n---\nb: 2", 2, "a second document begins here"),
    "an alias": ("a: &a 1\nb: *a", 2, "aliases (*name) are not used here (write the text itself,"),
    "a tag of Python": ("a: !!python/object:os.system x", 1, "tags (!name) are not used here (write the text itself,"),
    "a tag that would make bytes": ("a: !!binary aGVp", 1, "tags (!name) are not used here"),
    "a tag that does not fit": ("a: !!bool maybe", 1, "tags (!name) are not used here"),
    "a list as a key": ("b: 1\n? [a, b]\n: c", 2, "a list or a block cannot be a key (write a word before the colon)"),
    "a stray sign": ("a: ]", 1, "this is not YAML (look at indents, colons and quotes near here)"),
    "a character nobody sees": ("a: 1\nb: \x00", 2, "a character that cannot be printed stands here (remove it)"),
    "a character nobody sees at the very beginning": (
        "\n\x00\n\n",
        2,
        "a character that cannot be printed stands here",
    ),
    "the same, written out": ('a: 1\nb: "\\0"', 2, "a character stands here that is no letter and no sign (remove it)"),
    "half a character": ('a: "\\ud800"', 1, "a character stands here that is no letter"),
    "the same in a key": ('a: 1\n"\\0": 1', 2, "a character stands here that is no letter"),
    "a character there is not": (
        'a: "\\U99999999"',
        0,
        "a character is written that does not exist (look for \\U and %)",
    ),
}


@pytest.mark.parametrize("name", ODD)
def test_what_is_odd_is_told_in_plain_words_with_its_line(name: str) -> None:
    text, line, says = ODD[name]
    (sentence,) = refusal(text).splitlines()
    where = f"a.yaml:{line}: " if line else "a.yaml: "
    assert sentence.startswith((where + says, f"{where}this is not YAML: {says}"))


def test_a_bomb_of_aliases_does_not_go_off() -> None:
    names = "abcdefghijklmnopqrstuvwxyz"
    bomb = "a: &a [x, x]\n" + "".join(f"{n}: &{n} [*{p}, *{p}]\n" for p, n in pairwise(names))
    assert "aliases" in refusal(bomb)


def test_a_file_that_is_too_large_or_too_deep_is_refused() -> None:
    assert refusal("a" * (MOST_BYTES + 1)) == "a.yaml: the file is larger than 2,000,000 characters (split it)"
    assert refusal("[" * 1500) == "a.yaml: the file is nested too deeply (take out some levels)"


MEANING = st.sampled_from(["a", ": ", "- ", "\n", "  ", "[", "]", "{", "}", "!", "&a ", "*a", "|", ">", "'", '"', "#", "%", "---", "...", "?", "<<", "~", "\\", "\t", "\r", "\ufeff", "\x85", "2011-02-30", "é"])  # fmt: skip # noqa: E501


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=60) | st.lists(MEANING, max_size=25).map("".join))
def test_any_text_is_read_or_refused(text: str) -> None:
    with suppress(Faulty):
        read(text, "a.yaml")
