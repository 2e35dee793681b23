"""Opening a database: SQLite with one writer at a time, or PostgreSQL; the same SQL on both."""

import sqlite3
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.dialects import sqlite
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError

from engine.errors import SettingsError

Insert = Callable[..., Any]
WRITING = {"tiltak_writing": True}
# A commit that need not outlive a power cut: what it says is found out again, or done again to the same end.
LOOSELY = {**WRITING, "tiltak_loosely": True}
BUSY_MILLISECONDS, PATIENCE_MILLISECONDS = 30_000, 20
REMEDY = "write sqlite:///folder/file.db or postgresql+psycopg://user@host/name"


def open_database(url: str) -> Engine:
    """An engine for `sqlite:///path` or `postgresql+psycopg://…`; the folder of an SQLite file is made.

    Raises SettingsError for any other URL, and when the folder cannot be made.
    """
    where = _understood(url)
    if where.drivername != "sqlite":
        engine = create_engine(where, pool_pre_ping=True)
        event.listen(engine, "begin", _begin_at_server)
        return engine
    if where.database and where.database != ":memory:":
        _make_folder(Path(where.database).parent)
    engine = create_engine(where, connect_args={"timeout": BUSY_MILLISECONDS / 1000, "check_same_thread": False})
    event.listen(engine, "connect", _prepare)
    event.listen(engine, "begin", _begin)
    return engine


def exists(url: str) -> bool:
    """Whether there is a file, where the database is one; a server is there until it is asked."""
    where = _understood(url)
    return where.drivername != "sqlite" or bool(where.database and Path(where.database).is_file())


def _understood(url: str) -> URL:
    try:
        where = make_url(url)
    except ArgumentError as error:
        raise SettingsError(f"service.database is no address of a database; {REMEDY}") from error
    if where.drivername not in ("sqlite", "postgresql+psycopg"):
        raise SettingsError(f"service.database cannot be {where.drivername}; {REMEDY}")
    return where


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise SettingsError(f"service.database: the folder {folder} cannot be made: {error.strerror}") from error


def _prepare(connection: Any, _: object) -> None:
    """WAL lets readers read while one writes; FULL makes a commit outlive a power cut."""
    connection.isolation_level = None  # transactions are begun by _begin, not by the driver's guess
    connection.execute(f"PRAGMA busy_timeout={BUSY_MILLISECONDS}")
    _write_ahead(connection)
    for pragma in ("synchronous=FULL", "foreign_keys=ON"):
        connection.execute(f"PRAGMA {pragma}")


def _write_ahead(connection: Any) -> None:
    """SQLite waits for a lock by itself, but not for somebody else who is just switching a new file to WAL."""
    for tries_left in reversed(range(BUSY_MILLISECONDS // PATIENCE_MILLISECONDS)):
        try:
            connection.execute("PRAGMA journal_mode=WAL")
        except sqlite3.OperationalError:
            if not tries_left:
                raise
            time.sleep(PATIENCE_MILLISECONDS / 1000)
        else:
            return


def _begin(connection: Connection) -> None:
    """A writer takes the lock at once: two that read first and write later would refuse each other."""
    how = connection.get_execution_options()
    if how.get("tiltak_writing"):
        connection.exec_driver_sql(f"PRAGMA synchronous={'NORMAL' if how.get('tiltak_loosely') else 'FULL'}")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if how.get("tiltak_writing") else "BEGIN")


def _begin_at_server(connection: Connection) -> None:
    if connection.get_execution_options().get("tiltak_loosely"):
        connection.exec_driver_sql("SET LOCAL synchronous_commit = off")


def insert_of(engine: Engine) -> Insert:
    """The dialect's own INSERT, which knows ON CONFLICT."""
    if engine.dialect.name == "sqlite":
        return sqlite.insert
    from sqlalchemy.dialects import postgresql  # with SQLite nobody waits for its import

    return postgresql.insert
