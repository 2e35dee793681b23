"""Forty years of days as numbers from 0, so that every day of twenty-eight of them can be tried as a beginning."""

from collections.abc import Sequence
from datetime import date
from functools import cached_property, lru_cache
from typing import Final

from engine.calendar import FARTHEST, Calendar, add_months
from engine.workflow import Offset
from workflows.horizon import AHEAD, FIRST, YEARS, Horizon, Office

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
        return _leaving(self.office)[0]

    @cached_property
    def late(self) -> Days:
        """The day on which it leaves when it is written after the last letters of the day have left."""
        return _leaving(self.office)[1]


@lru_cache(maxsize=16)
def _leaving(office: Office) -> tuple[Days, Days]:
    """As the window has it: with no open day in sight every day will do."""
    following, ahead = [NEVER] * (NEVER + 1), NEVER
    for number in reversed(range(NEVER)):
        ahead = number if office.open(date.fromordinal(FIRST.toordinal() + number)) else ahead
        following[number] = ahead

    def leaves(first: int, written: int) -> int:
        return following[first] if following[first] - written < FARTHEST.days else first

    early, late = [leaves(it, it) for it in range(NEVER)], [leaves(it + 1, it) for it in range(NEVER)]
    return [*early, NEVER], [*late, NEVER]


@lru_cache(maxsize=256)
def almanac(horizon: Horizon) -> Almanac:
    return Almanac(horizon.calendar, horizon.office)
