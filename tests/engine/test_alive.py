"""The service says that it is alive: with the coming digest, or with the first one of each week, or never."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from engine.alive import ALIVE, alive
from engine.notice import Notice
from engine.people import Pulse
from tests.engine.cast import REGISTER

DIGEST = datetime(2011, 9, 7, 5, 30, tzinfo=UTC)  # half past seven in Oslo, a Wednesday
SECOND = timedelta(seconds=1)


def said(rhythm: Pulse, now: datetime) -> list[Notice]:
    return list(alive(replace(REGISTER.organisation, operator_digest=rhythm), now))


def test_the_coming_digest_tells_the_operator() -> None:
    now = DIGEST - 2 * SECOND
    assert said("daily", now) == [
        Notice(
            key="operator|alive|2011-09-07", ref="", to="operator", role="operator", letter="operator", via="digest",
            rule=ALIVE, reason="the service is alive", planned=date(2011, 9, 7), decided_at=now, ripe_at=DIGEST,
        )
    ]  # fmt: skip


def test_the_digest_of_this_very_moment_has_been_queued_already() -> None:
    assert [it.planned for it in said("daily", DIGEST)] == [date(2011, 9, 8)]
    assert [it.planned for it in said("daily", DIGEST - SECOND)] == [date(2011, 9, 7)]


@pytest.mark.parametrize(
    ("now", "key"),
    [
        (DIGEST, "operator|alive|2011-W36"),
        (DIGEST + timedelta(days=1), "operator|alive|2011-W36"),
        (DIGEST + timedelta(days=3), "operator|alive|2011-W37"),  # on a Saturday that of Monday
        (datetime(2012, 1, 2, 5, 0, tzinfo=UTC), "operator|alive|2012-W01"),
    ],
)
def test_once_a_week_is_with_the_first_digest_of_the_week(now: datetime, key: str) -> None:
    assert [it.key for it in said("weekly", now)] == [key]


def test_who_does_not_ask_is_told_nothing() -> None:
    assert said("off", DIGEST) == []
