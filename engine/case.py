"""The one thing that runs a workflow, what happened to it, and what was decided about it."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any, Literal, NamedTuple, Protocol

Through = Literal["mail", "link", "web", "rule", "import", "command"]


class Dated(Protocol):
    """As much of a case as tells when something is due."""

    @property
    def ref(self) -> str: ...

    @property
    def plan(self) -> str: ...

    @property
    def kind(self) -> str: ...

    @property
    def due(self) -> date | None: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """Something a unit owes by a date. `kind` is the workflow's name; dates are local days of the organisation.

    `entered_on`/`entered_seq` are the day and the event by which the present state was entered, `activity_on` the
    last day on which a person did something; `due_version` counts the deadlines the case has had. `plan` is the ref of
    the plan it belongs to (its own ref for the plan itself). `owner_as_written` keeps the words for an owner that is
    no unit. `rules` is the fingerprint of the rules its alarm was set by ("" = never asked), `replanned_seq` the event
    by which they last changed under it.
    """

    ref: str
    number: str = ""
    plan: str
    parent: str = ""
    workflow: str  # a key such as "action/1"
    state: str
    title: str
    question: str = ""
    body: str = ""
    owner: str = ""  # a unit's code
    owner_as_written: str = ""
    responsible: str = ""  # a person's key
    contributors: tuple[str, ...] = ()
    subject: str = ""
    coordinator: str = ""  # a unit's code
    coordination: str = ""  # the subject that decides who coordinates
    executive: str = ""  # a party: unit:CODE or person:KEY
    copies: tuple[str, ...] = ()  # parties
    due: date | None = None
    due_version: int = 0
    report_due: date | None = None
    kind: str = ""
    tags: frozenset[str] = frozenset()
    priority: str = ""
    opened_on: date
    entered_on: date
    entered_seq: int = 0
    activity_on: date
    version: int = 1
    wake_on: date | None = None
    evaluation: str = ""  # an evaluation's key (on the plan case)
    recommendations: tuple[str, ...] = ()  # their numbers
    statement: str = ""  # what was last reported, for the report
    facts: Mapping[str, str] = field(default_factory=dict)
    rules: str = ""
    replanned_seq: int = 0

    def evolve(self, **changes: Any) -> "Case":
        return replace(self, **changes)


@dataclass(frozen=True, slots=True, kw_only=True)
class DeadlineVersion:
    """One of the dates a case has had. A date by rule keeps the rule as written and the day it gave before rolling."""

    ref: str
    version: int
    value: date | None
    rule: str = ""  # a DueRule as written: "2011-08-25 + 1y, next"
    computed: date | None = None
    reason: str = ""
    decided_by: str = ""
    document: str = ""
    set_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """A line in the append-only history of a case. `seq` counts per case from 1; `digest` chains to the one before."""

    ref: str
    seq: int = 0
    at: datetime
    by: str  # a party, "rule:ID" or "system"
    for_whom: str = ""  # the party on whose behalf
    move: str  # a move's or an ask's name, or "open", "deadline", "hand over", "hold", "comment", "rules", "undo", …
    source: str = ""
    dest: str = ""
    text: str = ""
    through: Through
    facts: Mapping[str, str] = field(default_factory=dict)
    previous: str = ""
    digest: str = ""


Outcome = Literal["sent", "digest", "moved", "held", "inhibited", "superseded"]
Decided = tuple[str, str, str]  # rule, step, key


@dataclass(frozen=True, slots=True, kw_only=True)
class Occurrence:
    """The decision that a step was due: unique per (case, rule, step, key). Non-mails are rows too."""

    ref: str
    rule: str
    step: str
    key: str
    planned: date
    decided_at: datetime
    outcome: Outcome
    reason: str
    level: int = 0


class Ruling(NamedTuple):
    """What an occurrence says to the rules: which step was decided, with which outcome."""

    rule: str
    step: str
    key: str
    outcome: Outcome
    level: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Hold:
    """A pause of one rule on one case for one arming of its clock, until a day (included)."""

    ref: str
    rule: str
    key: str
    kind: Literal["ack", "snooze"]
    until: date
    by: str
    reason: str = ""
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Evaluation:
    key: str
    title: str
    report: str = ""
    commissioner: str = ""
    period: str = ""
    subject: str = ""
    amount: str = ""
    countries: tuple[str, ...] = ()
    themes: tuple[str, ...] = ()
    url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Recommendation:
    """`addressee` is "own" or the name of an outside body; `response` is "" while nobody has answered it."""

    evaluation: str
    number: str
    text: str
    addressee: str
    response: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """What somebody attached to what they said. `content` is empty where only the facts about it were read."""

    id: str  # its checksum: SHA-256 in hexadecimal
    name: str
    type: str
    size: int
    content: bytes = field(default=b"", repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Errand:
    """What a link, a reply, a page or a command asks for. `seen` is the version it was written from; None = any.

    `known` is the last event that its writer could know of; what came later may have overtaken it.
    """

    ref: str
    move: str
    by: str
    for_whom: str = ""
    seen: int | None = None
    through: Through = "command"
    text: str = ""
    owner: str = ""
    due: date | None = None
    responsible: str = ""
    known: int | None = None
    file_number: str = ""  # the archive's number for what was done
    documents: tuple["Document", ...] = ()
