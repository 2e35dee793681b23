"""The watcher says whether it is awake itself."""

from datetime import UTC, datetime, timedelta

import pytest

from engine.health import LONGEST_ROUND, LONGEST_WAIT, MISSES, Heartbeat, last_good, late, waiting

NOW = datetime(2012, 6, 5, 10, 0, tzinfo=UTC)
MINUTE, SECOND = timedelta(minutes=1), timedelta(seconds=1)
PATIENCE = MISSES * MINUTE + LONGEST_ROUND


@pytest.mark.parametrize(
    ("ago", "said"),
    [
        (timedelta(0), []),
        (PATIENCE, []),
        (PATIENCE + SECOND, ["sweep last finished at 2012-06-05 09:54:59 UTC"]),
    ],
)
def test_a_loop_may_miss_a_few_rounds_and_not_one_more(ago: timedelta, said: list[str]) -> None:
    assert list(late({"sweep": NOW - ago}, {"sweep": MINUTE}, NOW)) == said


def test_a_loop_that_never_finished_is_late_from_the_start_and_one_that_nobody_expects_is_not() -> None:
    assert list(late({"send": NOW}, {"sweep": MINUTE, "send": MINUTE}, NOW)) == ["sweep has never finished"]


@pytest.mark.parametrize(
    ("ago", "said"),
    [
        (None, []),
        (LONGEST_WAIT, []),
        (LONGEST_WAIT + SECOND, ["a letter has been waiting since 2012-06-05 03:59 UTC"]),
    ],
)
def test_a_letter_that_waits_too_long_is_told_of(ago: timedelta | None, said: list[str]) -> None:
    assert list(waiting(NOW - ago if ago is not None else None, NOW)) == said


def test_of_many_nodes_the_one_that_finished_last_counts() -> None:
    beats = [
        Heartbeat(loop="sweep", node="a", began_at=NOW, good_at=NOW - MINUTE),
        Heartbeat(loop="sweep", node="b", began_at=NOW, good_at=NOW),
        Heartbeat(loop="sweep", node="c", began_at=NOW, good_at=NOW - 2 * MINUTE),
        Heartbeat(loop="send", node="a", began_at=NOW, error="no answer"),
    ]
    assert last_good(beats) == {"sweep": NOW}
