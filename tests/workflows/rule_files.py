"""Whole workflow files as Hypothesis draws them: every kind of rule, moves by people and by rules, pauses, silences."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import yaml
from hypothesis import strategies as st

from engine.errors import Faulty
from engine.workflow import Workflow
from workflows.checker import Verdict
from workflows.loading import SHIPPED_LETTERS, inspect

Tree = dict[str, Any]
LETTERS = st.sampled_from(sorted(SHIPPED_LETTERS))
VIA = st.sampled_from(["now", "digest"])
TELLS = st.sampled_from(
    [["responsible"], ["head"], ["coordinator"], ["responsible", "head"], ["responsible", "coordinator"], ["executive"]]
)
TAG, PRIORITY = "frist", "high"  # what a rule may ask for, and what a case may have


class _Plain(yaml.SafeDumper):
    """Writes every value out, for the files know no aliases."""

    def ignore_aliases(self, data: object) -> bool:  # noqa: ARG002
        return True


@dataclass(frozen=True)
class Frame:
    """What stays the same in every file of a kind: the name, the open states (the first one is initial), the ends."""

    name: str = "task"
    states: tuple[str, ...] = ("given", "begun", "reported")
    ends: tuple[str, ...] = ("done", "dropped")


TASK = Frame()


def rule_files(frame: Frame = TASK) -> st.SearchStrategy[str]:
    """The text of a file: sound in its language, but the checker may still refuse it."""
    return _trees(frame).map(lambda tree: yaml.dump(tree, Dumper=_Plain, sort_keys=False, allow_unicode=True))


def accepted(frame: Frame = TASK) -> st.SearchStrategy[tuple[Workflow, Verdict]]:
    """A workflow that the checker accepts, read from its text, and the verdict on it."""
    return rule_files(frame).map(partial(_judged, frame)).filter(lambda judged: not judged[1].faults)


def _judged(frame: Frame, text: str) -> tuple[Workflow, Verdict]:
    try:
        return inspect(text, f"{frame.name}.yaml")
    except Faulty as faulty:
        raise AssertionError(f"a generated file must be sound in its language:\n{faulty}\n{text}") from faulty


@st.composite
def _trees(draw: st.DrawFn, frame: Frame) -> Tree:
    moves = draw(_moves(frame))
    rules: list[Tree] = []
    for number in range(draw(st.integers(0, 4))):
        rules.append(draw(_rules(f"rule{number}", frame, rules)))
    rules += draw(_movers(moves))
    rules += draw(_nets(frame))
    return {
        "workflow": frame.name,
        "version": 1,
        "label": _label(frame.name),
        "initial": frame.states[0],
        "states": {
            **{name: {"label": _label(name)} for name in frame.states},
            **{name: {"label": _label(name), "final": True} for name in frame.ends},
        },
        "moves": moves,
        "rules": rules,
        "guard": {"watcher": "coordinator", "max_silence": "3660d"},
        "catch_up": draw(st.sampled_from(["latest", "all"])),
    }


def _label(word: str) -> Tree:
    return dict.fromkeys(("nb", "nn", "en"), word.capitalize())


@st.composite
def _moves(draw: st.DrawFn, frame: Frame) -> Tree:
    """Every state is reached from one before it, every state can end, and people may go back and forth as well."""
    moves: Tree = {}
    for place, state in enumerate(frame.states[1:], 1):
        sources = draw(st.lists(st.sampled_from(frame.states[:place]), min_size=1, unique=True))
        moves[f"to_{state}"] = _move(sources, state, ["responsible", "coordinator"], draw(_tellings()))
    for place, end in enumerate(frame.ends):
        needs = draw(st.sampled_from([["reason"], ["statement"]]))
        sources = [*frame.states] if place == 0 else draw(_some(frame.states))
        moves[f"to_{end}"] = _move(sources, end, ["coordinator"], draw(_tellings()), needs)
    if len(frame.states) > 1 and draw(st.booleans()):
        moves["back"] = _move([*frame.states[1:]], frame.states[0], ["coordinator"], draw(_tellings()))
    if draw(st.booleans()):
        moves["reopen"] = _move([frame.ends[0]], frame.states[-1], ["coordinator"], [], ["reason"])
    return moves


def _move(sources: list[str], dest: str, by: list[str], tell: list[Tree], needs: Sequence[str] = ()) -> Tree:
    return {"label": _label(f"to {dest}"), "from": sources, "to": dest, "by": by, "needs": [*needs], "tell": tell}


def _tellings() -> st.SearchStrategy[list[Tree]]:
    return st.lists(st.fixed_dictionaries({"to": TELLS, "letter": LETTERS, "via": VIA}), max_size=1)


def _some(names: Sequence[str]) -> st.SearchStrategy[list[str]]:
    return st.lists(st.sampled_from(names), min_size=1, unique=True)


LENGTHS = st.one_of(
    st.integers(1, 45).map(lambda n: f"{n}d"),
    st.integers(1, 25).map(lambda n: f"{n}wd"),
    st.integers(1, 6).map(lambda n: f"{n}w"),
    st.integers(1, 2).map(lambda n: f"{n}m"),
)
ACKS = st.fixed_dictionaries({"hold": LENGTHS, "times": st.integers(1, 2)})
SNOOZES = st.fixed_dictionaries({"max": LENGTHS, "times": st.integers(1, 2)})


@st.composite
def _rules(draw: st.DrawFn, name: str, frame: Frame, before: list[Tree]) -> Tree:
    """A rule of any kind: on any clock, for some cases or all, silenced by an earlier one or not."""
    clock = draw(st.sampled_from(["due", "entered", "activity", "hold_end", "report_due"]))
    rule: Tree = {"id": name, "when": draw(_whens(frame)), "clock": clock, "steps": draw(_ladders(clock))}
    if draw(st.booleans()):
        rule["repeat"] = {"every": draw(LENGTHS), "tell": draw(TELLS), "letter": draw(LETTERS), "via": draw(VIA)}
    return rule | draw(_pauses()) | draw(_silenced([it for it in before if _meet(it["when"], rule["when"])]))


def _meet(one: Tree, two: Tree) -> bool:
    """Whether there are cases that both may look at, as far as states, kinds and dates go."""
    lists = all(set(one[it]) & set(two[it]) for it in ("state", "kind") if it in one and it in two)
    return lists and one.get("dated", two.get("dated")) == two.get("dated", one.get("dated"))


def _whens(frame: Frame) -> st.SearchStrategy[Tree]:
    return st.fixed_dictionaries(
        {},
        optional={
            "state": _some(frame.states),
            "kind": st.sampled_from([[frame.name], [frame.name, "other"], ["other"]]),
            "tag": st.just([TAG]),
            "priority": st.just([PRIORITY]),
            "dated": st.booleans(),
        },
    )


@st.composite
def _ladders(draw: st.DrawFn, clock: str) -> list[Tree]:
    """Steps in order of time in every year: in one unit, or in two that are far enough apart."""
    unit, least = draw(st.sampled_from(["d", "wd", "w"])), -8 if clock == "due" else 0
    most = {"d": 60, "wd": 40, "w": 8}[unit]
    counts = sorted(draw(st.sets(st.integers(least, most), min_size=1, max_size=4)))
    steps = [{"at": f"{count}{unit}"} for count in counts]
    if draw(st.integers(0, 3)) == 0:
        steps.append({"at": draw(st.sampled_from(["3m", "120d", "1y"]))})
    levels = sorted(draw(st.lists(st.integers(0, 4), min_size=len(steps), max_size=len(steps))))
    tellings = st.fixed_dictionaries({"tell": TELLS, "letter": LETTERS, "via": VIA})
    return [{**step, **draw(tellings), "level": level} for step, level in zip(steps, levels, strict=True)]


@st.composite
def _pauses(draw: st.DrawFn) -> Tree:
    ack, snooze = draw(st.none() | ACKS), draw(st.none() | SNOOZES)
    return ({"ack": ack} if ack else {}) | ({"snooze": snooze} if snooze else {})


@st.composite
def _silenced(draw: st.DrawFn, before: list[Tree]) -> Tree:
    """By an earlier rule, from a level on which it comes to tell the coordinator."""
    loud = [(rule["id"], step["level"]) for rule in before for step in rule["steps"] if "coordinator" in step["tell"]]
    if not loud or draw(st.booleans()):
        return {}
    return {"inhibited_by": [f"{name} >= {level}" for name, level in [draw(st.sampled_from(loud))]]}


@st.composite
def _movers(draw: st.DrawFn, moves: Tree) -> list[Tree]:
    """Perhaps a rule that leads a case on when nobody does: to a later state, so that nothing goes in a circle."""
    ahead = [(name, it) for name, it in moves.items() if not it["needs"] and name != "back"]
    if not ahead or draw(st.integers(0, 2)):
        return []
    name, move = draw(st.sampled_from(ahead))
    steps = [*draw(_ladders("entered"))[:2], {"at": draw(st.sampled_from(["500d", "18m"])), "do": name}]
    steps = steps if draw(st.booleans()) else [{"at": f"{draw(st.integers(1, 80))}d", "do": name}]
    when = {"state": draw(_some(move["from"]))} | draw(st.sampled_from([{}, {"tag": [TAG]}, {"dated": False}]))
    return [{"id": "mover", "when": when, "clock": "entered", "steps": steps} | draw(_pauses())]


@st.composite
def _nets(draw: st.DrawFn, frame: Frame) -> list[Tree]:
    """What keeps a file from being refused: for every state a rule that nobody can stop, or one for all of them."""
    groups = draw(st.sampled_from([[[*frame.states]], [[state] for state in frame.states]]))
    return [draw(_net(f"net{number}", states)) for number, states in enumerate(groups)]


@st.composite
def _net(draw: st.DrawFn, name: str, states: list[str]) -> Tree:
    repeat = {"every": draw(LENGTHS), "tell": ["coordinator"], "letter": draw(LETTERS), "via": draw(VIA)}
    rule = {"id": name, "when": {"state": states}, "clock": "entered", "steps": draw(_ladders("entered"))}
    return rule | {"repeat": repeat} | draw(_pauses())
