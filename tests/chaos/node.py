"""One process of the service, as `tiltak serve` or `tiltak worker` runs it, over real SMTP; only time is fast."""

import asyncio
import logging
import os
import signal
import threading
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from random import Random
from typing import Any, Literal

from procrastinate import App
from sqlalchemy import Connection, Engine, event

from engine.workflow import Workflows
from notifications.post import Post
from notifications.smtp import Smtp
from store.sql import SqlStore
from tests.chaos.board import Board
from tests.chaos.people import Confirmations, People
from tests.chaos.plan import organisation
from tiltak.clock import SteadyClock
from tiltak.jobs import DELIVER, SWEEP, Duties, Queues, defer, jobs_of, periodically, work
from tiltak.scheduler import Round, ticking
from tiltak.settings import Mail, Runner, Schedule, Settings
from tiltak.settings import Service as ServiceSettings
from tiltak.watch import Watch
from tiltak.wiring import Service, build, smtp

Kind = Literal["embedded", "procrastinate"]
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
    runner: Kind
    log: str

    @property
    def everybody_works(self) -> int:
        """How many processes are sure to get a turn at each loop before long: jobs go to whoever is free."""
        return 1 if self.runner == "procrastinate" else len(self.board.slots)


def settings_of(database: str, port: int, runner: Kind) -> Settings:
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
        runner=Runner(kind=runner),
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
    settings = settings_of(errands.database, errands.port, errands.runner)
    post = MarkedPost(smtp(settings.mail), board, slot)
    if life % COLD:
        service = Service(settings, errands.store, errands.workflows, clock, post)
    else:
        service = build(settings, clock, workflows=errands.workflows, organisation=organisation(), post=post)
    mark_writing(service.store.engine, board, slot)
    watch = watched(service, clock, board, slot)
    rng = Random(f"{errands.seed}/{slot}/{life}")
    people = People(service, board, slot, rng, errands.confirmations, errands.refs)
    rounds = _rounds(service, watch, board, slot)
    if settings.queued:
        _work(service, rounds, people)
    else:
        asyncio.run(_serve(rounds, people))


def watched(service: Service, clock: SteadyClock, board: Board, slot: int) -> Watch:
    return Watch(service.store, clock, node=f"node-{slot}", every=EVERY, doubt=timedelta(days=30), uptime=board.uptime)


def _rounds(service: Service, watch: Watch, board: Board, slot: int) -> dict[str, Round]:
    async def delivering() -> None:
        board.delivering(slot, True)
        try:
            await service.deliver()
        finally:
            board.delivering(slot, False)

    return {
        "sweep": watch.watched("sweep", service.sweep_round),
        "deliver": watch.watched("deliver", delivering),
    }


async def _serve(rounds: Mapping[str, Round], people: People) -> None:
    """As `tiltak serve`."""
    parent = os.getppid()
    async with ticking({name: (SECONDS, one_round) for name, one_round in rounds.items()}):
        await people.act()
        while os.getppid() == parent:  # nobody is left who could kill this process
            await asyncio.sleep(SECONDS)


def _work(service: Service, rounds: Mapping[str, Round], people: People) -> None:
    """As `tiltak worker`."""
    engine, org = service.store.engine, service.store.org

    def worker() -> App:
        return jobs_of(Duties(**rounds, batches=service.batches), engine, org)

    app = periodically(worker(), org, sweep_seconds=1, deliver_seconds=1)
    work(app, org, ready=lambda: None, beside=partial(_haste, worker(), Queues.of(org), people))


@asynccontextmanager
async def _haste(app: App, queues: Queues, people: People) -> AsyncIterator[None]:
    """Cron knows nothing shorter than a second; here a day is over in one."""
    parent = os.getppid()

    async def hurry() -> None:
        while os.getppid() == parent:
            await defer(app, SWEEP, queues.sweep, lock=SWEEP)
            await defer(app, DELIVER, queues.deliver, lock=DELIVER)
            await asyncio.sleep(SECONDS)
        os.kill(os.getpid(), signal.SIGTERM)

    async with app.open_async():
        busy = [asyncio.create_task(it) for it in (hurry(), people.act())]
        yield
        for it in busy:
            it.cancel()
        await asyncio.gather(*busy, return_exceptions=True)


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
