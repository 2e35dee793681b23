"""When people want their overview: what they chose is only ever added to, and what waits is set to the new time."""

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import Connection, and_, insert, or_, select, update

from engine.daily import DAILY
from engine.rhythm import Choice
from store import rows
from store.reading import UNPACKED, SqlReader
from store.statements import NOTICES, RHYTHMS, Statements

LATEST = 2  # what holds, and what held before


def choices(connection: Connection, org: str, party: str) -> list[Choice]:
    mine = select(*rows.columns(Choice, RHYTHMS)).where(RHYTHMS.c.org == org, RHYTHMS.c.party == party)
    return list(rows.nouns(Choice, connection.execute(mine.order_by(RHYTHMS.c.seq.desc()).limit(LATEST)).all()))


class SqlRhythms(SqlReader):
    """A mixin of the store that reads."""

    def choices(self, party: str) -> Sequence[Choice]:
        with self._reading() as connection:
            return choices(connection, self.org, party)


class RhythmsTx:
    """The side of a write transaction that keeps choices; a mixin, which the transaction gives a connection."""

    _connection: Connection
    _org: str
    _sql: Statements

    def choices(self, party: str) -> Sequence[Choice]:
        return choices(self._connection, self._org, party)

    def choose(self, choice: Choice) -> None:
        self._connection.execute(insert(RHYTHMS), rows.values(choice, org=self._org))
        self._connection.execute(self._sql.enrolled, {"org": self._org})

    def retime(self, party: str, at: datetime, *, day: date, daily: bool) -> None:
        mine = (NOTICES.c.org == self._org, NOTICES.c.to == party, *UNPACKED)
        empty, fits = NOTICES.c.rule == DAILY, NOTICES.c.planned == day
        over = and_(empty, ~fits) if daily else empty
        self._connection.execute(update(NOTICES).where(*mine, over).values(set_aside="overtaken"))
        line = and_(NOTICES.c.via == "digest", NOTICES.c.role == "coordinator")
        self._connection.execute(
            update(NOTICES).where(*mine, line, or_(empty, NOTICES.c.ripe_at > at)).values(ripe_at=at)
        )
