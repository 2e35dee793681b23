"""The vocabulary in which workflow files speak: states, moves, rules, steps, and the guard against silence."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal, cast

from engine.errors import NotFound, Unreadable
from engine.fingerprint import fingerprint
from engine.text import Text

Role = Literal["responsible", "head", "coordinator", "executive", "copies"]
Clock = Literal["due", "entered", "activity", "hold_end", "report_due"]
Via = Literal["now", "digest"]
Unit = Literal["d", "w", "m", "y", "wd"]
Roll = Literal["next", "previous", "none"]
Anchor = Literal["received", "decided"]
Duty = Literal["plan", "report"]

ROLES: tuple[Role, ...] = ("responsible", "head", "coordinator", "executive", "copies")
CLOCKS: tuple[Clock, ...] = ("due", "entered", "activity", "hold_end", "report_due")
NEEDS: tuple[str, ...] = ("owner", "due", "statement", "reason", "evidence", "answer")


_WRITTEN = re.compile(r"([+-]?\d+)(wd|[dwmy])")


@dataclass(frozen=True, slots=True)
class Offset:
    """A length of time as rule files write it: `-30d`, `2w`, `1m`, `1y`, `10wd` (the unit's working days)."""

    count: int
    unit: Unit

    def __str__(self) -> str:
        return f"{self.count}{self.unit}"

    @classmethod
    def parse(cls, written: str) -> "Offset":
        """ValueError when it is no length of time."""
        match = _WRITTEN.fullmatch(written)
        if match is None:
            raise ValueError(f"{written!r} is no length of time such as -30d, 2w, 1m, 1y or 10wd")
        return cls(int(match[1]), cast("Unit", match[2]))

    def times(self, n: int) -> "Offset":
        return Offset(self.count * n, self.unit)


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    name: str
    label: Text
    final: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Telling:
    """Whom a move tells, by which letter."""

    to: tuple[Role, ...]
    letter: str
    via: Via = "now"


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """`say` holds, per language, the words by which a reply may ask for the move, `choice` what it says in full."""

    name: str
    sources: tuple[str, ...]
    dest: str
    by: tuple[Role, ...]
    label: Text
    choice: Text | None = None
    needs: tuple[str, ...] = ()
    say: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    tell: tuple[Telling, ...] = ()

    @property
    def spoken(self) -> Text:
        """The move as whoever makes it says it: "It is done"."""
        return self.choice or self.label


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """What a person may ask for without moving the case. `takes` is what may be given beside what must (`needs`)."""

    name: str
    sources: tuple[str, ...]
    by: tuple[Role, ...]
    label: Text
    needs: tuple[str, ...] = ()
    takes: tuple[str, ...] = ()
    say: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    tell: tuple[Telling, ...] = ()

    @property
    def spoken(self) -> Text:
        return self.label

    @property
    def to_decide(self) -> bool:
        """Whether it waits for somebody's decision; where nothing is asked for, it is a sign of life and no more."""
        return bool(self.needs or self.takes)


@dataclass(frozen=True, slots=True, kw_only=True)
class When:
    """Which cases a rule looks at. Empty means any; `dated` asks for a case with a deadline, or for one without."""

    state: frozenset[str] = frozenset()
    kind: frozenset[str] = frozenset()
    tag: frozenset[str] = frozenset()
    priority: frozenset[str] = frozenset()
    dated: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """At an offset from the clock, tell these roles by this letter. `name` is "1", "2", … in file order.

    With `do` it makes that move instead of telling; `tell`, `letter` and `via` then say what the move itself tells.
    """

    name: str
    at: Offset
    tell: tuple[Role, ...]
    letter: str
    via: Via = "now"
    level: int = 0
    do: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Repeat:
    """Without end, counted from the last step's planned day."""

    every: Offset
    tell: tuple[Role, ...]
    letter: str
    via: Via = "digest"
    level: int = 0


@dataclass(frozen=True, slots=True)
class Ack:
    """ "We are on it" holds the rule for so long, so many times per arming of its clock."""

    hold: Offset
    times: int
    needs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Snooze:
    longest: Offset
    times: int
    needs: tuple[str, ...] = ("reason",)
    tell: tuple[Role, ...] = ("coordinator",)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """`inhibited_by` names (rule id, level): while that rule has told at that level or higher, this one keeps quiet."""

    id: str
    when: When
    clock: Clock
    steps: tuple[Step, ...]
    repeat: Repeat | None = None
    ack: Ack | None = None
    snooze: Snooze | None = None
    inhibited_by: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Guard:
    watcher: Role
    max_silence: Offset


@dataclass(frozen=True, kw_only=True)
class Workflow:
    name: str
    version: int
    label: Text
    initial: str
    states: Mapping[str, State]
    moves: Mapping[str, Move]
    rules: tuple[Rule, ...]
    guard: Guard
    asks: Mapping[str, Ask] = field(default_factory=dict)
    catch_up: Literal["latest", "all"] = "latest"

    @property
    def key(self) -> str:
        return f"{self.name}/{self.version}"

    @cached_property
    def fingerprint(self) -> str:
        """Another one whenever the rules may speak on other days. Wording, recipients and asks do not count."""
        ladders = [
            (
                rule.id,
                rule.when,
                rule.clock,
                [(step.at, step.level, step.do) for step in rule.steps],
                rule.repeat and (rule.repeat.every, rule.repeat.level),
                rule.inhibited_by,
            )
            for rule in self.rules
        ]
        moves = [(move.name, move.sources, move.dest) for move in self.moves.values()]
        ends = [state.name for state in self.states.values() if state.final]
        return fingerprint([ladders, moves, ends, list(self.states), self.catch_up])

    def moves_from(self, state: str) -> tuple[Move, ...]:
        return tuple(move for move in self.moves.values() if state in move.sources)

    def asks_from(self, state: str) -> tuple[Ask, ...]:
        return tuple(ask for ask in self.asks.values() if state in ask.sources)

    def rule(self, rule_id: str) -> Rule:
        found = next((rule for rule in self.rules if rule.id == rule_id), None)
        if found is None:
            raise NotFound("rule", rule_id)
        return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """A time within which a duty is to be done: so long after the recommendations came, or after the decision."""

    duty: Duty
    after: Anchor
    by: Offset
    roll: Roll = "next"
    copy_to: Text | None = None  # who must have a copy of it, in the words of the rules


@dataclass(frozen=True, slots=True, kw_only=True)
class Regime:
    """One set of rules. A plan is pinned to the one it began under, whatever is decided later."""

    key: str
    label: Text
    source: str
    terms: tuple[Term, ...]

    def term(self, duty: Duty) -> Term | None:
        return next((it for it in self.terms if it.duty == duty), None)


@dataclass(frozen=True, slots=True)
class Workflows:
    """Every workflow version that is loaded. A case keeps the version it began with, a plan its regime."""

    by_key: Mapping[str, Workflow]
    regimes: Mapping[str, Regime] = field(default_factory=dict)

    @classmethod
    def of(cls, *workflows: Workflow) -> "Workflows":
        return cls({workflow.key: workflow for workflow in workflows})

    def __getitem__(self, key: str) -> Workflow:
        if key not in self.by_key:
            raise Unreadable(f"workflow {key!r} is not loaded; loaded are {', '.join(sorted(self.by_key))}")
        return self.by_key[key]

    def know(self, key: str, state: str) -> bool:
        return key in self.by_key and state in self.by_key[key].states

    def latest(self, name: str) -> Workflow:
        newest = self.newest(name)
        if newest is None:
            raise NotFound("workflow", name)
        return newest

    def newest(self, name: str) -> Workflow | None:
        """The latest version, or None where no workflow is called so."""
        versions = (workflow for workflow in self.by_key.values() if workflow.name == name)
        return max(versions, key=lambda workflow: workflow.version, default=None)

    def names(self) -> tuple[str, ...]:
        return tuple(sorted({workflow.name for workflow in self.by_key.values()}))
