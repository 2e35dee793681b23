"""A few lives on every run (`make simulation` lives many more), and proof that a broken promise is noticed."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text

from tests.postgres_server import PostgresServer
from tests.simulation.crashing import Fuse, Killed
from tests.simulation.faults import faded
from tests.simulation.life import Life, live
from tests.simulation.lives import copies
from tests.simulation.promises import Broken
from tests.simulation.stage import Stage


@pytest.mark.parametrize("seed", [3])
def test_every_promise_holds_through_a_life_of_faults(seed: int, tmp_path: Path) -> None:
    live(seed, copies(tmp_path)(), steps=20)


@pytest.mark.postgres
def test_every_promise_holds_through_a_life_of_faults_on_postgresql(postgres: PostgresServer) -> None:
    live(4, postgres.fresh(), steps=15)


def test_a_seed_is_the_same_life_every_time(tmp_path: Path) -> None:
    fresh, told = copies(tmp_path), [list[str](), list[str]()]
    for lines in told:
        stage = Stage(7, fresh(), lines.append)
        life = Life(stage)
        life.begin()
        for number in range(5):
            life.step(number)
        stage.end()
    assert told[0] == told[1]


@pytest.fixture
def life(tmp_path: Path) -> Iterator[Life]:
    """The first day of a life, with letters in the mailboxes."""
    stage = Stage(1, copies(tmp_path)(), lambda _: None)
    begun = Life(stage)
    begun.begin()
    stage.quiet = True
    for loop in ("sweep", "deliver"):
        stage.round(stage.up()[0], loop)
    begun.check()
    yield begun
    stage.end()


@pytest.mark.parametrize(
    ("harm", "promise"),
    [
        ("UPDATE cases SET wake_on = NULL", "P1 alarm"),
        ("UPDATE cases SET wake_on = '2031-01-01'", "P1 alarm"),
        ("DELETE FROM notices WHERE parcel IS NOT NULL", "P3 no lost mail"),
        ("UPDATE notices SET parcel = NULL", "P3 no lost mail"),
        ("UPDATE letters SET status = 'queued'", "P3 no lost mail"),
        ("UPDATE letters SET status = 'dead'", "P3 no lost mail"),
        ("UPDATE letters SET message_id = '<other-' || id || '@office.example>'", "P3 no lost mail"),
        ("UPDATE letters SET last_reply = 'it cannot be written: no'", "P11 explained"),
    ],
)
def test_a_promise_that_is_broken_is_noticed(life: Life, harm: str, promise: str) -> None:
    life.stage.ledger.settled |= life.stage.inspector.sent()
    with life.stage.inspector.store.engine.begin() as connection:
        connection.execute(text("PRAGMA foreign_keys=OFF"))
        assert connection.execute(text(harm)).rowcount
    with pytest.raises(Broken, match=promise):
        life.check()


@pytest.mark.parametrize("after", [False, True])
def test_a_fuse_kills_before_a_commit_or_after_it_and_only_once(after: bool) -> None:
    fuse = Fuse()
    fuse.light(2, after=after)
    fuse.committing()
    fuse.committed()
    if after:
        fuse.committing()
    with pytest.raises(Killed):
        fuse.committed() if after else fuse.committing()
    fuse.committing()
    fuse.committed()


def test_every_fault_made_on_purpose_can_still_be_made() -> None:
    assert not faded()
