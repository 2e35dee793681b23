"""A PostgreSQL server of the tests' own: made in a temporary folder, on a socket, gone afterwards."""

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

from store.migrate import migrate
from tests.needed_tools import need

UNPRIVILEGED = ("postgres", "nobody")
OPTIONS = "-c listen_addresses='' -c max_connections=60"
CARELESS = (
    " -c fsync=off -c full_page_writes=off -c synchronous_commit=off"  # a test's database need not outlive a power cut
)


class PostgresServer:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.made = 0

    def url(self, name: str) -> str:
        return f"postgresql+psycopg://tiltak@/{name}?host={self.folder}"

    def fresh(self) -> str:
        """The URL of a new database with the schema in it, copied from a template."""
        self.made += 1
        name = f"test_{self.made}"
        with psycopg.connect(host=str(self.folder), user="tiltak", dbname="postgres", autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name} TEMPLATE schema_only".encode())
        return self.url(name)

    def empty(self, name: str) -> str:
        with psycopg.connect(host=str(self.folder), user="tiltak", dbname="postgres", autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name}".encode())
        return self.url(name)


@contextmanager
def postgres_server(options: str = OPTIONS + CARELESS) -> Iterator[PostgresServer]:
    """Runs while the block does. Skips the test when PostgreSQL is not installed."""
    initdb, pg_ctl = need("initdb"), need("pg_ctl")
    folder = Path(tempfile.mkdtemp(prefix="tiltak-pg-"))
    try:
        if os.geteuid() == 0:
            shutil.chown(folder, _unprivileged())
        data = folder / "data"
        _run(initdb, "-D", str(data), "-U", "tiltak", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync")
        _run(pg_ctl, "-D", str(data), "-w", "-l", str(folder / "log"), "-o", f"-k {folder} {options}", "start")
        try:
            server = PostgresServer(folder)
            migrate(server.empty("schema_only"))
            yield server
        finally:
            _run(pg_ctl, "-D", str(data), "-w", "-m", "immediate", "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _unprivileged() -> str:
    """PostgreSQL refuses to run as root."""
    known = {entry.pw_name for entry in pwd.getpwall()}
    return next(name for name in UNPRIVILEGED if name in known)


def _run(*command: str) -> None:
    user = _unprivileged() if os.geteuid() == 0 else None
    done = subprocess.run(
        command,
        user=user,
        cwd="/",
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "LC_ALL": "C"},
        timeout=60,
    )
    assert done.returncode == 0, f"{' '.join(command)}: {done.stdout}{done.stderr}"
