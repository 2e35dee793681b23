"""How long a length of time can last at the most and at the least, in days of the calendar."""

from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import Final

from engine.calendar import Calendar, add_months
from engine.rhythm import comes_round
from engine.workflow import Offset

FIRST: Final = date(2010, 1, 1)
YEARS: Final = 28  # in which every date falls on every day of the week; Easter falls early and late
AHEAD: Final = 12  # years that a wait begun on the last of those days may reach into
EVES: Final = frozenset(date(FIRST.year + n, 12, day) for n in range(YEARS + AHEAD) for day in (24, 31))
NORWAY: Final = Calendar("NO", EVES)  # with the days on which most offices are closed as well
WORKING_WEEK: Final = frozenset({1, 2, 3, 4, 5})


@dataclass(frozen=True, slots=True)
class Office:
    """When the organisation's letters leave: on its working days, as far as they are among these ISO weekdays.

    For a reader who has chosen a rhythm: on days on which the `reader` works as well, and once a `week`, on that day or
    the next open one after it (0 = on all of them).
    """

    calendar: Calendar = NORWAY
    weekdays: frozenset[int] = WORKING_WEEK
    reader: Calendar | None = None
    week: int = 0

    def open(self, day: date) -> bool:
        return comes_round(day, self.week, self._works) if self.week else self._works(day)

    def _works(self, day: date) -> bool:
        works = day.isoweekday() in self.weekdays and self.calendar.workday(day)
        return works and (self.reader is None or self.reader.workday(day))


@dataclass(frozen=True, slots=True)
class Horizon:
    """Looks at 28 years of the calendar by which a unit counts, Norway's unless another one is given."""

    calendar: Calendar = NORWAY
    office: Office = Office()

    def most(self, offset: Offset) -> int:
        if offset.count < 0:
            return -self.least(offset.times(-1))
        match offset.unit:
            case "wd":
                return _workdays(self.calendar, offset.count)[1]
            case "m" | "y":
                return max(_months(offset))
            case _:
                return _days(offset)

    def least(self, offset: Offset) -> int:
        if offset.count < 0:
            return -self.most(offset.times(-1))
        match offset.unit:
            case "wd":
                return _workdays(self.calendar, offset.count)[0]
            case "m" | "y":
                return min(_months(offset))
            case _:
                return _days(offset)

    def apart(self, earlier: Offset, later: Offset) -> int:
        """The most days that can lie between two offsets from the same day."""
        if earlier.unit == later.unit:
            return self.most(Offset(later.count - earlier.count, later.unit))
        return self.most(later) - self.least(earlier)

    def in_order(self, earlier: Offset, later: Offset) -> bool:
        """Whether the one always comes on an earlier day than the other."""
        if earlier.unit == later.unit:
            return earlier.count < later.count
        return self.most(earlier) < self.least(later)

    @property
    def closed(self) -> int:
        """The most days a letter can lie that was written after hours on the last working day before a holiday."""
        return _workdays(self.calendar, 1)[1]


NORWEGIAN: Final = Horizon()


def _days(offset: Offset) -> int:
    return offset.count * (7 if offset.unit == "w" else 1)


def _months(offset: Offset) -> list[int]:
    """Every number of days it can last: from the first of each month, and from the last, which may be cut short."""
    months = offset.count * (12 if offset.unit == "y" else 1)
    firsts = [add_months(FIRST, n) for n in range(48)]
    starts = [*firsts, *(first - timedelta(days=1) for first in firsts)]
    return [(add_months(start, months) - start).days for start in starts]


@lru_cache(maxsize=8)
def _worked(calendar: Calendar) -> list[int]:
    days = (FIRST + timedelta(days=n) for n in range(YEARS * 365 + YEARS // 4))
    return [day.toordinal() for day in days if calendar.workday(day)]


@lru_cache(maxsize=1024)
def _workdays(calendar: Calendar, count: int) -> tuple[int, int]:
    """The least and the most days they take: from the last day off before one, and from a working day."""
    worked = _worked(calendar)
    if not 0 < count < len(worked):
        return count, count * 7
    least = min(end - first + 1 for first, end in zip(worked, worked[count - 1 :], strict=False))
    return least, max(end - start for start, end in zip(worked, worked[count:], strict=False))
