"""The rows of signing in: wishes and links, sessions, granted roles, and buckets that limit how often."""

from datetime import datetime

from sqlalchemy import Index, Text
from sqlmodel import Field, SQLModel

from store.columns import Instant
from store.tables import of_organisation


class SignInRow(SQLModel, table=True):
    __tablename__ = "sign_ins"
    __table_args__ = (Index("ix_sign_ins_try_at", "org", "try_at"), Index("ix_sign_ins_token", "org", "token"))

    org: str = of_organisation()
    id: str = Field(primary_key=True)
    address: str
    nonce: str
    code: str
    back: str = Field(sa_type=Text)
    asked_at: datetime = Field(sa_type=Instant)
    try_at: datetime | None = Field(sa_type=Instant)
    attempts: int
    party: str
    token: str | None
    expires_at: datetime = Field(sa_type=Instant)
    used_at: datetime | None = Field(sa_type=Instant)
    wrong: int


class SessionRow(SQLModel, table=True):
    __tablename__ = "sessions"
    __table_args__ = (Index("ix_sessions_party", "org", "party"),)

    org: str = of_organisation()
    id: str = Field(primary_key=True)
    party: str
    began_at: datetime = Field(sa_type=Instant)
    seen_at: datetime = Field(sa_type=Instant)
    ends_at: datetime = Field(sa_type=Instant)
    agent: str = Field(sa_type=Text)


class GrantRow(SQLModel, table=True):
    __tablename__ = "grants"

    org: str = of_organisation()
    person: str = Field(primary_key=True)
    role: str = Field(primary_key=True)
    plan: str = Field(primary_key=True)
    granted_at: datetime = Field(sa_type=Instant)


class BucketRow(SQLModel, table=True):
    """`level` is how many were in it at `at`; since then it has filled by itself."""

    __tablename__ = "buckets"

    org: str = of_organisation()
    key: str = Field(primary_key=True)
    level: float
    at: datetime = Field(sa_type=Instant)
