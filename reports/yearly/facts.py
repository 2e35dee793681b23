"""What the report after a year says, in no language yet: dates, names, numbers, and people's own words."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from engine.case import Evaluation, Recommendation
from engine.text import Text

Standing = Literal["done", "answered", "planned", "ended"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """One of the deadlines that an action has had; `value` is None where the plan says that it is unknown."""

    value: date | None
    reason: str = ""
    decided_by: Text | None = None
    set_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    """One action of the plan, as it stood on the day of the report.

    `answered` says that it is done and nobody has checked it. `settled_on` is the day on which it was reported done or
    came to its end. `reminders` are those that went to whoever has it, `heard_on` is the last day on which they spoke.
    """

    ref: str
    number: str
    kind: str
    title: str
    question: str
    body: str
    state: str
    state_label: Text
    standing: Standing
    owner: str
    owner_name: Text | None
    owner_as_written: str
    responsible: str
    contributors: tuple[Text, ...]
    terms: tuple[Term, ...]
    due: date | None
    settled_on: date | None
    statement: str
    recommendations: tuple[str, ...]
    reminders: int
    reminded_on: date | None
    asked_on: date
    heard_on: date | None
    documents: tuple[str, ...] = ()
    file_number: str = ""

    @property
    def original(self) -> date | None:
        """The first deadline it had; None when it had none, or when nobody knows any more."""
        return self.terms[0].value if self.terms else self.due

    @property
    def forgotten(self) -> bool:
        """Whether it had an earlier deadline of which only that is known."""
        return bool(self.terms) and self.terms[0].value is None

    @property
    def moved(self) -> bool:
        return len(self.terms) > 1

    @property
    def sole_owner(self) -> bool:
        return bool(self.owner) and not (self.contributors or self.owner_as_written)

    def late(self, deadline: date | None, on: date) -> int:
        """How many days after a deadline it was done, or has not been done yet; 0 for in time, or no deadline."""
        until = self.settled_on if self.standing in ("done", "answered") else on
        return max((until - deadline).days, 0) if deadline and until and self.standing != "ended" else 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Advice:
    """A recommendation and the numbers of the actions that cover it; `own` when one of them covers not everything."""

    recommendation: Recommendation
    actions: tuple[str, ...]
    own: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Somebody who was asked for an answer of their own: in a hearing, or for the receipt of a hand-over."""

    ref: str
    number: str
    title: str
    who: Text | None
    asked_on: date
    due: date | None
    answered: bool
    reminders: int
    reminded_on: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A line of the log: an event of a case, or of the plan itself where `number` is empty."""

    ref: str
    number: str
    seq: int
    at: datetime
    on: date
    who: Text | None  # None for what the rules did by themselves
    instead_of: Text | None
    move: str
    label: Text | None  # as the rules call it; None for what no rules name
    text: str
    due: tuple[date | None, date] | None = None  # the deadline before and after
    owner: tuple[Text | None, Text] | None = None  # the unit before and after
    coordinator: tuple[Text | None, Text] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class YearReport:
    ref: str
    title: str
    body: str
    language: str  # in which people have written
    organisation: Text
    on: date
    decided_on: date
    state_label: Text
    due: date | None
    terms: tuple[Term, ...]  # the deadlines that the plan itself has had
    executive: Text | None
    coordinator: Text | None
    copies: tuple[Text, ...]
    file_number: str
    evaluation: Evaluation | None
    actions: tuple[Action, ...]
    asked: tuple[Asked, ...]
    advice: tuple[Advice, ...]
    changes: tuple[Change, ...]
    digest: str  # SHA-256 over the last event of every case, which chains to all before it

    @property
    def done(self) -> tuple[Action, ...]:
        """Earliest first."""
        found = (it for it in self.actions if it.standing in ("done", "answered"))
        return tuple(sorted(found, key=lambda it: it.settled_on or date.max))

    @property
    def planned(self) -> tuple[Action, ...]:
        """What is due first stands first, what has no deadline last."""
        return tuple(sorted((it for it in self.actions if it.standing == "planned"), key=lambda it: it.due or date.max))

    @property
    def ended(self) -> tuple[Action, ...]:
        return tuple(it for it in self.actions if it.standing == "ended")

    @property
    def silent(self) -> tuple[Action, ...]:
        """What somebody has, and nobody has said a word about. The report itself is what one is reading."""
        open_ = (it for it in self.actions if it.standing == "planned" and it.kind != "report")
        return tuple(it for it in open_ if it.owner and it.heard_on is None)

    @property
    def moved(self) -> tuple[Action, ...]:
        return tuple(it for it in self.actions if it.moved)
