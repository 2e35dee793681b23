"""Mail that came in: kept once whichever way it came, claimed with a lease, settled together with its effects."""

from collections.abc import Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Engine, and_, func, literal, or_, select, update

from engine.errors import NotFound
from engine.inbound import SETTLED, Came, Inbound, Received
from engine.notice import Letter, Notice
from engine.suggested import Suggestion
from store import hot, rows
from store.inbound_tables import UNREAD, WAITS
from store.outbox import FARTHEST_TRY, tell_of_dead
from store.statements import INBOUND, LETTERS, MAILBOXES, SUGGESTIONS, Statements

WITHOUT_BYTES = [
    literal(None).label("raw") if name == "raw" else INBOUND.c[name] for name in rows.names(Inbound)
]  # the bytes of a page full of mails would be megabytes


class SqlInbox:
    """The inbox's side of the store; a mixin, which the store gives an engine, an organisation and statements."""

    engine: Engine
    org: str
    statements: Statements

    def _writing(self) -> AbstractContextManager[Connection]:
        raise NotImplementedError

    def keep(self, received: Received, at: datetime) -> Came:
        message_id = received.message_id
        first = select(func.min(INBOUND.c.id)).where(INBOUND.c.org == self.org, INBOUND.c.message_id == message_id)
        first = first.where(INBOUND.c.rcpt == _plain(received.rcpt))
        with self._writing() as connection:
            twin = (connection.scalar(first) or 0) if message_id else 0
            added = connection.execute(self.statements.keep, _row(self.org, received, at, twin)).rowcount
        return ("twin" if twin else "new") if added else "known"

    def claim_inbound(self, now: datetime, *, until: datetime, limit: int) -> Sequence[Inbound]:
        over = or_(INBOUND.c.lease_until <= now, INBOUND.c.lease_until > now + FARTHEST_TRY)
        free = or_(INBOUND.c.state == "new", and_(INBOUND.c.state == "leased", over))
        free = and_(INBOUND.c.org == self.org, UNREAD, free)
        ids = select(INBOUND.c.id).where(free).order_by(INBOUND.c.id).limit(limit)
        with self._writing() as connection:
            numbers = connection.scalars(ids.with_for_update(skip_locked=True)).all()
            if not numbers:
                return []
            mine = and_(INBOUND.c.org == self.org, INBOUND.c.id.in_(numbers))
            leased = {"state": "leased", "lease_until": until, "attempts": INBOUND.c.attempts + 1}
            connection.execute(update(INBOUND).where(mine).values(leased))
            found = select(*rows.columns(Inbound, INBOUND)).where(mine).order_by(INBOUND.c.id)
            return list(rows.nouns(Inbound, connection.execute(found).all()))

    def inbound(self, number: int) -> Inbound:
        mine = select(*rows.columns(Inbound, INBOUND)).where(INBOUND.c.org == self.org, INBOUND.c.id == number)
        with self.engine.connect() as connection:
            found = connection.execute(mine).first()
        if found is None:
            raise NotFound("mail", str(number))
        return Inbound(**dict(zip(rows.names(Inbound), found, strict=True)))

    def tray(self, *, limit: int = 200) -> Sequence[Inbound]:
        return self._without_bytes(WAITS, INBOUND.c.id, limit)

    def inbounds(self, *, limit: int = 200, before: int = 0) -> Sequence[Inbound]:
        older = INBOUND.c.id < before if before else INBOUND.c.id > 0
        return self._without_bytes(older, INBOUND.c.id.desc(), limit)

    def soft_returns(self, letter: Letter, since: datetime) -> int:
        about = and_(LETTERS.c.org == INBOUND.c.org, LETTERS.c.id == INBOUND.c.letter)
        others = (INBOUND.c.org == self.org, INBOUND.c.party == letter.party, INBOUND.c.received_at >= since)
        soft = (INBOUND.c.outcome == "soft", INBOUND.c.letter != letter.id, LETTERS.c.address == letter.address)
        counted = select(func.count()).select_from(INBOUND.join(LETTERS, about)).where(*others, *soft)
        with self.engine.connect() as connection:
            return connection.scalar(counted) or 0

    def failed_inbound(self, mail: Inbound, why: str) -> None:
        mine = (INBOUND.c.org == self.org, INBOUND.c.id == mail.id, INBOUND.c.attempts == mail.attempts)
        with self._writing() as connection:
            connection.execute(update(INBOUND).where(*mine, INBOUND.c.state == "leased").values(error=_plain(why)))

    def written_to(self, party: str, since: datetime) -> int:
        mine = (LETTERS.c.org == self.org, LETTERS.c.party == party, LETTERS.c.packed_at >= since)
        with self.engine.connect() as connection:
            return connection.scalar(select(func.count()).select_from(LETTERS).where(*mine)) or 0

    def suggestions(self) -> Sequence[Suggestion]:
        """Those that nobody has accepted or declined, oldest first."""
        mine = (SUGGESTIONS.c.org == self.org, SUGGESTIONS.c.fate == "open")
        found = select(*rows.columns(Suggestion, SUGGESTIONS)).where(*mine).order_by(SUGGESTIONS.c.id)
        with self.engine.connect() as connection:
            return list(rows.nouns(Suggestion, connection.execute(found).all()))

    def _without_bytes(self, which: Any, order: Any, limit: int) -> list[Inbound]:
        mine = select(*WITHOUT_BYTES).where(INBOUND.c.org == self.org, which).order_by(order).limit(limit)
        with self.engine.connect() as connection:
            return list(rows.nouns(Inbound, connection.execute(mine).all()))

    def forget_bytes(self, before: datetime) -> int:
        spent = (INBOUND.c.org == self.org, INBOUND.c.raw.is_not(None), INBOUND.c.settled_at < before)
        with self.engine.connect() as connection:
            if connection.scalar(select(INBOUND.c.id).where(*spent).limit(1)) is None:
                return 0
        with self._writing() as connection:
            return connection.execute(update(INBOUND).where(*spent).values(raw=None)).rowcount

    def last_read(self, source: str) -> tuple[int, int, datetime] | None:
        """How far a mailbox was read: its UIDVALIDITY, the last UID, and when; None when it never was."""
        columns = (MAILBOXES.c.validity, MAILBOXES.c.uid, MAILBOXES.c.at)
        mine = select(*columns).where(MAILBOXES.c.org == self.org, MAILBOXES.c.source == source)
        with self.engine.connect() as connection:
            found = connection.execute(mine).first()
            return (found.validity, found.uid, found.at) if found else None

    def read_up_to(self, source: str, validity: int, uid: int, at: datetime) -> None:
        facts = {"org": self.org, "source": source, "validity": validity, "uid": uid, "at": at}
        with self._writing() as connection:
            connection.execute(self.statements.upsert["mailboxes"], facts)


class InboxTx:
    """The side of a write transaction that settles mail; a mixin, which the transaction gives a connection."""

    _connection: Connection
    _org: str
    _sql: Statements

    def savepoint(self) -> AbstractContextManager[object]:
        return self._connection.begin_nested()

    def returned(self, letter_id: str, at: datetime, *, why: str, notices: Sequence[Notice], refused: str = "") -> bool:
        mine = (LETTERS.c.org == self._org, LETTERS.c.id == letter_id, LETTERS.c.status != "dead")
        dead = {"status": "dead", "sent_at": None, "not_before": at, "lease_until": None, "last_reply": why}
        if not self._connection.execute(update(LETTERS).where(*mine).values(dead)).rowcount:
            return False
        tell_of_dead(self._connection, self._sql, self._org, at, why, notices, refused)
        return True

    def suggestion(self, number: int) -> Suggestion:
        mine = (SUGGESTIONS.c.org == self._org, SUGGESTIONS.c.id == number)
        found = select(*rows.columns(Suggestion, SUGGESTIONS)).where(*mine).with_for_update()
        for row in rows.nouns(Suggestion, self._connection.execute(found).all()):
            return row
        raise NotFound("suggested absence in mail", str(number))

    def keep_suggestion(self, suggestion: Suggestion, *, by: str = "") -> None:
        facts = rows.values(suggestion, org=self._org, settled_by=by)
        self._connection.execute(self._sql.upsert["suggestions"], facts)

    def settle_inbound(self, was: Inbound, after: Inbound) -> bool:
        """Write what came of a mail; False when somebody else has claimed or settled it meanwhile."""
        return bool(self._connection.execute(hot.SETTLE, settling(was, after, self._org)).rowcount)

    def outcomes(self, party: str, outcomes: Sequence[str], since: datetime) -> int:
        return outcomes_of(self._connection, self._org, party, outcomes, since)


def settling(was: Inbound, after: Inbound, org: str) -> rows.Values:
    """With what the statement that settles a mail is run."""
    told = {f"new_{name}": getattr(after, name) for name in SETTLED} | {"new_lease_until": None}
    told = {name: _plain(value) if isinstance(value, str) else value for name, value in told.items()}
    return told | {"the_org": org, "number": was.id, "was_state": was.state, "was_attempts": was.attempts}


def outcomes_of(connection: Connection, org: str, party: str, outcomes: Sequence[str], since: datetime) -> int:
    facts = {"the_org": org, "the_party": party, "those": list(outcomes), "since": since}
    return connection.scalar(hot.OUTCOMES, facts) or 0


def _plain(text: str) -> str:
    """PostgreSQL stores no zero byte, and no half of a character either."""
    return text.replace("\0", "").encode("utf-8", "replace").decode("utf-8")


def _row(org: str, it: Received, at: datetime, twin: int) -> rows.Values:
    known = {
        "org": org,
        "source": it.source,
        "envelope_from": None if it.envelope_from is None else _plain(it.envelope_from),
        "rcpt": _plain(it.rcpt),
        "sha256": it.digest,
        "message_id": it.message_id,
        "size": max(it.size, len(it.raw)),
        "raw": it.raw,
        "received_at": at,
        "state": "new",
        "twin": twin,
        "attempts": 0,
        "lease_until": None,
    }
    return dict.fromkeys(SETTLED, "") | {"settled_at": None} | known
