"""Mail that comes in: kept before the server is told that we have it, and waiting until somebody has settled it."""

import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal

from engine.case import Document

State = Literal["new", "leased", "done", "held", "unmatched", "quarantined", "dropped"]
Came = Literal["new", "known", "twin"]
ANSWERED: Final = ("more needed", "refused", "late", "already", "asked")  # a person got an answer that was no receipt
TRAY: Final = ("held", "unmatched", "quarantined")  # what somebody has to look at
# what each server on the way adds: the same mail by two ways is one mail
TRACE: Final = frozenset((b"received", b"return-path", b"delivered-to", b"x-original-to", b"envelope-to"))
SETTLED: Final = (  # the fields of a mail that say what came of it
    "state", "kind", "sender", "subject", "text", "outcome", "error", "ref", "letter", "party", "settled_at",
    "settled_by",
)  # fmt: skip
LONGEST_HEADERS: Final = 256 * 1024
MESSAGE_ID: Final = re.compile(rb"^message-id:\s*(<[^<>\s]{1,900}>)", re.IGNORECASE | re.MULTILINE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Received:
    """A mail as a channel got it, with its envelope where the channel knows it. `size` is that of the whole mail,
    which may be more than was taken."""

    source: str
    raw: bytes
    envelope_from: str | None = None  # "" is the null sender of machines, None is not known
    rcpt: str = ""
    size: int = 0

    @property
    def cut(self) -> bool:
        return self.size > len(self.raw)

    @property
    def message_id(self) -> str:
        found = MESSAGE_ID.search(self._split()[0] + b"\n")
        return found[1].decode("ascii", "replace") if found else ""

    @property
    def digest(self) -> str:
        """Of what the sender wrote: without what servers on the way have added, whatever ends its lines."""
        headers, body = self._split()
        kept = [it for it in re.split(rb"\n(?![ \t])", headers) if it.partition(b":")[0].strip().lower() not in TRACE]
        return hashlib.sha256(b"\n".join(kept) + b"\n\n" + body).hexdigest()

    def _split(self) -> tuple[bytes, bytes]:
        plain = self.raw.replace(b"\r\n", b"\n")
        headers, _, body = plain.partition(b"\n\n")
        return (headers, body) if len(headers) <= LONGEST_HEADERS else (headers[:LONGEST_HEADERS], plain)


@dataclass(frozen=True, slots=True, kw_only=True)
class Inbound:
    """A mail that was kept, and what came of it.

    `kind` is its class once it was read; `outcome` one word for what came of it, `error` why it is in the tray.
    `twin` is the number of an earlier mail with the same Message-ID and other contents (0 = none). `raw` is None
    when it was not asked for, or when it was settled so long ago that it is gone.
    """

    id: int
    source: str
    envelope_from: str | None
    rcpt: str
    sha256: str
    message_id: str
    size: int
    raw: bytes | None
    received_at: datetime
    state: State
    twin: int = 0
    attempts: int = 0
    kind: str = ""
    sender: str = ""
    subject: str = ""
    text: str = ""
    outcome: str = ""
    error: str = ""
    ref: str = ""
    letter: str = ""
    party: str = ""
    settled_at: datetime | None = None
    settled_by: str = ""

    @property
    def waits(self) -> bool:
        """Whether somebody has to look at it."""
        return self.state in TRAY

    @property
    def legible(self) -> bool:
        """Whether it is all there and may be read again: what has made its reader give up is left alone."""
        return self.raw is not None and self.size <= len(self.raw) and self.state != "quarantined"


@dataclass(frozen=True, slots=True, kw_only=True)
class Enclosed:
    """What came along with a mail: what a case can keep, and the names of what it cannot."""

    documents: tuple[Document, ...] = ()
    refused: tuple[str, ...] = ()


Keep = Callable[[Received], Came]  # returns when the mail is safe
