"""Noting that letters have arrived while the next ones are on their way.

Who is killed has sent at most MOST_UNSETTLED letters that nobody knows of yet. Each of them goes out once more when its
lease runs out: the same bytes under the same Message-ID.
"""

import asyncio
from collections.abc import Callable, Sequence
from typing import Final

from engine.notice import Arrived

MOST_UNSETTLED: Final = 4


class Settling:
    """What arrives while some are noted is noted together after them."""

    def __init__(self, settle: Callable[[Sequence[Arrived]], None]) -> None:
        self._settle = settle
        self._waiting: list[Arrived] = []
        self._noting: asyncio.Future[None] | None = None
        self._noted = 0  # how many of them are being noted

    async def add(self, arrived: Arrived) -> None:
        """Raises what went wrong with those before, so that nothing more is sent."""
        self._waiting.append(arrived)
        if self._noting and (self._noting.done() or len(self._waiting) + self._noted >= MOST_UNSETTLED):
            await self._over()
        if self._noting is None:
            self._begin()

    async def finish(self) -> None:
        """Return when everything is noted."""
        while self._noting or self._waiting:
            if self._noting is None:
                self._begin()
            await self._over()

    def _begin(self) -> None:
        those, self._waiting = self._waiting, []
        self._noted = len(those)
        self._noting = asyncio.ensure_future(asyncio.to_thread(self._settle, those))

    async def _over(self) -> None:
        assert self._noting
        noting, self._noting, self._noted = self._noting, None, 0
        await noting
