"""When a letter may leave: held outside the organisation's hours and days, never dropped."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from functools import lru_cache

from engine.calendar import FARTHEST, Calendar, calendar_of, day_of, instant
from engine.people import Organisation
from engine.rhythm import Rhythm, comes_round
from engine.workflow import Via


@lru_cache(maxsize=64)  # a sweep asks the same for every notice it queues
def ripe_at(
    via: Via, now: datetime, organisation: Organisation, own: Rhythm | None = None, reader: Calendar | None = None
) -> datetime:
    """The first instant, now or later, at which a notice may leave: an open window, or the next digest time.

    With a rhythm of the receiver's `own` its digest times, on days on which a `reader` with another calendar works too.
    """
    times = _digests(now, organisation, own, reader) if via == "digest" else _openings(now, organisation)
    return next(times)


def is_open(now: datetime, organisation: Organisation) -> bool:
    """Whether letters may leave at this very instant, whatever they have waited for."""
    return ripe_at("now", now, organisation) == now


def _open_days(
    first: date, organisation: Organisation, own: Rhythm | None = None, reader: Calendar | None = None
) -> Iterator[date]:
    """Days on which letters leave. With no such day in sight every day will do: late is better than never."""
    calendar = calendar_of(organisation)

    def works(day: date) -> bool:
        house = calendar.workday(day) and day.isoweekday() in organisation.window.days
        return house and (reader is None or reader.workday(day))

    days = [first + timedelta(days=n) for n in range(FARTHEST.days)]
    if own and own.every == "weekly":
        yield from (day for day in days if comes_round(day, own.weekday, works))
    yield from filter(works, days)
    yield from days


def _openings(now: datetime, organisation: Organisation) -> Iterator[datetime]:
    window, zone = organisation.window, organisation.zone
    for day in _open_days(day_of(now, zone), organisation):
        if now < instant(day, window.closes, zone):
            yield max(now, instant(day, window.opens, zone))


def _digests(
    now: datetime, organisation: Organisation, own: Rhythm | None, reader: Calendar | None
) -> Iterator[datetime]:
    at = own.at if own else organisation.digest_at
    for day in _open_days(day_of(now, organisation.zone), organisation, own, reader):
        if now <= (moment := instant(day, at, organisation.zone)):
            yield next(_openings(moment, organisation))  # a digest keeps the hours as well
