"""The shape of a plan file: every key there is, what may stand there, and nothing else."""

import re
from datetime import date, time
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from engine.calendar import known_country
from engine.draft import Roll

REF = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]*")
ADDRESS = re.compile(r"[^\s@<>,;:\"]+@[^\s@<>,;:\"]+\.[^\s@<>,;:\".]+")
PARTY = re.compile(r"(unit|person):\S+")
LENGTH = re.compile(r"(\d+)(wd|[dwmy])")


def _checked(pattern: re.Pattern[str], what: str) -> AfterValidator:
    def check(text: str) -> str:
        if text and not pattern.fullmatch(text):
            raise ValueError(what)
        return text

    return AfterValidator(check)


def _country(code: str) -> str:
    if code and not known_country(code):
        raise ValueError("is no country with a calendar; write its two letters, such as NO or BD")
    return code


def _later_than_1900(day: date) -> date:
    if day.year < 1900:
        raise ValueError("is a day before 1900; check the year")
    return day


Ref = Annotated[str, _checked(REF, "may hold only the letters A to Z, digits and hyphens"), Field(min_length=1)]
Address = Annotated[str, _checked(ADDRESS, "is no mail address; write it as name@host.example")]
Party = Annotated[str, _checked(PARTY, "must be written unit:CODE or person:KEY")]
Country = Annotated[str, AfterValidator(_country)]
Length = Annotated[str, _checked(LENGTH, "is no length of time; write 6w, 1y, 30d, 3m or 10wd")]
Day = Annotated[date, AfterValidator(_later_than_1900)]
Language = Literal["", "nb", "nn", "en"]


class Entry(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, coerce_numbers_to_str=True)


class Tongues(Entry):
    nb: str
    nn: str
    en: str


Name = str | Tongues


class DueEntry(Entry):
    after: Day
    by: Length
    roll: Roll = "next"


class PastEntry(Entry):
    value: Day | Literal["unknown"]
    reason: str = ""
    decided_by: str = ""


class OrganisationEntry(Entry):
    key: Annotated[str, _checked(re.compile(r"[a-z0-9-]+"), "may hold only small letters, digits and hyphens")]
    name: Name
    country: Country = "NO"
    zone: str = "Europe/Oslo"
    language: Literal["nb", "nn", "en"] = "nb"
    closed_days: tuple[Day, ...] = ()
    send_days: tuple[Annotated[int, Field(ge=1, le=7)], ...] = (1, 2, 3, 4, 5)
    send_from: time = time(7, 30)
    send_to: time = time(16, 0)
    digest_at: time = time(7, 30)
    send_empty_digest: bool = False
    operator: Address = ""


class UnitEntry(Entry):
    code: str = Field(min_length=1)
    name: Name
    mailbox: Address = ""
    head: str = ""
    parent: str = ""
    calendar: Country = ""
    closed_days: tuple[Day, ...] = ()
    language: Language = ""
    valid_from: Day | None = None
    valid_to: Day | None = None
    successor: str = ""


class PersonEntry(Entry):
    key: str = Field(min_length=1)
    name: str
    address: Address = ""
    unit: str = ""
    language: Language = ""
    active: bool = True


class ResponsibilityEntry(Entry):
    subject: str = Field(min_length=1)
    unit: str
    valid_from: Day | None = None
    valid_to: Day | None = None


class EvaluationEntry(Entry):
    key: str = Field(min_length=1)
    title: str
    report: str = ""
    commissioner: str = ""
    period: str = ""
    subject: str = ""
    amount: str = ""
    countries: tuple[str, ...] = ()
    themes: tuple[str, ...] = ()
    url: str = ""


class RecommendationEntry(Entry):
    number: str
    text: str
    addressee: str = "own"
    response: Literal["", "accepted", "partly", "rejected"] = ""
    reason: str = ""


class ActionEntry(Entry):
    number: Ref
    workflow: str = "action"
    state: str = ""
    title: str = Field(min_length=1)
    question: str = ""
    body: str = ""
    parent: str = ""
    owner: str = ""
    owner_as_written: str = ""
    responsible: str = ""
    contributors: tuple[str, ...] = ()
    subject: str = ""
    due: Day | DueEntry | None = None
    earlier_deadlines: tuple[PastEntry, ...] = ()
    priority: str = ""
    tags: tuple[str, ...] = ()
    recommendations: tuple[str, ...] = ()
    statement: str = ""
    facts: dict[str, str] = {}


class PlanEntry(Entry):
    plan: Ref
    title: str = Field(min_length=1)
    decided_on: Day
    state: str = ""
    body: str = ""
    due: Day | DueEntry | None = None
    earlier_deadlines: tuple[PastEntry, ...] = ()
    coordinator: str = ""
    coordination: str = ""
    executive: Party = ""
    copies: tuple[Party, ...] = ()
    organisation: OrganisationEntry | None = None
    units: tuple[UnitEntry, ...] = ()
    persons: tuple[PersonEntry, ...] = ()
    responsibilities: tuple[ResponsibilityEntry, ...] = ()
    evaluation: EvaluationEntry | None = None
    recommendations: tuple[RecommendationEntry, ...] = ()
    actions: tuple[ActionEntry, ...] = ()
