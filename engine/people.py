"""Who can be told and who may act: organisation, units, persons, and who answers for what on which day."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Literal

from engine.rhythm import Rhythm
from engine.text import Text

ADDRESS = re.compile(
    r"[^\s<>,;:\"@]+@[^\s<>,;:\"@]+"
)  # one that a letter can carry; whether it exists, the server tells
Pulse = Literal["daily", "weekly", "off"]
PlanRole = Literal["reader", "responsible", "head", "coordinator", "operator"]


@dataclass(frozen=True, slots=True, kw_only=True)
class SendWindow:
    """When letters may leave: ISO weekdays (1 = Monday) and local hours. Outside it they are held, never dropped."""

    days: frozenset[int] = frozenset({1, 2, 3, 4, 5})
    opens: time = time(7, 30)
    closes: time = time(16, 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Organisation:
    """Who owns units, plans and calendar. `zone` is an IANA name, `country` an ISO 3166 alpha-2 code."""

    key: str
    name: Text
    country: str = "NO"
    zone: str = "Europe/Oslo"
    language: str = "nb"
    closed_days: frozenset[date] = frozenset()
    window: SendWindow = field(default_factory=SendWindow)
    digest_at: time = time(7, 30)
    send_empty_digest: bool = False
    operator: str = ""  # the address of whoever runs the service: the last one who hears
    operator_digest: Pulse = "off"  # how often the operator is told that the service is alive


@dataclass(frozen=True, slots=True, kw_only=True)
class Unit:
    """A section, embassy or office. `calendar` is a country ("" = the organisation's); validity includes both ends."""

    code: str
    name: Text
    mailbox: str = ""
    head: str = ""  # a person's key
    parent: str = ""  # a unit's code
    calendar: str = ""
    closed_days: frozenset[date] = frozenset()
    language: str = ""
    valid_from: date | None = None
    valid_to: date | None = None
    successor: str = ""

    def valid(self, on: date) -> bool:
        return (self.valid_from or on) <= on <= (self.valid_to or on)


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Who can act. Never the owner alone: the unit is.

    `addresses` are others from which the person writes; letters go to `address`. `delegates` are the keys of those who
    may always answer in the person's place.
    """

    key: str
    name: str
    address: str = ""
    addresses: tuple[str, ...] = ()
    delegates: tuple[str, ...] = ()
    unit: str = ""
    language: str = ""
    active: bool = True

    @property
    def writes_from(self) -> frozenset[str]:
        return frozenset(it.casefold() for it in (self.address, *self.addresses) if it)


@dataclass(frozen=True, slots=True, kw_only=True)
class Responsibility:
    """A unit answers for a subject from a day, to a day (both included; None = open)."""

    subject: str
    unit: str
    valid_from: date | None = None
    valid_to: date | None = None

    def valid(self, on: date) -> bool:
        return (self.valid_from or on) <= on <= (self.valid_to or on)


@dataclass(frozen=True, slots=True, kw_only=True)
class Absence:
    """A person is away from one day to another (both included; None = until further notice), and somebody stands in.

    The substitute ("" = nobody) gets the letters and has the right to act; the record then says "B for A".
    """

    person: str
    first: date
    last: date | None = None
    substitute: str = ""

    def covers(self, on: date) -> bool:
        return self.first <= on <= (self.last or on)


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant:
    """A person has a role on a plan ("" = on every plan) that neither the register nor the plan gives."""

    person: str
    role: PlanRole
    plan: str = ""
    granted_at: datetime

    def holds(self, person: str, plan: str) -> bool:
        return self.person == person and self.plan in ("", plan)


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipient:
    """Somebody a letter can reach. `party` is `unit:CODE` or `person:KEY`; `instead_of` names the one first meant."""

    party: str
    name: Text
    address: str
    language: str
    instead_of: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Register:
    """Everybody the organisation knows, as of now; read once per errand or sweep.

    `refused` holds the addresses to which a mail server has said that nobody is there, with what it said, `rhythms` who
    has chosen when the overview comes. They and the `grants` are read with the register, and kept apart from it.
    """

    organisation: Organisation
    units: Mapping[str, Unit]
    persons: Mapping[str, Person]
    responsibilities: tuple[Responsibility, ...] = ()
    absences: tuple[Absence, ...] = ()
    refused: Mapping[str, str] = field(default_factory=dict)
    grants: tuple[Grant, ...] = ()
    rhythms: Mapping[str, Rhythm] = field(default_factory=dict)  # by party
    _delegated: Mapping[str, tuple[str, ...]] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Turned round once: who has a role is asked for each case, and must not cost a look at every person."""
        delegated: dict[str, tuple[str, ...]] = {}
        for person in self.persons.values():
            for key in person.delegates if person.active else ():
                delegated[key] = (*delegated.get(key, ()), person.key)
        object.__setattr__(self, "_delegated", delegated)

    def reaches(self, address: str) -> bool:
        """Whether a letter to this address has a chance to arrive."""
        return address not in self.refused and bool(ADDRESS.fullmatch(address))

    def writers(self, address: str) -> tuple[str, ...]:
        """The keys of those who are here and write from an address, whatever the case of its letters."""
        wanted = address.casefold()
        return tuple(it.key for it in self.persons.values() if it.active and wanted in it.writes_from)

    def away(self, person: str, on: date) -> Absence | None:
        """The absence that holds on a day; of several, the one that began last."""
        found = [it for it in self.absences if it.person == person and it.covers(on)]
        return max(found, key=lambda it: it.first, default=None)

    def standing_in(self, person: str, on: date) -> str:
        """Who is there for a person on a day: the person, the substitute, the substitute's own; "" for nobody."""
        seen: set[str] = set()
        while person and person not in seen:
            absence = self.away(person, on)
            if absence is None:
                return person
            seen.add(person)
            person = absence.substitute
        return ""

    def stood_in_for(self, person: str, on: date) -> tuple[str, ...]:
        """Everybody who is away on a day and for whom this person is there."""
        away = dict.fromkeys(it.person for it in self.absences if it.covers(on))
        return tuple(it for it in away if it != person and self.standing_in(it, on) == person)

    def answers_for(self, person: str, on: date) -> tuple[str, ...]:
        """In whose place a person may answer on a day: of those it stands in for, and of those whose delegate it is."""
        others = (*self.stood_in_for(person, on), *self._delegated.get(person, ()))
        return tuple(dict.fromkeys(it for it in others if it != person))

    def answering(self, subject: str, on: date) -> str:
        """The unit that answers for a subject on a day, or ""."""
        valid = [it for it in self.responsibilities if it.subject == subject and it.valid(on)]
        return max(valid, key=lambda it: it.valid_from or date.min).unit if valid else ""

    def next_change(self, subjects: frozenset[str], after: date) -> date | None:
        """The first day after `after` on which another unit may answer for one of the subjects."""
        return _first_change((it for it in self.responsibilities if it.subject in subjects), after)

    def next_succession(self, code: str, after: date) -> date | None:
        """The first day after `after` on which another unit, with days off of its own, may stand for a unit."""
        return _first_change(self.line(code), after)

    def line(self, code: str) -> Iterator[Unit]:
        """A unit and all that come after it, each the successor of the one before."""
        for _ in range(len(self.units)):
            unit = self.units.get(code)
            if unit is None:
                return
            yield unit
            code = unit.successor


def _first_change(terms: Iterable[Responsibility | Unit], after: date) -> date | None:
    """The first day after `after` on which one of them begins to hold, or holds no longer."""
    days = (day for it in terms for day in (it.valid_from, it.valid_to and _day_after(it.valid_to)))
    return min((day for day in days if day and day > after), default=None)


def _day_after(day: date) -> date | None:
    return day + timedelta(days=1) if day < date.max else None
