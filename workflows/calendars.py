"""The calendars an installation counts by, over the years, and the workflows whose guard one of them breaks."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from engine.calendar import Calendar, calendar_of, known_country
from engine.people import Organisation, Unit
from engine.workflow import Workflow
from workflows.checker import allowed_days, open_states
from workflows.horizon import AHEAD, EVES, FIRST, YEARS, Horizon, Office
from workflows.silence import silence


def horizons(organisation: Organisation, units: Iterable[Unit] = ()) -> tuple[Horizon, ...]:
    """The organisation's own calendar, and every other one by which a unit counts; letters leave by the former."""
    own = _over_the_years(calendar_of(organisation), EVES)
    office = Office(own, organisation.window.days)
    others = (calendar_of(organisation, it) for it in units if known_country(it.calendar or organisation.country))
    eves = {organisation.country: EVES}
    calendars = [_over_the_years(it, eves.get(it.country, frozenset())) for it in others]
    return tuple(Horizon(it, office) for it in dict.fromkeys([own, *calendars]))


def broken(workflows: Iterable[Workflow], seen: Sequence[Horizon]) -> Iterator[str]:
    """A sentence for every workflow that may be silent for longer than its guard allows, in the worst of its states."""
    for workflow in workflows:
        found = [(silence(workflow, state, it), state) for it in seen for state in open_states(workflow)]
        worst, state = max(found, key=lambda it: it[0].days)
        if worst.days > allowed_days(workflow):
            guard, days = workflow.guard, "without end" if worst.endless else f"for {worst.days} days"
            yield (
                f"workflow {workflow.key}: in state {state} the {guard.watcher} could hear nothing {days}, by the "
                f"calendar of {worst.country}, and the guard allows {guard.max_silence}"
            )


def _over_the_years(calendar: Calendar, eves: frozenset[date]) -> Calendar:
    """What is closed in one year is taken to be closed in every year, and so are the two eves where the house is."""
    days = {(day.month, day.day) for day in calendar.closed if (day.month, day.day) != (2, 29)}
    years = range(FIRST.year, FIRST.year + YEARS + AHEAD)
    yearly = {date(year, month, day) for year in years for month, day in days}
    return Calendar(calendar.country, eves | calendar.closed | yearly)
