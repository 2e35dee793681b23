"""The watcher says whether it is awake itself."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

import pytest

from engine.health import LONGEST_ROUND, LONGEST_WAIT, MISSES, Ailment, Heartbeat, failing, last_good, late, waiting

NOW = datetime(2012, 6, 5, 10, 0, tzinfo=UTC)
MINUTE, SECOND = timedelta(minutes=1), timedelta(seconds=1)
PATIENCE = MISSES * MINUTE + LONGEST_ROUND


def words(ailments: Iterable[Ailment]) -> list[str]:
    return [str(it) for it in ailments]


@pytest.mark.parametrize(
    ("ago", "said"),
    [
        (timedelta(0), []),
        (PATIENCE, []),
        (PATIENCE + SECOND, ["sweep last finished at 2012-06-05 09:54:59 UTC"]),
    ],
)
def test_a_loop_may_miss_a_few_rounds_and_not_one_more(ago: timedelta, said: list[str]) -> None:
    assert words(late({"sweep": NOW - ago}, {"sweep": MINUTE}, NOW)) == said


def test_a_loop_that_never_finished_is_late_from_the_start_and_one_that_nobody_expects_is_not() -> None:
    assert words(late({"send": NOW}, {"sweep": MINUTE, "send": MINUTE}, NOW)) == ["sweep has never finished"]


@pytest.mark.parametrize(
    ("ago", "said"),
    [
        (None, []),
        (LONGEST_WAIT, []),
        (LONGEST_WAIT + SECOND, ["a letter has been waiting since 2012-06-05 03:59 UTC"]),
    ],
)
def test_a_letter_that_waits_too_long_is_told_of(ago: timedelta | None, said: list[str]) -> None:
    assert words(waiting(NOW - ago if ago is not None else None, NOW)) == said


def test_of_many_nodes_the_one_that_finished_last_counts() -> None:
    beats = [
        Heartbeat(loop="sweep", node="a", began_at=NOW, good_at=NOW - MINUTE),
        Heartbeat(loop="sweep", node="b", began_at=NOW, good_at=NOW),
        Heartbeat(loop="sweep", node="c", began_at=NOW, good_at=NOW - 2 * MINUTE),
        Heartbeat(loop="send", node="a", began_at=NOW, error="no answer"),
    ]
    assert last_good(beats) == {"sweep": NOW}


def beating(loop: str, ago: timedelta, error: str = "no answer") -> Heartbeat:
    return Heartbeat(loop=loop, node="a", began_at=NOW - ago, error=error)


def test_a_loop_that_fails_is_told_of_while_its_node_is_there() -> None:
    beats = [
        beating("sweep", PATIENCE),
        beating("send", PATIENCE + SECOND),
        beating("ping", timedelta(0), error=""),
        beating("gone", LONGEST_ROUND),  # nobody waits for it any more
        beating("lost", LONGEST_ROUND + SECOND),
    ]
    found = list(failing(beats, {"sweep": MINUTE, "send": MINUTE, "ping": MINUTE}, NOW))
    assert words(found) == ["sweep on a fails: no answer", "gone on a fails: no answer"]
    assert found[0].at == NOW - PATIENCE


@pytest.mark.parametrize(
    ("ailment", "sentence"),
    [
        (Ailment(what="operator", said="no such user"), "the operator cannot be written to: no such user"),
        (
            Ailment(what="back", at=NOW, swept=NOW + MINUTE),
            "the clock shows 2012-06-05 10:00 UTC, before the last sweep at 2012-06-05 10:01",
        ),
        (
            Ailment(what="ahead", at=NOW, swept=NOW - 30 * 24 * 60 * MINUTE, said="Say whether it is right"),
            "the clock shows 2012-06-05 10:00 UTC; the last sweep was on 2012-05-06. Say whether it is right",
        ),
        (Ailment(what="ahead", at=NOW, said="Is it?"), "the clock shows 2012-06-05 10:00 UTC. Is it?"),
    ],
)
def test_what_is_wrong_is_said_in_a_sentence(ailment: Ailment, sentence: str) -> None:
    assert str(ailment) == sentence
