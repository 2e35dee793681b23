"""Databases for the tests: each test that asks for one gets a fresh one, on SQLite and on PostgreSQL."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from store.migrate import migrate
from tests.postgres_server import PostgresServer, postgres_server

# A slow machine fails no test: timings live in bench/. CI tries the same examples every time, a desk tries new ones.
settings.register_profile("tiltak", deadline=None, derandomize="CI" in os.environ)
settings.load_profile("tiltak")


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresServer]:
    with postgres_server() as server:
        yield server


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of a fresh database with the schema in it."""
    if request.param == "postgresql":
        server: PostgresServer = request.getfixturevalue("postgres")
        return server.fresh()
    url = f"sqlite:///{tmp_path / 'tiltak.db'}"
    migrate(url)
    return url
