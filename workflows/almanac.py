"""Forty years of days as numbers from 0, so that every day of twenty-eight of them can be tried as a beginning."""

from collections.abc import Sequence
from datetime import date
from functools import cached_property, lru_cache
from typing import Final

from engine.calendar import FARTHEST, Calendar, add_months
from engine.workflow import Offset
from workflows.horizon import FIRST, YEARS, Horizon, Office

AHEAD: Final = 12  # years that a wait begun on the last of those days may reach into
STARTS: Final = date(FIRST.year + YEARS, 1, 1).toordinal() - FIRST.toordinal()
NEVER: Final = date(FIRST.year + YEARS + AHEAD, 1, 1).toordinal() - FIRST.toordinal()  # stands for every later day

Days = Sequence[int]


class Almanac:
    """Days by which a unit counts, and days on which the organisation's letters leave."""

    def __init__(self, calendar: Calendar, office: Office) -> None:
        self.calendar, self.office = calendar, office
        self._after: dict[Offset, Days] = {}

    def day(self, number: int) -> date:
        return date.fromordinal(FIRST.toordinal() + number)

    def after(self, offset: Offset) -> Days:
        """For every day the one so much later; NEVER when that is beyond the last."""
        if offset not in self._after:
            self._after[offset] = [*map(self._within, self._shifted(offset)), NEVER]
        return self._after[offset]

    @staticmethod
    def _within(number: int) -> int:
        return min(number, NEVER)

    def _shifted(self, offset: Offset) -> Days:
        if offset.count == 0:
            return range(NEVER)
        if offset.unit == "wd":
            worked = [*self._worked, *[NEVER] * offset.count]
            return [worked[before + offset.count - 1] for before in self._workdays_until]
        if offset.unit in ("d", "w"):
            length = offset.count * (7 if offset.unit == "w" else 1)
            return range(length, length + NEVER)
        months, first = offset.count * (12 if offset.unit == "y" else 1), FIRST.toordinal()
        return [add_months(self.day(number), months).toordinal() - first for number in range(NEVER)]

    @cached_property
    def workday(self) -> Sequence[bool]:
        return [self.calendar.workday(self.day(number)) for number in range(NEVER)]

    @cached_property
    def _worked(self) -> Days:
        return [number for number in range(NEVER) if self.workday[number]]

    @cached_property
    def _workdays_until(self) -> Days:
        """How many working days there are up to a day, itself included."""
        seen, counts = 0, list[int]()
        for number in range(NEVER):
            seen += self.workday[number]
            counts.append(seen)
        return counts

    @cached_property
    def early(self) -> Days:
        """The day on which a letter leaves at the earliest that is written on a day: the same, when letters leave."""
        return [*(self._leaving(number, number) for number in range(NEVER)), NEVER]

    @cached_property
    def late(self) -> Days:
        """The day on which it leaves when it is written after the last letters of the day have left."""
        return [*(self._leaving(number + 1, number) for number in range(NEVER)), NEVER]

    def _leaving(self, first: int, written: int) -> int:
        """As the window has it: with no open day in sight every day will do."""
        found = self._next_open[first]
        return found if found - written < FARTHEST.days else first

    @cached_property
    def _next_open(self) -> Days:
        following, ahead = [NEVER] * (NEVER + 1), NEVER
        for number in reversed(range(NEVER)):
            ahead = number if self.office.open(self.day(number)) else ahead
            following[number] = ahead
        return following


@lru_cache(maxsize=256)
def almanac(horizon: Horizon) -> Almanac:
    return Almanac(horizon.calendar, horizon.office)
