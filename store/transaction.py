"""One write transaction: everything in it is committed together, or nothing is."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import Connection, func, select

from engine.alarm import disturbed
from engine.case import Case, Dated, DeadlineVersion, Evaluation, Event, Hold, Occurrence, Recommendation, Ruling
from engine.errors import NotFound, OtherRules, Stale, Unreadable
from engine.notice import Notice
from engine.people import Register
from engine.report_day import REPORT
from engine.rulebook import Activation, Rulebook
from store import hot, reading, rows
from store.chain import chained
from store.inbox import InboxTx
from store.links import LinksTx
from store.registers import RegisterKept
from store.rhythms import RhythmsTx
from store.rulebooks import others_hold, recount_reports, wake_disturbed, wake_versions
from store.statements import ACTIVATIONS, CASES, DEADLINES, Statements
from store.watching import WatchingTx


@dataclass(frozen=True, slots=True)
class Woken:
    """One due case with what was decided about it."""

    case: Case
    decided: Sequence[Ruling]
    holds: Sequence[Hold]


class SqlTx(WatchingTx, InboxTx, LinksTx, RhythmsTx):
    def __init__(
        self,
        connection: Connection,
        org: str,
        statements: Statements,
        registers: RegisterKept,
        rulebook: Rulebook | None = None,
    ) -> None:
        self._connection, self._org, self._sql, self._registers = connection, org, statements, registers
        self._rulebook, self._adds = rulebook, False

    def register(self) -> Register:
        return self._registers.read(self._connection, self._org, keep=False)

    def enrol(self, register: Register) -> None:
        self._rouse(register)
        upsert = self._sql.upsert
        self._run(upsert["organisations"], rows.organisation_values(register.organisation))
        for place, unit in enumerate(register.units.values()):
            self._run(upsert["units"], rows.unit_values(unit, org=self._org, position=place))
        for place, person in enumerate(register.persons.values()):
            self._run(upsert["persons"], rows.values(person, org=self._org, position=place))
        self._replace("responsibilities", register.responsibilities)
        self._replace("absences", register.absences)
        self._run(self._sql.enrolled, {"org": self._org})

    def _rouse(self, register: Register) -> None:
        """Wake the cases whose alarm would be set otherwise by this register."""
        try:
            before = self.register()
        except NotFound:
            return
        if changed := disturbed(before, register):
            wake_disturbed(self._connection, self._org, changed)

    def _abide(self, *, lock: bool = False) -> None:
        """Asked when the row of a case is locked: then whoever takes up other rules wakes it after this transaction."""
        if others_hold(self._connection, self._org, self._rulebook, lock=lock):
            raise OtherRules

    def _replace(self, table: str, those: Sequence[Any]) -> None:
        """What has no key of its own is written anew, in order."""
        self._run(self._sql.forget[table], {"the_org": self._org})
        for place, it in enumerate(those):
            self._run(self._sql.insert[table], rows.values(it, org=self._org, position=place))

    def case(self, ref: str) -> Case:
        try:
            found = list(rows.nouns(Case, self._run(hot.CASE, hot.of(self._org, ref)).all()))
        except reading.BROKEN as error:
            raise Unreadable(f"the row of {ref} in the database cannot be read") from error
        if not found:
            raise NotFound("case", ref)
        self._abide()
        return found[0]

    def cases(self, plan: str) -> Sequence[Case]:
        return reading.cases_of_plan(self._connection, self._org, plan)

    def reports(self, plan: str) -> Sequence[Dated]:
        mine = (CASES.c.org == self._org, CASES.c.plan == plan)
        dated = select(CASES.c.ref, CASES.c.plan, CASES.c.kind, CASES.c.due)
        those = dated.where(*mine, (CASES.c.ref == plan) | (CASES.c.kind == REPORT)).order_by(CASES.c.position)
        return list(self._run(those))

    def report_on(self, plan: str, day: date | None) -> None:
        recount_reports(self._connection, self._org, plan, day)

    def add(self, case: Case) -> None:
        if not self._adds:  # nobody else sees the new row yet, so others have to wait
            self._abide(lock=True)
            self._adds = True
        place = select(func.coalesce(func.max(CASES.c.position) + 1, 0))
        place = place.where(CASES.c.org == self._org, CASES.c.plan == case.plan)
        position = self._connection.scalar(place)
        self._run(self._sql.insert["cases"], rows.case_values(case, org=self._org, position=position))

    def save(self, case: Case, *, seen: int) -> Case:
        saved = case.evolve(version=seen + 1)
        facts = {f"new_{name}": value for name, value in rows.values(saved).items()}
        if self._run(hot.SAVE, hot.of(self._org, case.ref, seen=seen) | facts).rowcount != 1:
            raise Stale(case.ref, seen)
        return saved

    def claim(self, today: date, *, limit: int) -> Sequence[Woken | str]:
        due = select(*rows.columns(Case, CASES)).where(CASES.c.org == self._org, CASES.c.wake_on <= today)
        due = due.order_by(CASES.c.wake_on, CASES.c.ref).limit(limit).with_for_update(skip_locked=True)
        try:
            found = self._run(due).all()
            self._abide()
            return self._woken(list(rows.nouns(Case, found)))
        except reading.BROKEN:
            refs = self._run(due.with_only_columns(CASES.c.ref)).scalars().all()
            return [self._one(ref) for ref in refs]

    def _woken(self, cases: Sequence[Case]) -> list[Woken | str]:
        refs = [case.ref for case in cases]
        decided = reading.rulings(self._connection, self._org, refs)
        holds = reading.holds(self._connection, self._org, refs)
        return [Woken(case, decided.get(case.ref, ()), holds.get(case.ref, ())) for case in cases]

    def _one(self, ref: str) -> Woken | str:
        """A batch holds a row that cannot be read: each is read by itself, and that one is named."""
        try:
            found = self._run(select(CASES).where(*self._of(CASES, ref))).mappings().one()
            return self._woken([rows.noun(Case, found)])[0]
        except reading.BROKEN:
            return ref

    def wake(self, alarms: Mapping[str, date | None]) -> None:
        the_org = {"the_org": self._org}
        self._count(self._sql.wake, [{"the_ref": ref, "day": day, **the_org} for ref, day in alarms.items()])

    def add_deadline(self, deadline: DeadlineVersion) -> None:
        self._run(self._sql.insert["deadlines"], rows.values(deadline, org=self._org))

    def deadlines(self, ref: str) -> Sequence[DeadlineVersion]:
        found = self._run(select(DEADLINES).where(*self._of(DEADLINES, ref)).order_by(DEADLINES.c.version))
        return [rows.noun(DeadlineVersion, row) for row in found.mappings()]

    def log(self, event: Event) -> Event:
        seq, previous = self._run(hot.LAST, hot.of(self._org, event.ref)).one()
        logged = chained(event, seq=seq + 1, previous=previous)
        self._run(self._sql.insert["events"], rows.values(logged, org=self._org))
        self._run(hot.END, hot.of(self._org, event.ref, seq=logged.seq, digest=logged.digest))
        return logged

    def since(self, ref: str, seq: int) -> Sequence[Event]:
        return list(rows.nouns(Event, self._run(hot.SINCE, hot.of(self._org, ref, seq=seq)).all()))

    def decided(self, ref: str) -> Sequence[Ruling]:
        return [Ruling._make(row) for row in self._run(hot.RULED, hot.of(self._org, ref)).all()]

    def occurrences(self, ref: str) -> Sequence[Occurrence]:
        return reading.occurrences(self._connection, self._org, [ref]).get(ref, [])

    def decide(self, occurrences: Sequence[Occurrence]) -> int:
        return self._count(self._sql.decide, [rows.values(it, org=self._org) for it in occurrences])

    def queue(self, notices: Sequence[Notice]) -> int:
        return self._count(self._sql.queue, [rows.notice_values(it, org=self._org) for it in notices])

    def tell(self, notices: Sequence[Notice]) -> None:
        self.queue(notices)

    def activate(self, activation: Activation, older: Sequence[str]) -> None:
        self._abide(lock=True)
        self._run(self._sql.upsert["activations"], rows.values(activation, org=self._org))
        wake_versions(self._connection, self._org, older)

    def activation(self, workflow: str) -> Activation | None:
        mine = select(ACTIVATIONS).where(ACTIVATIONS.c.org == self._org, ACTIVATIONS.c.workflow == workflow)
        found = self._run(mine).mappings().first()
        return rows.noun(Activation, found) if found else None

    def holds(self, ref: str) -> Sequence[Hold]:
        return list(rows.nouns(Hold, self._run(hot.HOLDING, hot.of(self._org, ref)).all()))

    def add_hold(self, hold: Hold) -> None:
        self._run(self._sql.insert["holds"], rows.values(hold, org=self._org))

    def evaluation(self, key: str) -> tuple[Evaluation, Sequence[Recommendation]] | None:
        return reading.evaluation(self._connection, self._org, key)

    def add_evaluation(self, evaluation: Evaluation, recommendations: Sequence[Recommendation]) -> None:
        self._run(self._sql.insert["evaluations"], rows.values(evaluation, org=self._org))
        for place, it in enumerate(recommendations):
            of_this = replace(it, evaluation=evaluation.key)
            self._run(self._sql.insert["recommendations"], rows.values(of_this, org=self._org, position=place))

    def _of(self, table: Any, ref: str) -> tuple[Any, Any]:
        return table.c.org == self._org, table.c.ref == ref

    def _count(self, statement: Any, facts: Sequence[rows.Values]) -> int:
        """How many rows it touched; an empty list is no statement."""
        return int(self._connection.execute(statement, facts).rowcount) if facts else 0

    def _run(self, statement: Any, facts: dict[str, Any] | None = None) -> Any:
        return self._connection.execute(statement, facts)
