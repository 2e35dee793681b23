"""The store of one organisation: transactions, the sweep's index, reading queries and the outbox behind one name."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import Connection, Engine, select, update

from engine.case import Case, Hold, Ruling
from engine.errors import NotFound
from engine.people import Organisation, Register
from store import reading, rows
from store.database import open_database
from store.heartbeats import SqlHeartbeats
from store.outbox import SqlOutbox
from store.reading import SqlReader
from store.statements import CASES, Statements
from store.transaction import SqlTx


@dataclass(frozen=True, slots=True)
class Woken:
    """One due case with what was decided about it."""

    case: Case
    decided: Sequence[Ruling]
    holds: Sequence[Hold]


class SqlStore(SqlReader, SqlOutbox, SqlHeartbeats):
    def __init__(self, engine: Engine, org: str) -> None:
        self.engine, self.org = engine, org
        self.statements = Statements.of(engine)

    @contextmanager
    def begin(self) -> Iterator[SqlTx]:
        with self._writing() as connection:
            yield SqlTx(connection, self.org, self.statements)

    def awake(self, today: date, *, limit: int) -> Sequence[Woken | str]:
        due = select(*rows.columns(Case, CASES)).where(CASES.c.org == self.org, CASES.c.wake_on <= today)
        due = due.order_by(CASES.c.wake_on, CASES.c.ref).limit(limit)
        with self._reading() as connection:
            try:
                cases = list(rows.nouns(Case, connection.execute(due).all()))
                return self._woken(connection, cases)
            except reading.BROKEN:
                refs = connection.scalars(due.with_only_columns(CASES.c.ref)).all()
                return [self._one(connection, ref) for ref in refs]

    def _woken(self, connection: Connection, cases: Sequence[Case]) -> list[Woken | str]:
        refs = [case.ref for case in cases]
        decided = reading.rulings(connection, self.org, refs)
        holds = reading.holds(connection, self.org, refs)
        return [Woken(case, decided.get(case.ref, ()), holds.get(case.ref, ())) for case in cases]

    def _one(self, connection: Connection, ref: str) -> Woken | str:
        """A batch holds a row that cannot be read: each is read by itself, and that one is named."""
        query = select(CASES).where(CASES.c.org == self.org, CASES.c.ref == ref)
        try:
            return self._woken(connection, [rows.noun(Case, connection.execute(query).mappings().one())])[0]
        except reading.BROKEN:
            return ref

    def sleep(self, ref: str, until: date) -> None:
        with self._writing() as connection:
            mine = (CASES.c.org == self.org, CASES.c.ref == ref)
            connection.execute(update(CASES).where(*mine).values(wake_on=until))

    def close(self) -> None:
        self.engine.dispose()


def open_store(url: str, *, organisation: Organisation) -> SqlStore:
    """The organisation's store in a migrated database. What the settings say about the organisation holds from now."""
    store = SqlStore(open_database(url), organisation.key)
    known = _known(store) or Register(organisation=organisation, units={}, persons={})
    if known.organisation != organisation or _known(store) is None:
        with store.begin() as tx:
            tx.enrol(replace(known, organisation=organisation))
    return store


def _known(store: SqlStore) -> Register | None:
    try:
        return store.register()
    except NotFound:
        return None
