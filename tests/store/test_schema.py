"""The migrations make the schema that the tables describe, once, however many start at the same time."""

import re
from pathlib import Path
from threading import Barrier, Thread

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import text
from sqlmodel import SQLModel

from engine.errors import SettingsError
from store.database import open_database
from store.migrate import HEAD, MIGRATIONS, migrate, revision
from tests.postgres_server import PostgresServer
from tests.store.cast import UD, a_store


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
