"""One process of the service, as `tiltak serve` runs it: the same loops, watched, over real SMTP; only time is fast."""

import asyncio
import logging
import os
import signal
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from random import Random
from typing import Any

from sqlalchemy import Connection, Engine, event

from engine.workflow import Workflows
from notifications.post import Post
from notifications.smtp import Smtp
from store.sql import SqlStore
from tests.chaos.board import Board
from tests.chaos.people import Confirmations, People
from tests.chaos.plan import organisation
from tiltak.clock import SteadyClock
from tiltak.scheduler import ticking
from tiltak.settings import Mail, Schedule, Settings
from tiltak.settings import Service as ServiceSettings
from tiltak.watch import Watch
from tiltak.wiring import Service, build, smtp

SECONDS = 0.2  # between two rounds of a loop: nobody sleeps long enough to be killed in peace
# time goes on only between two rounds of letters, while they may leave by three hours: a lease must outlive that
LEASE_SECONDS, BATCH = 4 * 3600, 10
COLD = 10
EVERY = {"sweep": timedelta(hours=6), "deliver": timedelta(hours=6)}


@dataclass(frozen=True)
class Errands:
    """What a process is born with."""

    database: str
    port: int
    store: SqlStore  # without a connection, but with every statement compiled
    workflows: Workflows
    board: Board
    seed: str
    refs: Sequence[str]  # of the cases that people touch
    confirmations: Confirmations
    log: str


def settings_of(database: str, port: int) -> Settings:
    return Settings(
        service=ServiceSettings(database=database),
        mail=Mail(
            sender="tiltak@agency.example",
            message_id_host="agency.example",
            host="127.0.0.1",
            port=port,
            security="none",
            timeout_seconds=10,
        ),
        schedule=Schedule(lease_seconds=LEASE_SECONDS, batch=BATCH),
    )


def live(errands: Errands, slot: int, life: int) -> None:
    """Until killed. Every so often the whole start is part of it; else a process is at work at once."""
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent alone is interrupted
    logging.basicConfig(
        filename=errands.log, level=logging.WARNING, format=f"node-{slot} %(levelname)s %(name)s: %(message)s"
    )
    logging.getLogger("apscheduler").setLevel(logging.ERROR)  # a round that is still running is no news
    board, clock = errands.board, SteadyClock(errands.board)
    settings = settings_of(errands.database, errands.port)
    post = MarkedPost(smtp(settings.mail), board, slot)
    if life % COLD:
        service = Service(settings, errands.store, errands.workflows, clock, post)
    else:
        service = build(settings, clock, workflows=errands.workflows, organisation=organisation(), post=post)
    mark_writing(service.store.engine, board, slot)
    watch = watched(service, clock, board, slot)
    rng = Random(f"{errands.seed}/{slot}/{life}")
    people = People(service, board, slot, rng, errands.confirmations, errands.refs)
    asyncio.run(_serve(service, watch, people, board, slot))


def watched(service: Service, clock: SteadyClock, board: Board, slot: int) -> Watch:
    return Watch(service.store, clock, node=f"node-{slot}", every=EVERY, doubt=timedelta(days=30), uptime=board.uptime)


async def _serve(service: Service, watch: Watch, people: People, board: Board, slot: int) -> None:
    async def delivering() -> None:
        board.delivering(slot, True)
        try:
            await service.deliver()
        finally:
            board.delivering(slot, False)

    rounds = {
        "sweep": (SECONDS, watch.watched("sweep", service.sweep_round)),
        "deliver": (SECONDS, watch.watched("deliver", delivering)),
    }
    parent = os.getppid()
    async with ticking(rounds):
        await people.act()
        while os.getppid() == parent:  # nobody is left who could kill this process
            await asyncio.sleep(SECONDS)


class MarkedPost:
    """The real post, and a mark on the board while a letter is under way."""

    def __init__(self, post: Smtp, board: Board, slot: int) -> None:
        self.post, self.board, self.slot = post, board, slot

    async def __aenter__(self) -> Post:
        await self.post.__aenter__()
        return self

    async def __aexit__(self, *error: Any) -> None:
        await self.post.__aexit__(*error)

    async def send(self, raw: bytes, *, sender: str, recipient: str) -> str:
        self.board.sending(self.slot, True)
        try:
            return await self.post.send(raw, sender=sender, recipient=recipient)
        finally:
            self.board.sending(self.slot, False)


def mark_writing(engine: Engine, board: Board, slot: int) -> None:
    """A mark on the board from the beginning of each write transaction until its connection is free again."""
    lock = threading.Lock()  # sweep and people write on threads of their own

    def begun(connection: Connection) -> None:
        if connection.get_execution_options().get("tiltak_writing"):
            connection.info["marked"] = True
            with lock:
                board.writing(slot, 1)

    def ended(_: object, record: Any) -> None:
        if record.info.pop("marked", False):
            with lock:
                board.writing(slot, -1)

    event.listen(engine, "begin", begun)
    event.listen(engine, "checkin", ended)
