"""A database under which a process can die: before a commit, so that nothing is kept, or after it, so that all is."""

import sqlite3
from collections.abc import Callable
from typing import Any

import psycopg
from sqlalchemy import Connection, Engine, event

from store.database import WRITING


class Killed(BaseException):
    """kill -9: no handler of the program may catch it, so it is no Exception."""


class Fuse:
    """Burns down by one at each commit of a process and kills it at the last, before the commit or after it."""

    def __init__(self) -> None:
        self.left: int | None = None
        self.after = False
        self.burnt = False

    def light(self, commits: int, *, after: bool) -> None:
        self.left, self.after = commits, after

    def committing(self) -> None:
        if self.left is not None:
            self.left -= 1
            self._burn(now=not self.after)

    def committed(self) -> None:
        self._burn(now=self.after)

    def _burn(self, *, now: bool) -> None:
        if now and self.left is not None and self.left <= 0:
            self.left, self.burnt = None, True
            raise Killed("after the commit" if self.after else "before the commit")


class _Lite(sqlite3.Connection):
    fuse: Fuse

    def commit(self) -> None:
        self.fuse.committing()
        super().commit()
        self.fuse.committed()


class _Postgres(psycopg.Connection[Any]):
    fuse: Fuse

    def commit(self) -> None:
        self.fuse.committing()
        super().commit()
        self.fuse.committed()


class Watched:
    """Puts a fuse under an engine, and calls `meanwhile` whenever it is about to write and holds no lock yet."""

    def __init__(self, engine: Engine, fuse: Fuse, meanwhile: Callable[[], None]) -> None:
        self.fuse, self.meanwhile = fuse, meanwhile
        self.writing: set[Connection] = set()
        engine.dispose()  # what is open already has no fuse
        event.listen(engine, "do_connect", self._connect)
        event.listen(engine, "set_connection_execution_options", self._about_to)
        event.listen(engine, "begin", self._begin)
        event.listen(engine, "commit", self._end)
        event.listen(engine, "rollback", self._end)

    def _connect(self, dialect: Any, _: object, cargs: Any, cparams: Any) -> Any:
        connection: Any
        if dialect.name == "sqlite":
            connection = sqlite3.connect(*cargs, **cparams, factory=_Lite)
        else:
            connection = _Postgres.connect(*cargs, **cparams)
        connection.fuse = self.fuse
        return connection

    def _about_to(self, _: Connection, options: dict[str, Any]) -> None:
        if WRITING.items() <= options.items() and not self.writing:
            self.meanwhile()

    def _begin(self, connection: Connection) -> None:
        if WRITING.items() <= connection.get_execution_options().items():
            self.writing.add(connection)

    def _end(self, connection: Connection) -> None:
        self.writing.discard(connection)
