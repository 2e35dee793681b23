"""How long the watcher could hear nothing while a case stays in one state, at the worst, and how it comes to that."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Final

from engine.workflow import Move, Role, Rule, Workflow
from workflows.guard import reached_from
from workflows.horizon import Horizon
from workflows.plot import Plot
from workflows.together import worst
from workflows.worst import ladder

ENDLESS: Final = 99_999


@dataclass(frozen=True, slots=True)
class Silence:
    """`days` is the worst case, ENDLESS when nothing promises an end; `why` tells how it can come to that, and `plot`
    is the same to be replayed. `country` is that of the calendar in which it lasts longest."""

    days: int
    why: str
    country: str = ""
    plot: Plot | None = None

    @property
    def endless(self) -> bool:
        return self.days >= ENDLESS


def silence(workflow: Workflow, state: str, horizon: Horizon) -> Silence:
    """What the best of the rules that can be relied on promises. Whatever else is told only makes it shorter."""
    watcher = workflow.guard.watcher
    ways = _unheard(workflow)
    if state in _for_ever(ways):
        return Silence(ENDLESS, f"people can move the case on and on, and the {watcher} hears of none of those moves")
    stay = _stay(workflow, state, horizon)
    before = [silence(workflow, it, horizon) for it, on in ways.items() if state in on]
    if not before:
        return stay
    earlier = max(before, key=lambda it: it.days)
    why = f"{earlier.why} → but the day before, the case is moved and the {watcher} hears nothing of it → {stay.why}"
    return Silence(min(earlier.days + stay.days, ENDLESS), why, stay.country)


def _stay(workflow: Workflow, state: str, horizon: Horizon) -> Silence:
    watcher, swallows = workflow.guard.watcher, workflow.catch_up == "latest"
    reliable = [rule for rule in workflow.rules if relied_on(rule, workflow, state)]
    ladders = [ladder(it, watcher, _counted(it, horizon), swallows=swallows) for it in reliable]
    if not any(it.endless for it in ladders):
        return Silence(
            ENDLESS, f"no rule on the clock entered reaches the {watcher} again and again in every such case"
        )
    plot = worst(tuple(it for it in ladders if it.counts))
    if plot is None:
        return Silence(ENDLESS, f"rule {reliable[0].id} may keep quiet for more than ten years, pauses included")
    return Silence(plot.days, plot.words(state, watcher), horizon.calendar.country, plot)


def _counted(rule: Rule, horizon: Horizon) -> Horizon:
    """A rule without working days keeps the same days wherever the unit is."""
    lengths = [step.at for step in rule.steps]
    lengths += [rule.repeat.every] if rule.repeat else []
    lengths += [rule.ack.hold] if rule.ack else []
    lengths += [rule.snooze.longest] if rule.snooze else []
    worked = any(length.unit == "wd" for length in lengths)
    return horizon if worked else replace(horizon, calendar=horizon.office.calendar)


def relied_on(rule: Rule, workflow: Workflow, state: str) -> bool:
    """Whether nobody can stop a rule: its clock always runs and cannot be reset, it looks at every case in the state,
    no other rule silences it there, and it tells the watcher at least once."""
    when, watcher = rule.when, workflow.guard.watcher
    told = [*(step.tell for step in rule.steps), *([rule.repeat.tell] if rule.repeat else [])]
    return (
        rule.clock == "entered"
        and _may_look(rule, workflow, state)
        and not (when.tag or when.priority or _silenced(rule, workflow, state))
        and when.dated is None
        and any(watcher in roles for roles in told)
        and (rule.repeat is None or rule.repeat.every.count > 0)
    )


def _may_look(rule: Rule, workflow: Workflow, state: str) -> bool:
    return (not rule.when.state or state in rule.when.state) and (not rule.when.kind or workflow.name in rule.when.kind)


def _silenced(rule: Rule, workflow: Workflow, state: str) -> bool:
    """Whether there is a rule that may silence this one in the state."""
    others = {other for other, _ in rule.inhibited_by}
    return any(it.id in others and _may_look(it, workflow, state) for it in workflow.rules)


def _unheard(workflow: Workflow) -> Mapping[str, set[str]]:
    """From which open state to which others a case can be moved without a word to the watcher."""
    ways: dict[str, set[str]] = {}
    for move in workflow.moves.values():
        if not _hears(workflow.guard.watcher, move):
            for source in _open(workflow, *move.sources):
                ways.setdefault(source, set()).update(_open(workflow, move.dest))
    return ways


def _hears(watcher: Role, move: Move) -> bool:
    """The coordinator's digest lists every move; anybody else hears of those that tell them."""
    return watcher == "coordinator" or any(watcher in telling.to for telling in move.tell)


def _open(workflow: Workflow, *states: str) -> Iterator[str]:
    yield from (it for it in states if it in workflow.states and not workflow.states[it].final)


def _for_ever(ways: Mapping[str, set[str]]) -> set[str]:
    """Every state in which a case may be after it has gone in a circle."""
    return reached_from(ways, [state for state in ways if state in reached_from(ways, ways[state])])
