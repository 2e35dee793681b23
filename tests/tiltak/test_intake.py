"""The loop that waits for mail: it goes on after any failure, and ends at once when told to."""

import asyncio
from collections.abc import Callable, Sequence
from threading import Event

from engine.inbound import Came, Keep, Received
from notifications.channels.source import SourceError
from tiltak.intake import Intake
from tiltak.scheduler import Round


class Channel:
    """Hands over what it is given, or fails; a stop ends its waiting."""

    name = "test"

    def __init__(self, *days: Sequence[bytes] | Exception, enough: Callable[[], None]) -> None:
        self.days, self.enough, self.closed = list(days), enough, False

    def collect(self, keep: Keep) -> int:
        day = self.days.pop(0) if self.days else ()
        if isinstance(day, Exception):
            raise day
        for raw in day:
            keep(Received(source="test", raw=raw))
        return len(day)

    def wait(self, stop: Event) -> None:
        if not self.days:
            self.enough()
            assert stop.wait(30)

    def close(self) -> None:
        self.closed = True


class Still(Intake):
    """Does not pause."""

    pauses: list[float]

    async def _pause(self, seconds: float) -> None:
        self.pauses.append(seconds)


def run(*days: Sequence[bytes] | Exception) -> tuple[list[bytes], list[float], list[str]]:
    kept: list[bytes] = []
    heard: list[str] = []

    def keep(received: Received) -> Came:
        kept.append(received.raw)
        return "new"

    def watched(loop: str, one_round: Round) -> Round:
        heard.append(loop)
        return one_round

    async def live() -> list[float]:
        enough, loop = asyncio.Event(), asyncio.get_running_loop()
        channel = Channel(*days, enough=lambda: loop.call_soon_threadsafe(enough.set))  # type: ignore[arg-type]
        intake = Still(channel, keep, lambda: None, watched)
        intake.pauses = []
        async with intake.running():
            await enough.wait()
        assert channel.closed
        return intake.pauses

    return kept, asyncio.run(live()), heard


def test_what_comes_is_kept_round_after_round_until_it_is_told_to_stop() -> None:
    assert run([b"1", b"2"], [b"3"]) == ([b"1", b"2", b"3"], [], ["mailbox", "replies"])


def test_a_channel_that_breaks_is_opened_again_after_longer_and_longer_pauses() -> None:
    kept, pauses, _ = run(SourceError("away"), SourceError("away"), OSError("odd"), [b"1"], SourceError("away"), [b"2"])
    assert (kept, pauses) == ([b"1", b"2"], [2, 4, 8, 2])


def test_without_a_channel_nothing_is_waited_for() -> None:
    async def live() -> None:
        async with Intake(None, lambda _: "new", lambda: None, unwatched).running():
            pass

    asyncio.run(live())


def test_a_mail_is_dealt_with_as_soon_as_it_is_kept() -> None:
    kept: list[bytes] = []

    def keep(received: Received) -> Came:
        kept.append(received.raw)
        return "new"

    async def live() -> None:
        done, loop = asyncio.Event(), asyncio.get_running_loop()

        def sort() -> None:
            if kept:
                loop.call_soon_threadsafe(done.set)

        channel = Channel([b"1"], enough=lambda: None)
        async with Intake(channel, keep, sort, unwatched).running():
            await asyncio.wait_for(done.wait(), 10)

    asyncio.run(live())


def unwatched(_: str, one_round: Round) -> Round:
    return one_round
