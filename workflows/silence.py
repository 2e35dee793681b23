"""How long the watcher could hear nothing while a case stays in one state, at the very worst."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from engine.workflow import Offset, Role, Rule, Workflow
from workflows.horizon import Horizon

ENDLESS: Final = 99_999


@dataclass(frozen=True, slots=True)
class Silence:
    """`days` is the worst case, ENDLESS when nothing promises an end; `why` is the sum, in words."""

    days: int
    why: str

    @property
    def endless(self) -> bool:
        return self.days >= ENDLESS


def silence(workflow: Workflow, state: str, horizon: Horizon) -> Silence:
    """What the best of the rules that can be relied on promises. Whatever else is told only makes it shorter."""
    watcher = workflow.guard.watcher
    reliable = [rule for rule in workflow.rules if relied_on(rule, workflow, state)]
    promises = [_promise(rule, watcher, workflow, horizon) for rule in reliable]
    nothing = Silence(ENDLESS, f"no rule on the clock entered reaches the {watcher} again and again in every such case")
    return min(promises, key=lambda it: it.days, default=nothing)


def relied_on(rule: Rule, workflow: Workflow, state: str) -> bool:
    """Whether nobody can stop a rule: its clock always runs and cannot be reset, it looks at every case in the state,
    no other rule silences it, and it tells the watcher without end."""
    when = rule.when
    return (
        rule.clock == "entered"
        and (not when.state or state in when.state)
        and (not when.kind or workflow.name in when.kind)
        and not (when.tag or when.priority or rule.inhibited_by)
        and when.dated is None
        and bool(rule.repeat and workflow.guard.watcher in rule.repeat.tell)
    )


def _promise(rule: Rule, watcher: Role, workflow: Workflow, horizon: Horizon) -> Silence:
    gap, between = max(_gaps(rule, watcher, horizon))
    pauses = list(_pauses(rule))
    paused = sum(times * (horizon.most(length) + 1) for length, times in pauses)
    lost = _lost(rule, watcher, workflow) * sum(times for _, times in pauses) * gap
    why = [f"rule {rule.id}: up to {gap} days {between}"]
    why += [f"{paused + lost} for pauses"] if pauses else []
    why.append(f"{horizon.closed} until letters leave again")
    return Silence(gap + paused + lost + horizon.closed, ", ".join(why))


def _gaps(rule: Rule, watcher: Role, horizon: Horizon) -> Iterator[tuple[int, str]]:
    """Every stretch in which a rule that repeats to the watcher tells the watcher nothing."""
    assert rule.repeat
    again = horizon.most(rule.repeat.every)
    heard = [step for step in rule.steps if watcher in step.tell]
    last = rule.steps[-1].at if rule.steps else Offset(0, "d")
    yield again, "between two repeats"
    if not heard:
        yield max(0, horizon.most(last)) + again, "before the first word"
        return
    yield max(0, horizon.most(heard[0].at)), f"before step {heard[0].name}"
    for earlier, later in pairwise(heard):
        yield horizon.apart(earlier.at, later.at), f"between the steps {earlier.name} and {later.name}"
    until_last = horizon.apart(heard[-1].at, last) if heard[-1].at != last else 0
    yield until_last + again, f"between step {heard[-1].name} and the first repeat"


def _pauses(rule: Rule) -> Iterator[tuple[Offset, int]]:
    if rule.ack:
        yield rule.ack.hold, rule.ack.times
    if rule.snooze:
        yield rule.snooze.longest, rule.snooze.times


def _lost(rule: Rule, watcher: Role, workflow: Workflow) -> bool:
    """Whether a pause can swallow word to the watcher: at its end only the latest missed step is told, to whomever."""
    heard = [watcher in step.tell for step in rule.steps]
    first = heard.index(True) if True in heard else len(heard)
    return workflow.catch_up == "latest" and not all(heard[first:])
