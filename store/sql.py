"""The store of one organisation: transactions, reading queries and the outbox behind one name."""

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import replace

from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError

from engine.errors import Crossed, NotFound
from engine.inbound import Inbound
from engine.people import Organisation, Register
from store.database import exists, open_database
from store.entrance import SqlEntrance
from store.heartbeats import SqlHeartbeats
from store.inbox import SqlInbox
from store.links import SqlLinks
from store.outbox import SqlOutbox
from store.registers import RegisterKept
from store.rhythms import SqlRhythms
from store.rulebooks import SqlRulebooks
from store.statements import Statements
from store.together import TogetherTx
from store.transaction import SqlTx
from store.watching import SqlWatching

DEADLOCK = "40P01"  # PostgreSQL's deadlock_detected; SQLite has one writer at a time


class SqlStore(SqlWatching, SqlLinks, SqlRhythms, SqlOutbox, SqlInbox, SqlRulebooks, SqlHeartbeats):
    def __init__(self, engine: Engine, org: str) -> None:
        self.engine, self.org = engine, org
        self.statements = Statements.of(engine)
        self.registers = RegisterKept()
        self.entrance = SqlEntrance(engine, org, self.statements)

    @contextmanager
    def begin(self) -> Iterator[SqlTx]:
        """Crossed when each of two transactions waits for what the other one holds: a server lets one of them pass."""
        try:
            with self._writing() as connection:
                yield SqlTx(connection, self.org, self.statements, self.registers, self.rulebook)
        except DBAPIError as error:
            if getattr(error.orig, "sqlstate", "") == DEADLOCK:
                raise Crossed from error
            raise

    @contextmanager
    def together(self, mails: Collection[Inbound], refs: Collection[str]) -> Iterator[TogetherTx]:
        with self._writing() as connection:
            tx = TogetherTx(connection, self.org, self.statements, self.registers, self.rulebook)
            tx.take(mails, refs)
            yield tx
            tx.finish()

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


def peek(url: str, key: str) -> Register | None:
    """Everybody an organisation's database knows, without making or changing anything; None where there is none yet."""
    if not exists(url):
        return None
    store = SqlStore(open_database(url), key)
    try:
        return _known(store)
    except DBAPIError:
        return None
    finally:
        store.close()


def _known(store: SqlStore) -> Register | None:
    try:
        return store.register()
    except NotFound:
        return None
