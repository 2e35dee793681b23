"""The shape of a plan file: every key there is, what may stand there, and nothing else."""

import re
from datetime import date, time
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field
from pydantic_core import PydanticCustomError

from engine.calendar import known_country
from engine.people import Pulse
from engine.workflow import Roll

REF = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]*")
ADDRESS = re.compile(r"[^\s@<>,;:\"]+@[^\s@<>,;:\"]+\.[^\s@<>,;:\".]+")
PARTY = re.compile(r"(unit|person):\S+")
LENGTH = re.compile(r"(\d{1,3})(wd|[dwmy])")
LIKE_A_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
LIKE_A_TIME = re.compile(r"\d{2}:\d{2}")


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


def _in_our_time(day: date) -> date:
    if not 1900 <= day.year <= 2200:
        raise ValueError(f"is a day {'before 1900' if day.year < 1900 else 'after 2200'}; check the year")
    return day


def _written_as_day(value: Any) -> Any:
    """A number would be taken for seconds since 1970."""
    if isinstance(value, str) and LIKE_A_DAY.fullmatch(value):
        return value
    if isinstance(value, date):
        return value
    raise PydanticCustomError("date_parsing", "is no date")


def _written_as_time(value: Any) -> Any:
    """A number would be taken for seconds since midnight, and a letter behind it for a time zone."""
    if isinstance(value, int) or (isinstance(value, str) and not LIKE_A_TIME.fullmatch(value)):
        raise PydanticCustomError("time_parsing", "is no time of day")
    return value


def _weekday(value: Any) -> Any:
    if value in range(1, 8) and not isinstance(value, bool):
        return value
    raise PydanticCustomError("weekday", "is no weekday")


Ref = Annotated[str, Field(min_length=1), _checked(REF, "may hold only the letters A to Z, digits and hyphens")]
Address = Annotated[str, _checked(ADDRESS, "is no mail address; write it as name@host.example")]
Party = Annotated[str, _checked(PARTY, "must be written unit:CODE or person:KEY")]
Country = Annotated[str, AfterValidator(_country)]
Length = Annotated[
    str,
    Field(min_length=1),
    _checked(LENGTH, "is no length of time; write 6w, 1y, 30d, 3m or 10wd, at most 999 of them"),
]
Day = Annotated[date, BeforeValidator(_written_as_day), AfterValidator(_in_our_time)]
Time = Annotated[time, BeforeValidator(_written_as_time)]
Weekday = Annotated[int, BeforeValidator(_weekday)]
Filled = Annotated[str, Field(min_length=1)]
Language = Literal["", "nb", "nn", "en"]


class Entry(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, coerce_numbers_to_str=True)


class Tongues(Entry):
    nb: Filled
    nn: Filled
    en: Filled


Name = Filled | Tongues


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
    send_days: Annotated[tuple[Weekday, ...], Field(min_length=1)] = (1, 2, 3, 4, 5)
    send_from: Time = time(7, 30)
    send_to: Time = time(16, 0)
    digest_at: Time = time(7, 30)
    send_empty_digest: bool = False
    operator: Address = ""
    operator_digest: Pulse = "off"


class UnitEntry(Entry):
    code: Filled
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
    key: Filled
    name: Filled
    address: Address = ""
    addresses: tuple[Address, ...] = ()
    delegates: tuple[str, ...] = ()
    unit: str = ""
    language: Language = ""
    active: bool = True


class ResponsibilityEntry(Entry):
    subject: Filled
    unit: Filled
    valid_from: Day | None = None
    valid_to: Day | None = None


class AbsenceEntry(Entry):
    person: str = Field(min_length=1)
    first: Day
    last: Day | None = None
    substitute: str = ""


class EvaluationEntry(Entry):
    key: Filled
    title: Filled
    report: str = ""
    commissioner: str = ""
    period: str = ""
    subject: str = ""
    amount: str = ""
    countries: tuple[str, ...] = ()
    themes: tuple[str, ...] = ()
    url: str = ""


class RecommendationEntry(Entry):
    number: Filled
    text: Filled
    addressee: str = "own"
    response: Literal["", "accepted", "partly", "rejected"] = ""
    reason: str = ""


class ActionEntry(Entry):
    number: Ref
    workflow: str = "action"
    state: str = ""
    title: Filled
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
    title: Filled
    decided_on: Day
    regime: str = ""
    received_on: Day | None = None
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
    absences: tuple[AbsenceEntry, ...] = ()
    evaluation: EvaluationEntry | None = None
    recommendations: tuple[RecommendationEntry, ...] = ()
    actions: tuple[ActionEntry, ...] = ()
