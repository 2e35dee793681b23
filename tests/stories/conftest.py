"""The world of the stories: the plan of 2011 on a fresh database, on SQLite and on PostgreSQL."""

from collections.abc import Iterator

import pytest

from tests.stories.world import World, iom


@pytest.fixture
def world(database: str) -> Iterator[World]:
    begun = World(iom(), database)
    yield begun
    begun.end()
