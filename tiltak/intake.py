"""The loops that wait for mail: what comes is kept and then dealt with; a channel that breaks is opened again."""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from threading import Event
from typing import Final

from engine.inbound import Came, Received
from notifications.channels.source import MailSource, SourceError
from tiltak.scheduler import Round

log = logging.getLogger("tiltak.intake")
LONGEST_PAUSE: Final = 300  # seconds before a channel that failed again is tried once more
SORT_SECONDS: Final = 15  # at most until a mail is dealt with that another process has kept
Watched = Callable[[str, Round], Round]


class Intake:
    """Runs beside the ticker, since it waits for a server and not for a time."""

    def __init__(
        self,
        source: MailSource | None,
        keep: Callable[[Received], Came],
        sort: Callable[[], object],
        watched: Watched,
    ) -> None:
        self.source, self.keep, self.sort = source, keep, sort
        self._stop = Event()
        self._stopped, self._arrived = asyncio.Event(), asyncio.Event()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._mailbox, self._replies = watched("mailbox", self._look), watched("replies", self._deal)

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """From here to the end of the block; then what is just being done is done, and nothing more is begun."""
        self._loop = asyncio.get_running_loop()
        tasks = [asyncio.create_task(self._again(self._replies, self._news))]
        tasks += [asyncio.create_task(self._again(self._mailbox, self._nothing))] if self.source else []
        try:
            yield
        finally:
            self._stop.set()
            self._stopped.set()
            self._arrived.set()
            await asyncio.gather(*tasks)
            if self.source:
                await asyncio.to_thread(self.source.close)

    async def _again(self, one_round: Round, between: Round) -> None:
        failures = 0
        while not self._stop.is_set():
            try:
                await one_round()
                failures = 0
                await between()
            except Exception as error:
                failures += 1
                pause = min(2 ** min(failures, 10), LONGEST_PAUSE)
                if isinstance(error, SourceError):
                    log.warning("%s; tried again in %s seconds", error, pause)
                else:
                    log.exception("mail cannot be dealt with; tried again in %s seconds", pause)
                await self._pause(pause)

    async def _pause(self, seconds: float) -> None:
        await _within(self._stopped, seconds)

    async def _look(self) -> None:
        assert self.source
        if came := await asyncio.to_thread(self.source.collect, self._kept):
            log.info("%s: %s came", self.source.name, came)
        await asyncio.to_thread(self.source.wait, self._stop)

    def _kept(self, received: Received) -> Came:
        came = self.keep(received)
        if self._loop and came != "known":
            self._loop.call_soon_threadsafe(self._arrived.set)
        return came

    async def _deal(self) -> None:
        self._arrived.clear()  # what comes from now on is for the next round, or for this one
        await asyncio.to_thread(self.sort)

    async def _news(self) -> None:
        """Until mail has come; another process may have kept some, too."""
        await _within(self._arrived, SORT_SECONDS)

    async def _nothing(self) -> None:
        """The channel has waited already."""


async def _within(event: asyncio.Event, seconds: float) -> None:
    try:
        await asyncio.wait_for(event.wait(), seconds)
    except TimeoutError:
        return
