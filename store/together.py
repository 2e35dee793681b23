"""A write transaction for several errands at once: what they need is read together, what they change is written last.

Whoever asks for anything that is not kept here gets it from the database, and finds there what was changed before.
"""

from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, NestedTransaction, select

from engine.case import Case, Document, Event, Hold, Ruling
from engine.errors import NotFound, OtherRules, Stale
from engine.inbound import Inbound
from engine.notice import Notice
from engine.people import Register
from engine.rulebook import Rulebook
from store import hot, reading, rows
from store.chain import chained
from store.inbox import outcomes_of, settling
from store.registers import RegisterKept
from store.rulebooks import others_hold
from store.statements import CASES, INBOUND, Statements
from store.transaction import SqlTx


@dataclass(frozen=True, slots=True)
class Taken:
    """A case as it stands in this transaction: the end of its history, and what was decided about it."""

    case: Case
    seq: int
    digest: str
    decided: Sequence[Ruling]
    holds: Sequence[Hold]


@dataclass(slots=True)
class _Level:
    """A savepoint. It is one of the database's only once something was written in it or before it."""

    taken: dict[str, Taken]
    mails: dict[int, tuple[str, int]]
    before: int  # how much had been asked for when it began
    point: NestedTransaction | None = None


Write = tuple[str, Any]  # a table, and a row of it; of cases and mails what they become


@dataclass(slots=True)
class _Waiting:
    """What was asked for and not written yet, in order; `written` counts what is no longer here."""

    writes: list[Write] = field(default_factory=list)
    written: int = 0

    @property
    def asked(self) -> int:
        return self.written + len(self.writes)

    def up_to(self, asked: int) -> list[Write]:
        count = max(asked - self.written, 0)
        taken, self.writes = self.writes[:count], self.writes[count:]
        self.written += count
        return taken

    def forget_after(self, asked: int) -> None:
        del self.writes[max(asked - self.written, 0) :]


class Changed(Exception):
    """Something that this transaction had found is no longer there: it has to be done again."""


class TogetherTx(SqlTx):
    def __init__(
        self,
        connection: Connection,
        org: str,
        statements: Statements,
        registers: RegisterKept,
        rulebook: Rulebook | None = None,
    ) -> None:
        self._bare, self._waiting, self._levels = connection, _Waiting(), list[_Level]()
        self._taken: dict[str, Taken] = {}
        self._known: Register | None = None
        self._mails: dict[int, tuple[str, int]] = {}
        self._stored: dict[str, int] = {}  # the versions of cases as the database has them
        super().__init__(connection, org, statements, registers, rulebook)

    @property
    def _connection(self) -> Connection:
        """For everything that is not kept here: first the database is told all, and then asked anew."""
        connection = self._told()
        self._taken, self._known = {}, None
        return connection

    @_connection.setter
    def _connection(self, connection: Connection) -> None:
        self._bare = connection

    def take(self, mails: Collection[Inbound], refs: Collection[str]) -> None:
        """Keep others from these mails and cases until the end; in order, so that no two wait in a ring."""
        columns = (INBOUND.c.id, INBOUND.c.state, INBOUND.c.attempts)
        mine = (INBOUND.c.org == self._org, INBOUND.c.id.in_(sorted(it.id for it in mails)))
        found = self._bare.execute(select(*columns).where(*mine).order_by(INBOUND.c.id).with_for_update())
        self._mails = {row.id: (row.state, row.attempts) for row in found}
        self._load(refs)

    def finish(self) -> None:
        """Write what waits; to be called at the end."""
        self._told()

    def register(self) -> Register:
        if self._known is None:
            self._known = self._registers.read(self._bare, self._org, keep=False)
        return self._known

    def case(self, ref: str) -> Case:
        return self._of_case(ref).case

    def save(self, case: Case, *, seen: int) -> Case:
        before = self._of_case(case.ref)
        if before.case.version != seen:
            raise Stale(case.ref, seen)
        self._stands(replace(before, case=case.evolve(version=seen + 1)))
        return self._taken[case.ref].case

    def log(self, event: Event) -> Event:
        before = self._of_case(event.ref)
        logged = chained(event, seq=before.seq + 1, previous=before.digest)
        self._ask("events", rows.values(logged, org=self._org))
        self._stands(replace(before, seq=logged.seq, digest=logged.digest))
        return logged

    def since(self, ref: str, seq: int) -> Sequence[Event]:
        if self._of_case(ref).seq <= seq:
            return ()
        found = self._told().execute(hot.SINCE, hot.of(self._org, ref, seq=seq))
        return list(rows.nouns(Event, found.all()))

    def decided(self, ref: str) -> Sequence[Ruling]:
        return self._of_case(ref).decided

    def holds(self, ref: str) -> Sequence[Hold]:
        return self._of_case(ref).holds

    def tell(self, notices: Sequence[Notice]) -> None:
        for it in notices:
            self._ask("notices", rows.notice_values(it, org=self._org))

    def attach(self, ref: str, documents: Sequence[Document], *, by: str, at: datetime) -> None:
        for it in documents:
            self._ask("documents", rows.values(it, org=self._org, ref=ref, by=by, at=at))

    def settle_inbound(self, was: Inbound, after: Inbound) -> bool:
        if self._mails.get(was.id) != (was.state, was.attempts):
            return False
        del self._mails[was.id]
        self._ask("inbound", (was, after))
        return True

    def outcomes(self, party: str, outcomes: Sequence[str], since: datetime) -> int:
        settled = [it for table, it in self._waiting.writes if table == "inbound"]
        waiting = (after for _, after in settled if after.party == party and after.outcome in outcomes)
        stored = outcomes_of(self._bare, self._org, party, outcomes, since)
        return stored + len([it for it in waiting if it.received_at >= since])

    @contextmanager
    def savepoint(self) -> Iterator[None]:
        level = _Level(dict(self._taken), dict(self._mails), self._waiting.asked)
        self._levels.append(level)
        try:
            yield
        except BaseException:
            self._undo(level)
            raise
        else:
            if level.point:
                level.point.commit()
        finally:
            self._levels.pop()

    def _undo(self, level: _Level) -> None:
        self._waiting.forget_after(level.before)
        self._taken, self._mails = level.taken, level.mails
        if level.point:
            level.point.rollback()
            self._taken, self._known = {}, None

    # what is kept

    def _of_case(self, ref: str) -> Taken:
        if ref not in self._taken:
            self._load([ref])
        if ref not in self._taken:
            raise NotFound("case", ref)
        return self._taken[ref]

    def _load(self, refs: Collection[str]) -> None:
        names = sorted(refs)
        columns = (*rows.columns(Case, CASES), CASES.c.last_seq, CASES.c.last_digest)
        mine = select(*columns).where(CASES.c.org == self._org, CASES.c.ref.in_(names))
        found = self._bare.execute(mine.order_by(CASES.c.ref).with_for_update()).all()
        if others_hold(self._bare, self._org, self._rulebook):
            raise OtherRules
        decided = reading.rulings(self._bare, self._org, names)
        holds = reading.holds(self._bare, self._org, names)
        for case, row in zip(rows.nouns(Case, (it[:-2] for it in found)), found, strict=True):
            its_own = (decided.get(case.ref, ()), holds.get(case.ref, ()))
            self._taken[case.ref] = Taken(case, row.last_seq, row.last_digest, *its_own)
            self._stored[case.ref] = case.version

    def _stands(self, after: Taken) -> None:
        self._taken[after.case.ref] = after
        self._ask("cases", after)

    def _ask(self, table: str, row: Any) -> None:
        self._waiting.writes.append((table, row))

    # what is written

    def _told(self) -> Connection:
        """The database once it knows of everything; what may yet be undone is behind savepoints of its own."""
        for level in self._levels:
            if level.point is None:
                self._write(self._waiting.up_to(level.before))
                level.point = self._bare.begin_nested()
        self._write(self._waiting.up_to(self._waiting.asked))
        return self._bare

    def _write(self, writes: Sequence[Write]) -> None:
        def of(table: str) -> list[Any]:
            return [row for name, row in writes if name == table]

        self._change_cases(list({it.case.ref: it for it in of("cases")}.values()))
        self._add(self._sql.insert["events"], of("events"))
        self._add(self._sql.attach, of("documents"))
        self._add(self._sql.queue, of("notices"))
        mails = [settling(was, after, self._org) for was, after in of("inbound")]
        self._all(hot.SETTLE, mails)

    def _change_cases(self, those: Sequence[Taken]) -> None:
        keys = [(it.case.ref, self._stored[it.case.ref]) for it in those]
        facts = [{f"new_{name}": value for name, value in rows.values(it.case).items()} for it in those]
        ends = [{"seq": it.seq, "digest": it.digest} for it in those]
        changes = [
            hot.of(self._org, ref, seen=seen) | fact | end
            for (ref, seen), fact, end in zip(keys, facts, ends, strict=True)
        ]
        self._all(hot.KEEP, changes)
        self._stored |= {it.case.ref: it.case.version for it in those}

    def _all(self, statement: Any, changes: Sequence[rows.Values]) -> None:
        if changes and self._bare.execute(statement, changes).rowcount != len(changes):
            raise Changed

    def _add(self, statement: Any, those: Sequence[rows.Values]) -> None:
        if those:
            self._bare.execute(statement, those)
