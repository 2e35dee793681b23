"""One process: pages and ticker side by side, and a clean end when the system asks for one."""

import asyncio
import gc
import signal
from collections.abc import Mapping

import uvicorn
from fastapi import FastAPI

from tiltak.scheduler import Round, ticking

GRACE_SECONDS = 20


def settle_in() -> None:
    """What is loaded by now stays for good: the collector need not walk through it again and again."""
    gc.collect()
    gc.freeze()


def serve(app: FastAPI, *, host: str, port: int, rounds: Mapping[str, tuple[int, Round]]) -> None:
    """Until SIGTERM or SIGINT: then no new request is taken, and the round that is running ends by itself."""
    for name in (signal.SIGTERM, signal.SIGINT):
        # uvicorn raises the signal again when it is done; the drain below must outlive that
        signal.signal(name, lambda *_: None)
    settle_in()
    asyncio.run(_serve(app, host, port, rounds))


async def _serve(app: FastAPI, host: str, port: int, rounds: Mapping[str, tuple[int, Round]]) -> None:
    config = uvicorn.Config(
        app, host=host, port=port, log_level="warning", timeout_graceful_shutdown=GRACE_SECONDS, server_header=False
    )
    async with ticking(rounds):
        await uvicorn.Server(config).serve()
