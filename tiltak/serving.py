"""One process: pages and ticker side by side, and a clean end when the system asks for one."""

import asyncio
import gc
import os
import signal
import socket
import sys
from collections.abc import Callable, Mapping
from contextlib import nullcontext

import uvicorn
from fastapi import FastAPI

from engine.errors import SettingsError
from tiltak.intake import Intake
from tiltak.redaction import keep_secrets
from tiltak.scheduler import Round, ticking

GRACE_SECONDS = 20
SWITCH_SECONDS = 0.0005


def settle_in() -> None:
    """What is loaded by now stays for good: the collector need not walk through it again and again.

    And whoever waits for another server is let through soon while a thread beside it reckons: each word to the mail
    server would else wait five milliseconds for the letter that is just being written.
    """
    gc.collect()
    gc.freeze()
    sys.setswitchinterval(SWITCH_SECONDS)


class _Server(uvicorn.Server):
    """Says that it is there when it is: whoever waits for the line need not try again."""

    def __init__(self, config: uvicorn.Config, ready: Callable[[], None]) -> None:
        super().__init__(config)
        self.ready = ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            self.ready()


def serve(
    app: FastAPI,
    *,
    host: str,
    port: int,
    rounds: Mapping[str, tuple[float, Round]],
    ready: Callable[[], None],
    stop: Callable[[], None] = lambda: None,
    intake: Intake | None = None,
    prompt: Mapping[str, tuple[float, Round]] | None = None,
) -> None:
    """Until SIGTERM or SIGINT: then no new request is taken, and the round that is running ends by itself.

    `stop` asks a long one to end soon. The `prompt` rounds wait for no other: they do what somebody waits for in front
    of a screen.
    """
    _may_listen(host, port)
    keep_secrets()
    for name in (signal.SIGTERM, signal.SIGINT):
        # uvicorn raises the signal again when it is done; the drain below must outlive that
        signal.signal(name, lambda *_: None)
    settle_in()
    config = uvicorn.Config(
        app, host=host, port=port, log_level="warning", timeout_graceful_shutdown=GRACE_SECONDS, server_header=False
    )
    asyncio.run(_serve(_Server(config, ready), rounds, stop, intake, prompt or {}))


def _may_listen(host: str, port: int) -> None:
    """SettingsError when another program has the port, or the address is none of this machine's."""
    try:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        socket.create_server((host, port), family=family).close()
    except OSError as error:
        why = os.strerror(error.errno) if error.errno else str(error)
        raise SettingsError(f"{host}:{port} cannot be listened on ({why}); choose another port") from error


async def _serve(
    server: _Server,
    rounds: Mapping[str, tuple[float, Round]],
    stop: Callable[[], None],
    intake: Intake | None,
    prompt: Mapping[str, tuple[float, Round]],
) -> None:
    async with ticking(rounds), ticking(prompt), intake.running() if intake else nullcontext():
        try:
            await server.serve()
        finally:
            stop()
