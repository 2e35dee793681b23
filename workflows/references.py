"""Names in a workflow file that must lead somewhere, and words by which a reply can mean one move only."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from engine.errors import Fault
from engine.source import Path, Source
from engine.text import LANGUAGES
from workflows.complaints import nearest

OWN_NAMES: Final = frozenset(
    {"comment", "undo", "open", "deadline", "hold", "rules", "revoke"}
)  # what a history calls its events


def references(source: Source, letters: Collection[str]) -> Iterator[Fault]:
    """Every name that leads nowhere, as far as the file can be understood at all."""
    tree = _Tree(source, ())
    states, moves, rules = tree.at("states"), tree.at("moves"), tree.at("rules")
    choices = [*moves, *tree.at("asks")]
    own = [it.value for it in tree.at("letters") if isinstance(it.value, str)]
    yield from _states(tree, states, moves, choices, rules)
    yield from _letters(choices, rules, [*letters, *own])
    yield from _doubled_rules(rules)
    yield from _inhibitors(rules)
    yield from _made(rules, moves)
    yield from _same_name(moves, tree.at("asks"))
    yield from _spoken(choices)


@dataclass(frozen=True, slots=True)
class _Tree:
    """A place in a file, whatever stands there; what is not there is empty."""

    source: Source
    path: Path

    @property
    def value(self) -> Any:
        value = self.source.value
        for step in self.path:
            if isinstance(value, Mapping):
                value = value.get(step)
            elif isinstance(value, list) and isinstance(step, int) and step < len(value):
                value = value[step]
            else:
                return None
        return value

    def at(self, *steps: str | int) -> "_Tree":
        return _Tree(self.source, (*self.path, *steps))

    def __iter__(self) -> Iterator["_Tree"]:
        value = self.value
        if isinstance(value, Mapping):
            yield from (self.at(key) for key in value if isinstance(key, str))
        if isinstance(value, list):
            yield from (self.at(index) for index in range(len(value)))

    @property
    def name(self) -> str:
        return str(self.path[-1])

    def fault(self, what: str, remedy: str) -> Fault:
        return self.source.fault(self.path, what, remedy)


def _states(tree: _Tree, states: _Tree, moves: _Tree, choices: Iterable[_Tree], rules: _Tree) -> Iterator[Fault]:
    known = [state.name for state in states]
    if not known:
        return
    named = [tree.at("initial"), *(move.at("to") for move in moves)]
    named += [source for it in choices for source in it.at("from")]
    named += [state for rule in rules for state in rule.at("when", "state")]
    for it in named:
        if isinstance(it.value, str) and it.value not in known:
            yield it.fault(f"there is no state {it.value!r}", nearest(it.value, known))


def _letters(choices: Iterable[_Tree], rules: _Tree, known: Collection[str]) -> Iterator[Fault]:
    named = [telling.at("letter") for it in choices for telling in it.at("tell")]
    for rule in rules:
        named += [step.at("letter") for step in rule.at("steps")]
        named.append(rule.at("repeat", "letter"))
    for it in named:
        if isinstance(it.value, str) and it.value not in known:
            remedy = nearest(it.value, known, "name it under letters: if this workflow brings it")
            yield it.fault(f"there is no letter {it.value!r}", remedy)


def _doubled_rules(rules: _Tree) -> Iterator[Fault]:
    seen: set[str] = set()
    for rule in rules:
        it = rule.at("id")
        if isinstance(it.value, str) and it.value in seen:
            yield it.fault(f"there are two rules with the id {it.value!r}", "give one of them another id")
        seen.add(str(it.value))


def _inhibitors(rules: _Tree) -> Iterator[Fault]:
    known = [str(rule.at("id").value) for rule in rules]
    for rule in rules:
        for it in rule.at("inhibited_by"):
            named = it.value.partition(">=")[0].strip() if isinstance(it.value, str) else ""
            if ">=" in str(it.value) and named not in known:
                yield it.fault(f"there is no rule {named!r}", nearest(named, known))


def _made(rules: _Tree, moves: _Tree) -> Iterator[Fault]:
    known = [move.name for move in moves]
    for it in (step.at("do") for rule in rules for step in rule.at("steps")):
        if isinstance(it.value, str) and it.value not in known:
            yield it.fault(f"there is no move {it.value!r}", nearest(it.value, known))


def _same_name(moves: _Tree, asks: _Tree) -> Iterator[Fault]:
    known = {move.name for move in moves}
    for it in asks:
        if it.name in known | OWN_NAMES:
            yield it.fault(f"{it.name!r} is the name of something else already", "give the ask another name")


def _spoken(choices: Iterable[_Tree]) -> Iterator[Fault]:
    """A reply must not be able to mean two things in the same state."""
    taken: dict[tuple[object, str, str], str] = {}
    for move in choices:
        sources = [it.value for it in move.at("from") if isinstance(it.value, str)]
        for language in LANGUAGES:
            for word in move.at("say", language):
                said = str(word.value).strip().casefold()
                for state in sources:
                    other = taken.setdefault((state, language, said), move.name)
                    if other != move.name:
                        what = f"{word.value!r} may mean {other} as well as {move.name} in state {state}"
                        yield word.fault(what, "let every word mean one thing")
