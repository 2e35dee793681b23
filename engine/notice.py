"""From a decision to tell someone to finished bytes: notice, parcel, letter."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from engine.link import Link
from engine.people import Recipient


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """A decision to tell someone something. `key` makes it happen once.

    `rule` is a rule's id or "move:NAME"; `state` the state in which it was decided; `ripe_at` the first instant at
    which the send window (via now) or the digest time (via digest) lets it leave.
    """

    key: str
    ref: str
    to: str  # a party
    role: str
    letter: str
    via: Literal["now", "digest"]
    rule: str
    step: str = ""
    level: int = 0
    reason: str
    planned: date
    decided_at: datetime
    ripe_at: datetime
    state: str = ""
    instead_of: str = ""
    event_seq: int = 0


@dataclass(frozen=True, slots=True)
class Fate:
    """What became of a notice: held until it may leave, overtaken by what somebody did, or as its letter stands."""

    status: Literal["held", "overtaken", "on its way", "sent", "dead"]
    at: datetime | None = None  # when it was sent, or may leave
    address: str = ""
    said: str = ""  # the mail server's words


Kind = Literal["letter", "bundle", "digest", "operator", "receipt"]
Status = Literal["queued", "leased", "sent", "unknown", "dead"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Parcel:
    """What one person gets at once. `id` is 26 lower-case base32 characters, fixed at packing; so is the Message-ID."""

    id: str
    to: Recipient
    kind: Kind
    notices: tuple[Notice, ...]
    packed_at: datetime
    since: datetime | None = None  # when this party's parcel before this one was packed


@dataclass(frozen=True, slots=True, kw_only=True)
class Packing:
    """A parcel, and the notices that no longer hold, by key. One without notices only sets those aside."""

    parcel: Parcel
    message_id: str
    overtaken: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """Finished bytes with one recipient. `raw` is None until the letter was written; then it never changes."""

    id: str
    party: str
    address: str
    message_id: str
    subject: str
    kind: Kind
    status: Status
    raw: bytes | None
    packed_at: datetime
    not_before: datetime
    attempts: int = 0
    sent_at: datetime | None = None
    last_reply: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finished:
    """A letter as it will leave, with the links in it."""

    id: str
    raw: bytes
    subject: str
    links: tuple[Link, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrived:
    """A letter that the mail server has taken; `raw` is what is kept of it, where that is not what was sent."""

    id: str
    at: datetime
    reply: str
    raw: bytes | None = None
