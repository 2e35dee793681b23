"""The loop that waits for mail by itself: what comes is kept at once, and a channel that breaks is opened again."""

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
Watched = Callable[[str, Round], Round]


class Intake:
    """Runs beside the ticker, since it waits for a server and not for a time."""

    def __init__(self, source: MailSource | None, keep: Callable[[Received], Came], watched: Watched) -> None:
        self.source, self.keep = source, keep
        self._stop = Event()
        self._stopped = asyncio.Event()
        self._mailbox = watched("mailbox", self._look)

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """From here to the end of the block; then what is just being kept is kept, and nothing more is asked for."""
        task = asyncio.create_task(self._again()) if self.source else None
        try:
            yield
        finally:
            self._stop.set()
            self._stopped.set()
            if task and self.source:
                await task
                await asyncio.to_thread(self.source.close)

    async def _again(self) -> None:
        failures = 0
        while not self._stop.is_set():
            try:
                await self._mailbox()
                failures = 0
            except Exception as error:
                failures += 1
                pause = min(2 ** min(failures, 10), LONGEST_PAUSE)
                if isinstance(error, SourceError):
                    log.warning("%s; tried again in %s seconds", error, pause)
                else:
                    log.exception("mail cannot be taken; tried again in %s seconds", pause)
                await self._pause(pause)

    async def _pause(self, seconds: float) -> None:
        try:
            await asyncio.wait_for(self._stopped.wait(), seconds)
        except TimeoutError:
            return

    async def _look(self) -> None:
        assert self.source
        if came := await asyncio.to_thread(self.source.collect, self.keep):
            log.info("%s: %s came", self.source.name, came)
        await asyncio.to_thread(self.source.wait, self._stop)
