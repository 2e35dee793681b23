"""The migrations make the schema that the tables describe, once, however many start at the same time."""

import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from threading import Barrier, Thread

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import text
from sqlmodel import SQLModel

from engine.errors import SettingsError
from store.database import open_database
from store.migrate import HEAD, MIGRATIONS, migrate, revision
from store.sql import open_store
from tests.postgres_server import PostgresServer
from tests.store.cast import DAY, UD, a_case, a_store


def test_the_migrated_schema_is_what_the_tables_say(database: str) -> None:
    engine = open_database(database)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
        assert compare_metadata(context, SQLModel.metadata) == []
    engine.dispose()


def test_head_is_the_newest_migration() -> None:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    assert ScriptDirectory.from_config(config).get_current_head() == HEAD


def _together(url: str) -> list[BaseException]:
    failed: list[BaseException] = []
    barrier = Barrier(4)

    def start() -> None:
        barrier.wait(10)
        try:
            migrate(url)
        except Exception as error:
            failed.append(error)

    threads = [Thread(target=start) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return failed


def test_four_processes_that_start_together_migrate_once(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'new' / 'tiltak.db'}"
    assert _together(url) == []
    a_store(url).close()


@pytest.mark.postgres
def test_four_processes_that_start_together_migrate_once_on_postgresql(postgres: PostgresServer) -> None:
    url = postgres.empty("four_at_once")
    assert _together(url) == []
    a_store(url).close()


def test_cases_of_an_older_version_learn_when_the_report_on_their_plan_is_due(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'tiltak.db'}"
    migrate(url)
    store = a_store(url)
    with store.begin() as tx:
        asleep = {"wake_on": DAY + timedelta(days=30)}
        tx.add(a_case(2).evolve(kind="report", due=DAY, **asleep))
        tx.add(a_case(3).evolve(**asleep))
        tx.add(a_case(4).evolve(wake_on=None))
    before = {store.case(ref).report_due for ref in ("P", "P-2", "P-3", "P-4")}
    store.close()
    _run(url, lambda config: command.downgrade(config, "0007"))
    _run(url, lambda config: command.upgrade(config, "head"))
    store = open_store(url, organisation=UD)
    assert before == {None}
    assert {store.case(ref).report_due for ref in ("P", "P-2", "P-3", "P-4")} == {DAY}
    assert [store.case(ref).wake_on for ref in ("P-3", "P-4")] == [store.case("P-3").entered_on, None]
    store.close()


def _run(url: str, move: Callable[[Config], None]) -> None:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    engine = open_database(url)
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        move(config)
    engine.dispose()


def test_a_database_of_a_newer_version_is_refused_and_left_alone(database: str) -> None:
    engine = open_database(database)
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(SettingsError, match=re.escape("newer version of Tiltak")):
        migrate(database)
    assert revision(engine) == "9999"
    engine.dispose()


def test_sqlite_is_opened_for_one_writer_many_readers_and_power_cuts(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'tiltak.db'}"
    migrate(url)
    store = a_store(url)
    with store.engine.connect() as connection:
        found = {name: connection.scalar(text(f"PRAGMA {name}")) for name in ("journal_mode", "synchronous")}
        assert found == {"journal_mode": "wal", "synchronous": 2}
        assert connection.scalar(text("PRAGMA foreign_keys")) == 1
    with store.begin() as tx:  # a reader is not kept waiting by a writer, and sees what was committed
        tx.case("P-1")
        assert [it.ref for it in store.cases("P")] == ["P", "P-1"]
    assert store.organisation() == UD
    store.close()
