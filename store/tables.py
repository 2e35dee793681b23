"""The rows: wide and dull, one table a noun, every one of them belonging to an organisation."""

from datetime import date, datetime, time
from typing import Any

from sqlalchemy import ForeignKeyConstraint, Index, Text, text
from sqlmodel import Field, SQLModel

from store.columns import Facts, Instant, Names, NameSet, Tongues

UNSENT = text("status IN ('queued', 'leased', 'unknown')")

# Constraints get names that both databases and every migration agree on.
SQLModel.metadata.naming_convention = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


def _of_case() -> ForeignKeyConstraint:
    return ForeignKeyConstraint(["org", "ref"], ["cases.org", "cases.ref"])


def of_organisation() -> Any:
    return Field(primary_key=True, foreign_key="organisations.key")


class OrganisationRow(SQLModel, table=True):
    __tablename__ = "organisations"

    key: str = Field(primary_key=True)
    name: Any = Field(sa_type=Tongues)
    country: str
    zone: str
    language: str
    closed_days: Any = Field(sa_type=NameSet)
    send_days: Any = Field(sa_type=NameSet)
    send_from: time
    send_to: time
    digest_at: time
    send_empty_digest: bool
    operator: str
    operator_digest: str = Field(sa_column_kwargs={"server_default": "off"})


class UnitRow(SQLModel, table=True):
    __tablename__ = "units"

    org: str = of_organisation()
    code: str = Field(primary_key=True)
    name: Any = Field(sa_type=Tongues)
    mailbox: str
    head: str
    parent: str
    calendar: str
    closed_days: Any = Field(sa_type=NameSet)
    language: str
    valid_from: date | None
    valid_to: date | None
    successor: str
    position: int


class PersonRow(SQLModel, table=True):
    __tablename__ = "persons"

    org: str = of_organisation()
    key: str = Field(primary_key=True)
    name: str
    address: str
    addresses: Any = Field(sa_type=Names, sa_column_kwargs={"server_default": text("'[]'")})
    delegates: Any = Field(sa_type=Names, sa_column_kwargs={"server_default": text("'[]'")})
    unit: str
    language: str
    active: bool
    position: int


class ResponsibilityRow(SQLModel, table=True):
    __tablename__ = "responsibilities"

    org: str = of_organisation()
    subject: str = Field(primary_key=True)
    unit: str = Field(primary_key=True)
    valid_from: date | None
    valid_to: date | None
    position: int = Field(primary_key=True)


class AbsenceRow(SQLModel, table=True):
    __tablename__ = "absences"

    org: str = of_organisation()
    position: int = Field(primary_key=True)
    person: str
    first: date
    last: date | None
    substitute: str


class EvaluationRow(SQLModel, table=True):
    __tablename__ = "evaluations"

    org: str = of_organisation()
    key: str = Field(primary_key=True)
    title: str
    report: str
    commissioner: str
    period: str
    subject: str
    amount: str
    countries: Any = Field(sa_type=Names)
    themes: Any = Field(sa_type=Names)
    url: str


class RecommendationRow(SQLModel, table=True):
    __tablename__ = "recommendations"
    __table_args__ = (ForeignKeyConstraint(["org", "evaluation"], ["evaluations.org", "evaluations.key"]),)

    org: str = Field(primary_key=True)
    evaluation: str = Field(primary_key=True)
    number: str = Field(primary_key=True)
    text: str
    addressee: str
    response: str
    reason: str
    position: int


class CaseRow(SQLModel, table=True):
    __tablename__ = "cases"
    __table_args__ = (
        ForeignKeyConstraint(["org", "plan"], ["cases.org", "cases.ref"]),
        Index("ix_cases_plan", "org", "plan", "position"),
        Index(
            "ix_cases_plans", "org", "position", sqlite_where=text("ref = plan"), postgresql_where=text("ref = plan")
        ),
        # who is needed: by these the cases of somebody whom no letter can reach are found
        Index("ix_cases_owner", "org", "owner"),
        Index("ix_cases_responsible", "org", "responsible"),
        Index("ix_cases_coordinator", "org", "coordinator"),
        Index("ix_cases_executive", "org", "executive"),
        # the one question the sweep asks
        Index(
            "ix_cases_wake_on",
            "org",
            "wake_on",
            "ref",
            sqlite_where=text("wake_on IS NOT NULL"),
            postgresql_where=text("wake_on IS NOT NULL"),
        ),
    )

    org: str = of_organisation()
    ref: str = Field(primary_key=True)
    position: int
    last_seq: int  # the end of its history, so that one that was cut short is found
    last_digest: str
    number: str
    plan: str
    parent: str
    workflow: str
    state: str
    title: str
    question: str
    body: str
    owner: str
    owner_as_written: str
    responsible: str
    contributors: Any = Field(sa_type=Names)
    subject: str
    coordinator: str
    coordination: str
    executive: str
    copies: Any = Field(sa_type=Names)
    due: date | None
    due_version: int
    report_due: date | None
    kind: str
    tags: Any = Field(sa_type=NameSet)
    priority: str
    opened_on: date
    entered_on: date
    entered_seq: int
    activity_on: date
    version: int
    wake_on: date | None
    evaluation: str
    recommendations: Any = Field(sa_type=Names)
    statement: str
    facts: Any = Field(sa_type=Facts)
    rules: str = Field(default="", sa_column_kwargs={"server_default": text("''")})
    replanned_seq: int = Field(default=0, sa_column_kwargs={"server_default": text("0")})


class DeadlineRow(SQLModel, table=True):
    __tablename__ = "deadlines"
    __table_args__ = (_of_case(),)

    org: str = Field(primary_key=True)
    ref: str = Field(primary_key=True)
    version: int = Field(primary_key=True)
    value: date | None
    rule: str
    computed: date | None
    reason: str
    decided_by: str
    document: str
    set_at: datetime = Field(sa_type=Instant)


class EventRow(SQLModel, table=True):
    __tablename__ = "events"
    __table_args__ = (_of_case(),)

    org: str = Field(primary_key=True)
    ref: str = Field(primary_key=True)
    seq: int = Field(primary_key=True)
    at: datetime = Field(sa_type=Instant)
    by: str
    for_whom: str
    move: str
    source: str
    dest: str
    text: str
    through: str
    facts: Any = Field(sa_type=Facts)
    previous: str
    digest: str


class OccurrenceRow(SQLModel, table=True):
    __tablename__ = "occurrences"
    __table_args__ = (_of_case(),)

    org: str = Field(primary_key=True)
    ref: str = Field(primary_key=True)
    rule: str = Field(primary_key=True)
    step: str = Field(primary_key=True)
    key: str = Field(primary_key=True)
    planned: date
    decided_at: datetime = Field(sa_type=Instant)
    outcome: str
    reason: str
    level: int


class HoldRow(SQLModel, table=True):
    __tablename__ = "holds"
    __table_args__ = (_of_case(), Index("ix_holds_ref", "org", "ref"))

    id: int | None = Field(default=None, primary_key=True)
    org: str
    ref: str
    rule: str
    key: str
    kind: str
    until: date
    by: str
    reason: str
    at: datetime = Field(sa_type=Instant)


class RulebookRow(SQLModel, table=True):
    """What a process has taken up; `settled` once every case it touches has been asked to wake."""

    __tablename__ = "rulebooks"

    org: str = of_organisation()
    name: str = Field(primary_key=True)
    fingerprint: str
    settled: bool


class ActivationRow(SQLModel, table=True):
    __tablename__ = "activations"

    org: str = of_organisation()
    workflow: str = Field(primary_key=True)
    by: str
    reason: str = Field(sa_type=Text)
    at: datetime = Field(sa_type=Instant)


class HeartbeatRow(SQLModel, table=True):
    __tablename__ = "heartbeats"

    org: str = of_organisation()
    loop: str = Field(primary_key=True)
    node: str = Field(primary_key=True)
    began_at: datetime = Field(sa_type=Instant)
    good_at: datetime | None = Field(sa_type=Instant)
    error: str = Field(sa_type=Text)


class LetterRow(SQLModel, table=True):
    """A parcel from the moment it is packed, and its letter once it is written."""

    __tablename__ = "letters"
    __table_args__ = (
        Index("ix_letters_packed_at", "org", "packed_at", "id"),
        Index(
            "ix_letters_not_before",
            "org",
            "not_before",
            sqlite_where=UNSENT,
            postgresql_where=UNSENT,
        ),
        Index("ix_letters_party", "org", "party", "packed_at"),
    )

    org: str = of_organisation()
    id: str = Field(primary_key=True)
    party: str
    name: Any = Field(sa_type=Tongues)
    address: str
    language: str
    instead_of: str
    kind: str
    subject: str
    message_id: str = Field(unique=True)
    raw: bytes | None
    status: str
    packed_at: datetime = Field(sa_type=Instant)
    since: datetime | None = Field(sa_type=Instant)
    not_before: datetime = Field(sa_type=Instant)
    lease_until: datetime | None = Field(sa_type=Instant)
    attempts: int
    sent_at: datetime | None = Field(sa_type=Instant)
    last_reply: str = Field(sa_type=Text)


class NoticeRow(SQLModel, table=True):
    __tablename__ = "notices"
    __table_args__ = (
        ForeignKeyConstraint(["org", "parcel"], ["letters.org", "letters.id"]),
        Index("ix_notices_ref", "org", "ref"),
        Index("ix_notices_parcel", "org", "parcel"),
        Index(
            "ix_notices_ripe_at",
            "org",
            "ripe_at",
            "to",
            sqlite_where=text("parcel IS NULL AND set_aside = ''"),
            postgresql_where=text("parcel IS NULL AND set_aside = ''"),
        ),
        Index(
            "ix_notices_waiting",
            "org",
            "to",
            sqlite_where=text("parcel IS NULL AND set_aside = ''"),
            postgresql_where=text("parcel IS NULL AND set_aside = ''"),
        ),
    )

    org: str = of_organisation()
    key: str = Field(primary_key=True)
    ref: str
    to: str
    role: str
    letter: str
    via: str
    rule: str
    step: str
    level: int
    reason: str
    planned: date
    decided_at: datetime = Field(sa_type=Instant)
    ripe_at: datetime = Field(sa_type=Instant)
    state: str
    instead_of: str
    event_seq: int
    parcel: str | None
    set_aside: str
