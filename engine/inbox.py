"""What is asked of the store about mail that came in."""

from collections.abc import Collection, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Protocol

from engine.inbound import Came, Inbound, Received
from engine.notice import Letter, Notice
from engine.ports import Tx
from engine.suggested import Suggestion


class InboxTx(Tx, Protocol):
    """A write transaction in which what came of a mail is written together with its effects."""

    def settle_inbound(self, was: Inbound, after: Inbound) -> bool:
        """Write what came of a mail; False when somebody else has claimed or settled it meanwhile."""
        ...

    def outcomes(self, party: str, outcomes: Sequence[str], since: datetime) -> int:
        """To how many mails of a party one of these outcomes came since."""
        ...

    def returned(self, letter_id: str, at: datetime, *, why: str, notices: Sequence[Notice], refused: str = "") -> bool:
        """A letter that a server had taken came back: mark it dead and queue what tells others; False when it is dead.

        `refused` is an address at which nobody is.
        """
        ...

    def savepoint(self) -> AbstractContextManager[object]:
        """What is done inside is undone by an exception, and nothing before it."""
        ...

    def suggestion(self, number: int) -> Suggestion:
        """The absence that a mail tells of. NotFound when it tells of none."""
        ...

    def keep_suggestion(self, suggestion: Suggestion, *, by: str = "") -> None:
        """Insert or replace."""
        ...


class Inbox(Protocol):
    """Mail is kept, claimed by one process at a time, and settled: each step is one transaction."""

    def keep(self, received: Received, at: datetime) -> Came:
        """Keep a mail; "known" when it was here before, "twin" when another one has its Message-ID."""
        ...

    def claim_inbound(self, now: datetime, *, until: datetime, limit: int) -> Sequence[Inbound]:
        """Lease mails that nobody has read yet, or whose lease ran out, oldest first; each claim counts one try."""
        ...

    def inbound(self, number: int) -> Inbound:
        """With its bytes. NotFound when there is none."""
        ...

    def tray(self, *, limit: int = 200) -> Sequence[Inbound]:
        """What somebody has to look at, oldest first, without bytes."""
        ...

    def inbounds(self, *, limit: int = 200, before: int = 0) -> Sequence[Inbound]:
        """All that came, newest first, without bytes; `before` is the number to page on from."""
        ...

    def soft_returns(self, letter: Letter, since: datetime) -> int:
        """How many other letters to the same party and address have come back since, though somebody may be there."""
        ...

    def failed_inbound(self, mail: Inbound, why: str) -> None:
        """Note why a mail could not be dealt with; it is tried again when its lease runs out."""
        ...

    def written_to(self, party: str, since: datetime) -> int:
        """How many letters to a party were packed since."""
        ...

    def forget_bytes(self, before: datetime) -> int:
        """Drop the bytes of what was settled before an instant; how many."""
        ...

    def suggestions(self) -> Sequence[Suggestion]:
        """The absences that mail tells of and that nobody has accepted or declined, oldest first."""
        ...

    def begin(self) -> AbstractContextManager[InboxTx]:
        """Commits at the end, rolls back on any exception."""
        ...

    def together(self, mails: Collection[Inbound], refs: Collection[str]) -> AbstractContextManager[InboxTx]:
        """The same for several mails, which are nobody else's until the end, as are these cases.

        What is changed may be written no sooner than at the end, so it is there that something may turn out to be in
        the way: an exception of any kind means that nothing has happened, and that each mail is to be dealt with alone.
        """
        ...
