"""The watcher is watched: each loop leaves a heartbeat, and whoever asks hears what is late, stuck or doubtful."""

import asyncio
import logging
import urllib.request
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final, Protocol

from engine.errors import TiltakError
from engine.health import START, Ailment, Heartbeat, failing, last_good, late, waiting
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

    def operator_waits(self, now: datetime) -> str: ...


class DoubtfulClock(TiltakError):
    """The computer's clock has leapt so far that nothing is decided or sent until somebody has looked at it."""

    def __init__(self, doubt: Ailment) -> None:
        super().__init__(str(doubt))
        self.doubt = doubt


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
        ask: Callable[[Ailment], Awaitable[None]] | None = None,
        uptime: Callable[[], float] = uptime,
    ) -> None:
        self.memory, self.clock, self.node, self.every, self.doubt, self.ping = memory, clock, node, every, doubt, ping
        self.ask, self.uptime = ask, uptime
        self.clock.not_before(last_good(memory.heartbeats()).get("sweep"))
        self._mine = {loop: it for loop, it in every.items() if mine is None or loop in mine}
        self._good = dict.fromkeys(self._mine, clock.now())  # a process that has just begun is not late
        self._anchor, self._anchored_at = uptime(), clock.now()

    def watched(self, loop: str, one_round: Round) -> Round:
        """The round with its heartbeat; one that fails, or that may not run, leaves its reason."""

        async def run() -> None:
            began = self.clock.now()
            try:
                await asyncio.to_thread(self._may_go_on)
                await one_round()
            except Exception as error:
                await asyncio.to_thread(self._failed, loop, began, error)
                if isinstance(error, DoubtfulClock):
                    await self._asked(error.doubt)
                raise
            await asyncio.to_thread(self._done, loop, began)

        return run

    def late(self) -> list[str]:
        """What this process itself has not done for too long; asks nobody."""
        return [str(it) for it in late(self._good, self._mine, self.clock.now())]

    def last_sweep(self) -> datetime | None:
        """On whichever node."""
        return last_good(self.memory.heartbeats()).get("sweep")

    def doubts(self) -> list[Ailment]:
        """Why the computer's clock is not believed just now."""
        return self._doubts(self.memory.heartbeats())

    def unready(self) -> list[str]:
        """What is wrong with the service as a whole, whichever node does the work."""
        return [str(it) for it in self.ailments()]

    def ailments(self) -> list[Ailment]:
        beats, now = self.memory.heartbeats(), self.clock.now()
        operator = self.memory.operator_waits(now)
        return [
            *late(last_good(beats), self.every, now),
            *failing(beats, self.every, now),
            *waiting(self.memory.oldest_waiting(), now),
            *([Ailment(what="operator", said=operator)] if operator else ()),
            *self._doubts(beats),
        ]

    def rise(self) -> None:
        """Note that this process has begun."""
        now = self.clock.now()
        self.memory.beat(Heartbeat(loop=START, node=self.node, began_at=now, good_at=now))

    def _doubts(self, beats: Sequence[Heartbeat]) -> list[Ailment]:
        good, shown = last_good(beats), self.clock.shown()
        swept = good.get("sweep")
        if swept and shown < swept - BACKWARDS:
            return [Ailment(what="back", at=shown, swept=swept)]
        if self._leapt(shown, swept, good.get(CLOCK)):
            return [Ailment(what="ahead", at=shown, swept=swept, said=STOPPED)]
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
        if doubts := [it for it in self.doubts() if it.what == "ahead"]:
            raise DoubtfulClock(doubts[0])

    def _done(self, loop: str, began: datetime) -> None:
        now = self.clock.now()
        self._good[loop] = now
        self.memory.beat(Heartbeat(loop=loop, node=self.node, began_at=began, good_at=now))
        if loop == "sweep":
            self.clock.not_before(now)
            if self.clock.shown() >= now:  # one that went back is no measure of how long this process has lived
                self._anchor, self._anchored_at = self.uptime(), self.clock.shown()
            self._ping()

    async def _asked(self, doubt: Ailment) -> None:
        """Whoever runs the service is asked by mail; that this fails must not hide why nothing is done."""
        if self.ask:
            try:
                await self.ask(doubt)
            except Exception:
                log.exception("the operator could not be asked about the clock")

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
