"""A store with one plan in it, on SQLite and on PostgreSQL."""

from collections.abc import Iterator

import pytest

from store.sql import SqlStore
from tests.store.cast import a_store


@pytest.fixture
def store(database: str) -> Iterator[SqlStore]:
    opened = a_store(database)
    yield opened
    opened.close()
