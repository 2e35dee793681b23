"""The service's own pulse: one row for each loop of each node, and the age of the outbox."""

from collections.abc import Sequence
from datetime import UTC, datetime

from sqlalchemy import Engine, func, select

from engine.health import Heartbeat
from engine.roles import OPERATOR
from store import rows
from store.database import WRITING
from store.migrate import HEAD, revision
from store.statements import HEARTBEATS, LETTERS, Statements
from store.tables import UNSENT

LONG_AGO = datetime(1, 1, 2, tzinfo=UTC)


class SqlHeartbeats:
    """A mixin of the store, which gives it an engine, an organisation and statements."""

    engine: Engine
    org: str
    statements: Statements

    def other_rules(self) -> bool:
        raise NotImplementedError

    def outdated(self) -> str:
        """A sentence when a newer program or other rules have taken over from this one; "" when all is well."""
        if (found := revision(self.engine)) != HEAD:
            return f"the database has schema {found}, and this program was made for {HEAD}"
        if self.other_rules():
            return "another process has taken up other rules, or another version of the program"
        return ""

    def beat(self, heartbeat: Heartbeat) -> None:
        """Keep the latest of this loop on this node."""
        facts = rows.values(heartbeat, org=self.org)
        with self.engine.connect().execution_options(**WRITING) as connection, connection.begin():
            connection.execute(self.statements.upsert["heartbeats"], facts)

    def heartbeats(self) -> Sequence[Heartbeat]:
        mine = select(*rows.columns(Heartbeat, HEARTBEATS)).where(HEARTBEATS.c.org == self.org)
        with self.engine.connect() as connection:
            found = connection.execute(mine.order_by(HEARTBEATS.c.loop, HEARTBEATS.c.node)).all()
            return list(rows.nouns(Heartbeat, found))

    def oldest_waiting(self) -> datetime | None:
        """When the letter that has waited longest was packed; None when nothing waits."""
        # without a day to begin at, SQLite walks through all letters in the order of packing until it meets one
        unsent = select(LETTERS.c.packed_at).where(LETTERS.c.org == self.org, UNSENT, LETTERS.c.not_before > LONG_AGO)
        oldest = select(func.min(unsent.subquery().c.packed_at))
        with self.engine.connect() as connection:
            found: datetime | None = connection.scalar(oldest)
            return found

    def operator_waits(self, now: datetime) -> str:
        """Why a letter to the operator has not left, when one was tried and has not, or why the last one came back.

        One of another time, when the clock was wrong, is of no interest.
        """
        mine = (LETTERS.c.org == self.org, LETTERS.c.party == OPERATOR, LETTERS.c.packed_at <= now)
        last = select(LETTERS.c.status, LETTERS.c.last_reply).where(*mine, LETTERS.c.last_reply != "")
        said = last.where(UNSENT).order_by(LETTERS.c.packed_at.desc()).limit(1)
        with self.engine.connect() as connection:
            if found := connection.execute(said).first():
                return str(found.last_reply)
            newest = connection.execute(last.order_by(LETTERS.c.packed_at.desc()).limit(1)).first()
            return str(newest.last_reply) if newest and newest.status == "dead" else ""
