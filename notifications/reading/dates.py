"""Days as people write them in bokmål, nynorsk and English, in the future of the day the mail came."""

import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

MONTHS: Final = {
    name: number
    for number, names in enumerate(
        (
            "januar jan january", "februar feb february", "mars mar march", "april apr", "mai may", "juni jun june",
            "juli jul july", "august aug", "september sep sept", "oktober okt october oct", "november nov",
            "desember des december dec",
        ),
        1,
    )
    for name in names.split()
}  # fmt: skip
WEEKDAYS: Final = {
    name: number
    for number, names in enumerate(
        (
            "mandag måndag monday man mån mon", "tirsdag tysdag tuesday tir tirs tys tue", "onsdag wednesday ons wed",
            "torsdag thursday tor tors thu", "fredag friday fre fri", "lørdag laurdag saturday lør lau sat",
            "søndag sundag sunday søn sun",
        )
    )
    for name in names.split()
}  # fmt: skip
NUMBERS: Final = {
    word: number
    for number, words in enumerate(
        (
            "en ei ein ett et eit one a an",
            "to two", "tre three", "fire four", "fem five", "seks six", "sju syv seven",
            "åtte eight", "ni nine", "ti ten", "elleve eleven", "tolv twelve", "tretten thirteen", "fjorten fourteen",
        ),
        1,
    )
    for word in words.split()
}  # fmt: skip
_MONTH: Final = "|".join(sorted(MONTHS, key=len, reverse=True))
_WEEKDAY: Final = "|".join(sorted(WEEKDAYS, key=len, reverse=True))
_NUMBER: Final = "|".join(sorted(NUMBERS, key=len, reverse=True))
ISO: Final = re.compile(r"(?P<year>20\d\d)-(?P<month>\d{1,2})-(?P<day>\d{1,2})")
FIGURES: Final = re.compile(
    r"(?P<day>\d{1,2})\s?(?P<mark>[./-])\s?(?P<month>\d{1,2})(?!\d)"
    r"(?:(?:[./-]|\s?[./-]?\s?(?=20\d\d))(?P<year>(?:20)?\d\d)\b(?![./]\d))?\.?"
)
DAY_MONTH: Final = re.compile(
    rf"(?P<day>\d{{1,2}})(?:\.|st|nd|rd|th)?\s*(?:of\s+)?(?P<month>{_MONTH})\b\.?(?:,?\s*(?P<year>20\d\d))?"
)
MONTH_DAY: Final = re.compile(
    rf"(?P<month>{_MONTH})\b\.?\s+(?P<day>\d{{1,2}})(?:st|nd|rd|th)?\b(?:,?\s*(?P<year>20\d\d))?"
)
WEEKDAY: Final = re.compile(
    rf"(?:på\s+|on\s+|til\s+)?(?:(?P<which>neste|komande|kommende|førstkommende|førstkomande|next|this|coming|nå"
    rf"|no|denne)\s+)?(?P<weekday>{_WEEKDAY})\b\.?"
)
SPAN: Final = re.compile(
    rf"(?:(?:om|in)\s+)?(?P<count>\d{{1,3}}|{_NUMBER})\s+(?P<unit>dager|dagar|dag|døgn|days?|uker?|uke|veker?"
    rf"|veke|weeks?|måneder|månader"
    r"|måned|månad|months?)(?:\s+(?:til|more|from now|ekstra))?"
)
END_OF: Final = re.compile(
    rf"(?:ut|utgangen av|utgangen på|ved utgangen av|til utgangen av|the end of"
    rf"|end of)\s+(?P<month>{_MONTH})\b(?:\s+(?P<year>20\d\d))?"
)
TOMORROW: Final = {"i morgen": 1, "i morgon": 1, "imorgen": 1, "tomorrow": 1, "i overmorgen": 2, "i overmorgon": 2}
LEADING: Final = re.compile(
    rf"(?:(?:den|the|innen|innan|by|til og med|t\.?o\.?m\.?|og med)\s+|(?:{_WEEKDAY})\b\.?,?\s+(?:den\s+"
    rf"|the\s+)?(?=\d|{_MONTH}))+"
)
#: Words with which a date may be meant that is none: somebody is asked then, and nothing is guessed.
VAGUE: Final = frozenset(
    {
        *(
            "uke",
            "uka",
            "uken",
            "veke",
            "veka",
            "week",
            "uker",
            "veker",
            "weeks",
            "måned",
            "måneder",
            "månad",
            "månader",
        ),
        *(
            "month",
            "months",
            "dager",
            "dagar",
            "day",
            "days",
            "sommeren",
            "sommaren",
            "høsten",
            "hausten",
            "ferien",
            "jul",
        ),
        *("påske", "nyttår", "summer", "autumn", "easter", "christmas"),
        *(*MONTHS, *WEEKDAYS, *NUMBERS),
    }
)
LINKING: Final = frozenset(
    {
        *(
            "den",
            "the",
            "of",
            "og",
            "and",
            "eller",
            "or",
            "om",
            "in",
            "neste",
            "next",
            "slutten",
            "starten",
            "av",
            "ca",
        ),
        *(
            "rundt",
            "around",
            "about",
            "cirka",
            "midten",
            "medio",
            "ultimo",
            "primo",
            "end",
            "start",
            "mid",
            "etter",
            "over",
        ),
        *("før", "after", "before", "til", "until", "denne", "this", "st", "nd", "rd", "th"),
    }
)
FIGURE_OR_WORD: Final = re.compile(r"\d+|[^\W\d_]+")
LONG_AHEAD: Final = timedelta(days=330)  # beyond that, a date without a year has just passed


@dataclass(frozen=True, slots=True)
class Day:
    """`rest` is what follows the date in the text."""

    day: date
    rest: str


def day(text: str, received: date, *, english: bool = False) -> date | None:
    """The day that the whole text names; None when it names none, two, or one that has passed."""
    found = first(tidy(text), received, english=english)
    return found.day if found and not found.rest.strip(" .,;!") and found.day >= received else None


def like_a_day(text: str) -> bool:
    """Whether somebody meant a date here, though it is none that can be used."""
    said = FIGURE_OR_WORD.findall(tidy(text))
    meant = [each for each in said if each.isdigit() or each in VAGUE]
    return bool(meant) and all(each.isdigit() or each in VAGUE or each in LINKING for each in said)


def tidy(text: str) -> str:
    return " ".join(text.lower().replace("–", "-").replace("—", "-").split())


def first(text: str, received: date, *, english: bool = False) -> Day | None:
    """The date with which a tidy text begins."""
    leading = LEADING.match(text)
    text = text[leading.end() :] if leading else text
    for words, ahead in TOMORROW.items():
        if text.startswith(words):
            return Day(received + timedelta(days=ahead), text[len(words) :])
    for pattern, read in _READERS:
        match = pattern.match(text)
        if match:
            found = read(match, received, english)
            return Day(found, text[match.end() :]) if found else None
    return None


def _written(match: re.Match[str], received: date, english: bool) -> date | None:
    said = match["month"]
    month = MONTHS.get(said) or (int(said) if said.isdigit() else 0)
    number = int(match["day"])
    if english and "mark" in match.groupdict() and match["mark"] == "/" and number <= 12 and number != month:
        return None  # 6/7 is June to some and July to others
    year = match["year"]
    if year:
        return _on(int(year) + 2000 * (len(year) == 2), month, number)
    return _next(received, month, number)


def _on(year: int, month: int, number: int) -> date | None:
    try:
        return date(year, month, number)
    except ValueError:
        return None


def _next(received: date, month: int, number: int) -> date | None:
    """This year or the next, but not nearly a year ahead: then it was meant to be the one that has passed."""
    for year in (received.year, received.year + 1):
        found = _on(year, month, number)
        if found and found >= received:
            return found if found - received <= LONG_AHEAD else None
    return None


def _weekday(match: re.Match[str], received: date, _english: bool) -> date | None:
    """The coming one; "next Friday" is the Friday of next week."""
    number = WEEKDAYS[match["weekday"]]
    if match["which"] in ("neste", "next"):
        return received - timedelta(days=received.weekday()) + timedelta(days=7 + number)
    return received + timedelta(days=(number - received.weekday() - 1) % 7 + 1)


def _span(match: re.Match[str], received: date, _english: bool) -> date | None:
    count = int(match["count"]) if match["count"].isdigit() else NUMBERS[match["count"]]
    unit = match["unit"]
    if unit.startswith(("m",)):
        return _months_on(received, count)
    days = count * (7 if unit.startswith(("u", "v", "w")) else 1)
    return received + timedelta(days=days) if days else None


def _months_on(received: date, count: int) -> date | None:
    years, month = divmod(received.month - 1 + count, 12)
    for number in range(received.day, 27, -1):
        found = _on(received.year + years, month + 1, number)
        if found:
            return found
    return _on(received.year + years, month + 1, received.day)


def _end_of(match: re.Match[str], received: date, _english: bool) -> date | None:
    month = MONTHS[match["month"]]
    year = int(match["year"]) if match["year"] else received.year + (month < received.month)
    return date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1)


_READERS: Final = (
    (ISO, _written),
    (END_OF, _end_of),
    (SPAN, _span),
    (DAY_MONTH, _written),
    (MONTH_DAY, _written),
    (FIGURES, _written),
    (WEEKDAY, _weekday),
)
