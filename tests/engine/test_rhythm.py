"""Whoever coordinates may have the overview in a rhythm of their own: on which days it comes, and at what time."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.calendar import Calendar, calendar_of, day_of
from engine.daily import wants_all
from engine.limits import Limits
from engine.overview import leaves_at, reads_by
from engine.people import Register
from engine.rhythm import EVERY, Rhythm
from engine.window import ripe_at
from tests.engine.cast import REGISTER
from workflows.horizon import Office

ORG = REGISTER.organisation
OSLO = ZoneInfo("Europe/Oslo")
DHAKA = Calendar("BD")
FRIDAYS = Rhythm(every="weekly", weekday=5, at=time(8, 0))
AFTERNOONS = Rhythm(every="eventful", at=time(14, 30))


def local(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=OSLO)  # type: ignore[misc, arg-type]


def comes(own: Rhythm, first: date, until: date, reader: Calendar | None = None) -> list[datetime]:
    """Every instant at which an overview would come in a time."""
    at, found = datetime.combine(first, time(0, 0), tzinfo=OSLO).astimezone(UTC), list[datetime]()
    while True:
        at = ripe_at("digest", at, ORG, own, reader)
        if day_of(at, "Europe/Oslo") > until:
            return found
        found.append(at)
        at += timedelta(seconds=1)


def test_once_a_week_it_comes_on_its_day_and_after_a_holiday_on_the_next_working_day() -> None:
    easter = comes(FRIDAYS, date(2012, 3, 26), date(2012, 4, 20))
    assert [day_of(it, "Europe/Oslo") for it in easter] == [
        date(2012, 3, 30),
        date(2012, 4, 10),  # Good Friday was the 6th, and the Monday after it is a holiday as well
        date(2012, 4, 13),
        date(2012, 4, 20),
    ]


@pytest.mark.parametrize("own", [FRIDAYS, AFTERNOONS], ids=["fridays", "afternoons"])
def test_the_clock_on_the_wall_is_what_counts_when_the_clocks_are_changed(own: Rhythm) -> None:
    for first, until in ((date(2012, 3, 19), date(2012, 4, 2)), (date(2012, 10, 22), date(2012, 11, 5))):
        found = comes(own, first, until)
        assert {it.astimezone(OSLO).time() for it in found} == {own.at}
        days = [day_of(it, "Europe/Oslo") for it in found]
        assert days == sorted(set(days))
        assert len(days) == (2 if own is FRIDAYS else 11)


def test_a_reader_with_another_weekend_gets_it_when_both_work() -> None:
    found = comes(FRIDAYS, date(2012, 6, 4), date(2012, 6, 22), DHAKA)
    assert [day_of(it, "Europe/Oslo").isoweekday() for it in found] == [
        1,
        1,
        1,
    ]  # Friday and Saturday off there, Sunday here
    every = comes(AFTERNOONS, date(2012, 6, 4), date(2012, 6, 10), DHAKA)
    assert [day_of(it, "Europe/Oslo").isoweekday() for it in every] == [1, 2, 3, 4]


def test_only_a_reader_whose_unit_has_another_calendar_reads_by_another() -> None:
    assert reads_by("unit:HUM", REGISTER) is None
    assert reads_by("person:officer", REGISTER) is None
    assert reads_by("person:stranger", REGISTER) is None
    assert reads_by("unit:DHAKA", REGISTER) == reads_by("person:dhaka-head", REGISTER)
    assert reads_by("unit:DHAKA", REGISTER) == calendar_of(ORG, REGISTER.units["DHAKA"])


RHYTHMS = st.builds(
    Rhythm, every=st.sampled_from(EVERY), weekday=st.integers(1, 5), at=st.times(time(7, 30), time(15, 59))
)


@given(RHYTHMS, st.dates(date(2012, 1, 1), date(2026, 12, 31)), st.sampled_from([None, DHAKA]), st.integers(0, 23))
def test_it_comes_on_the_days_by_which_the_promise_was_counted(
    own: Rhythm, day: date, reader: Calendar | None, hour: int
) -> None:
    """What the proof takes for days on which letters leave, and what the outbox does, are the same days."""
    own = replace(own, at=own.at.replace(second=0, microsecond=0))
    now = datetime.combine(day, time(hour), tzinfo=OSLO).astimezone(UTC)
    leaves = ripe_at("digest", now, ORG, own, reader)
    office = Office(calendar_of(ORG), ORG.window.days, reader, own.weekday if own.every == "weekly" else 0)
    today = day_of(leaves, "Europe/Oslo")
    assert leaves >= now
    assert leaves.astimezone(OSLO).time() == own.at
    assert office.open(today)
    between = (day + timedelta(days=n) for n in range((today - day).days))
    assert not [it for it in between if office.open(it) and it > day_of(now, "Europe/Oslo")]


@given(st.integers(1, 5), st.dates(date(2012, 1, 1), date(2026, 12, 31)))
def test_between_two_of_a_week_there_are_never_two_weeks(weekday: int, first: date) -> None:
    found = comes(Rhythm(every="weekly", weekday=weekday, at=time(9)), first, first + timedelta(days=120))
    days = [day_of(it, "Europe/Oslo") for it in found]
    assert max((later - earlier).days for earlier, later in pairwise(days)) < 14


def choosing(own: Rhythm | None) -> Register:
    return replace(REGISTER, rhythms={"unit:GIL": own} if own else {})


def test_only_the_overview_of_whoever_coordinates_keeps_a_rhythm() -> None:
    monday, register = local(2012, 6, 11, 10, 0), choosing(FRIDAYS)
    assert leaves_at("digest", "coordinator", "unit:GIL", register, monday) == local(2012, 6, 15, 8, 0)
    assert leaves_at("digest", "responsible", "unit:GIL", register, monday) == local(2012, 6, 12, 7, 30)
    assert leaves_at("now", "coordinator", "unit:GIL", register, monday) == monday  # what is urgent comes at once
    assert leaves_at("digest", "coordinator", "unit:HUM", register, monday) == local(2012, 6, 12, 7, 30)


def test_an_overview_without_news_is_for_those_who_want_it() -> None:
    workdays = Rhythm(every="workday", at=time(8))
    wanted = [wants_all("unit:GIL", choosing(it)) for it in (None, workdays, AFTERNOONS, FRIDAYS)]
    assert wanted == [False, True, False, False]
    every_day = replace(ORG, send_empty_digest=True)
    wanted = [
        wants_all("unit:GIL", replace(choosing(it), organisation=every_day))
        for it in (None, workdays, AFTERNOONS, FRIDAYS)
    ]
    assert wanted == [True, True, False, True]


def test_a_rhythm_is_kept_as_words_and_read_again() -> None:
    for own in (FRIDAYS, AFTERNOONS):
        assert Rhythm.parse(str(own)) == own
    assert [Rhythm.parse(it) for it in ("", "never 1 08:00", "weekly 9 08:00", "weekly 5 08:00 x")] == [None] * 4


def limits(*offered: str, promise: bool = True) -> Limits:
    return Limits(tuple(it for it in EVERY if it in offered), lambda *_: promise)


def test_the_organisation_and_the_promise_decide_what_may_be_chosen() -> None:
    everything = limits(*EVERY)
    assert everything.objection("unit:GIL", FRIDAYS, REGISTER) == ""
    assert everything.objection("operator", FRIDAYS, REGISTER) == "organisation"
    assert limits("eventful").objection("unit:GIL", FRIDAYS, REGISTER) == "organisation"
    assert limits(*EVERY, promise=False).objection("unit:GIL", FRIDAYS, REGISTER) == "promise"
    at_night = replace(FRIDAYS, at=time(3))
    assert everything.objection("unit:GIL", at_night, REGISTER) == "hours"
    assert everything.weekdays("unit:GIL", REGISTER) == (1, 2, 3, 4, 5)
    assert limits("eventful").weekdays("unit:GIL", REGISTER) == ()


def test_one_click_leads_to_as_few_letters_as_may_be() -> None:
    monday = Rhythm(every="weekly", weekday=1, at=ORG.digest_at)
    assert limits(*EVERY).seldomest("unit:GIL", REGISTER) == monday
    assert limits(*EVERY).seldomest("unit:GIL", choosing(FRIDAYS)) == FRIDAYS  # as seldom as may be already
    assert limits("eventful", "workday").seldomest("unit:GIL", REGISTER) == Rhythm(every="eventful", at=ORG.digest_at)
    assert limits().seldomest("unit:GIL", REGISTER) is None
