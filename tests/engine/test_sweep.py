"""A sweep with trouble in it: what cannot be read, decided or written is stepped over and told; all else goes on."""

import logging
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from threading import Barrier, Thread

import pytest
from sqlalchemy import text

from engine.act import comment
from engine.calendar import Calendar
from engine.case import Case, Errand, Occurrence
from engine.escalation import Record, due
from engine.people import Register, Responsibility
from engine.sweep import Swept, sweep
from engine.workflow import Workflows
from store.sql import SqlStore, open_store
from store.transaction import SqlTx, Woken
from tests.engine.cast import REGISTER, WORKFLOW, case
from tests.postgres_server import PostgresServer

WORKFLOWS = Workflows.of(WORKFLOW)
NOW = datetime(2012, 5, 22, 10, 0, tzinfo=UTC)  # the day after every deadline
TODAY, TOMORROW = date(2012, 5, 22), date(2012, 5, 23)
REFS = [f"IOM-2011-{number}" for number in range(1, 6)]
BAD, GOOD = REFS[2], [*REFS[:2], *REFS[3:]]
STEPS = len(due(WORKFLOW, case(), Record(), Calendar("NO"), TODAY))


class Watched(SqlStore):
    """The real store, which counts how often everybody is looked up; once, something happens when cases are claimed."""

    looked_up = 0
    meanwhile: Callable[[], object] | None = None

    def register(self) -> Register:
        self.looked_up += 1
        return super().register()

    def claimed(self) -> None:
        happens, self.meanwhile = self.meanwhile, None
        if happens:
            happens()

    @contextmanager
    def begin(self) -> Iterator[SqlTx]:
        with self._writing() as connection:
            tx = WatchedTx(connection, self.org, self.statements, self.registers)
            tx.store = self
            yield tx


class WatchedTx(SqlTx):
    store: Watched

    def claim(self, today: date, *, limit: int) -> Sequence[Woken | str]:
        batch = super().claim(today, limit=limit)
        self.store.claimed()
        return batch


class Choking(SqlStore):
    """Cannot write what was decided about one case, nor save it."""

    @contextmanager
    def begin(self) -> Iterator[SqlTx]:
        with self._writing() as connection:
            yield ChokingTx(connection, self.org, self.statements, self.registers)


class ChokingTx(SqlTx):
    def decide(self, occurrences: Sequence[Occurrence]) -> int:
        decided = super().decide(occurrences)
        if any(it.ref == BAD for it in occurrences):
            raise OSError("the disk is full")
        return decided

    def save(self, case: Case, *, seen: int) -> Case:
        saved = super().save(case, seen=seen)
        if case.ref == BAD:
            raise OSError("the disk is full")
        return saved


def furnished(url: str) -> Watched:
    """The plan, and five actions of it that are late: the last of them the longest."""
    opened = open_store(url, organisation=REGISTER.organisation)
    with opened.begin() as tx:
        tx.enrol(REGISTER)
        tx.add(case(ref="IOM-2011", number="", state="closed"))
        for days, ref in enumerate(REFS):
            tx.add(case(ref=ref, number=ref[-1], parent="IOM-2011", wake_on=TODAY - timedelta(days=days)))
    return Watched(opened.engine, opened.org)


@pytest.fixture
def store(database: str) -> Iterator[Watched]:
    opened = furnished(database)
    yield opened
    opened.close()


@pytest.fixture
def shared(postgres: PostgresServer) -> Iterator[Watched]:
    """On PostgreSQL, where several may write at the same time."""
    opened = furnished(postgres.fresh())
    yield opened
    opened.close()


def run(store: SqlStore, sql: str, **facts: str) -> None:
    with store.engine.begin() as connection:
        connection.execute(text(sql), facts)


def unreadable(store: SqlStore) -> SqlStore:
    run(store, "UPDATE cases SET tags = '{broken' WHERE ref = :ref", ref=BAD)
    return store


def without_workflow(store: SqlStore) -> SqlStore:
    run(store, "UPDATE cases SET workflow = 'action/99' WHERE ref = :ref", ref=BAD)
    return store


def in_no_known_state(store: SqlStore) -> SqlStore:
    run(store, "UPDATE cases SET state = 'nowhere' WHERE ref = :ref", ref=BAD)
    return store


def unwritable(store: SqlStore) -> SqlStore:
    return Choking(store.engine, store.org)


def unable_to_change_hands(store: SqlStore) -> SqlStore:
    with store.begin() as tx:
        tx.enrol(replace(REGISTER, responsibilities=(Responsibility(subject="IOM", unit="DHAKA", valid_from=TODAY),)))
        tx.save(tx.case(BAD).evolve(subject="IOM"), seen=1)
    return Choking(store.engine, store.org)


TROUBLES = [
    (unreadable, "operator", "its row in the database cannot be read"),
    (without_workflow, "unit:GIL", "workflow 'action/99' is not loaded; loaded are action/1"),
    (in_no_known_state, "unit:GIL", "workflow action/1 has no state 'nowhere'"),
    (unwritable, "unit:GIL", "the disk is full"),
    (unable_to_change_hands, "unit:GIL", "the disk is full"),
]
Trouble = Callable[[SqlStore], SqlStore]


def decided(store: SqlStore) -> dict[str, int]:
    return {ref: len(it) for ref, it in store.occurrences(REFS).items() if it}


def complaints(store: SqlStore, ref: str) -> list[tuple[str, str]]:
    return [(it.to, it.reason) for it in store.notices(ref) if it.letter == "unreadable"]


def test_what_one_round_did_and_what_another_did_are_counted_together() -> None:
    both = Swept(woken=1, decided=2, queued=3, passed=["A"])
    both.add(Swept(woken=10, decided=20, queued=30, passed=["B"]))
    assert both == Swept(woken=11, decided=22, queued=33, passed=["A", "B"])


@pytest.mark.parametrize("limit", [1, 2, 500])
@pytest.mark.parametrize(("trouble", "told", "reason"), TROUBLES, ids=[it[0].__name__ for it in TROUBLES])
def test_one_bad_case_is_stepped_over_and_told_and_all_others_are_dealt_with(
    store: Watched, trouble: Trouble, told: str, reason: str, limit: int, caplog: pytest.LogCaptureFixture
) -> None:
    troubled = trouble(store)
    with caplog.at_level(logging.ERROR):
        swept = sweep(troubled, troubled, WORKFLOWS, now=NOW, limit=limit)
    assert (swept.passed, swept.woken, swept.decided) == ([BAD], len(GOOD), STEPS * len(GOOD))
    assert decided(store) == dict.fromkeys(GOOD, STEPS)
    assert complaints(store, BAD) == [(told, reason)]
    assert [it.getMessage() for it in caplog.records] == [f"stepped over {BAD}"]


@pytest.mark.parametrize(("trouble", "told", "reason"), TROUBLES, ids=[it[0].__name__ for it in TROUBLES])
def test_a_bad_case_sleeps_a_day_and_is_tried_and_told_again(
    store: Watched, trouble: Trouble, told: str, reason: str
) -> None:
    troubled = trouble(store)
    sweep(troubled, troubled, WORKFLOWS, now=NOW)
    assert sweep(troubled, troubled, WORKFLOWS, now=NOW + timedelta(hours=5)).passed == []
    assert complaints(store, BAD) == [(told, reason)]
    assert sweep(troubled, troubled, WORKFLOWS, now=NOW + timedelta(days=1)).passed == [BAD]
    assert complaints(store, BAD) == [(told, reason)] * 2


def test_a_case_that_is_whole_again_loses_nothing(store: Watched) -> None:
    unreadable(store)
    sweep(store, store, WORKFLOWS, now=NOW)
    run(store, "UPDATE cases SET tags = '[]' WHERE ref = :ref", ref=BAD)
    assert sweep(store, store, WORKFLOWS, now=NOW + timedelta(days=1)).passed == []
    assert decided(store) == dict.fromkeys(REFS, STEPS)


def said(store: SqlStore, ref: str) -> None:
    comment(store, WORKFLOWS, Errand(ref=ref, move="comment", by="unit:HUM", text="Vi er i gang"), now=NOW)


def test_somebody_who_writes_to_a_case_while_it_is_swept_waits_and_then_finds_it_swept(store: Watched) -> None:
    somebody = Thread(target=said, args=(store, BAD))
    store.meanwhile = somebody.start
    swept = sweep(store, store, WORKFLOWS, now=NOW)
    somebody.join(30)
    assert (swept.passed, swept.woken, decided(store)) == ([], len(REFS), dict.fromkeys(REFS, STEPS))
    assert [it.move for it in store.history(BAD)] == ["comment"]
    assert (store.case(BAD).wake_on or TODAY) > TODAY


def test_a_case_that_changes_hands_is_judged_in_the_same_sweep_under_its_new_owner(store: Watched) -> None:
    with store.begin() as tx:
        tx.enrol(replace(REGISTER, responsibilities=(Responsibility(subject="IOM", unit="DHAKA", valid_from=TODAY),)))
        tx.save(tx.case(BAD).evolve(subject="IOM", responsible="officer"), seen=1)
    assert sweep(store, store, WORKFLOWS, now=NOW).passed == []
    (event,) = store.history(BAD)
    assert (event.move, event.by, event.through) == ("hand over", "rule:responsibility", "rule")
    assert event.facts == {
        "from": "HUM", "to": "DHAKA", "coordinator from": "GIL", "coordinator to": "GIL",
        "responsible was": "officer", "responsible": "",
    }  # fmt: skip
    after = store.case(BAD)
    assert (after.owner, after.coordinator, after.responsible, after.activity_on) == ("DHAKA", "GIL", "", TODAY)
    assert decided(store)[BAD] > 0
    assert store.register().units["DHAKA"].mailbox


def test_the_oldest_alarm_is_heard_first(store: Watched) -> None:
    heard: list[str] = []
    for _ in REFS:
        with store.begin() as tx:
            (woken,) = [it for it in tx.claim(TODAY, limit=1) if not isinstance(it, str)]
            heard.append(woken.case.ref)
            tx.wake({woken.case.ref: TOMORROW})
    assert heard == REFS[::-1]


@pytest.mark.postgres
def test_a_node_passes_over_what_another_one_holds_and_takes_the_rest(shared: Watched) -> None:
    other = SqlStore(shared.engine, shared.org)
    theirs: list[Swept] = []
    shared.meanwhile = lambda: theirs.append(sweep(other, other, WORKFLOWS, now=NOW))
    mine = sweep(shared, shared, WORKFLOWS, now=NOW, limit=2)
    assert [(it.woken, it.left) for it in (mine, *theirs)] == [(2, False), (3, True)]
    assert mine.decided + theirs[0].decided == STEPS * len(REFS)
    assert decided(shared) == dict.fromkeys(REFS, STEPS)


@pytest.mark.postgres
def test_a_case_that_somebody_is_just_writing_to_waits_for_the_next_sweep_and_holds_up_nobody(shared: Watched) -> None:
    with shared.begin() as tx:
        tx.case(BAD)
        swept = sweep(shared, shared, WORKFLOWS, now=NOW)
    assert (swept.woken, swept.passed, swept.left) == (len(GOOD), [], True)
    again = sweep(shared, shared, WORKFLOWS, now=NOW)
    assert (again.woken, again.left, decided(shared)) == (1, False, dict.fromkeys(REFS, STEPS))


@pytest.mark.parametrize("limit", [1, 2])
def test_nodes_that_sweep_at_the_same_time_decide_everything_once(store: Watched, database: str, limit: int) -> None:
    together, swept = Barrier(4), list[Swept]()

    def node() -> None:
        mine = open_store(database, organisation=REGISTER.organisation)
        together.wait(30)
        swept.append(sweep(mine, mine, WORKFLOWS, now=NOW, limit=limit))
        mine.close()

    nodes = [Thread(target=node) for _ in range(4)]
    for each in nodes:
        each.start()
    for each in nodes:
        each.join(60)
    assert sum(it.woken for it in swept) == len(REFS)
    assert sum(it.decided for it in swept) == STEPS * len(REFS)
    assert decided(store) == dict.fromkeys(REFS, STEPS)
    assert not all(it.left for it in swept)


def test_with_nothing_due_nobody_is_looked_up(store: Watched) -> None:
    sweep(store, store, WORKFLOWS, now=NOW)
    store.looked_up = 0
    again = sweep(store, store, WORKFLOWS, now=NOW)
    assert (again.woken, again.decided, again.queued, store.looked_up) == (0, 0, 0, 0)


def test_a_sweep_of_many_batches_looks_everybody_up_once(store: Watched) -> None:
    sweep(store, store, WORKFLOWS, now=NOW, limit=1)
    assert store.looked_up == 3  # once for the inspection of the day, and once for the digests without news


def test_the_next_alarm_is_never_today(store: Watched) -> None:
    sweep(store, store, WORKFLOWS, now=NOW)
    assert all((store.case(ref).wake_on or TODAY) > TODAY for ref in REFS)
