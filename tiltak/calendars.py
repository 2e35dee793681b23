"""By which calendars this installation counts, as far as settings and database say, and what they do to its rules."""

from collections.abc import Iterator, Sequence

from engine.people import Register
from store.sql import peek
from tiltak.settings import Settings
from tiltak.wiring import Service
from workflows.calendars import broken, horizons
from workflows.horizon import WORKING_WEEK, Horizon
from workflows.plot import WEEKDAYS


def horizons_in_use(settings: Settings) -> tuple[Horizon, ...]:
    """The organisation's own first, then those of its units; nothing is made where there is no database yet."""
    organisation = settings.as_organisation()
    register = peek(settings.service.database, organisation.key)
    return horizons(organisation, register.units.values() if register else ())


def broken_guards(service: Service) -> Iterator[str]:
    """What somebody ought to know before a case falls silent for longer than its workflow promises."""
    register: Register = service.store.register()
    yield from broken(service.workflows.by_key.values(), horizons(register.organisation, register.units.values()))


def named(seen: Sequence[Horizon]) -> str:
    """ "the calendars of NO and BD"."""
    countries = list(dict.fromkeys(it.calendar.country for it in seen))
    if len(countries) == 1:
        return f"the calendar of {countries[0]}"
    return f"the calendars of {', '.join(countries[:-1])} and {countries[-1]}"


def sendable(seen: Horizon) -> str:
    """ "working days", or "working days among Mon and Thu"."""
    names = [WEEKDAYS[day - 1] for day in sorted(seen.office.weekdays)]
    if len(names) in (0, 7) or seen.office.weekdays == WORKING_WEEK:
        return "working days"
    return f"working days among {' and '.join(filter(None, [', '.join(names[:-1]), names[-1]]))}"
