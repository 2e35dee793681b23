"""Who cannot be reached and how the service fares: looks at an index for a name, never at every case."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Column, Connection, and_, delete, func, insert, or_, select, update

from engine.case import Case
from engine.health import Tally
from engine.notice import Fate
from engine.roles import OPERATOR
from engine.trouble import Inspection, Outage, Trouble
from store import rows
from store.database import WRITING, insert_of
from store.reading import SqlReader
from store.registers import refused
from store.statements import CASES, INSPECTIONS, LETTERS, NOTICES, OUTAGES, REFUSALS, TROUBLES, Statements
from store.tables import UNSENT

OPEN = CASES.c.wake_on.is_not(None)
DAY = timedelta(days=1)
LONGEST_JOURNEY = timedelta(days=30)  # of a letter from packing to sending; older ones are not counted as news
MOST_PASSED = 20


class SqlWatching(SqlReader):
    """A mixin of the store, which gives it statements."""

    statements: Statements

    def inspection(self) -> Inspection:
        mine = select(*rows.columns(Inspection, INSPECTIONS)).where(INSPECTIONS.c.org == self.org)
        with self._reading() as connection:
            found = connection.execute(mine).first()
            return Inspection(*found) if found else Inspection()

    def named(self) -> frozenset[str]:
        with self._reading() as connection:
            units = {
                name for column in (CASES.c.owner, CASES.c.coordinator) for name in self._names(connection, column)
            }
            persons, parties = (self._names(connection, it) for it in (CASES.c.responsible, CASES.c.executive))
            return frozenset((*(f"unit:{it}" for it in units), *(f"person:{it}" for it in persons), *parties))

    def _names(self, connection: Connection, column: Column[Any]) -> list[str]:
        """Each different name once, by hops along the index: the cost is that of the names, not of the cases."""
        least = select(func.min(column).label("name")).where(CASES.c.org == self.org, column > "")
        names = least.cte("names", recursive=True)
        after = select(func.min(column)).where(CASES.c.org == self.org, column > names.c.name).scalar_subquery()
        hops = names.union_all(select(after).where(names.c.name.is_not(None)))
        return list(connection.scalars(select(hops.c.name).where(hops.c.name.is_not(None))))

    def needing(self, party: str, headed: Sequence[str]) -> Sequence[Case]:
        kind, _, key = party.partition(":")
        needs = [CASES.c.executive == party]
        if kind == "unit":
            needs += [and_(CASES.c.owner == key, CASES.c.responsible == ""), CASES.c.coordinator == key]
        else:
            needs += [CASES.c.responsible == key, CASES.c.owner.in_(headed)]
        return self._legible(and_(OPEN, or_(*needs)))

    def troubles(self) -> Sequence[Trouble]:
        with self._reading() as connection:
            return all_troubles(connection, self.org)

    def outages(self, since: date) -> Sequence[Outage]:
        late = select(*rows.columns(Outage, OUTAGES)).where(OUTAGES.c.org == self.org, OUTAGES.c.ended >= since)
        with self._reading() as connection:
            return [Outage(*row) for row in connection.execute(late.order_by(OUTAGES.c.ended))]

    def tally(self, now: datetime) -> Tally:
        mine, count = LETTERS.c.org == self.org, select(func.count()).select_from(LETTERS)
        told = select(func.max(LETTERS.c.packed_at)).where(mine, LETTERS.c.party == OPERATOR)
        watched = select(func.count()).select_from(CASES).where(CASES.c.org == self.org, OPEN)
        with self._reading() as connection:
            last = connection.scalar(told.where(LETTERS.c.kind == "operator", LETTERS.c.packed_at < now))
            since = max(last or now - DAY, now - LONGEST_JOURNEY)
            lately = LETTERS.c.packed_at >= since - LONGEST_JOURNEY
            dead = and_(LETTERS.c.status == "dead", LETTERS.c.not_before >= since)
            return Tally(
                since=since,
                watched=connection.scalar(watched) or 0,
                sent=connection.scalar(count.where(mine, lately, LETTERS.c.sent_at >= since)) or 0,
                waiting=connection.scalar(count.where(mine, UNSENT, LETTERS.c.packed_at < now)) or 0,
                dead=connection.scalar(count.where(mine, lately, dead)) or 0,
                passed=tuple(self._passed(connection, since)),
            )

    def _passed(self, connection: Connection, since: datetime) -> Iterator[str]:
        """The cases that could not be looked at, as letters since then say."""
        lately = select(LETTERS.c.id).where(LETTERS.c.org == self.org, LETTERS.c.packed_at >= since)
        said = select(NOTICES.c.ref).where(NOTICES.c.org == self.org, NOTICES.c.parcel.in_(lately))
        said = said.where(NOTICES.c.rule == "system:sweep").distinct().order_by(NOTICES.c.ref).limit(MOST_PASSED)
        yield from connection.scalars(said)

    def fates(self, ref: str) -> Mapping[str, Fate]:
        letters = NOTICES.outerjoin(LETTERS, and_(LETTERS.c.org == NOTICES.c.org, LETTERS.c.id == NOTICES.c.parcel))
        facts = (LETTERS.c.status, LETTERS.c.sent_at, LETTERS.c.address, LETTERS.c.last_reply)
        query = select(NOTICES.c.key, NOTICES.c.ripe_at, NOTICES.c.set_aside, *facts).select_from(letters)
        with self._reading() as connection:
            found = connection.execute(query.where(NOTICES.c.org == self.org, NOTICES.c.ref == ref))
            return {row.key: _fate(row) for row in found}

    def refusals(self) -> Mapping[str, str]:
        with self._reading() as connection:
            return refused(connection, self.org)

    def trust(self, address: str) -> bool:
        """Forget that an address was refused; False when it was not."""
        mine = (REFUSALS.c.org == self.org, REFUSALS.c.address == address)
        with self._changing() as connection:
            known = connection.execute(delete(REFUSALS).where(*mine)).rowcount > 0
            if known:
                connection.execute(self.statements.enrolled, {"org": self.org})
            return known

    @contextmanager
    def _changing(self) -> Iterator[Connection]:
        with self.engine.connect().execution_options(**WRITING) as connection, connection.begin():
            yield connection


def _fate(row: Any) -> Fate:
    if row.set_aside:
        return Fate("overtaken")
    if row.status is None:
        return Fate("held", row.ripe_at)
    if row.status in ("sent", "dead"):
        return Fate(row.status, row.sent_at, row.address, row.last_reply)
    return Fate("on its way", None, row.address, row.last_reply)


class WatchingTx:
    """The side of a write transaction that an inspection uses; a mixin, which the transaction gives a connection."""

    _connection: Connection
    _org: str

    def inspect(self, enrolled: int, today: date) -> Inspection | None:
        mine = INSPECTIONS.c.org == self._org
        first = insert_of(self._connection.engine)(INSPECTIONS).on_conflict_do_nothing()
        self._connection.execute(first, {"org": self._org, "enrolled": 0, "seen": -1, "day": None, "daily": None})
        found = select(*rows.columns(Inspection, INSPECTIONS)).where(mine).with_for_update()
        before = Inspection(*self._connection.execute(found).one())
        if not replace(before, enrolled=enrolled).stale(today):
            return None
        self._connection.execute(update(INSPECTIONS).where(mine).values(seen=enrolled, day=today))
        return before

    def enter_daily(self, enrolled: int, digest: date) -> None:
        unchanged = (INSPECTIONS.c.org == self._org, INSPECTIONS.c.enrolled == enrolled)
        self._connection.execute(update(INSPECTIONS).where(*unchanged).values(daily=digest))

    def add_outage(self, outage: Outage) -> None:
        self._connection.execute(insert(OUTAGES), rows.values(outage, org=self._org))

    def troubles(self) -> Sequence[Trouble]:
        return all_troubles(self._connection, self._org)

    def keep_trouble(self, trouble: Trouble) -> None:
        self.forget_trouble(trouble)
        self._connection.execute(insert(TROUBLES), rows.values(trouble, org=self._org))

    def forget_trouble(self, trouble: Trouble) -> None:
        mine = (TROUBLES.c.org == self._org, TROUBLES.c.party == trouble.party, TROUBLES.c.to == trouble.to)
        self._connection.execute(delete(TROUBLES).where(*mine))


def all_troubles(connection: Connection, org: str) -> list[Trouble]:
    found = select(*rows.columns(Trouble, TROUBLES)).where(TROUBLES.c.org == org)
    order = (TROUBLES.c.since, TROUBLES.c.party, TROUBLES.c.to)
    return list(rows.nouns(Trouble, connection.execute(found.order_by(*order)).all()))
