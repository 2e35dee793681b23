"""What guards the moves that rules make: never to an end, never in a circle, never asking for what only people know."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from engine.source import Path
from engine.workflow import Move, Rule, Workflow


@dataclass(frozen=True, slots=True)
class Finding:
    """Something the checker objects to, and where it stands in the file."""

    path: Path
    what: str
    remedy: str


def unguarded(workflow: Workflow) -> Iterator[Finding]:
    """Every step that may not make the move it names."""
    for place, rule in enumerate(workflow.rules):
        for number, step in enumerate(rule.steps):
            if step.do:
                path: Path = ("rules", place, "steps", number, "do")
                for what, remedy in _objections(workflow, rule, step.do):
                    yield Finding(path, what, remedy)
                if number < len(rule.steps) - 1 or rule.repeat:
                    what = f"rule {rule.id} goes on after it has moved the case"
                    yield Finding(path, what, "let the move be the last step, without repeat; another rule may go on")
    yield from _circular(workflow)


def _objections(workflow: Workflow, rule: Rule, name: str) -> Iterator[tuple[str, str]]:
    move = workflow.moves.get(name)
    if move is None:
        yield f"there is no move {name!r}", f"known are {', '.join(workflow.moves)}"
        return
    if move.dest in workflow.states and workflow.states[move.dest].final:
        yield f"rule {rule.id} would end the case by itself", "only people end a case: let the rule tell somebody"
    if move.needs:
        yield f"{name} needs {', '.join(move.needs)}, which a rule cannot give", "name a move that needs nothing"
    if closed := sorted((rule.when.state or frozenset(workflow.states)) - set(move.sources)):
        what = f"rule {rule.id} looks at {', '.join(closed)}, where {name} does not begin"
        yield what, f"write when: {{state: [{', '.join(move.sources)}]}} or fewer"


def _circular(workflow: Workflow) -> Iterator[Finding]:
    """By the moves of rules alone no case may come back to where it was: it would look alive for ever."""
    ways: dict[str, set[str]] = {}
    for move in _made_by_rules(workflow):
        for source in move.sources:
            ways.setdefault(source, set()).add(move.dest)
    for place, rule in enumerate(workflow.rules):
        for number, step in enumerate(rule.steps):
            made = workflow.moves.get(step.do)
            if made is not None and set(made.sources) & reached_from(ways, [made.dest]):
                what = f"by {step.do} and other moves of rules a case can go in a circle without anybody"
                yield Finding(("rules", place, "steps", number, "do"), what, "break the circle")


def _made_by_rules(workflow: Workflow) -> list[Move]:
    names = dict.fromkeys(step.do for rule in workflow.rules for step in rule.steps)
    return [workflow.moves[name] for name in names if name in workflow.moves]


def reached_from(steps: Mapping[str, Collection[str]], start: Collection[str]) -> set[str]:
    """Everything that can be reached, the start included."""
    found: set[str] = set()
    ahead = list(start)
    while ahead:
        here = ahead.pop()
        if here not in found:
            found.add(here)
            ahead += steps.get(here, ())
    return found
