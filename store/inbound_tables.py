"""The rows of mail that came in, and of how far a mailbox was read."""

from datetime import date, datetime

from sqlalchemy import BigInteger, ForeignKeyConstraint, Index, Text, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from store.columns import Instant
from store.tables import of_organisation

UNREAD = text("state IN ('new', 'leased')")
WAITS = text("state IN ('held', 'unmatched', 'quarantined')")
SPENT = text("raw IS NOT NULL AND settled_at IS NOT NULL")


class InboundRow(SQLModel, table=True):
    """A mail from the moment it is kept; the server is told only when the row is there."""

    __tablename__ = "inbound"
    __table_args__ = (
        UniqueConstraint("org", "sha256", "rcpt", name="uq_inbound_sha256"),
        Index("ix_inbound_message_id", "org", "message_id"),
        Index("ix_inbound_letter", "org", "letter"),
        Index("ix_inbound_party", "org", "party", "received_at"),
        Index("ix_inbound_unread", "org", "id", sqlite_where=UNREAD, postgresql_where=UNREAD),
        Index("ix_inbound_tray", "org", "id", sqlite_where=WAITS, postgresql_where=WAITS),
        Index("ix_inbound_spent", "org", "settled_at", sqlite_where=SPENT, postgresql_where=SPENT),
    )

    id: int | None = Field(default=None, primary_key=True)
    org: str = Field(foreign_key="organisations.key")
    source: str
    envelope_from: str | None
    rcpt: str
    sha256: str
    message_id: str
    size: int
    raw: bytes | None
    received_at: datetime = Field(sa_type=Instant)
    state: str
    lease_until: datetime | None = Field(sa_type=Instant)
    twin: int
    attempts: int
    kind: str
    sender: str = Field(sa_type=Text)
    subject: str = Field(sa_type=Text)
    text: str = Field(sa_type=Text)
    outcome: str
    error: str = Field(sa_type=Text)
    ref: str
    letter: str
    party: str
    settled_at: datetime | None = Field(sa_type=Instant)
    settled_by: str


class SuggestionRow(SQLModel, table=True):
    """An absence that an out-of-office note tells of, by the number of its mail."""

    __tablename__ = "suggestions"
    __table_args__ = (
        ForeignKeyConstraint(["id"], ["inbound.id"]),
        Index("ix_suggestions_fate", "org", "fate", "id"),
    )

    org: str = of_organisation()
    id: int = Field(primary_key=True)
    person: str
    first: date
    last: date | None
    substitute: str
    named: str
    left: bool
    fate: str
    at: datetime = Field(sa_type=Instant)
    settled_by: str


class MailboxRow(SQLModel, table=True):
    """How far a mailbox was read: the last UID, which means nothing under another UIDVALIDITY."""

    __tablename__ = "mailboxes"

    org: str = of_organisation()
    source: str = Field(primary_key=True)
    validity: int = Field(sa_type=BigInteger)  # 32 bits without a sign, which an INTEGER does not hold
    uid: int = Field(sa_type=BigInteger)
    at: datetime = Field(sa_type=Instant)
