"""How often, on which day and at what time somebody wants the overview: a choice of the reader."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final, Literal, cast

Every = Literal["workday", "eventful", "weekly"]
Through = Literal["page", "one-click", "set back"]
WrittenAs = str  # a rhythm as it is kept and passed on: "weekly 5 08:00"; "" for none of one's own
EVERY: Final[tuple[Every, ...]] = ("workday", "eventful", "weekly")  # the seldomest last
ONE_DAY: Final = timedelta(days=1)
WORDS: Final = re.compile(rf"({'|'.join(EVERY)}) ([1-7]) (\d\d:\d\d)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Rhythm:
    """Every working day, on those with something to say, or once a week on an ISO weekday; at a local time.

    What falls on a day on which no letters leave, or on which the reader does not work, comes on the next that is fit.
    """

    every: Every
    weekday: int = 1
    at: time

    def __str__(self) -> WrittenAs:
        return f"{self.every} {self.weekday} {self.at:%H:%M}"

    @classmethod
    def parse(cls, words: WrittenAs) -> "Rhythm | None":
        found = WORDS.fullmatch(words)
        if found is None:
            return None
        return cls(every=cast("Every", found[1]), weekday=int(found[2]), at=time.fromisoformat(found[3]))


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """That a party chose a rhythm ("" = as the organisation says): the newest holds, none is ever changed."""

    party: str
    seq: int
    rhythm: WrittenAs
    chosen_at: datetime
    through: Through


def comes_round(day: date, weekday: int, works: Callable[[date], bool]) -> bool:
    """Whether what comes once a week comes on this day: on its weekday, or on the first working day after it."""
    if not works(day):
        return False
    while day.isoweekday() != weekday:
        day -= ONE_DAY
        if works(day):
            return False
    return True
