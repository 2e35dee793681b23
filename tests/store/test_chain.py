"""A history that was altered is found, whatever was done to it."""

from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from store.migrate import migrate
from store.sql import SqlStore
from tests.store.cast import a_case, a_store, an_event

EVENTS = 6
TAMPERING = {
    "text": "UPDATE events SET text = text || '!' WHERE ref = 'P-1' AND seq = :seq",
    "by": "UPDATE events SET by = 'unit:OTHER' WHERE ref = 'P-1' AND seq = :seq",
    "at": "UPDATE events SET at = '2011-09-02 10:00:00.000000' WHERE ref = 'P-1' AND seq = :seq",
    "facts": "UPDATE events SET facts = '{}' WHERE ref = 'P-1' AND seq = :seq",
    "dest": "UPDATE events SET dest = 'closed' WHERE ref = 'P-1' AND seq = :seq",
    "digest": "UPDATE events SET digest = previous WHERE ref = 'P-1' AND seq = :seq",
    "gone": "DELETE FROM events WHERE ref = 'P-1' AND seq = :seq",
    "moved": "UPDATE events SET ref = 'P-2', seq = seq + 100 WHERE ref = 'P-1' AND seq = :seq",
}


def _filled(store: SqlStore) -> None:
    with store.begin() as tx:
        tx.add(a_case(2))
        for number in range(EVENTS):
            event = tx.log(an_event(text=f"Ord nummer {number}"))
            tx.log(an_event("P-2", text="En annen sak"))
        tx.save(a_case().evolve(entered_seq=event.seq), seen=1)


def test_a_history_is_whole_until_somebody_touches_it(store: SqlStore) -> None:
    _filled(store)
    assert [event.seq for event in store.history("P-1")] == [1, 2, 3, 4, 5, 6]
    assert store.broken_chains() == []


def test_each_kind_of_tampering_is_found_and_named(store: SqlStore) -> None:
    _filled(store)
    for how, statement in TAMPERING.items():
        with store.engine.connect() as connection, connection.begin() as transaction:
            connection.execute(text(statement), {"seq": 3})
            transaction.rollback()
        assert store.broken_chains() == [], how
    with store.engine.begin() as connection:
        connection.execute(text(TAMPERING["text"]), {"seq": 3})
    (sentence,) = store.broken_chains()
    assert sentence == "P-1: event 3 of 2011-09-01 was altered"


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.sampled_from(sorted(TAMPERING)), st.integers(1, EVENTS))
def test_no_event_can_be_altered_unseen(tmp_path_factory: Any, how: str, seq: int) -> None:
    path: Path = tmp_path_factory.mktemp("chain") / "tiltak.db"
    migrate(f"sqlite:///{path}")
    store = a_store(f"sqlite:///{path}")
    _filled(store)
    with store.engine.begin() as connection:
        connection.execute(text(TAMPERING[how]), {"seq": seq})
    assert store.broken_chains()
    store.close()
