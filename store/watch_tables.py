"""The rows of the service's watch over who can be reached, and over itself."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import Text
from sqlmodel import Field, SQLModel

from store.columns import Instant, Names
from store.tables import of_organisation


class InspectionRow(SQLModel, table=True):
    __tablename__ = "inspections"

    org: str = of_organisation()
    enrolled: int
    seen: int
    day: date | None
    daily: date | None


class OutageRow(SQLModel, table=True):
    __tablename__ = "outages"

    org: str = of_organisation()
    began: date
    ended: date = Field(primary_key=True)


class RefusalRow(SQLModel, table=True):
    """An address to which a mail server has said that nobody is there."""

    __tablename__ = "refusals"

    org: str = of_organisation()
    address: str = Field(primary_key=True)
    said: str = Field(sa_type=Text)
    at: datetime = Field(sa_type=Instant)


class TroubleRow(SQLModel, table=True):
    __tablename__ = "troubles"

    org: str = of_organisation()
    party: str = Field(primary_key=True)
    to: str = Field(primary_key=True)
    cause: str
    detail: str = Field(sa_type=Text)
    instead: str
    cases: Any = Field(sa_type=Names)
    count: int
    since: date
    told_on: date
    mended_on: date | None
