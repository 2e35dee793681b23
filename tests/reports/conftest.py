"""One year, lived once and reported on by every test that only reads."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from reports.yearly.facts import YearReport
from tests.reports.reported import Lived, lived


@pytest.fixture(scope="session")
def year(migrated: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lived]:
    path = tmp_path_factory.mktemp("year") / "tiltak.db"
    shutil.copy(migrated, path)
    found = lived(f"sqlite:///{path}")
    yield found
    found.world.end()


@pytest.fixture(scope="session")
def report(year: Lived) -> YearReport:
    """On the day after which the plan of 2011 wanted its report."""
    return year.report()
