"""Dates, numbers and lengths of time as each of the three languages says them in a letter."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Final

from babel.dates import format_date

from engine.briefing import Item
from engine.draft import DueRule
from engine.text import Text

LOCALES: Final = {"nb": "nb_NO", "nn": "nn_NO", "en": "en_GB"}
LONG: Final = {"nb": "EEEE d. MMMM y", "nn": "EEEE d. MMMM y", "en": "EEEE d MMMM y"}
SHORT: Final = {"nb": "EEE d. MMM", "nn": "EEE d. MMM", "en": "EEE d MMM"}
FIGURES: Final = {"nb": "dd.MM.y", "nn": "dd.MM.y", "en": "dd.MM.y"}
PLURALS: Final[dict[str, dict[str, tuple[str, str]]]] = {
    "nb": {
        "d": ("dag", "dager"),
        "wd": ("virkedag", "virkedager"),
        "w": ("uke", "uker"),
        "m": ("måned", "måneder"),
        "y": ("år", "år"),
        "case": ("sak", "saker"),
        "letter": ("brev", "brev"),
        "step": ("påminnelse", "påminnelser"),
    },
    "nn": {
        "d": ("dag", "dagar"),
        "wd": ("yrkedag", "yrkedagar"),
        "w": ("veke", "veker"),
        "m": ("månad", "månader"),
        "y": ("år", "år"),
        "case": ("sak", "saker"),
        "letter": ("brev", "brev"),
        "step": ("påminning", "påminningar"),
    },
    "en": {
        "d": ("day", "days"),
        "wd": ("working day", "working days"),
        "w": ("week", "weeks"),
        "m": ("month", "months"),
        "y": ("year", "years"),
        "case": ("case", "cases"),
        "letter": ("letter", "letters"),
        "step": ("reminder", "reminders"),
    },
}
MONDAY: Final = date(2024, 1, 1)
AT: Final = {"nb": "kl.", "nn": "kl.", "en": "at"}
AND: Final = {"nb": "og", "nn": "og", "en": "and"}


class Tongue:
    """One language's way of saying what every letter says."""

    def __init__(self, language: str) -> None:
        self.language = language

    def day(self, day: date) -> str:
        """ "mandag 21. mai 2012"."""
        return str(format_date(day, LONG[self.language], locale=LOCALES[self.language]))

    def short(self, day: date) -> str:
        """ "man. 21. mai", for a list of coming days."""
        return str(format_date(day, SHORT[self.language], locale=LOCALES[self.language]))

    def moment(self, at: datetime) -> str:
        """ "mandag 21. mai 2012 kl. 07:30"."""
        return f"{self.day(at.date())} {AT[self.language]} {at:%H:%M}"

    def weekday(self, number: int) -> str:
        """ "mandag", for an ISO weekday."""
        return str(format_date(MONDAY + timedelta(days=number - 1), "EEEE", locale=LOCALES[self.language]))

    def figures(self, day: date) -> str:
        return str(format_date(day, FIGURES[self.language], locale=LOCALES[self.language]))

    def count(self, number: int, thing: str) -> str:
        """ "1 virkedag", "15 virkedager"."""
        one, many = PLURALS[self.language][thing]
        return f"{number} {one if number == 1 else many}"

    def say(self, text: Text) -> str:
        return text.say(self.language)

    def listed(self, texts: Iterable[Text | str]) -> str:
        """ "A, B og C"."""
        words = [self.say(it) if isinstance(it, Text) else it for it in texts]
        head, last = ", ".join(words[:-1]), "".join(words[-1:])
        return f"{head} {AND[self.language]} {last}" if head else last

    def quoted(self, words: Iterable[str]) -> list[str]:
        left, right = ("“", "”") if self.language == "en" else ("«", "»")
        return [f"{left}{word}{right}" for word in words]

    def arithmetic(self, item: Item) -> str:
        """How a deadline by rule came about: "25.08.2011 + 1 year = Saturday 25.08.2012 → …"; "" otherwise."""
        if not item.due_rule or item.due is None:
            return ""
        rule = DueRule.parse(item.due_rule)
        computed = item.due_computed or item.due
        length = self.count(rule.offset.count, rule.offset.unit)
        total = f"{self.figures(rule.anchor)} + {length} = {self._named(computed)}"
        return total if computed == item.due else f"{total} → {self._named(item.due)}"

    def _named(self, day: date) -> str:
        return f"{format_date(day, 'EEEE', locale=LOCALES[self.language])} {self.figures(day)}"
