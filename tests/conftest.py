"""Databases for the tests: each test that asks for one gets a fresh one, on SQLite and on PostgreSQL."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import Phase, settings

from store.migrate import migrate
from tests.postgres_server import PostgresServer, postgres_server

# A slow machine fails no test: timings live in bench/. CI tries the same examples every time, a desk tries new ones.
settings.register_profile("tiltak", deadline=None, derandomize="CI" in os.environ)
TRIED = (Phase.explicit, Phase.generate)  # of a mutant it is enough to know that it fails
settings.register_profile("mutation", deadline=None, derandomize=True, max_examples=20, database=None, phases=TRIED)
settings.load_profile(os.environ.get("TILTAK_EXAMPLES", "tiltak"))


# Thousands of small commits, each of which waits for the disk, are most of the time of a story: what a test writes
# need not outlive a power cut, so it lies in memory where there is room for it.
MEMORY, ROOM = Path("/dev/shm"), 2 * 2**30
if MEMORY.is_dir() and os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free > ROOM:
    os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(MEMORY))


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresServer]:
    with postgres_server() as server:
        yield server


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file of SQLite with the schema in it, to be copied: making one takes longer than most tests."""
    path = Path(os.environ.get("TILTAK_MIGRATED") or tmp_path_factory.mktemp("migrated") / "tiltak.db")
    if not path.exists():
        migrate(f"sqlite:///{path}")
    return path


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of a fresh database with the schema in it."""
    if request.param == "postgresql":
        server: PostgresServer = request.getfixturevalue("postgres")
        return server.fresh()
    shutil.copy(request.getfixturevalue("migrated"), tmp_path / "tiltak.db")
    return f"sqlite:///{tmp_path / 'tiltak.db'}"
