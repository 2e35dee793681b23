"""The verdict on a workflow before anybody depends on it: can it get stuck, can it fall silent?"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from engine.errors import Fault
from engine.source import Path, Source
from engine.workflow import ROLES, Role, Rule, Workflow
from workflows.guard import Finding, reached_from, unguarded
from workflows.horizon import NORWEGIAN, Horizon
from workflows.silence import Silence, silence

ASKED: Final = ("responsible", "head")  # who answer for a case; others decide


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """`silence` has every reachable state that is no end, with the worst the watcher has to fear in one stay there."""

    faults: tuple[Fault, ...]
    silence: Mapping[str, Silence]


def check(
    workflow: Workflow,
    *,
    letters: Collection[str],
    source: Source | None = None,
    horizons: Sequence[Horizon] = (NORWEGIAN,),
) -> Verdict:
    """Judge a workflow by the worst of some calendars; with its source the faults know their lines. Never raises."""
    findings = [*_dangling(workflow), *_roles(workflow), *_letters(workflow, letters), *_order(workflow, horizons)]
    findings += [*_inhibition(workflow), *_circles(workflow), *_pointless(workflow), *_early(workflow)]
    findings += [*_asks(workflow), *_by_mail(workflow), *unguarded(workflow)]
    worst: dict[str, Silence] = {}
    if workflow.initial in workflow.states:
        findings += [*_unreachable(workflow), *_stuck(workflow)]
        worst = {state: _longest(workflow, state, horizons) for state in open_states(workflow)}
        findings += _too_silent(workflow, worst)
    return Verdict(faults=tuple(sorted(_fault(it, workflow, source) for it in findings)), silence=worst)


def _longest(workflow: Workflow, state: str, horizons: Sequence[Horizon]) -> Silence:
    return max((silence(workflow, state, it) for it in horizons), key=lambda it: it.days)


def _fault(finding: Finding, workflow: Workflow, source: Source | None) -> Fault:
    if source:
        return source.fault(finding.path, finding.what, finding.remedy)
    return Fault(workflow.key, 0, finding.what, finding.remedy)


def _dangling(workflow: Workflow) -> Iterator[Finding]:
    named: list[tuple[Path, str]] = [(("initial",), workflow.initial)]
    for move in workflow.moves.values():
        named.append((("moves", move.name, "to"), move.dest))
        named += [(("moves", move.name, "from", number), it) for number, it in enumerate(move.sources)]
    for ask in workflow.asks.values():
        named += [(("asks", ask.name, "from", number), it) for number, it in enumerate(ask.sources)]
    for place, rule in enumerate(workflow.rules):
        named += [(("rules", place, "when", "state"), it) for it in sorted(rule.when.state)]
    for path, state in named:
        if state not in workflow.states:
            yield Finding(path, f"there is no state {state!r}", "name it under states:")


def _roles(workflow: Workflow) -> Iterator[Finding]:
    for move in workflow.moves.values():
        path: Path = ("moves", move.name)
        if not move.by:
            yield Finding(path, f"nobody may {move.name}", "name a role in by:")
        yield from _unknown_roles((*path, "by"), move.by)
        for number, telling in enumerate(move.tell):
            yield from _unknown_roles((*path, "tell", number, "to"), telling.to)
    for ask in workflow.asks.values():
        yield from _unknown_roles(("asks", ask.name, "by"), ask.by)
        for number, telling in enumerate(ask.tell):
            yield from _unknown_roles(("asks", ask.name, "tell", number, "to"), telling.to)
    for place, rule in enumerate(workflow.rules):
        for number, step in enumerate(rule.steps):
            yield from _unknown_roles(("rules", place, "steps", number, "tell"), step.tell)
        if rule.repeat:
            yield from _unknown_roles(("rules", place, "repeat", "tell"), rule.repeat.tell)
    yield from _unknown_roles(("guard", "watcher"), [workflow.guard.watcher])


def _unknown_roles(path: Path, roles: Collection[Role]) -> Iterator[Finding]:
    for role in roles:
        if role not in ROLES:
            yield Finding(path, f"there is no role {role!r}", f"known are {', '.join(ROLES)}")


def _letters(workflow: Workflow, letters: Collection[str]) -> Iterator[Finding]:
    for path, letter in _named_letters(workflow):
        if letter not in letters:
            yield Finding(path, f"there is no letter {letter!r}", f"known are {', '.join(sorted(letters))}")


def _asks(workflow: Workflow) -> Iterator[Finding]:
    """An ask leads nowhere by itself: the watcher has to hear it, and at once while there is something to decide."""
    watcher = workflow.guard.watcher
    for ask in workflow.asks.values():
        path: Path = ("asks", ask.name)
        heard = {it.via for it in ask.tell if watcher in it.to}
        if ask.to_decide and "now" not in heard:
            remedy = f"let tell: name the {watcher} and a letter, without via: digest"
            yield Finding((*path, "tell"), f"the {watcher} does not hear at once of {ask.name}", remedy)
        elif not heard:
            yield Finding(
                (*path, "tell"), f"the {watcher} does not hear of {ask.name}", f"let tell: name the {watcher}"
            )
        for number, state in enumerate(ask.sources):
            if state in workflow.states and workflow.states[state].final:
                what = f"{ask.name} can be asked for in state {state}, where all is over"
                yield Finding((*path, "from", number), what, "leave out the states that are final: true")


def _by_mail(workflow: Workflow) -> Iterator[Finding]:
    """What ends a case for good is decided by somebody who has signed in, unless it is their own to end."""
    for move in workflow.moves.values():
        others = [role for role in move.by if role not in ASKED]
        if move.say and others and move.dest in workflow.states and workflow.states[move.dest].final:
            what = f"{move.name} ends the case, and a mail could make the {others[0]} do so"
            yield Finding(("moves", move.name, "say"), what, "leave out say:, and it can only be done signed in")


def _named_letters(workflow: Workflow) -> Iterator[tuple[Path, str]]:
    for move in workflow.moves.values():
        for number, telling in enumerate(move.tell):
            yield ("moves", move.name, "tell", number, "letter"), telling.letter
    for ask in workflow.asks.values():
        for number, telling in enumerate(ask.tell):
            yield ("asks", ask.name, "tell", number, "letter"), telling.letter
    for place, rule in enumerate(workflow.rules):
        for number, step in enumerate(rule.steps):
            yield ("rules", place, "steps", number, "letter"), step.letter
        if rule.repeat:
            yield ("rules", place, "repeat", "letter"), rule.repeat.letter


def _order(workflow: Workflow, horizons: Sequence[Horizon]) -> Iterator[Finding]:
    for place, rule in enumerate(workflow.rules):
        for number, (earlier, later) in enumerate(pairwise(rule.steps), 1):
            if not all(it.in_order(earlier.at, later.at) for it in horizons):
                what = f"in rule {rule.id}, {later.at} does not always come after {earlier.at}"
                remedy = "put the steps in order of time, on different days, in one unit where in doubt"
                yield Finding(("rules", place, "steps", number, "at"), what, remedy)
        if rule.repeat and rule.repeat.every.count < 1:
            yield Finding(("rules", place, "repeat", "every"), f"rule {rule.id} repeats at once", "write at least 1d")


def _inhibition(workflow: Workflow) -> Iterator[Finding]:
    known = {rule.id: rule for rule in workflow.rules}
    for place, rule in enumerate(workflow.rules):
        for number, (other, level) in enumerate(rule.inhibited_by):
            path: Path = ("rules", place, "inhibited_by", number)
            if other not in known:
                yield Finding(path, f"there is no rule {other!r}", f"known are {', '.join(known)}")
            elif not _meet(rule, known[other]):
                what = f"rule {rule.id} would be silenced by rule {other}, which never looks at the same cases"
                yield Finding(path, what, "drop it, or see that the two have a state and a kind in common")
            elif problem := _mute(known[other], level, workflow.guard.watcher):
                what = f"rule {rule.id} would be silenced by rule {other}, which {problem}"
                yield Finding(path, what, "only a rule that reaches the watcher may silence another")


def _meet(rule: Rule, other: Rule) -> bool:
    one, two = rule.when, other.when
    kinds = not (one.kind and two.kind) or one.kind & two.kind
    dates = None in (one.dated, two.dated) or one.dated == two.dated
    return dates and bool(kinds and (not (one.state and two.state) or one.state & two.state))


def _mute(inhibitor: Rule, level: int, watcher: Role) -> str:
    """Why a rule may not silence others from a level on; "" when it may."""
    reached = [it.level >= level for it in inhibitor.steps]
    if True not in reached and not (inhibitor.repeat and inhibitor.repeat.level >= level):
        return f"never reaches level {level}"
    from_there = inhibitor.steps[reached.index(True) :] if True in reached else ()
    told = {role for step in from_there for role in step.tell}
    told |= set(inhibitor.repeat.tell) if inhibitor.repeat else set()
    return "" if watcher in told else f"never tells the {watcher} from level {level} on"


def _circles(workflow: Workflow) -> Iterator[Finding]:
    silenced_by = {rule.id: {other for other, _ in rule.inhibited_by} for rule in workflow.rules}
    for place, rule in enumerate(workflow.rules):
        if rule.id in reached_from(silenced_by, silenced_by[rule.id]):
            what = f"rule {rule.id} can silence itself, alone or through others"
            yield Finding(("rules", place, "inhibited_by"), what, "break the circle")


def _pointless(workflow: Workflow) -> Iterator[Finding]:
    ends = {name for name, state in workflow.states.items() if state.final}
    for place, rule in enumerate(workflow.rules):
        if rule.when.state and rule.when.state <= ends:
            what = f"rule {rule.id} looks only at states that are final, where no rule runs"
            yield Finding(("rules", place, "when", "state"), what, "name a state that is not final, or drop the rule")


def _early(workflow: Workflow) -> Iterator[Finding]:
    """Nobody knows beforehand when a case comes into a state, or when somebody does something."""
    for place, rule in enumerate(workflow.rules):
        for number, step in enumerate(rule.steps):
            if rule.clock in ("entered", "activity") and step.at.count < 0:
                what = f"in rule {rule.id}, {step.at} lies before the clock {rule.clock} can be known"
                yield Finding(("rules", place, "steps", number, "at"), what, "write 0d or later, or count from due")


def _ways(workflow: Workflow) -> dict[str, set[str]]:
    return {state: {move.dest for move in workflow.moves_from(state)} for state in workflow.states}


def open_states(workflow: Workflow) -> list[str]:
    """Every state that is no end and can be reached."""
    reachable = reached_from(_ways(workflow), [workflow.initial])
    return [name for name, state in workflow.states.items() if name in reachable and not state.final]


def _unreachable(workflow: Workflow) -> Iterator[Finding]:
    reachable = reached_from(_ways(workflow), [workflow.initial])
    for state in workflow.states:
        if state not in reachable:
            what = f"state {state} cannot be reached from {workflow.initial}"
            yield Finding(("states", state), what, "add a move that leads there, or drop the state")


def _stuck(workflow: Workflow) -> Iterator[Finding]:
    ways = _ways(workflow)
    ends = {name for name, state in workflow.states.items() if state.final}
    for name in workflow.states:
        if name in ends:
            continue
        if not ways[name]:
            remedy = "add a move that leads on, or mark it final: true"
            yield Finding(("states", name), f"state {name} has no way out", remedy)
        elif not reached_from(ways, [name]) & ends:
            what = f"from state {name} no end can be reached"
            yield Finding(("states", name), what, "let some move lead to a state that is final: true")


def allowed_days(workflow: Workflow) -> int:
    return NORWEGIAN.least(workflow.guard.max_silence)


def _too_silent(workflow: Workflow, worst: Mapping[str, Silence]) -> Iterator[Finding]:
    guard, allowed = workflow.guard, allowed_days(workflow)
    for state, it in worst.items():
        if it.endless:
            what = f"in state {state} the {guard.watcher} may never hear again: {it.why}"
            remedy = f"add a rule on the clock entered for this state, with repeat: {{tell: [{guard.watcher}]}}"
            yield Finding(("states", state), what, remedy)
        elif it.days > allowed:
            what = f"in state {state} the {guard.watcher} could hear nothing for {it.days} days ({it.why})"
            remedy = f"the guard allows {guard.max_silence}: tell the {guard.watcher} sooner or more often"
            yield Finding(("states", state), what, remedy)
