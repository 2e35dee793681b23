"""The world of the stories: the plan of 2011 on a fresh database, on SQLite and on PostgreSQL."""

from collections.abc import Iterator

import pytest

from tests.stories.forms import ONE, Form
from tests.stories.world import World, iom


@pytest.fixture
def form() -> Form:
    """One node with its own ticker, unless the story says `every_form`."""
    return ONE


@pytest.fixture
def world(database: str, form: Form) -> Iterator[World]:
    begun = World(iom(), database, form=form)
    yield begun
    begun.end()
