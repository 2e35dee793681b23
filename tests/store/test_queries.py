"""What reading costs: a number of SELECTs that does not grow, and an index for what the ticker asks."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event

from engine.daily import queue_daily
from engine.workflow import Workflows
from store.migrate import migrate
from store.sql import SqlStore
from tests.store.cast import (
    DAY,
    NOON,
    REGISTER,
    UD,
    a_case,
    a_hold,
    a_notice,
    a_parcel,
    a_store,
    an_event,
    an_occurrence,
    claimed,
    packed,
)

READING: dict[str, tuple[int, Callable[[SqlStore, list[str]], object]]] = {
    "register": (9, lambda store, _: store.register()),
    "organisation": (1, lambda store, _: store.organisation()),
    "plans": (1, lambda store, _: store.plans()),
    "case": (1, lambda store, refs: store.case(refs[0])),
    "cases": (1, lambda store, _: store.cases("P")),
    "cases_by_ref": (1, lambda store, refs: store.cases_by_ref(refs)),
    "history": (1, lambda store, refs: store.history(refs[0])),
    "events": (1, lambda store, refs: store.events([(ref, 1) for ref in refs])),
    "deadlines": (1, lambda store, refs: store.deadlines(refs)),
    "occurrences": (1, lambda store, refs: store.occurrences(refs)),
    "holds": (1, lambda store, refs: store.holds(refs)),
    "notices": (1, lambda store, refs: store.notices(refs[0])),
    "waiting_notices": (1, lambda store, refs: store.waiting_notices(refs)),
    "notices_in": (1, lambda store, refs: store.notices_in([f"l-{ref}" for ref in refs])),
    "evaluation": (2, lambda store, _: store.evaluation("P")),
    "letters": (1, lambda store, _: store.letters()),
    "letters about": (1, lambda store, refs: store.letters(ref=refs[0])),
    "next_wake": (1, lambda store, _: store.next_wake()),
    "claim cases": (3, lambda store, _: claimed(store)),
    "claim no case": (1, lambda store, _: claimed(store, DAY - timedelta(days=9))),
    "events_count": (1, lambda store, refs: store.events_count(refs)),
    "broken_chains": (2, lambda store, _: store.broken_chains()),
    "inspection": (1, lambda store, _: store.inspection()),
    "fates": (1, lambda store, refs: store.fates(refs[0])),
    "troubles": (1, lambda store, _: store.troubles()),
    "named": (4, lambda store, _: store.named()),
    "needing": (1, lambda store, _: store.needing("person:leder", ["HUM"])),
    "tally": (6, lambda store, _: store.tally(NOON)),
    "ripe": (1, lambda store, _: store.ripe(NOON)),
    "claim letters": (3, lambda store, _: store.claim(NOON, until=NOON, limit=100)),
}


@contextmanager
def counted(store: SqlStore) -> Iterator[list[str]]:
    """Every statement that asks or changes something; BEGIN and the like are not."""
    asked: list[str] = []

    def note(_conn: object, _cursor: object, statement: str, *_: object) -> None:
        if statement.split()[0] in ("SELECT", "INSERT", "UPDATE", "DELETE"):
            asked.append(statement)

    event.listen(store.engine, "before_cursor_execute", note)
    yield asked
    event.remove(store.engine, "before_cursor_execute", note)


def _filled(store: SqlStore, count: int, first: int = 2) -> list[str]:
    refs = [f"P-{number}" for number in range(first, count + first)]
    with store.begin() as tx:
        for number, ref in enumerate(refs, first):
            tx.add(a_case(number))
            tx.log(an_event(ref))
            tx.add_hold(a_hold(ref))
            tx.decide([an_occurrence(ref)])
            tx.queue([a_notice(f"waits-{ref}", ref), a_notice(f"packed-{ref}", ref)])
    for ref in refs:
        packed(store, a_parcel(f"l-{ref}", a_notice(f"packed-{ref}", ref)), f"<{ref}@x>")
    return refs


@pytest.mark.parametrize("name", READING)
def test_reading_asks_as_many_questions_of_thirty_cases_as_of_three(store: SqlStore, name: str) -> None:
    most, read = READING[name]
    refs = _filled(store, 3)
    with counted(store) as few:
        read(store, refs)
    refs += _filled(store, 30, first=10)
    with counted(store) as many:
        read(store, refs)
    assert len(few) <= most, few
    assert len(many) <= len(few), many


def test_a_register_that_has_not_changed_is_not_read_twice(store: SqlStore) -> None:
    store.register()
    with counted(store) as again:
        known = store.register()
    assert len(again) == 1
    with store.begin() as tx:
        tx.enrol(replace(known, organisation=replace(known.organisation, send_empty_digest=True)))
    assert store.register().organisation.send_empty_digest


def test_what_was_enrolled_and_taken_back_is_not_remembered(store: SqlStore) -> None:
    known = store.register()
    with suppress(KeyError), store.begin() as tx:
        tx.enrol(replace(known, organisation=replace(known.organisation, send_empty_digest=True)))
        assert tx.register().organisation.send_empty_digest
        raise KeyError
    with store.begin() as tx:
        tx.enrol(known)
    assert store.register() == known


def test_the_length_of_a_history_is_known_without_reading_it(store: SqlStore) -> None:
    first, second, third = _filled(store, 3)
    with store.begin() as tx:
        tx.log(an_event(second))
    assert store.events_count([first, second]) == {first: 1, second: 2}
    assert third not in store.events_count([first, second])


def test_a_batch_is_written_in_a_bounded_number_of_statements(store: SqlStore) -> None:
    with counted(store) as asked, store.begin() as tx:
        tx.queue([a_notice(f"k{number}") for number in range(50)])
        tx.decide([an_occurrence(step=str(number)) for number in range(50)])
    assert len(asked) == 2


def test_a_digest_for_every_day_asks_for_the_plans_once_a_digest_and_not_at_every_sweep(store: SqlStore) -> None:
    with store.begin() as tx:
        tx.enrol(replace(REGISTER, organisation=replace(UD, send_empty_digest=True)))
    with counted(store) as first:
        queue_daily(store, store, Workflows.of(), now=NOON)
    with counted(store) as later:
        queue_daily(store, store, Workflows.of(), now=NOON + timedelta(minutes=1))
    assert any("FROM cases" in it for it in first)
    assert len(later) == 2
    assert not any("FROM cases" in it or "FROM notices" in it for it in later)


ASKED: dict[str, tuple[Callable[[SqlStore], object], str]] = {
    "due cases": (lambda store: claimed(store), "ix_cases_wake_on"),
    "plans": (lambda store: store.plans(), "ix_cases_plans"),
    "ripe notices": (lambda store: store.ripe(NOON), "ix_notices_ripe_at"),
    "unsent letters": (lambda store: store.claim(NOON, until=NOON, limit=9), "ix_letters_not_before"),
    "unsent receipts": (lambda store: store.claim(NOON, until=NOON, limit=9, kind="receipt"), "ix_letters_not_before"),
    "oldest unsent letter": (lambda store: store.oldest_waiting(), "ix_letters_not_before"),
    "unread mail": (lambda store: store.claim_inbound(NOON, until=NOON, limit=9), "ix_inbound_unread"),
    "mail in the tray": (lambda store: store.tray(), "ix_inbound_tray"),
    "bytes of settled mail": (lambda store: store.forget_bytes(NOON), "ix_inbound_spent"),
}


@pytest.mark.parametrize("asked", ASKED)
def test_what_is_asked_again_and_again_is_answered_from_an_index(tmp_path: Path, asked: str) -> None:
    """Asked of SQLite only: PostgreSQL chooses by statistics, and an empty table is quicker read whole."""
    url = f"sqlite:///{tmp_path / 'tiltak.db'}"
    migrate(url)
    store = a_store(url)
    ask, index = ASKED[asked]
    with planned(store) as plans:
        ask(store)
    store.close()
    assert index in plans[0]
    assert "SCAN" not in plans[0]


@contextmanager
def planned(store: SqlStore) -> Iterator[list[str]]:
    """How SQLite goes about every SELECT."""
    plans: list[str] = []

    def note(_conn: object, cursor: Any, statement: str, facts: object, *_: object) -> None:
        if statement.startswith("SELECT"):
            plan = cursor.connection.execute(f"EXPLAIN QUERY PLAN {statement}", facts)
            plans.append(" ".join(row[-1] for row in plan))

    event.listen(store.engine, "before_cursor_execute", note)
    yield plans
    event.remove(store.engine, "before_cursor_execute", note)
