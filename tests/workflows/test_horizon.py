"""The most and the least a length of time can last, against looking at every single day."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.calendar import Calendar
from engine.workflow import Offset
from workflows.horizon import NORWAY, Horizon

HORIZON = Horizon()
UNITS = st.sampled_from(["d", "w", "m", "y", "wd"])
OFFSETS = st.builds(Offset, st.integers(-30, 30), UNITS)
DAYS = st.dates(date(2010, 1, 1), date(2035, 1, 1))


@given(DAYS, OFFSETS)
def test_no_day_goes_beyond_the_bounds(day: date, offset: Offset) -> None:
    lasted = (NORWAY.shift(day, offset) - day).days
    assert HORIZON.least(offset) <= lasted <= HORIZON.most(offset)


@given(DAYS, OFFSETS, OFFSETS)
def test_two_offsets_are_never_farther_apart(day: date, one: Offset, other: Offset) -> None:
    earlier, later = sorted((one, other), key=lambda it: NORWAY.shift(day, it))
    assert (NORWAY.shift(day, later) - NORWAY.shift(day, earlier)).days <= HORIZON.apart(earlier, later)


@given(DAYS, OFFSETS, OFFSETS)
def test_what_is_in_order_is_in_order_on_every_day(day: date, one: Offset, other: Offset) -> None:
    if HORIZON.in_order(one, other):
        assert NORWAY.shift(day, one) < NORWAY.shift(day, other)


@pytest.mark.parametrize("count", [1, 5, 10, 20])
def test_the_worst_run_of_working_days_really_happens(count: int) -> None:
    days = (date(2010, 1, 1) + timedelta(days=n) for n in range(28 * 365))
    longest = max((NORWAY.shift(day, Offset(count, "wd")) - day).days for day in days)
    assert longest == HORIZON.most(Offset(count, "wd"))


def test_letters_wait_longest_over_easter_or_christmas() -> None:
    maundy_thursday_eve = date(2026, 4, 1)
    assert (NORWAY.next_workday(maundy_thursday_eve + timedelta(days=1)) - maundy_thursday_eve).days == 6
    assert HORIZON.closed == 6


def test_another_calendar_has_other_bounds() -> None:
    assert Horizon(Calendar("AE")).closed > HORIZON.closed
