"""Whether what a plan file names is there: units, persons, workflows, states, parents, recommendations, numbers."""

from collections import Counter
from collections.abc import Callable, Collection, Hashable, Iterable, Iterator
from datetime import date
from itertools import combinations
from zoneinfo import ZoneInfo

from engine.errors import Fault, NotFound
from engine.source import Path, Source
from engine.workflow import Workflows
from reports.sentences import shown
from reports.shape import AbsenceEntry, ActionEntry, DueEntry, PlanEntry, ResponsibilityEntry, UnitEntry


def references(
    plan: PlanEntry, source: Source, workflows: Workflows, *, without: Collection[Path] = ()
) -> Iterator[Fault]:
    """`without`: places, and what is in them, about which enough has been said."""
    for path, what, remedy in _findings(plan, workflows):
        if not any(path[: len(place)] == place for place in without):
            yield source.fault(path, what, remedy)


Finding = tuple[Path, str, str]


def _findings(plan: PlanEntry, workflows: Workflows) -> Iterator[Finding]:
    yield from _twice("units", [it.code for it in plan.units], "code", "unit")
    yield from _twice("persons", [it.key for it in plan.persons], "key", "person")
    yield from _twice("recommendations", [it.number for it in plan.recommendations], "number", "recommendation")
    yield from _twice("actions", [it.number for it in plan.actions], "number", "action")
    yield from _organisation(plan)
    yield from _plan(plan, workflows)
    for place, unit in enumerate(plan.units):
        yield from _unit(plan, unit, ("units", place))
    for place, person in enumerate(plan.persons):
        yield from _known_unit(plan, person.unit, ("persons", place, "unit"))
        for at, delegate in enumerate(person.delegates):
            yield from _known_person(plan, delegate, ("persons", place, "delegates", at))
    for place, it in enumerate(plan.responsibilities):
        yield from _known_unit(plan, it.unit, ("responsibilities", place, "unit"))
        yield from _in_order(it.valid_from, it.valid_to, ("responsibilities", place))
    yield from _overlaps(plan.responsibilities)
    for place, absence in enumerate(plan.absences):
        yield from _absence(plan, absence, ("absences", place))
    for place, action in enumerate(plan.actions):
        yield from _action(plan, action, ("actions", place), workflows)
    yield from _circles("units", {it.code: it.successor for it in plan.units}, "successor")
    yield from _circles("units", {it.code: it.parent for it in plan.units}, "parent")
    yield from _circles("actions", {it.number: it.parent for it in plan.actions}, "parent")


def _twice(where: str, keys: list[str], name: str, noun: str) -> Iterator[Finding]:
    counts, seen = Counter(keys), set[Hashable]()
    for place, key in enumerate(keys):
        if counts[key] > 1 and key in seen:
            yield (where, place, name), f"there are two of {noun} {shown(key)}", "give each its own"
        seen.add(key)


def _organisation(plan: PlanEntry) -> Iterator[Finding]:
    if plan.organisation is None:
        return
    try:
        ZoneInfo(plan.organisation.zone)
    except (KeyError, ValueError, OSError):
        what = f"there is no time zone {shown(plan.organisation.zone)}"
        yield ("organisation", "zone"), what, "use a name such as Europe/Oslo"
    if plan.organisation.send_to <= plan.organisation.send_from:
        what = "letters may leave until a time that is not after send_from"
        yield ("organisation", "send_to"), what, "let send_to be later than send_from"


def _plan(plan: PlanEntry, workflows: Workflows) -> Iterator[Finding]:
    yield from _known_unit(plan, plan.coordinator, ("coordinator",))
    yield from _known_party(plan, plan.executive, ("executive",))
    for place, party in enumerate(plan.copies):
        yield from _known_party(plan, party, ("copies", place))
    subjects = {it.subject for it in plan.responsibilities}
    if plan.coordination and plan.coordination not in subjects:
        yield ("coordination",), f"nobody answers for {shown(plan.coordination)}", "add it under responsibilities:"
    if not plan.coordinator and not plan.coordination:
        yield ("plan",), "nobody coordinates this plan", "add coordinator: with a unit's code"
    if plan.recommendations and not plan.evaluation:
        yield ("recommendations",), "there are recommendations but no evaluation they come from", "add evaluation:"
    yield from _state(plan.state, "plan", ("state",), workflows)
    yield from _regime(plan, workflows)


def _regime(plan: PlanEntry, workflows: Workflows) -> Iterator[Finding]:
    regime = workflows.regimes.get(plan.regime)
    if plan.regime and regime is None:
        yield ("regime",), f"there is no regime {shown(plan.regime)}", f"known: {', '.join(sorted(workflows.regimes))}"
    if regime and not plan.received_on and any(it.after == "received" for it in regime.terms):
        what = f"regime {shown(plan.regime)} counts from the day on which the recommendations were received"
        yield ("regime",), what, "add received_on: with that day"
    if plan.received_on and plan.received_on > plan.decided_on:
        yield (
            ("received_on",),
            f"{plan.received_on} comes after decided_on {plan.decided_on}",
            "exchange or correct them",
        )


def _absence(plan: PlanEntry, absence: AbsenceEntry, path: Path) -> Iterator[Finding]:
    yield from _known_person(plan, absence.person, (*path, "person"))
    yield from _known_person(plan, absence.substitute, (*path, "substitute"))
    if absence.last and absence.last < absence.first:
        yield (*path, "last"), f"{absence.last} comes before first {absence.first}", "exchange or correct them"
    if absence.substitute == absence.person:
        yield (*path, "substitute"), "nobody stands in for themselves", "name somebody else, or leave it out"


def _unit(plan: PlanEntry, unit: UnitEntry, path: Path) -> Iterator[Finding]:
    yield from _known_unit(plan, unit.parent, (*path, "parent"))
    yield from _known_unit(plan, unit.successor, (*path, "successor"))
    yield from _known_person(plan, unit.head, (*path, "head"))
    yield from _in_order(unit.valid_from, unit.valid_to, path)


def _action(plan: PlanEntry, action: ActionEntry, path: Path, workflows: Workflows) -> Iterator[Finding]:
    yield from _known_unit(plan, action.owner, (*path, "owner"))
    yield from _known_person(plan, action.responsible, (*path, "responsible"))
    for place, unit in enumerate(action.contributors):
        yield from _known_unit(plan, unit, (*path, "contributors", place))
    if action.parent and action.parent not in {it.number for it in plan.actions}:
        yield (*path, "parent"), f"there is no action {shown(action.parent)}", "use the number of another action"
    numbers = {it.number for it in plan.recommendations}
    for place, number in enumerate(action.recommendations):
        if number not in numbers:
            what = f"there is no recommendation {shown(number)}"
            yield (*path, "recommendations", place), what, f"known: {', '.join(map(shown, sorted(numbers))) or 'none'}"
    if action.subject and not action.owner and action.subject not in {it.subject for it in plan.responsibilities}:
        yield (*path, "subject"), f"nobody answers for {shown(action.subject)}", "add it under responsibilities:"
    if isinstance(action.due, DueEntry) and action.due.by.startswith("0"):
        yield (*path, "due", "by"), "a deadline no time after its anchor is no rule", "write the date itself"
    yield from _state(action.state, action.workflow, path, workflows)


def _state(state: str, name: str, path: Path, workflows: Workflows) -> Iterator[Finding]:
    try:
        workflow = workflows.latest(name)
    except NotFound:
        yield (*path, "workflow"), f"there is no workflow {shown(name)}", f"known: {', '.join(workflows.names())}"
        return
    if state and state not in workflow.states:
        where = path if path == ("state",) else (*path, "state")
        yield where, f"workflow {name} has no state {shown(state)}", f"known: {', '.join(workflow.states)}"


def _known_unit(plan: PlanEntry, code: str, path: Path) -> Iterator[Finding]:
    if code and code not in {it.code for it in plan.units}:
        yield path, f"there is no unit {shown(code)}", "add it under units:"


def _known_person(plan: PlanEntry, key: str, path: Path) -> Iterator[Finding]:
    if key and key not in {it.key for it in plan.persons}:
        yield path, f"there is no person {shown(key)}", "add it under persons:"


def _known_party(plan: PlanEntry, party: str, path: Path) -> Iterator[Finding]:
    kind, _, key = party.partition(":")
    known: Callable[[PlanEntry, str, Path], Iterable[Finding]] = _known_person if kind == "person" else _known_unit
    yield from known(plan, key, path)


def _in_order(first: date | None, last: date | None, path: Path) -> Iterator[Finding]:
    if first and last and last < first:
        yield (*path, "valid_to"), f"{last} comes before valid_from {first}", "exchange or correct them"


def _overlaps(entries: Iterable[ResponsibilityEntry]) -> Iterator[Finding]:
    for (_, one), (place, other) in combinations(enumerate(entries), 2):
        starts = max(one.valid_from or date.min, other.valid_from or date.min)
        ends = min(one.valid_to or date.max, other.valid_to or date.max)
        if one.subject == other.subject and starts <= ends:
            units = f"{shown(one.unit)} and {shown(other.unit)}"
            what = f"{units} both answer for {shown(one.subject)} on {max(starts, date(1900, 1, 1))}"
            yield ("responsibilities", place), what, "end one before the other begins"


def _circles(where: str, above: dict[str, str], name: str) -> Iterator[Finding]:
    """Follow each chain upwards; one that comes back to where it began is told at its own line."""
    places = {key: place for place, key in enumerate(above)}
    for start in above:
        trail, here = [start], above[start]
        while here in above and here not in trail:
            trail.append(here)
            here = above[here]
        if here == start:
            yield (
                (where, places[start], name),
                f"{' → '.join(map(shown, [*trail, here]))} is a circle",
                "let one of them end it",
            )
