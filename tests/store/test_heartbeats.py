"""The service's pulse in the database, and whether the program is too old for it."""

from datetime import timedelta

from sqlalchemy import text

from engine.health import Heartbeat
from engine.notice import Arrived
from store.sql import SqlStore
from tests.store.cast import NOON, a_notice, a_parcel, packed


def test_the_latest_heartbeat_of_each_loop_and_node_is_kept(store: SqlStore) -> None:
    store.beat(Heartbeat(loop="sweep", node="a", began_at=NOON, error="ValueError: æøå"))
    good = Heartbeat(loop="sweep", node="a", began_at=NOON, good_at=NOON + timedelta(seconds=2))
    other = Heartbeat(loop="sweep", node="b", began_at=NOON)
    for beat in (good, other):
        store.beat(beat)
    assert store.heartbeats() == [good, other]


def test_the_oldest_letter_that_has_not_left_is_known(store: SqlStore) -> None:
    assert store.oldest_waiting() is None
    for number, key in enumerate("ab"):
        with store.begin() as tx:
            tx.queue([a_notice(key)])
        packed(store, a_parcel(key, a_notice(key), at=NOON + timedelta(hours=number)), f"<{key}@x>")
    assert store.oldest_waiting() == NOON
    store.settle([Arrived(id="a", at=NOON, reply="250")])
    assert store.oldest_waiting() == NOON + timedelta(hours=1)


def test_a_program_knows_when_its_database_is_another_programs(store: SqlStore) -> None:
    assert store.outdated() == ""
    with store.engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    assert "schema 9999" in store.outdated()
