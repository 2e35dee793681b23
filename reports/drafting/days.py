"""Days and lengths of time in a sentence: which is a deadline, and which belongs to something else."""

import re
from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final

MONTHS: Final = {
    name: number
    for number, names in enumerate(
        (
            "januar january jan", "februar february feb", "mars march mar", "april apr", "mai may", "juni june jun",
            "juli july jul", "august aug", "september sept sep", "oktober october okt oct", "november nov",
            "desember december des dec",
        ),
        1,
    )
    for name in names.split()
}  # fmt: skip
NUMBERS: Final = {
    word: number
    for number, words in enumerate(
        ("en ei ett eit one a", "to two", "tre three", "fire four", "fem five", "seks six", "sju syv seven",
         "åtte eight", "ni nine", "ti ten", "elleve eleven", "tolv twelve"), 1,
    )
    for word in words.split()
}  # fmt: skip
UNITS: Final = {"å": "y", "y": "y", "m": "m", "u": "w", "v": "w", "w": "w", "d": "d"}
_MONTH: Final = "|".join(sorted(MONTHS, key=len, reverse=True))
_NUMBER: Final = "|".join(sorted(NUMBERS, key=len, reverse=True))
DAY: Final = re.compile(
    rf"(?P<iso>\b(?:19|20|21)\d\d-\d\d-\d\d\b)"
    rf"|\b(?P<figures>\d{{1,2}}[./]\s?\d{{1,2}}[./]\s?(?:\d{{4}}|\d\d))(?![\d.]*\d)"
    rf"|\b(?P<day>\d{{1,2}})(?:\.|st|nd|rd|th)?\s+(?:of\s+)?(?P<month>{_MONTH})\b\.?"
    r"(?:,?\s*(?P<year>(?:19|20|21)\d\d)\b)?"
    rf"|\b(?P<month2>{_MONTH})\.?\s+(?P<day2>\d{{1,2}})(?:st|nd|rd|th)?\b(?:,?\s*(?P<year2>(?:19|20|21)\d\d)\b)?"
    rf"|\b(?P<month3>{_MONTH})\.?\s+(?P<year3>(?:19|20|21)\d\d)\b"
    rf"|\b(?P<quarter>[1-4])\.?\s*(?:kvartal|quarter)\s+(?P<year4>(?:19|20|21)\d\d)\b"
    rf"|\b[QK](?P<quarter2>[1-4])\s?(?:/|-)?\s?(?P<year5>(?:19|20|21)\d\d)\b"
    rf"|\b(?P<bare>(?:19|20|21)\d\d)\b(?![-./]\d)",
    re.IGNORECASE,
)
LENGTH: Final = re.compile(
    rf"\b(?P<count>\d{{1,3}}|{_NUMBER})\s+"
    r"(?P<unit>år|years?|måneder|måned|månader|månad|months?|uker?|veker?|weeks?|dager|dagar|dag|days?)\b",
    re.IGNORECASE,
)
LIMIT: Final = re.compile(
    r"(?:\b(?:innen|innan|frist(?:en)?(?:\s+(?:er|for dette er))?|senest|seinast|by|before|within|"
    r"no later than|før|due|deadline(?:\s+is)?|tidsfrist|ferdig|i\s+løpet\s+av|in\s+the\s+course\s+of|during|"
    r"(?:innen|innan|ved|by|before|til)?\s*(?:utgangen|slutten|the\s+end|end)\s+(?:av|of)))\s*:?\s*(?:den|the|dato)?\s*$",
    re.IGNORECASE,
)
BEFORE: Final = 48  # letters in front of a day in which a word can make it a deadline


@dataclass(frozen=True, slots=True)
class Mention:
    """A day in a text. `day` is None where it cannot be told, such as one without a year; `by` is a length of time."""

    written: str
    day: date | None = None
    by: str = ""
    limit: bool = False


def mentions(text: str) -> Iterator[Mention]:
    """Every day and every limit by length, in the order of the text."""
    for found in DAY.finditer(text):
        before = text[max(0, found.start() - BEFORE) : found.start()]
        limit = bool(LIMIT.search(before))
        if found["bare"] and not limit:
            continue  # a year alone is a name or a period
        yield Mention(found[0].strip(), _day(found), limit=limit)
    for found in LENGTH.finditer(text):
        if LIMIT.search(text[max(0, found.start() - BEFORE) : found.start()]):
            count = found["count"].lower()
            number = int(count) if count.isdigit() else NUMBERS[count]
            by = f"{number}{UNITS[found['unit'][0].lower()]}" if number else ""
            yield Mention(found[0], by=by, limit=True)


def day_in(text: str) -> Mention | None:
    """What a cell meant for a day says; None when it is empty."""
    found = next(mentions(f"frist: {text}"), None)
    return found or (Mention(text) if text.strip() else None)


def _day(found: re.Match[str]) -> date | None:
    try:
        return _of(found)
    except ValueError:
        return None


def _of(found: re.Match[str]) -> date | None:
    if found["iso"]:
        return date.fromisoformat(found["iso"])
    if found["figures"]:
        day, month, year = (int(each) for each in re.split(r"[./]\s?", found["figures"]))
        return date(_century(year), month, day)
    for day_of, month_of, year_of in (("day", "month", "year"), ("day2", "month2", "year2")):
        if found[month_of]:
            return date(int(found[year_of]), _month(found[month_of]), int(found[day_of])) if found[year_of] else None
    return _end(found)


def _century(year: int) -> int:
    return year if year > 99 else year + (2000 if year < 70 else 1900)


def _end(found: re.Match[str]) -> date:
    """A month, a quarter or a year as a deadline ends on its last day."""
    if found["month3"]:
        return _last(int(found["year3"]), _month(found["month3"]))
    if found["bare"]:
        return date(int(found["bare"]), 12, 31)
    quarter = found["quarter"] or found["quarter2"]
    return _last(int(found["year4"] or found["year5"]), 3 * int(quarter))


def _month(name: str) -> int:
    return MONTHS[name.lower()]


def _last(year: int, month: int) -> date:
    return date(year, month, monthrange(year, month)[1])
