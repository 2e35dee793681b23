"""The watcher is watched: each loop leaves a heartbeat, and whoever asks hears what is late, stuck or doubtful."""

import asyncio
import logging
import urllib.request
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final, Protocol

from engine.errors import TiltakError
from engine.health import Heartbeat, failing, last_good, late, waiting
from tiltak.clock import SteadyClock, uptime
from tiltak.scheduler import Round

log = logging.getLogger("tiltak.watch")
CLOCK: Final = "clock"  # the heartbeat by which somebody says that the computer's clock is right after a leap
BACKWARDS: Final = timedelta(minutes=5)
LEAP: Final = timedelta(hours=6)
STOPPED: Final = "Nothing is decided or sent: correct the clock, or say that it is right with: tiltak clock accept"
PING_SECONDS: Final = 10


class Memory(Protocol):
    """What the watch asks of the store."""

    def outdated(self) -> str: ...

    def beat(self, heartbeat: Heartbeat) -> None: ...

    def heartbeats(self) -> Sequence[Heartbeat]: ...

    def oldest_waiting(self) -> datetime | None: ...


class DoubtfulClock(TiltakError):
    """The computer's clock has leapt so far that nothing is decided or sent until somebody has looked at it."""


class OldProgram(TiltakError):
    """A newer program has changed the database: this one decides and sends nothing more."""


class Watch:
    """`every` is how often each loop runs somewhere, `mine` those of this process.

    `doubt` is how long after the last sweep a clock is no longer believed.
    """

    def __init__(
        self,
        memory: Memory,
        clock: SteadyClock,
        *,
        node: str,
        every: Mapping[str, timedelta],
        doubt: timedelta,
        mine: Collection[str] | None = None,
        ping: Callable[[], None] | None = None,
        uptime: Callable[[], float] = uptime,
    ) -> None:
        self.memory, self.clock, self.node, self.every, self.doubt, self.ping = memory, clock, node, every, doubt, ping
        self.uptime = uptime
        self.clock.not_before(last_good(memory.heartbeats()).get("sweep"))
        self._mine = {loop: it for loop, it in every.items() if mine is None or loop in mine}
        self._good = dict.fromkeys(self._mine, clock.now())  # a process that has just begun is not late
        self._anchor, self._anchored_at = uptime(), clock.shown()

    def watched(self, loop: str, one_round: Round) -> Round:
        """The round with its heartbeat; one that fails, or that may not run, leaves its reason."""

        async def run() -> None:
            began = self.clock.now()
            try:
                await asyncio.to_thread(self._may_go_on)
                await one_round()
            except Exception as error:
                await asyncio.to_thread(self._failed, loop, began, error)
                raise
            await asyncio.to_thread(self._done, loop, began)

        return run

    def late(self) -> list[str]:
        """What this process itself has not done for too long; asks nobody."""
        return list(late(self._good, self._mine, self.clock.now()))

    def last_sweep(self) -> datetime | None:
        """On whichever node."""
        return last_good(self.memory.heartbeats()).get("sweep")

    def unready(self) -> list[str]:
        """What is wrong with the service as a whole, whichever node does the work."""
        beats, now = self.memory.heartbeats(), self.clock.now()
        return [
            *late(last_good(beats), self.every, now),
            *failing(beats, self.every, now),
            *waiting(self.memory.oldest_waiting(), now),
            *self._doubts(beats),
        ]

    def _doubts(self, beats: Sequence[Heartbeat]) -> list[str]:
        good, shown = last_good(beats), self.clock.shown()
        swept = good.get("sweep")
        if swept and shown < swept - BACKWARDS:
            return [f"the clock shows {shown:%Y-%m-%d %H:%M} UTC, before the last sweep at {swept:%Y-%m-%d %H:%M}"]
        if self._leapt(shown, swept, good.get(CLOCK)):
            since = f"; the last sweep was on {swept:%Y-%m-%d}" if swept else ""
            return [f"the clock shows {shown:%Y-%m-%d %H:%M} UTC{since}. {STOPPED}"]
        return []

    def _leapt(self, shown: datetime, swept: datetime | None, accepted: datetime | None) -> bool:
        """Further ahead than this process has lived, or than a service is away, and nobody has said it is right."""
        lived = self._anchored_at + timedelta(seconds=self.uptime() - self._anchor)
        ahead = shown - lived > LEAP and not (accepted and accepted > lived)
        known = max(filter(None, (swept, accepted)), default=shown)
        return ahead or shown - known > self.doubt

    def _may_go_on(self) -> None:
        """Not with a clock that leapt ahead (one that went back is waited for), nor on a newer program's database."""
        if outdated := self.memory.outdated():
            raise OldProgram(f"{outdated}: start the newer one here as well")
        if doubts := [it for it in self._doubts(self.memory.heartbeats()) if STOPPED in it]:
            raise DoubtfulClock(doubts[0])

    def _done(self, loop: str, began: datetime) -> None:
        now = self.clock.now()
        self._good[loop] = now
        self.memory.beat(Heartbeat(loop=loop, node=self.node, began_at=began, good_at=now))
        if loop == "sweep":
            self.clock.not_before(now)
            self._anchor, self._anchored_at = self.uptime(), self.clock.shown()
            self._ping()

    def _failed(self, loop: str, began: datetime, error: Exception) -> None:
        last = self._good.get(loop)
        said = f"{type(error).__name__}: {error}"
        self.memory.beat(Heartbeat(loop=loop, node=self.node, began_at=began, good_at=last, error=said))

    def _ping(self) -> None:
        """Only when all is well: a ping that stops is how an outside watcher learns that something is not."""
        if self.ping is None or self.unready():
            return
        try:
            self.ping()
        except OSError as error:
            log.warning("the ping was not answered: %s", error)


def accept(memory: Memory, now: datetime, node: str) -> None:
    """Somebody has looked: the clock is right."""
    memory.beat(Heartbeat(loop=CLOCK, node=node, began_at=now, good_at=now))


def pinging(url: str) -> Callable[[], None] | None:
    """Asks for an address over HTTP; None when there is none. The settings allow http and https only."""
    if not url:
        return None

    def ask() -> None:
        with urllib.request.urlopen(url, timeout=PING_SECONDS):
            pass

    return ask
