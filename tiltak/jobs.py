"""Procrastinate, for those who outgrow the ticker: a job only says "look now", and a job that is lost costs nothing."""

import asyncio
import hashlib
import logging
import signal
from collections.abc import Awaitable, Callable, Iterable
from contextlib import AbstractAsyncContextManager, nullcontext
from dataclasses import dataclass
from importlib import resources
from typing import Any, Final

import psycopg
from procrastinate import App, PsycopgConnector, SyncPsycopgConnector
from procrastinate.exceptions import AlreadyEnqueued, ConnectorException, UniqueViolation
from procrastinate.jobs import Job, Status
from procrastinate.manager import JobManager
from procrastinate.schema import SchemaManager
from sqlalchemy import Connection, Engine, inspect, text

from engine.errors import SettingsError
from store.migrate import alone

log = logging.getLogger("tiltak.jobs")
HELPERS: Final = 15  # at most, beside the job that called them
KEPT_HOURS: Final = 72  # a job that failed, for those who want to look
MIGRATIONS: Final = resources.files("procrastinate.sql.migrations")
GRACE_SECONDS: Final = 45  # for the job that is running when the worker is told to stop
PAUSE_SECONDS: Final = 5  # before a database that is away is tried again
EVERY_MINUTE, EVERY_HOUR = "* * * * *", "7 * * * *"
SWEEP, HELP, DELIVER, MEND, PRUNE = (f"tiltak.{name}" for name in ("sweep", "help", "deliver", "mend", "prune"))


@dataclass(frozen=True, slots=True)
class Queues:
    """An organisation's own, since several may share a database. Short: PostgreSQL's channels are named for them."""

    sweep: str
    deliver: str

    @classmethod
    def of(cls, org: str) -> "Queues":
        short = org if len(org) <= 20 else f"{org[:11]}-{hashlib.sha256(org.encode()).hexdigest()[:8]}"
        return cls(f"sweep.{short}", f"deliver.{short}")


@dataclass(frozen=True, slots=True)
class Duties:
    """What jobs do: the same rounds as the ticker's. `batches` says how many may sweep side by side just now."""

    sweep: Callable[[], Awaitable[object]]
    deliver: Callable[[], Awaitable[object]]
    batches: Callable[[], int]


# Its tables


def prepare(engine: Engine) -> None:
    """Bring procrastinate's own tables up to the schema of the installed version, under the lock of our migrations."""
    if _schema(engine) != _migrations()[-1]:
        with alone(engine):
            _upgrade(engine)


def _migrations() -> list[str]:
    return sorted(it.name for it in MIGRATIONS.iterdir() if it.name.endswith(".sql"))


def _schema(engine: Engine) -> str:
    """The last migration in it, which is kept as a comment on the table; "" when there is no table."""
    with engine.connect() as connection:
        if not inspect(connection).has_table("procrastinate_jobs"):
            return ""
        return str(connection.scalar(text("SELECT obj_description('procrastinate_jobs'::regclass)")))


def _upgrade(engine: Engine) -> None:
    """Each migration is a transaction: PostgreSQL lets none use a name that it has only just added to an enum."""
    found, known = _schema(engine), _migrations()
    if found and found not in known:
        raise SettingsError(
            "service.database holds tables of procrastinate that this version of Tiltak does not know; "
            "give Tiltak a database of its own, or start the newer version"
        )
    steps = {name: (MIGRATIONS / name).read_text(encoding="utf-8") for name in known if name > found}
    for name, statements in steps.items() if found else [(known[-1], SchemaManager.get_schema())]:
        with engine.begin() as connection:
            _raw(connection).execute(statements.encode())
            connection.execute(text(f"COMMENT ON TABLE procrastinate_jobs IS '{name}'"))


def _raw(connection: Connection) -> Any:
    """The driver's own connection, in the same transaction."""
    return connection.connection.driver_connection


# Deferring


def announcing(org: str) -> Callable[[Connection, str], None]:
    """Defers the delivery of a letter in the very transaction that packs it: both are there, or neither is."""
    app, queue = App(connector=SyncPsycopgConnector()), Queues.of(org).deliver

    def announce(connection: Connection, letter: str) -> None:
        lock = f"{queue}/{letter}"
        job = app.configure_task(DELIVER, queue=queue, queueing_lock=lock, connection=_raw(connection))
        try:
            with connection.begin_nested():
                job.defer(letter=letter)
        except AlreadyEnqueued:
            log.info("letter %s has a job already", letter)

    return announce


async def defer(app: App, task: str, queue: str, *, lock: str) -> None:
    """One such job at most waits at a time."""
    try:
        await app.configure_task(task, queue=queue, queueing_lock=f"{queue}/{lock}").defer_async()
    except AlreadyEnqueued:
        log.debug("%s waits already", lock)


# Working


def jobs_of(duties: Duties, engine: Engine, org: str) -> App:
    """The jobs of one organisation, as a worker knows them."""
    queues = Queues.of(org)
    _, facts = engine.dialect.create_connect_args(engine.url)
    app = App(connector=PsycopgConnector(kwargs=facts, min_size=1, max_size=4))

    @app.task(name=SWEEP, queue=queues.sweep)
    async def sweep(timestamp: int = 0) -> None:  # noqa: ARG001 (procrastinate tells every periodic job its time)
        batches = await asyncio.to_thread(duties.batches)
        for place in range(1, min(batches, HELPERS + 1)):
            await defer(app, HELP, queues.sweep, lock=f"help/{place}")
        await duties.sweep()

    @app.task(name=HELP, queue=queues.sweep)
    async def help_to_sweep() -> None:
        await duties.sweep()

    @app.task(name=DELIVER, queue=queues.deliver)
    async def deliver(letter: str = "", timestamp: int = 0) -> None:  # noqa: ARG001 (the letter is for those who look)
        await duties.deliver()

    @app.task(name=MEND, queue=queues.sweep)
    async def mend(timestamp: int = 0) -> None:  # noqa: ARG001
        for queue in (queues.sweep, queues.deliver):
            await retry_stalled_jobs(app.job_manager, queue)

    @app.task(name=PRUNE, queue=queues.sweep)
    async def prune(timestamp: int = 0) -> None:  # noqa: ARG001
        for queue in (queues.sweep, queues.deliver):
            await app.job_manager.delete_old_jobs(
                KEPT_HOURS, queue, include_failed=True, include_cancelled=True, include_aborted=True
            )

    return app


async def retry_stalled_jobs(manager: JobManager, queue: str) -> None:
    """A job whose worker is gone would be "doing" for ever. Doing one twice harms nobody."""
    for job in await manager.get_stalled_jobs(queue=queue):
        try:
            await _retry(manager, job)
        except ConnectorException as error:  # its worker was only slow, or somebody else mends as well
            log.info("%s was dealt with meanwhile: %s", job, error)


async def _retry(manager: JobManager, job: Job) -> None:
    try:
        await manager.retry_job(job)
    except UniqueViolation:  # the next one of its kind waits already
        await manager.finish_job(job, Status.ABORTED, delete_job=True)


def periodically(app: App, org: str, *, sweep_seconds: int, deliver_seconds: int) -> App:
    """Let the workers defer what comes again and again: each once, however many workers there are."""
    queues = Queues.of(org)
    plan = {
        SWEEP: (cron(sweep_seconds), queues.sweep),
        DELIVER: (cron(deliver_seconds), queues.deliver),
        MEND: (EVERY_MINUTE, queues.sweep),
        PRUNE: (EVERY_HOUR, queues.sweep),
    }
    for name, (when, queue) in plan.items():
        app.periodic(cron=when, periodic_id=queue, queue=queue, queueing_lock=f"{queue}/{name}")(app.tasks[name])
    return app


def cron(seconds: int) -> str:
    """The nearest that cron can say, in UTC; its sixth field are seconds."""
    if seconds < 60:
        return f"* * * * * */{seconds}"
    if seconds < 3600:
        return f"*/{seconds // 60} * * * *"
    return f"0 */{min(seconds // 3600, 23)} * * *"


def work(
    app: App,
    org: str,
    *,
    ready: Callable[[], None],
    beside: Callable[[], AbstractAsyncContextManager[None]] = nullcontext,
    halt: Callable[[], None] = lambda: None,
    grace: float = GRACE_SECONDS,
) -> None:
    """Until SIGTERM or SIGINT: then no new job is begun, and those that are running have some time to end.

    `beside` is what else runs meanwhile; `halt` asks a long job to end soon.
    """
    asyncio.run(_work(app, Queues.of(org), ready, beside, halt, grace))


async def _work(
    app: App,
    queues: Queues,
    ready: Callable[[], None],
    beside: Callable[[], AbstractAsyncContextManager[None]],
    halt: Callable[[], None],
    grace: float,
) -> None:
    stop = asyncio.Event()

    def told() -> None:
        stop.set()
        halt()

    for name in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(name, told)
    ready()
    async with beside():
        await _until_told(app, queues, stop, grace)


async def _until_told(app: App, queues: Queues, stop: asyncio.Event, grace: float) -> None:
    while not stop.is_set():
        try:
            async with app.open_async():
                # a slot for each, as the ticker has: a long post holds up no sweep
                await _until(stop, [_one(app, queue, grace) for queue in (queues.sweep, queues.deliver)])
        except (ConnectorException, psycopg.Error):
            log.exception("the jobs cannot be reached; tried again in %s seconds", PAUSE_SECONDS)
        await _until(stop, [asyncio.sleep(PAUSE_SECONDS)])


def _one(app: App, queue: str, grace: float) -> Awaitable[None]:
    return app.run_worker_async(
        queues=[queue],
        name=queue,
        concurrency=1,
        delete_jobs="successful",
        install_signal_handlers=False,
        shutdown_graceful_timeout=grace,
    )


async def _until(stop: asyncio.Event, those: Iterable[Awaitable[None]]) -> None:
    """Until told to stop or until one of them ends; the others are told to end, and waited for."""
    waiting = asyncio.ensure_future(stop.wait())
    running = [asyncio.ensure_future(it) for it in those]
    await asyncio.wait([waiting, *running], return_when=asyncio.FIRST_COMPLETED)
    waiting.cancel()
    for it in running:
        it.cancel()
    ended = await asyncio.gather(*running, return_exceptions=True)
    for error in ended:
        if isinstance(error, Exception):
            raise error
