"""Reading queries: plain SELECTs, a bounded number of them whatever there is to read."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from itertools import groupby
from operator import attrgetter
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine, Table, and_, func, or_, select, tuple_

from engine.case import Case, DeadlineVersion, Evaluation, Event, Hold, Occurrence, Recommendation, Ruling
from engine.errors import NotFound, Unreadable
from engine.notice import Letter, Notice
from engine.people import Organisation, Register
from store import chain, rows
from store.registers import RegisterKept, organisation
from store.statements import (
    CASES,
    DEADLINES,
    EVALUATIONS,
    EVENTS,
    HOLDS,
    LETTERS,
    NOTICES,
    OCCURRENCES,
    RECOMMENDATIONS,
)

Noun = TypeVar("Noun")
About = TypeVar("About", Case, DeadlineVersion, Hold, Notice, Occurrence)  # all of which name a case
MOST_NAMES = 500  # in one IN list
BROKEN = (ValueError, TypeError, KeyError)  # what a row that cannot be read raises
UNPACKED = (NOTICES.c.parcel.is_(None), NOTICES.c.set_aside == "")
LETTER_COLUMNS = [column for column in LETTERS.c if column.name != "raw"]


def cases_of_plan(connection: Connection, org: str, plan: str) -> list[Case]:
    found = select(CASES).where(CASES.c.org == org, CASES.c.plan == plan).order_by(CASES.c.position)
    return [rows.noun(Case, row) for row in connection.execute(found).mappings()]


def grouped(
    connection: Connection, org: str, kind: type[About], table: Table, refs: Sequence[str], *order: Any
) -> dict[str, list[About]]:
    """The nouns of many cases by ref, in order."""
    found: dict[str, list[About]] = defaultdict(list)
    for some in slices(refs):
        mine = (table.c.org == org, table.c.ref.in_(some))
        query = select(*rows.columns(kind, table)).where(*mine).order_by(table.c.ref, *order)
        for it in rows.nouns(kind, connection.execute(query).all()):
            found[it.ref].append(it)
    return dict(found)


def occurrences(connection: Connection, org: str, refs: Sequence[str]) -> dict[str, list[Occurrence]]:
    order = (OCCURRENCES.c.decided_at, OCCURRENCES.c.rule, OCCURRENCES.c.planned)
    return grouped(connection, org, Occurrence, OCCURRENCES, refs, *order)


def rulings(connection: Connection, org: str, refs: Sequence[str]) -> dict[str, list[Ruling]]:
    """All that the rules need of the occurrences; made for the sweep, which reads them by the thousand."""
    found: dict[str, list[Ruling]] = defaultdict(list)
    columns = rows.columns(Ruling, OCCURRENCES)
    for some in slices(refs):
        query = select(OCCURRENCES.c.ref, *columns).where(OCCURRENCES.c.org == org, OCCURRENCES.c.ref.in_(some))
        for row in connection.execute(query).all():
            found[row[0]].append(Ruling._make(row[1:]))
    return found


def holds(connection: Connection, org: str, refs: Sequence[str]) -> dict[str, list[Hold]]:
    return grouped(connection, org, Hold, HOLDS, refs, HOLDS.c.id)


def slices(names: Sequence[str]) -> Iterator[Sequence[str]]:
    for start in range(0, len(names), MOST_NAMES):
        yield names[start : start + MOST_NAMES]


def evaluation(connection: Connection, org: str, key: str) -> tuple[Evaluation, list[Recommendation]] | None:
    mine = select(EVALUATIONS).where(EVALUATIONS.c.org == org, EVALUATIONS.c.key == key)
    found = connection.execute(mine).mappings().first()
    if found is None:
        return None
    numbered = select(RECOMMENDATIONS).where(RECOMMENDATIONS.c.org == org, RECOMMENDATIONS.c.evaluation == key)
    its_own = connection.execute(numbered.order_by(RECOMMENDATIONS.c.position)).mappings()
    return rows.noun(Evaluation, found), [rows.noun(Recommendation, row) for row in its_own]


class SqlReader:
    """Reads for pages, letters and commands; a mixin of the store, which gives it an engine and an organisation."""

    engine: Engine
    org: str
    registers: RegisterKept

    @contextmanager
    def _reading(self) -> Iterator[Connection]:
        with self.engine.connect() as connection:
            yield connection

    def _nouns(self, kind: type[Noun], query: Any) -> list[Noun]:
        with self._reading() as connection:
            return [rows.noun(kind, row) for row in connection.execute(query).mappings()]

    def register(self) -> Register:
        with self._reading() as connection:
            return self.registers.read(connection, self.org)

    def organisation(self) -> Organisation:
        with self._reading() as connection:
            return organisation(connection, self.org)

    def plans(self) -> Sequence[Case]:
        return self._legible(CASES.c.ref == CASES.c.plan)

    def case(self, ref: str) -> Case:
        try:
            found = self._nouns(Case, select(CASES).where(CASES.c.org == self.org, CASES.c.ref == ref))
        except BROKEN as error:
            raise Unreadable(f"the row of {ref} in the database cannot be read") from error
        if not found:
            raise NotFound("case", ref)
        return found[0]

    def cases(self, plan: str) -> Sequence[Case]:
        return self._legible(CASES.c.plan == plan)

    def cases_by_ref(self, refs: Sequence[str]) -> Mapping[str, Case]:
        return {case.ref: case for some in slices(refs) for case in self._legible(CASES.c.ref.in_(some))}

    def _legible(self, which: Any) -> list[Case]:
        """The cases that can be read. One that cannot spoils no letter and no page that is about others as well."""
        mine = (CASES.c.org == self.org, which)
        try:
            return self._nouns(Case, select(CASES).where(*mine).order_by(CASES.c.position))
        except BROKEN:
            with self._reading() as connection:
                refs = connection.scalars(select(CASES.c.ref).where(*mine).order_by(CASES.c.position)).all()
            return [case for ref in refs if (case := self._read(ref))]

    def _read(self, ref: str) -> Case | None:
        try:
            return self.case(ref)
        except Unreadable:
            return None

    def history(self, ref: str) -> Sequence[Event]:
        mine = select(EVENTS).where(EVENTS.c.org == self.org, EVENTS.c.ref == ref)
        return self._nouns(Event, mine.order_by(EVENTS.c.seq))

    def events(self, numbered: Sequence[tuple[str, int]]) -> Sequence[Event]:
        found: list[Event] = []
        for start in range(0, len(numbered), MOST_NAMES):
            some = tuple_(EVENTS.c.ref, EVENTS.c.seq).in_(numbered[start : start + MOST_NAMES])
            found += self._nouns(Event, select(EVENTS).where(EVENTS.c.org == self.org, some))
        return found

    def events_count(self, refs: Sequence[str]) -> Mapping[str, int]:
        found: dict[str, int] = {}
        with self._reading() as connection:
            for some in slices(refs):
                mine = select(CASES.c.ref, CASES.c.last_seq).where(CASES.c.org == self.org, CASES.c.ref.in_(some))
                found |= {row.ref: row.last_seq for row in connection.execute(mine)}
        return found

    def broken_chains(self) -> Sequence[str]:
        """A sentence for every case whose history was tampered with; reads every event once, a case at a time."""
        mine = select(CASES.c.ref, CASES.c.last_digest).where(CASES.c.org == self.org)
        query = select(EVENTS).where(EVENTS.c.org == self.org).order_by(EVENTS.c.ref, EVENTS.c.seq)
        with self._reading() as connection:
            ends = {row.ref: row.last_digest for row in connection.execute(mine)}
            streamed = connection.execution_options(yield_per=1000).execute(query).mappings()
            histories = groupby((rows.noun(Event, row) for row in streamed), key=attrgetter("ref"))
            found = [chain.broken(ref, history, ends.pop(ref)) for ref, history in histories]
        found += [chain.broken(ref, (), end) for ref, end in ends.items()]
        return [sentence for sentence in found if sentence]

    def deadlines(self, refs: Sequence[str]) -> Mapping[str, Sequence[DeadlineVersion]]:
        with self._reading() as connection:
            return grouped(connection, self.org, DeadlineVersion, DEADLINES, refs, DEADLINES.c.version)

    def occurrences(self, refs: Sequence[str]) -> Mapping[str, Sequence[Occurrence]]:
        with self._reading() as connection:
            return occurrences(connection, self.org, refs)

    def holds(self, refs: Sequence[str]) -> Mapping[str, Sequence[Hold]]:
        with self._reading() as connection:
            return holds(connection, self.org, refs)

    def notices(self, ref: str) -> Sequence[Notice]:
        mine = select(NOTICES).where(NOTICES.c.org == self.org, NOTICES.c.ref == ref)
        return self._nouns(Notice, mine.order_by(NOTICES.c.decided_at, NOTICES.c.key))

    def notices_in(self, letter_ids: Sequence[str]) -> Mapping[str, Sequence[Notice]]:
        found: dict[str, list[Notice]] = defaultdict(list)
        for some in slices(letter_ids):
            mine = select(NOTICES).where(NOTICES.c.org == self.org, NOTICES.c.parcel.in_(some))
            with self._reading() as connection:
                order = (NOTICES.c.decided_at, NOTICES.c.key)
                for row in connection.execute(mine.order_by(*order)).mappings():
                    found[row["parcel"]].append(rows.noun(Notice, row))
        return dict(found)

    def waiting_notices(self, refs: Sequence[str]) -> Mapping[str, Sequence[Notice]]:
        found: dict[str, list[Notice]] = defaultdict(list)
        for some in slices(refs):
            mine = select(NOTICES).where(NOTICES.c.org == self.org, NOTICES.c.ref.in_(some), *UNPACKED)
            for notice in self._nouns(Notice, mine.order_by(NOTICES.c.decided_at, NOTICES.c.key)):
                found[notice.ref].append(notice)
        return found

    def evaluation(self, plan: str) -> tuple[Evaluation, Sequence[Recommendation]] | None:
        key = self.case(plan).evaluation
        with self._reading() as connection:
            return evaluation(connection, self.org, key)

    def letters(
        self, *, ref: str = "", limit: int = 200, before: str = "", plans: frozenset[str] | None = None
    ) -> Sequence[Letter]:
        query = select(*LETTER_COLUMNS).where(LETTERS.c.org == self.org, *_only_about(plans))
        if ref:
            about = select(NOTICES.c.parcel).where(NOTICES.c.org == self.org, NOTICES.c.ref == ref)
            query = query.where(LETTERS.c.id.in_(about))
        if before:
            at = select(LETTERS.c.packed_at).where(LETTERS.c.org == self.org, LETTERS.c.id == before).scalar_subquery()
            query = query.where(tuple_(LETTERS.c.packed_at, LETTERS.c.id) < tuple_(at, before))
        query = query.order_by(LETTERS.c.packed_at.desc(), LETTERS.c.id.desc()).limit(limit)
        with self._reading() as connection:
            return [letter(row) for row in connection.execute(query).mappings()]

    def letter(self, letter_id: str) -> Letter:
        query = select(LETTERS).where(LETTERS.c.org == self.org, LETTERS.c.id == letter_id)
        with self._reading() as connection:
            found = connection.execute(query).mappings().first()
        if found is None:
            raise NotFound("letter", letter_id)
        return letter(found, raw=found["raw"])

    def letters_count(self, plans: frozenset[str] | None = None) -> int:
        mine = select(func.count()).select_from(LETTERS).where(LETTERS.c.org == self.org, *_only_about(plans))
        return int(self._number(mine) or 0)

    def next_wake(self) -> date | None:
        found: date | None = self._number(
            select(func.min(CASES.c.wake_on)).where(CASES.c.org == self.org, CASES.c.wake_on.is_not(None))
        )
        return found

    def due_count(self, today: date, *, limit: int) -> int:
        """How many open cases have an alarm that has come; counted no further than the limit."""
        due = select(CASES.c.ref).where(CASES.c.org == self.org, CASES.c.wake_on <= today).limit(limit)
        return int(self._number(select(func.count()).select_from(due.subquery())) or 0)

    def next_ripe(self) -> datetime | None:
        found: datetime | None = self._number(
            select(func.min(NOTICES.c.ripe_at)).where(NOTICES.c.org == self.org, *UNPACKED)
        )
        return found

    def _number(self, query: Any) -> Any:
        with self._reading() as connection:
            return connection.scalar(query)


def letter(row: Mapping[Any, Any], *, raw: bytes | None = None) -> Letter:
    return Letter(**{name: row[name] for name in rows.names(Letter) if name != "raw"}, raw=raw)


def _only_about(plans: frozenset[str] | None) -> tuple[Any, ...]:
    """A letter that also speaks of another plan, or of the service itself, is not for everybody who may see these."""
    if plans is None:
        return ()
    told = NOTICES.outerjoin(CASES, and_(CASES.c.org == NOTICES.c.org, CASES.c.ref == NOTICES.c.ref))
    inside = select(NOTICES.c.key).select_from(told)
    inside = inside.where(NOTICES.c.org == LETTERS.c.org, NOTICES.c.parcel == LETTERS.c.id)
    theirs = CASES.c.plan.in_(sorted(plans))
    return inside.where(theirs).exists(), ~inside.where(or_(CASES.c.plan.is_(None), ~theirs)).exists()
