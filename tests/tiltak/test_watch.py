"""The watcher is watched: late loops, stuck letters, a clock that leaps, and a ping that stops when it should."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest

from engine.health import Heartbeat
from tiltak.clock import ManualClock, SteadyClock
from tiltak.watch import DoubtfulClock, OldProgram, Watch, accept, pinging

NOON = datetime(2012, 6, 12, 12, 0, tzinfo=UTC)
EVERY = {"sweep": timedelta(minutes=1), "deliver": timedelta(seconds=15)}


@dataclass
class Rows:
    """Heartbeats in memory."""

    beats: dict[tuple[str, str], Heartbeat] = field(default_factory=dict)
    oldest: datetime | None = None
    newer: str = ""
    operator: str = ""

    def outdated(self) -> str:
        return self.newer

    def beat(self, heartbeat: Heartbeat) -> None:
        self.beats[heartbeat.loop, heartbeat.node] = heartbeat

    def heartbeats(self) -> Sequence[Heartbeat]:
        return list(self.beats.values())

    def oldest_waiting(self) -> datetime | None:
        return self.oldest

    def operator_waits(self, now: datetime) -> str:
        assert now.tzinfo
        return self.operator


@dataclass
class Wrist:
    """A clock that can be set to anything, and the time that really passes."""

    shows: datetime = NOON
    passed: float = 0.0

    def now(self) -> datetime:
        return self.shows

    def passes(self, **by: float) -> None:
        self.shows += timedelta(**by)
        self.passed += timedelta(**by).total_seconds()


class House:
    def __init__(
        self,
        rows: Rows | None = None,
        wrist: Wrist | None = None,
        node: str = "a:8000",
        mine: Sequence[str] | None = None,
    ) -> None:
        self.rows, self.wrist = rows or Rows(), wrist or Wrist()
        self.pings: list[datetime] = []
        self.broken: Exception | None = None
        self.watch = Watch(
            self.rows,
            SteadyClock(self.wrist),
            node=node,
            every=EVERY,
            doubt=timedelta(days=30),
            mine=mine,
            ping=lambda: self.pings.append(self.wrist.shows),
            uptime=lambda: self.wrist.passed,
        )

    async def _round(self) -> None:
        if self.broken:
            raise self.broken

    def run(self, *loops: str) -> None:
        async def turn() -> None:
            for loop in loops or EVERY:
                await self.watch.watched(loop, self._round)()

        asyncio.run(turn())


def test_a_process_that_has_just_begun_is_not_late_and_one_that_stops_ticking_is() -> None:
    house = House()
    assert house.watch.late() == []
    house.wrist.passes(minutes=6)
    assert house.watch.late() == [
        "sweep last finished at 2012-06-12 12:00:00 UTC",
        "deliver last finished at 2012-06-12 12:00:00 UTC",
    ]
    house.run()
    assert house.watch.late() == []


def test_the_service_is_ready_when_every_loop_has_finished_on_some_node() -> None:
    house = House()
    assert house.watch.unready() == ["sweep has never finished", "deliver has never finished"]
    house.run("sweep")
    other = House(house.rows, house.wrist, node="b:8000")
    other.run("deliver")
    assert house.watch.unready() == other.watch.unready() == []


def test_a_round_that_fails_says_of_what_until_it_succeeds() -> None:
    house = House()
    house.run()
    house.broken = ConnectionError("the database is away")
    with pytest.raises(ConnectionError):
        house.run("sweep")
    assert house.watch.unready() == ["sweep on a:8000 fails: ConnectionError: the database is away"]
    house.broken = None
    house.run("sweep")
    assert house.watch.unready() == []


def test_a_node_that_is_gone_while_it_failed_is_not_asked_for_ever() -> None:
    house, gone = House(), House(node="b:8000")
    gone.rows, gone.watch.memory, gone.wrist = house.rows, house.rows, house.wrist
    house.run()
    gone.broken = ConnectionError("the database is away")
    with pytest.raises(ConnectionError):
        gone.run("sweep")
    assert house.watch.unready() == ["sweep on b:8000 fails: ConnectionError: the database is away"]
    house.wrist.passes(minutes=6)
    house.run()
    assert house.watch.unready() == []


def test_a_process_that_only_answers_on_the_web_is_never_late_and_tells_of_the_others() -> None:
    pages = House(mine=())
    worker = House(pages.rows, pages.wrist, node="a/worker")
    assert pages.watch.last_sweep() is None
    worker.run()
    assert (pages.watch.late(), pages.watch.unready(), pages.watch.last_sweep()) == ([], [], NOON)
    pages.wrist.passes(minutes=6)
    assert pages.watch.late() == []
    assert "sweep last finished" in pages.watch.unready()[0]


def test_letters_that_do_not_leave_make_the_service_unready() -> None:
    house = House()
    house.run()
    house.rows.oldest = NOON - timedelta(hours=5)
    assert house.watch.unready() == []
    house.rows.oldest = NOON - timedelta(hours=7)
    assert house.watch.unready() == ["a letter has been waiting since 2012-06-12 05:00 UTC"]


def test_an_operator_who_cannot_be_written_to_makes_the_service_unready() -> None:
    house = House()
    house.run()
    house.rows.operator = "550 no such user"
    assert house.watch.unready() == ["the operator cannot be written to: 550 no such user"]


def test_the_ping_is_sent_after_a_good_sweep_and_only_when_all_is_well() -> None:
    house = House()
    house.run("deliver", "sweep")
    assert house.pings == [NOON]
    house.rows.oldest = NOON - timedelta(days=1)
    house.run("sweep")
    house.broken, house.rows.oldest = ValueError("x"), None
    with pytest.raises(ValueError, match="x"):
        house.run("sweep")
    assert house.pings == [NOON]


def test_a_ping_that_is_not_answered_harms_nobody(caplog: pytest.LogCaptureFixture) -> None:
    house = House()
    house.watch.ping = pinging("http://127.0.0.1:1/")
    house.run("deliver", "sweep")
    assert "the ping was not answered" in caplog.text
    assert pinging("") is None


def test_a_clock_that_goes_back_stands_still_until_it_has_caught_up() -> None:
    house = House()
    house.run()
    house.wrist.shows = NOON - timedelta(days=2)
    assert house.watch.clock.now() == NOON
    house.run()
    assert house.watch.unready() == ["the clock shows 2012-06-10 12:00 UTC, before the last sweep at 2012-06-12 12:00"]
    again = House(house.rows, house.wrist)  # another process learns it from the database
    assert again.watch.clock.now() == NOON


def test_a_clock_that_leaps_ahead_stops_everything_until_somebody_says_it_is_right() -> None:
    house = House()
    house.run()
    house.wrist.passes(minutes=1)
    house.wrist.shows += timedelta(days=20)
    with pytest.raises(DoubtfulClock, match="tiltak clock accept"):
        house.run("sweep")
    with pytest.raises(DoubtfulClock):
        house.run("deliver")
    assert "Nothing is decided or sent" in " ".join(house.watch.unready())
    accept(house.rows, house.wrist.shows, "a:8000")
    house.run()
    assert house.watch.unready() == []


def test_a_clock_that_is_corrected_again_needs_nobody() -> None:
    house = House()
    house.run()
    house.wrist.shows += timedelta(days=400)
    with pytest.raises(DoubtfulClock):
        house.run("sweep")
    house.wrist.shows -= timedelta(days=400)
    house.wrist.passes(minutes=1)
    house.run()
    assert house.watch.clock.now() == NOON + timedelta(minutes=1)
    assert house.watch.unready() == []


def test_a_clock_that_went_back_for_long_and_is_corrected_needs_nobody() -> None:
    house = House()
    house.run()
    house.wrist.shows -= timedelta(days=2)
    for _ in range(3):  # it sweeps on, by a time that stands still
        house.wrist.passes(hours=1)
        house.run()
    again = House(house.rows, house.wrist)
    house.wrist.shows += timedelta(days=2)
    for one in (house, again):
        one.run()
        assert one.watch.unready() == []
        assert one.watch.clock.now() == NOON + timedelta(hours=3)


def test_whoever_asks_hears_which_way_the_clock_went() -> None:
    house = House()
    house.run()
    assert house.watch.doubts() == []
    for away, what in ((timedelta(days=20), "ahead"), (timedelta(days=-2), "back")):
        house.wrist.shows = NOON + away
        assert [(it.what, it.at, it.swept) for it in house.watch.doubts()] == [(what, NOON + away, NOON)]


def test_downtime_is_no_leap_until_it_is_longer_than_any_service_is_away() -> None:
    house = House()
    house.run()
    away = Wrist(NOON + timedelta(days=25))
    House(house.rows, away).run()
    long_away = House(house.rows, Wrist(away.shows + timedelta(days=31)))
    with pytest.raises(DoubtfulClock, match="the last sweep was on 2012-07-07"):
        long_away.run("sweep")
    accept(house.rows, long_away.wrist.shows, "a:8000")
    long_away.run()
    assert long_away.watch.unready() == []


def test_time_that_passes_while_rounds_are_slow_is_no_leap() -> None:
    house = House()
    house.run()
    house.wrist.passes(days=3)
    house.run()
    assert house.watch.unready() == []


def test_a_program_whose_database_was_changed_by_a_newer_one_stops_working() -> None:
    house = House()
    house.run()
    house.rows.newer = "the database has schema 9, and this program was made for 3"
    with pytest.raises(OldProgram, match="start the newer one here as well"):
        house.run("sweep")
    assert "OldProgram" in " ".join(house.watch.unready())


def test_a_clock_moved_by_hand_never_goes_back() -> None:
    clock = ManualClock(NOON)
    clock.move_to(NOON - timedelta(days=1))
    assert clock.now() == NOON
