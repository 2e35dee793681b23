"""The ticker: it only says "look now". What is due stands in the database, so a missed tick costs nothing."""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager

from apscheduler.schedulers.asyncio import AsyncIOScheduler

log = logging.getLogger("tiltak.scheduler")
Round = Callable[[], Awaitable[object]]


@asynccontextmanager
async def ticking(rounds: Mapping[str, tuple[float, Round]]) -> AsyncIterator[None]:
    """Run each named round now and every so many seconds, one at a time; on leaving, let the running ones finish."""
    scheduler = AsyncIOScheduler(
        timezone="UTC", job_defaults={"coalesce": True, "misfire_grace_time": None, "max_instances": 1}
    )
    running = asyncio.Lock()
    for name, (seconds, one_round) in rounds.items():
        scheduler.add_job(_guarded, "interval", seconds=seconds, args=(name, one_round, running), id=name)
    scheduler.start()
    first = [asyncio.create_task(_guarded(name, one_round, running)) for name, (_, one_round) in rounds.items()]
    try:
        yield
    finally:
        scheduler.pause()
        await asyncio.gather(*first)
        async with running:
            scheduler.shutdown(wait=False)


async def _guarded(name: str, one_round: Round, running: asyncio.Lock) -> None:
    """A round that fails is told in the log and tried again at the next tick; the ticker goes on."""
    async with running:
        try:
            await one_round()
        except Exception:
            log.exception("%s failed; it is tried again at the next tick", name)
