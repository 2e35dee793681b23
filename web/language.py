"""The three languages of the pages: words from catalogues compiled in memory, and dates as each writes them."""

from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from gettext import GNUTranslations, NullTranslations
from io import BytesIO
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from engine.text import LANGUAGES, Text

LOCALES: Final = {"nb": "nb_NO", "nn": "nn_NO", "en": "en_GB"}
FOLDER: Final = Path(__file__).parent / "locales"


@cache
def catalogue(language: str) -> NullTranslations:
    """English is what the source speaks; the others are read from their .po files."""
    source = FOLDER / language / "LC_MESSAGES" / "tiltak.po"
    if not source.is_file():
        return NullTranslations()
    compiled = BytesIO()
    write_mo(compiled, read_po(BytesIO(source.read_bytes()), locale=language))
    compiled.seek(0)
    return GNUTranslations(compiled)


@dataclass(frozen=True, slots=True)
class Tongue:
    """One language, able to say, count and date."""

    language: str

    def say(self, words: str, /, **facts: object) -> str:
        return catalogue(self.language).gettext(words) % facts

    def count(self, one: str, many: str, n: int, /, **facts: object) -> str:
        return catalogue(self.language).ngettext(one, many, n) % {"n": n, **facts}

    def text(self, text: Text) -> str:
        return text.say(self.language)

    def day(self, day: date) -> str:
        return f"{day:%d.%m.%Y}"

    def day_and_month(self, day: date) -> str:
        return self._dated(day, "d. MMMM" if self.language != "en" else "d MMMM")

    def long_day(self, day: date) -> str:
        return self._dated(day, "EEEE d. MMMM y" if self.language != "en" else "EEEE d MMMM y")

    def weekday(self, day: date) -> str:
        return self._dated(day, "EEEE")

    def month(self, day: date) -> str:
        return self._dated(day, "LLLL y")

    def short_month(self, day: date) -> str:
        return self._dated(day, "LLL").rstrip(".")

    def moment(self, at: datetime, zone: str) -> str:
        local = at.astimezone(ZoneInfo(zone))
        return f"{local:%d.%m.%Y} {local:%H:%M}"

    def _dated(self, day: date, pattern: str) -> str:
        return format_date(day, pattern, locale=Locale.parse(LOCALES[self.language]))

    def listed(self, things: list[str]) -> str:
        """a, b and c."""
        if len(things) < 2:
            return "".join(things)
        return self.say("%(most)s and %(last)s", most=", ".join(things[:-1]), last=things[-1])


def preferred(accepted: str, otherwise: str) -> str:
    """The first language of an Accept-Language header that the pages speak."""
    wishes = [wish.partition(";")[0].strip().lower()[:2] for wish in accepted.split(",")]
    spoken = ("nb" if wish == "no" else wish for wish in wishes)
    return next((wish for wish in spoken if wish in LANGUAGES), otherwise)
