"""The rows of what people are sent to answer by, and of what they attach."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKeyConstraint, Index
from sqlmodel import Field, SQLModel

from store.columns import Instant, Names
from store.tables import of_organisation


class LinkRow(SQLModel, table=True):
    """A token's digest and what it is good for; `cases` are JSON texts, one a case. The token itself is nowhere."""

    __tablename__ = "links"
    __table_args__ = (
        ForeignKeyConstraint(["org", "letter"], ["letters.org", "letters.id"]),
        Index("ix_links_letter", "org", "letter"),
        Index("ix_links_party", "org", "party"),
        Index("ix_links_expires_at", "org", "expires_at"),
    )

    org: str = of_organisation()
    digest: str = Field(primary_key=True)
    purpose: str
    party: str
    for_whom: str
    letter: str
    cases: Any = Field(sa_type=Names)
    made_at: datetime = Field(sa_type=Instant)
    expires_at: datetime = Field(sa_type=Instant)
    revoked_at: datetime | None = Field(sa_type=Instant)


class RhythmRow(SQLModel, table=True):
    """That a party chose when its overview comes ("" = as the organisation says). The newest holds; none is changed."""

    __tablename__ = "rhythms"

    org: str = of_organisation()
    party: str = Field(primary_key=True)
    seq: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    rhythm: str
    chosen_at: datetime = Field(sa_type=Instant)
    through: str


class DocumentRow(SQLModel, table=True):
    """An attachment, kept once for a case whatever it is called; `id` is its SHA-256."""

    __tablename__ = "documents"
    __table_args__ = (ForeignKeyConstraint(["org", "ref"], ["cases.org", "cases.ref"]),)

    org: str = Field(primary_key=True)
    ref: str = Field(primary_key=True)
    id: str = Field(primary_key=True)
    name: str
    type: str
    size: int
    content: bytes
    by: str
    at: datetime = Field(sa_type=Instant)
