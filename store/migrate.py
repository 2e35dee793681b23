"""Bring a database up to the schema of this version, once, however many processes start at the same time."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from sqlalchemy import Connection, Engine, inspect, text
from sqlalchemy.exc import DatabaseError

from engine.errors import SettingsError
from store.database import WRITING, open_database

HEAD: Final = "0013"
MIGRATIONS: Final = Path(__file__).parent / "migrations"
LOCK: Final = 7_431_905_22  # any number, the same in every process


def migrate(url: str) -> None:
    """Silent when there is nothing to do. SettingsError for one that cannot be used or that a newer version wrote."""
    engine = open_database(url)
    try:
        if revision(engine) != HEAD:
            with alone(engine) as connection:
                _upgrade(connection)
    except DatabaseError as error:
        reason = str(error.orig).partition("\n")[0]
        raise SettingsError(f"service.database cannot be used: {reason}") from error
    finally:
        engine.dispose()


def revision(engine: Engine) -> str:
    """The schema's version as the database says it; "" for an empty one."""
    with engine.connect() as connection:
        if not inspect(connection).has_table("alembic_version"):
            return ""
        return str(connection.scalar(text("SELECT version_num FROM alembic_version")) or "")


@contextmanager
def alone(engine: Engine) -> Iterator[Connection]:
    """One write transaction that no other migration can be in at the same time."""
    with engine.connect().execution_options(**WRITING) as connection, connection.begin():
        if engine.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": LOCK})
        yield connection


def _upgrade(connection: Connection) -> None:
    # imported here: a start with nothing to migrate should not pay for it
    from alembic import command
    from alembic.config import Config
    from alembic.util.exc import CommandError

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["connection"] = connection
    try:
        command.upgrade(config, "head")
    except CommandError as error:
        raise SettingsError(
            "service.database was written by a newer version of Tiltak; start that version, or restore an older backup"
        ) from error
