"""One of the three languages of a report: words, small numbers in letters, days, and lists."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from babel.dates import format_date

from engine.text import Text

LOCALES: Final = {"nb": "nb_NO", "nn": "nn_NO", "en": "en_GB"}
NUMBERS: Final = {
    "nb": ["null", "én", "to", "tre", "fire", "fem", "seks", "sju", "åtte", "ni", "ti", "elleve", "tolv"],
    "nn": ["null", "éin", "to", "tre", "fire", "fem", "seks", "sju", "åtte", "ni", "ti", "elleve", "tolv"],
    "en": ["none", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"],
}
_AND: Final = Text("{most} og {last}", "{most} og {last}", "{most} and {last}")
_CLAUSES: Final = Text("{most}, og {last}", "{most}, og {last}", "{most}, and {last}")


@dataclass(frozen=True, slots=True)
class Counted:
    """What is said of none, of one and of several; `{n}` is their number in letters."""

    none: Text
    one: Text
    many: Text


@dataclass(frozen=True, slots=True)
class Tongue:
    language: str

    def say(self, words: Text, **facts: object) -> str:
        return words.say(self.language).format(**facts)

    def count(self, counted: Counted, n: int, **facts: object) -> str:
        words = {0: counted.none, 1: counted.one}.get(n, counted.many)
        return self.say(words, n=self.number(n), **facts)

    def number(self, n: int) -> str:
        """In letters up to twelve, as one writes it within a sentence."""
        return NUMBERS[self.language][n] if n <= 12 else str(n)

    def day(self, day: date) -> str:
        return f"{day:%d.%m.%Y}"

    def long_day(self, day: date) -> str:
        pattern = "d MMMM y" if self.language == "en" else "d. MMMM y"
        return str(format_date(day, pattern, locale=LOCALES[self.language]))

    def listed(self, things: Sequence[str]) -> str:
        """a, b and c."""
        return self._joined(_AND, things)

    def clauses(self, things: Sequence[str]) -> str:
        """The same with whole clauses, between which every one of the languages puts a comma."""
        return self._joined(_CLAUSES, things)

    def _joined(self, last: Text, things: Sequence[str]) -> str:
        if len(things) < 2:
            return "".join(things)
        return self.say(last, most=", ".join(things[:-1]), last=things[-1])


def sentence(words: str) -> str:
    """With a capital letter, and a full stop."""
    return f"{words[:1].upper()}{words[1:]}".rstrip(".") + "." if words else ""
