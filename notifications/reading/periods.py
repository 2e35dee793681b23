"""A stretch of days in running text: "fra 3. til 15. mai", "t.o.m. fredag", "back on 5 May", "uke 28–30"."""

import re
from datetime import date, timedelta
from typing import Final

from notifications.reading import dates
from notifications.reading.dates import MONTHS, tidy

_MONTH: Final = "|".join(sorted(MONTHS, key=len, reverse=True))
TO: Final = r"(?:\s*(?:-|til og med|til|t\.?o\.?m\.?|through|until|till|to|and|og)\s*)"
SAME_MONTH: Final = re.compile(
    rf"(?P<first>\d{{1,2}})\.?(?:st|nd|rd|th)?{TO}(?:den\s+)?(?P<last>\d{{1,2}})\.?(?:st|nd|rd"
    rf"|th)?\s+(?:of\s+)?(?P<month>{_MONTH})\b"
)
MONTH_FIRST: Final = re.compile(
    rf"(?P<month>{_MONTH})\s+(?P<first>\d{{1,2}})(?:st|nd|rd|th)?{TO}(?P<last>\d{{1,2}})(?:st|nd|rd|th)?\b"
)
FIGURES: Final = re.compile(rf"(?P<first>\d{{1,2}})\.{TO}(?P<last>\d{{1,2}})\.(?P<month>\d{{1,2}})\b")
WEEKS: Final = re.compile(
    r"(?:i\s+)?(?:uke|uka|veke|veka|week|weeks|uker|veker)\s+(?P<first>\d{1,2})"
    r"(?:(?:\s*,\s*\d{1,2}){0,8}\s*(?:-|til|og|to|and)\s*(?P<last>\d{1,2}))?\b"
)
FROM: Final = re.compile(
    r"(?:fra og med|frå og med|fra|frå|f\.?o\.?m\.?|from|mellom|between|i perioden|in the period)\s+"
)
UNTIL: Final = re.compile(
    r"(?P<back>(?:ikke|ikkje|not)\b[^.\d]{0,40}\b(?:før|before|until|till)\s+|(?:tilbake|attende|back|return\w*"
    r"|be back)(?:\s+(?:igjen|att|på jobb|på kontoret|i arbeid"
    r"|på arbeid|to|in|at|the office|to the office|to work"
    r"|work|from leave|from vacation|from holiday))*\s+(?:on\s+|igjen\s+|att\s+)?)"
    r"|(?P<until>(?:til og med|t\.?o\.?m\.?|frem til|fram til|until|till|through|thru|til)\s+"
    rf"|(?=\but (?:{_MONTH})\b))"
)
LONGEST: Final = 4_000
FARTHEST: Final = timedelta(days=731)


def period(text: str, received: date) -> tuple[date | None, date | None] | None:
    """First and last day; None when the text as a whole names no stretch that is still to come."""
    text = tidy(text)
    found, rest = _stretch(text, received)
    if found is None or rest.strip(" .,;!") or not _sensible(found, received):
        return None
    return found


def find(text: str, received: date) -> tuple[date | None, date | None]:
    """The first stretch anywhere in the text; nothing where there is none."""
    text = tidy(text[:LONGEST])
    for match in re.finditer(rf"\d|{FROM.pattern}|(?:uke|uka|veke|veka|week)|\b(?:{_MONTH})\b", text):
        found, _ = _stretch(text[match.start() : match.start() + 160], received)
        if found and found[0] and found[1] and _sensible(found, received):
            return found
    for match in UNTIL.finditer(text):
        found, _ = _stretch(text[match.start() : match.start() + 120], received)
        if found and found[1] and _sensible(found, received):
            return found
    return None, None


def _stretch(text: str, received: date) -> tuple[tuple[date | None, date | None] | None, str]:
    """The stretch at the beginning of a tidy text, and what follows it."""
    leading = FROM.match(text)
    begun = text[leading.end() :] if leading else text
    for pattern in (SAME_MONTH, MONTH_FIRST, FIGURES):
        match = pattern.match(begun)
        if match:
            return _within_month(match, received), begun[match.end() :]
    weeks = WEEKS.match(begun)
    if weeks:
        return _weeks(weeks, received), begun[weeks.end() :]
    until = _open_end(text, received)
    if until[0]:
        return until
    start = _near(begun, received)
    if start:
        joined = re.match(TO, start.rest)
        end = dates.first(start.rest[joined.end() :], start.day) if joined and joined.end() else None
        if end:
            return (start.day, end.day), end.rest
        return (start.day, None), start.rest
    return None, text


def _near(text: str, received: date) -> dates.Day | None:
    """A first day may have begun already: somebody is away since last week."""
    return dates.first(text, received) or dates.first(text, received - timedelta(days=60))


def _open_end(text: str, received: date) -> tuple[tuple[date | None, date | None] | None, str]:
    match = UNTIL.match(text)
    found = dates.first(text[match.end() :], received) if match else None
    if match is None or found is None:
        return None, text
    last = found.day - timedelta(days=1) if match["back"] else found.day
    return (None, last), found.rest


def _within_month(match: re.Match[str], received: date) -> tuple[date | None, date | None] | None:
    said = match["month"]
    month = MONTHS.get(said) or int(said)
    for year in (received.year, received.year + 1):
        try:
            first, last = date(year, month, int(match["first"])), date(year, month, int(match["last"]))
        except ValueError:
            continue
        if last >= received and first <= last:
            return first, last
    return None


def _weeks(match: re.Match[str], received: date) -> tuple[date | None, date | None] | None:
    first, last = int(match["first"]), int(match["last"] or match["first"])
    for year in (received.year, received.year + 1):
        try:
            begins, ends = date.fromisocalendar(year, first, 1), date.fromisocalendar(year, last, 7)
        except ValueError:
            continue
        if ends >= received and begins <= ends:
            return begins, ends
    return None


def _sensible(found: tuple[date | None, date | None], received: date) -> bool:
    begins, ends = found
    return (
        (ends is None or received <= ends <= received + FARTHEST)
        and (begins is None or abs(begins - received) <= FARTHEST)
        and (begins is None or ends is None or begins <= ends)
    )
