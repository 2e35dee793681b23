"""Letters wait for the organisation's hours; none is dropped, and none leaves early."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from engine.calendar import calendar_of
from engine.people import SendWindow
from engine.window import is_open, ripe_at
from engine.workflow import Via
from tests.engine.cast import REGISTER

ORG = REGISTER.organisation
OSLO = ZoneInfo("Europe/Oslo")


def local(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=OSLO)  # type: ignore[misc, arg-type]


def test_inside_the_window_a_letter_leaves_at_once() -> None:
    assert ripe_at("now", local(2012, 6, 12, 10, 5), ORG) == local(2012, 6, 12, 10, 5)


def test_in_the_evening_it_waits_for_the_morning() -> None:
    assert ripe_at("now", local(2012, 6, 12, 16, 0), ORG) == local(2012, 6, 13, 7, 30)


def test_over_17_may_which_is_ascension_day_as_well_it_waits_for_friday() -> None:
    assert ripe_at("now", local(2012, 5, 16, 18, 0), ORG) == local(2012, 5, 18, 7, 30)


def test_what_is_decided_before_the_digest_goes_with_it_the_same_day() -> None:
    assert ripe_at("digest", local(2012, 6, 12, 6, 0), ORG) == local(2012, 6, 12, 7, 30)
    assert ripe_at("digest", local(2012, 6, 12, 7, 31), ORG) == local(2012, 6, 13, 7, 30)


def test_a_digest_whose_time_is_outside_the_hours_leaves_when_they_begin() -> None:
    for at, leaves in ((time(6, 0), local(2012, 6, 12, 7, 30)), (time(18, 0), local(2012, 6, 13, 7, 30))):
        assert ripe_at("digest", local(2012, 6, 12, 5, 0), replace(ORG, digest_at=at)) == leaves


def test_the_hours_are_open_from_their_first_instant_to_just_before_their_last() -> None:
    hours = {(7, 29): False, (7, 30): True, (15, 59): True, (16, 0): False}
    assert {at: is_open(local(2012, 6, 12, *at), ORG) for at in hours} == hours
    assert not is_open(local(2012, 6, 16, 10, 0), ORG)


def test_an_organisation_that_is_never_open_still_sends() -> None:
    shut = replace(ORG, window=SendWindow(days=frozenset()))
    assert ripe_at("now", local(2012, 6, 12, 10, 0), shut) == local(2012, 6, 12, 10, 0)


@given(
    st.integers(0, 20 * 365 * 24 * 60).map(
        lambda minutes: datetime(2011, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
    ),
    st.sampled_from(["now", "digest"]),
)
def test_never_before_now_and_always_in_the_window_of_a_working_day(now: datetime, via: Via) -> None:
    leaves = ripe_at(via, now, ORG)
    there = leaves.astimezone(OSLO)
    assert now <= leaves <= now + timedelta(days=12)
    assert time(7, 30) <= there.time() < time(16, 0)
    assert calendar_of(ORG).workday(there.date())


def test_the_morning_after_the_clocks_change_is_still_half_past_seven() -> None:
    for day in (date(2026, 10, 26), date(2027, 3, 30)):  # 29 March 2027 is Easter Monday
        before = datetime.combine(day - timedelta(days=1), time(3, 0), tzinfo=OSLO)
        assert ripe_at("now", before, ORG).astimezone(OSLO) == datetime.combine(day, time(7, 30), tzinfo=OSLO)
