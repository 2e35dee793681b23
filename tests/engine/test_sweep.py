"""A sweep with trouble in it: what cannot be read, decided or written is stepped over and told; all else goes on."""

import logging
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import text

from engine.act import comment, move_deadline
from engine.calendar import Calendar
from engine.case import Errand, Occurrence
from engine.escalation import Record, due
from engine.people import Register, Responsibility
from engine.sweep import sweep
from engine.workflow import Workflows
from store.sql import SqlStore, Woken, open_store
from store.transaction import SqlTx
from tests.engine.cast import REGISTER, WORKFLOW, case

WORKFLOWS = Workflows.of(WORKFLOW)
NOW = datetime(2012, 5, 22, 10, 0, tzinfo=UTC)  # the day after every deadline
TODAY, TOMORROW = date(2012, 5, 22), date(2012, 5, 23)
REFS = [f"IOM-2011-{number}" for number in range(1, 6)]
BAD, GOOD = REFS[2], [*REFS[:2], *REFS[3:]]
STEPS = len(due(WORKFLOW, case(), Record(), Calendar("NO"), TODAY))


class Watched(SqlStore):
    """The real store, which counts how often everybody is looked up, and in which somebody may be faster once."""

    looked_up = 0
    meanwhile: Callable[[], object] | None = None

    def register(self) -> Register:
        self.looked_up += 1
        return super().register()

    def awake(self, today: date, *, limit: int) -> Sequence[Woken | str]:
        batch = super().awake(today, limit=limit)
        happens, self.meanwhile = self.meanwhile, None
        if happens:
            happens()
        return batch


class Choking(Watched):
    """Cannot write what was decided about one case."""

    @contextmanager
    def begin(self) -> Iterator[SqlTx]:
        with self._writing() as connection:
            yield ChokingTx(connection, self.org, self.statements)


class ChokingTx(SqlTx):
    def decide(self, occurrences: Sequence[Occurrence]) -> int:
        decided = super().decide(occurrences)
        if any(it.ref == BAD for it in occurrences):
            raise OSError("the disk is full")
        return decided


@pytest.fixture
def store(database: str) -> Iterator[Watched]:
    """The plan, and five actions of it that are a day late."""
    opened = open_store(database, organisation=REGISTER.organisation)
    with opened.begin() as tx:
        tx.enrol(REGISTER)
        tx.add(case(ref="IOM-2011", number="", state="closed"))
        for days, ref in enumerate(REFS):
            tx.add(case(ref=ref, number=ref[-1], parent="IOM-2011", wake_on=TODAY - timedelta(days=days)))
    yield Watched(opened.engine, opened.org)
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


TROUBLES = [
    (unreadable, "operator", "its row in the database cannot be read"),
    (without_workflow, "unit:GIL", "workflow 'action/99' is not loaded; loaded are action/1"),
    (in_no_known_state, "unit:GIL", "workflow action/1 has no state 'nowhere'"),
    (unwritable, "operator", "the disk is full"),
]
Trouble = Callable[[SqlStore], SqlStore]


def decided(store: SqlStore) -> dict[str, int]:
    return {ref: len(it) for ref, it in store.occurrences(REFS).items() if it}


def complaints(store: SqlStore, ref: str) -> list[tuple[str, str]]:
    return [(it.to, it.reason) for it in store.notices(ref) if it.letter == "unreadable"]


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


@pytest.mark.parametrize("limit", [1, 500])
def test_a_case_that_changes_while_it_is_looked_at_is_looked_at_again_as_it_is_now(store: Watched, limit: int) -> None:
    faster = REFS[-1]  # the oldest alarm: in the first batch, whatever its size
    store.meanwhile = lambda: said(store, faster)
    swept = sweep(store, store, WORKFLOWS, now=NOW, limit=limit)
    assert (swept.passed, swept.woken) == ([], len(REFS))
    assert Counter(it.rule for it in store.occurrences([faster])[faster])["quiet"] == 0  # a sign of life, today
    assert {ref: number for ref, number in decided(store).items() if ref != faster} == dict.fromkeys(REFS[:-1], STEPS)


def test_a_case_that_changes_while_it_is_handed_over_changes_hands_once(store: Watched) -> None:
    moved = replace(REGISTER, responsibilities=(Responsibility(subject="IOM", unit="DHAKA", valid_from=TODAY),))
    with store.begin() as tx:
        tx.enrol(moved)
        tx.save(tx.case(BAD).evolve(subject="IOM", wake_on=TODAY - timedelta(days=9)), seen=1)
    errand = Errand(ref=BAD, move="deadline", by="unit:GIL", due=date(2012, 5, 29), text="Avtalt på nytt")
    store.meanwhile = lambda: move_deadline(store, WORKFLOWS, errand, now=NOW)
    assert sweep(store, store, WORKFLOWS, now=NOW).passed == []
    assert [it.move for it in store.history(BAD)] == ["deadline", "hand over"]
    assert (store.case(BAD).owner, store.case(BAD).due) == ("DHAKA", date(2012, 5, 29))
    assert decided(store)[BAD] > 0


def test_the_oldest_alarm_is_heard_first(store: Watched) -> None:
    heard: list[str] = []
    for _ in REFS:
        (woken,) = [it for it in store.awake(TODAY, limit=1) if not isinstance(it, str)]
        heard.append(woken.case.ref)
        store.sleep(woken.case.ref, TOMORROW)
    assert heard == REFS[::-1]


def test_with_nothing_due_nobody_is_looked_up(store: Watched) -> None:
    sweep(store, store, WORKFLOWS, now=NOW)
    store.looked_up = 0
    again = sweep(store, store, WORKFLOWS, now=NOW)
    assert (again.woken, again.decided, again.queued, store.looked_up) == (0, 0, 0, 0)


def test_a_sweep_of_many_batches_looks_everybody_up_once(store: Watched) -> None:
    sweep(store, store, WORKFLOWS, now=NOW, limit=1)
    assert store.looked_up == 1


def test_the_next_alarm_is_never_today(store: Watched) -> None:
    sweep(store, store, WORKFLOWS, now=NOW)
    assert all((store.case(ref).wake_on or TODAY) > TODAY for ref in REFS)
