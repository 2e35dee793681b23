"""Working days, and arithmetic on dates that ends where the law says it ends."""

from calendar import monthrange
from dataclasses import dataclass, field
from datetime import MAXYEAR, MINYEAR, UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

import holidays
from holidays.registry import EntityLoader

from engine.draft import DueRule
from engine.errors import OffTheCalendar
from engine.people import Organisation, Unit
from engine.workflow import Offset, Roll

FARTHEST = timedelta(days=120)  # no run of days off is longer; a calendar without working days is a mistake


@lru_cache(maxsize=1024)
def _holidays(country: str, year: int) -> frozenset[date]:
    return frozenset(holidays.country_holidays(country, years=year))


@lru_cache(maxsize=64)
def _weekend(country: str) -> frozenset[int]:
    """Weekdays, Monday being 0."""
    return frozenset(holidays.country_holidays(country).weekend)


def known_country(country: str) -> bool:
    """Asked of the registry of names: to ask for the list of countries imports each of them."""
    return country in EntityLoader.get_country_codes()


@dataclass(frozen=True, slots=True)
class Calendar:
    """The days off of one country, plus days that the organisation or the unit is closed."""

    country: str
    closed: frozenset[date] = field(default_factory=frozenset)

    def workday(self, day: date) -> bool:
        if day.weekday() in _weekend(self.country) or day in self.closed:
            return False
        return day not in _holidays(self.country, day.year)

    def next_workday(self, day: date) -> date:
        """The day itself when it is a working day, otherwise the first one after it."""
        return self.seek(day, 1)

    def previous_workday(self, day: date) -> date:
        return self.seek(day, -1)

    def seek(self, day: date, way: int) -> date:
        for step in range(FARTHEST.days + 1):
            found = _days_on(day, way * step)
            if self.workday(found):
                return found
        raise ValueError(f"no working day within {FARTHEST.days} days of {day} in {self.country}")

    def roll(self, day: date, how: Roll) -> date:
        """Move a deadline that falls on a day off. Default "next": courts of justice act (Norway) section 149."""
        match how:
            case "next":
                return self.next_workday(day)
            case "previous":
                return self.previous_workday(day)
            case _:
                return day

    def shift(self, day: date, offset: Offset) -> date:
        """So far before or after a day. Months end on the last day of a short month (the same act, section 148)."""
        if offset.unit == "wd":
            return _workdays(self, day, offset.count)
        if offset.unit in ("m", "y"):
            return add_months(day, offset.count * (12 if offset.unit == "y" else 1))
        return _days_on(day, offset.count * (7 if offset.unit == "w" else 1))

    def workdays_between(self, start: date, end: date) -> int:
        """Working days after `start` up to and including `end`; negative when `end` comes first."""
        first, last, sign = (start, end, 1) if start <= end else (end, start, -1)
        return sign * sum(self.workday(first + timedelta(days=n)) for n in range(1, (last - first).days + 1))

    def compute(self, rule: DueRule) -> tuple[date, date]:
        """A deadline by rule: the day the sum gives, and the day it is rolled to."""
        computed = self.shift(rule.anchor, rule.offset)
        return computed, self.roll(computed, rule.roll)


@lru_cache(maxsize=65_536)  # a plan's cases share their days, and every look at a case counts its steps again
def _workdays(calendar: Calendar, day: date, count: int) -> date:
    way = 1 if count > 0 else -1
    for _ in range(abs(count)):
        day = calendar.seek(_days_on(day, way), way)
    return day


def _days_on(day: date, days: int) -> date:
    try:
        return day + timedelta(days=days)
    except OverflowError as error:
        raise OffTheCalendar(f"{days}d from {day}") from error


def add_months(day: date, months: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    if not MINYEAR <= year <= MAXYEAR:
        raise OffTheCalendar(f"{months}m from {day}")
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def calendar_of(organisation: Organisation, unit: Unit | None = None) -> Calendar:
    """The unit's own calendar when it has one, with the days the organisation itself is closed."""
    if unit is None:
        return Calendar(organisation.country, organisation.closed_days)
    country = unit.calendar or organisation.country
    closed = unit.closed_days | (organisation.closed_days if country == organisation.country else frozenset())
    return Calendar(country, closed)


def day_of(instant: datetime, zone: str) -> date:
    """The local date of an aware instant."""
    try:
        return instant.astimezone(ZoneInfo(zone)).date()
    except OverflowError as error:
        raise OffTheCalendar(f"{instant} in {zone}") from error


def instant(day: date, at: time, zone: str) -> datetime:
    """A wall-clock time as an instant, in UTC: the first one when the clock shows it twice; when the clock skips it, as
    if the clock had not been moved (02:30 is then shown as 03:30): RFC 5545, section 3.3.5."""
    try:
        return datetime.combine(day, at, tzinfo=ZoneInfo(zone)).astimezone(UTC)
    except OverflowError as error:
        raise OffTheCalendar(f"{day} {at} in {zone}") from error
