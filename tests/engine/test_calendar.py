"""Working days of several countries, months of every length, and clocks that are moved twice a year."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.calendar import FARTHEST, Calendar, add_months, calendar_of, day_of, instant, known_country
from engine.draft import DueRule
from engine.errors import OffTheCalendar
from engine.people import Organisation, Unit
from engine.text import Text
from engine.workflow import Offset, Roll

NO, EG, CH = Calendar("NO"), Calendar("EG"), Calendar("CH")
DAYS = st.dates(date(1990, 1, 1), date(2090, 12, 31))
CALENDARS = st.sampled_from([NO, EG, CH, Calendar("BD"), Calendar("NO", frozenset({date(2012, 8, 27)}))])
ZONES = st.sampled_from(["Europe/Oslo", "UTC", "Asia/Kathmandu", "America/St_Johns", "Africa/Cairo", "Pacific/Apia"])
DAY = timedelta(days=1)


@pytest.mark.parametrize(
    "day",
    ["2012-01-01", "2012-04-05", "2012-04-06", "2012-04-09", "2012-05-01", "2012-05-17", "2012-05-28", "2012-12-26"],
)
def test_holidays_of_norway_are_no_working_days(day: str) -> None:
    assert not NO.workday(date.fromisoformat(day))


def test_easter_ascension_and_an_ordinary_monday() -> None:
    assert [NO.workday(date(2013, 3, day)) for day in (27, 28, 29)] == [True, False, False]
    assert not NO.workday(date(2013, 5, 9))
    assert NO.workday(date(2013, 5, 13))


def test_the_weekend_is_the_countrys_own() -> None:
    friday, saturday, sunday = date(2025, 5, 2), date(2025, 5, 3), date(2025, 5, 4)
    assert [NO.workday(day) for day in (friday, saturday, sunday)] == [True, False, False]
    assert [EG.workday(day) for day in (friday, saturday, sunday)] == [False, False, True]


def test_a_unit_counts_its_own_days_and_shares_the_closed_ones_at_home_only() -> None:
    closed = date(2011, 12, 27)
    ministry = Organisation(key="ud", name=Text.same("UD"), closed_days=frozenset({closed}))
    unit = Unit(code="A", name=Text.same("A"), closed_days=frozenset({date(2011, 11, 1)}))
    geneva = Unit(code="G", name=Text.same("G"), calendar="CH")
    assert not calendar_of(ministry).workday(closed)
    assert not calendar_of(ministry, unit).workday(closed)
    assert not calendar_of(ministry, unit).workday(date(2011, 11, 1))
    assert calendar_of(ministry, geneva).workday(closed)


@pytest.mark.parametrize(
    ("how", "day"), [("next", date(2012, 8, 27)), ("previous", date(2012, 8, 24)), ("none", date(2012, 8, 25))]
)
def test_a_deadline_on_a_saturday_is_rolled_as_the_rule_says(how: Roll, day: date) -> None:
    rule = DueRule(anchor=date(2011, 8, 25), offset=Offset(1, "y"), roll=how)
    assert NO.compute(rule) == (date(2012, 8, 25), day)


@pytest.mark.parametrize(
    ("start", "months", "end"),
    [
        ("2011-01-31", 1, "2011-02-28"),
        ("2012-01-31", 1, "2012-02-29"),
        ("2012-02-29", 12, "2013-02-28"),
        ("2012-02-29", 48, "2016-02-29"),
        ("2011-08-31", -6, "2011-02-28"),
        ("2011-12-15", 1, "2012-01-15"),
        ("2011-01-15", -1, "2010-12-15"),
    ],
)
def test_a_month_that_is_too_short_ends_on_its_last_day(start: str, months: int, end: str) -> None:
    assert add_months(date.fromisoformat(start), months) == date.fromisoformat(end)


@given(DAYS, st.integers(-600, 600))
def test_months_keep_the_day_or_end_the_month(day: date, months: int) -> None:
    found = add_months(day, months)
    assert found.day == day.day or (found + DAY).day == 1
    assert (found.year * 12 + found.month) - (day.year * 12 + day.month) == months


@given(DAYS, DAYS, st.integers(0, 120))
def test_a_later_day_never_becomes_the_earlier_one_by_counting_months(one: date, other: date, months: int) -> None:
    early, late = sorted((one, other))
    assert add_months(early, months) <= add_months(late, months)


@given(CALENDARS, DAYS)
def test_rolling_goes_to_the_nearest_working_day_and_no_farther(calendar: Calendar, day: date) -> None:
    after, before = calendar.next_workday(day), calendar.previous_workday(day)
    assert calendar.workday(after)
    assert calendar.workday(before)
    assert before <= day <= after
    between = [before + n * DAY for n in range(1, (after - before).days)]
    assert not any(calendar.workday(it) for it in between)


@given(CALENDARS, DAYS, st.integers(-60, 60).filter(bool))
def test_counting_there_and_counting_what_was_counted_agree(calendar: Calendar, day: date, count: int) -> None:
    found = calendar.shift(day, Offset(count, "wd"))
    assert calendar.workday(found)
    if count > 0 or calendar.workday(day):
        assert calendar.workdays_between(day, found) == count - (0 if count > 0 else _is_off(calendar, found))


def _is_off(calendar: Calendar, day: date) -> int:
    return 0 if calendar.workday(day) else 1


@given(CALENDARS, DAYS, DAYS)
def test_working_days_between_two_days_count_back_as_they_count_forward(
    calendar: Calendar, one: date, other: date
) -> None:
    if abs((one - other).days) < 400:
        assert calendar.workdays_between(one, other) == -calendar.workdays_between(other, one)


def test_weeks_and_days_are_counted_as_they_are() -> None:
    start = date(2011, 8, 25)
    assert NO.shift(start, Offset(-6, "w")) == date(2011, 7, 14)
    assert NO.shift(start, Offset(30, "d")) == date(2011, 9, 24)
    assert NO.shift(start, Offset(0, "wd")) == start


def test_months_and_years_are_counted_from_any_day() -> None:
    assert NO.shift(date(2011, 1, 31), Offset(1, "m")) == date(2011, 2, 28)
    assert NO.shift(date(2012, 1, 31), Offset(1, "m")) == date(2012, 2, 29)
    assert NO.shift(date(2012, 2, 29), Offset(1, "y")) == date(2013, 2, 28)


def test_a_calendar_without_working_days_is_told_and_not_searched_for_ever() -> None:
    start = date(2011, 8, 25)
    never = Calendar("NO", frozenset(start + n * DAY for n in range(FARTHEST.days + 1)))
    with pytest.raises(ValueError, match="no working day within 120 days"):
        never.next_workday(start)


def test_a_country_without_a_calendar_is_known_to_be_unknown() -> None:
    assert known_country("NO")
    assert not known_country("XX")


def test_a_time_that_the_clock_skips_is_shown_an_hour_later() -> None:
    """On 25 March 2012 the clocks of Oslo went from 02:00 to 03:00."""
    skipped = instant(date(2012, 3, 25), time(2, 30), "Europe/Oslo")
    assert skipped == datetime(2012, 3, 25, 1, 30, tzinfo=UTC)
    assert skipped.astimezone(ZoneInfo("Europe/Oslo")).time() == time(3, 30)


def test_a_time_that_the_clock_shows_twice_is_the_first_one() -> None:
    """On 28 October 2012 the clocks of Oslo went from 03:00 to 02:00."""
    assert instant(date(2012, 10, 28), time(2, 30), "Europe/Oslo") == datetime(2012, 10, 28, 0, 30, tzinfo=UTC)


def test_a_day_that_a_country_skipped_is_the_day_after() -> None:
    """Samoa went from 29 to 31 December 2011."""
    assert day_of(instant(date(2011, 12, 30), time(12, 0), "Pacific/Apia"), "Pacific/Apia") == date(2011, 12, 31)


@given(st.dates(date(2000, 1, 1), date(2037, 12, 31)), st.times().map(lambda at: at.replace(tzinfo=None)), ZONES)
def test_a_time_of_day_is_on_its_day(day: date, at: time, zone: str) -> None:
    found = instant(day, at, zone)
    assert found.tzinfo is UTC
    assert day_of(found, zone) - day in (timedelta(0), DAY)  # the day after only where the clock skips midnight


@given(st.dates(date(2000, 1, 1), date(2037, 12, 31)), ZONES)
def test_noon_comes_once_a_day_in_order(day: date, zone: str) -> None:
    apart = instant(day + DAY, time(12, 0), zone) - instant(day, time(12, 0), zone)
    assert timedelta(0) <= apart <= timedelta(hours=48)


@pytest.mark.parametrize("zone", ["Europe/Oslo", "America/St_Johns", "Africa/Cairo", "Pacific/Apia", "Asia/Kathmandu"])
def test_every_day_of_thirty_years_comes_back_from_its_noon(zone: str) -> None:
    days = [date(2008, 1, 1) + n * DAY for n in range(30 * 365)]
    astray = [day for day in days if day_of(instant(day, time(12, 0), zone), zone) != day]
    assert astray == ([date(2011, 12, 30)] if zone == "Pacific/Apia" else [])  # Samoa had no such day


OFF = {
    "a day after the last": lambda: NO.shift(date.max, Offset(1, "d")),
    "a week before the first": lambda: NO.shift(date.min, Offset(-1, "w")),
    "more days than a computer counts": lambda: NO.shift(date(2012, 1, 1), Offset(10**10, "d")),
    "a working day after the last": lambda: NO.shift(date.max, Offset(1, "wd")),
    "a working day before the first": lambda: NO.shift(date.min, Offset(-1, "wd")),
    "a month after the last": lambda: add_months(date(9999, 12, 1), 1),
    "a month before the first": lambda: add_months(date(1, 1, 31), -1),
    "more years than a computer counts": lambda: NO.shift(date(2012, 1, 1), Offset(10**12, "y")),
    "no next working day": lambda: Calendar("NO", frozenset({date.max})).next_workday(date.max),
    "no previous working day": lambda: Calendar("NO", frozenset({date.min})).previous_workday(date.min),
    "a deadline by rule": lambda: NO.compute(DueRule(anchor=date(9999, 8, 25), offset=Offset(1, "y"))),
    "the first midnight, in Oslo": lambda: instant(date.min, time(0, 0), "Europe/Oslo"),
    "the last evening, in Newfoundland": lambda: instant(date.max, time(23, 0), "America/St_Johns"),
    "the last half hour, seen from Oslo": lambda: day_of(datetime(9999, 12, 31, 23, 30, tzinfo=UTC), "Europe/Oslo"),
}


@pytest.mark.parametrize("asked", OFF.values(), ids=OFF)
def test_what_no_calendar_has_is_refused_in_one_sentence_with_what_to_do(asked: Callable[[], object]) -> None:
    with pytest.raises(OffTheCalendar, match="is not within the years 1 to 9999; choose a nearer day") as refused:
        asked()
    assert str(refused.value).startswith(refused.value.what)


def test_the_first_and_the_last_month_are_whole() -> None:
    assert add_months(date(9999, 11, 30), 1) == date(9999, 12, 30)
    assert add_months(date(9999, 12, 31), 0) == date.max
    assert add_months(date(1, 2, 28), -1) == date(1, 1, 28)


def test_a_deadline_by_rule_is_read_as_it_is_written() -> None:
    rule = DueRule(anchor=date(2011, 8, 25), offset=Offset(-10, "wd"), roll="previous")
    assert DueRule.parse("2011-08-25 + -10wd, previous") == rule
    assert DueRule.parse(str(rule)) == rule


@pytest.mark.parametrize("written", ["", "2011-08-25", "2011-08-25 + 1y", "2011-08-25 + 1y, never"])
def test_what_is_no_deadline_rule_is_refused_with_an_example(written: str) -> None:
    with pytest.raises(ValueError, match="is no deadline rule") as refused:
        DueRule.parse(written)
    assert str(refused.value) == f"{written!r} is no deadline rule such as '2011-08-25 + 1y, next'"
