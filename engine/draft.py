"""A follow-up plan as a file says it: whole, readable, not yet adopted. Import makes one, export writes one."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import cast

from engine.case import Evaluation, Recommendation
from engine.people import Absence, Organisation, Person, Responsibility, Unit
from engine.workflow import Offset, Roll

_WRITTEN = re.compile(r"(\d{4}-\d\d-\d\d) \+ (-?\d+(?:wd|[dwmy])), (next|previous|none)")


@dataclass(frozen=True, slots=True, kw_only=True)
class DueRule:
    """A deadline by rule: so long after an anchor, rolled to a working day."""

    anchor: date
    offset: Offset
    roll: Roll = "next"

    def __str__(self) -> str:
        """As deadline rows keep it: "2011-08-25 + 1y, next"."""
        return f"{self.anchor} + {self.offset}, {self.roll}"

    @classmethod
    def parse(cls, written: str) -> "DueRule":
        match = _WRITTEN.fullmatch(written)
        if match is None:
            raise ValueError(f"{written!r} is no deadline rule such as '2011-08-25 + 1y, next'")
        anchor, offset, roll = match.groups()
        return cls(anchor=date.fromisoformat(anchor), offset=Offset.parse(offset), roll=cast("Roll", roll))


@dataclass(frozen=True, slots=True, kw_only=True)
class PastDeadline:
    """A deadline the case had before the present one; None where the file says that it is unknown."""

    value: date | None
    reason: str = ""
    decided_by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseDraft:
    """One entry under `actions:`. `number` is unique in the plan; `parent` is the number of another entry."""

    number: str
    workflow: str = "action"  # a name; the latest version is taken
    state: str = ""  # "" = the workflow's initial state
    title: str
    question: str = ""
    body: str = ""
    parent: str = ""
    owner: str = ""
    owner_as_written: str = ""
    responsible: str = ""
    contributors: tuple[str, ...] = ()
    subject: str = ""
    due: date | DueRule | None = None
    earlier_deadlines: tuple[PastDeadline, ...] = ()
    priority: str = ""
    tags: tuple[str, ...] = ()
    recommendations: tuple[str, ...] = ()
    statement: str = ""
    facts: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanDraft:
    """`coordination` is the subject whose unit coordinates; `coordinator` the unit where no subject decides."""

    ref: str
    title: str
    decided_on: date
    regime: str = ""
    received_on: date | None = None
    state: str = ""
    body: str = ""
    due: date | DueRule | None = None
    earlier_deadlines: tuple[PastDeadline, ...] = ()
    coordinator: str = ""
    coordination: str = ""
    executive: str = ""
    copies: tuple[str, ...] = ()
    organisation: Organisation | None = None
    units: tuple[Unit, ...] = ()
    persons: tuple[Person, ...] = ()
    responsibilities: tuple[Responsibility, ...] = ()
    absences: tuple[Absence, ...] = ()
    evaluation: Evaluation | None = None
    recommendations: tuple[Recommendation, ...] = ()
    cases: tuple[CaseDraft, ...] = ()
