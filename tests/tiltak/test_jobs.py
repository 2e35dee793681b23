"""Jobs say when to look, and nothing more: what is lost, doubled or stalled among them costs nobody a letter."""

import asyncio
import os
import signal
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, time
from importlib import resources
from threading import Barrier, Thread
from typing import Any

import pytest
from procrastinate.exceptions import ConnectorException, UniqueViolation
from procrastinate.periodic import PeriodicDeferrer
from sqlalchemy import text

from engine.errors import SettingsError
from store.migrate import migrate
from store.sql import SqlStore
from tests.postgres_server import PostgresServer
from tests.store.cast import a_notice, a_parcel, a_store, packed
from tests.stories.forms import ONE, QUEUED
from tests.stories.world import Box, World, iom
from tiltak import jobs
from tiltak.jobs import DELIVER, MEND, PRUNE, SWEEP, Duties, Queues, announcing, cron, defer, jobs_of, periodically
from tiltak.watch import accept
from tiltak.wiring import Service

pytestmark = pytest.mark.postgres
QUEUES = Queues.of("ud")


class Shop:
    """A database with jobs in it, and duties that only count."""

    def __init__(self, url: str) -> None:
        self.store = a_store(url)
        jobs.prepare(self.store.engine)
        self.done: Counter[str] = Counter()
        self.batches = 0
        self.broken: Exception | None = None
        self.duties = Duties(sweep=self._sweep, deliver=self._deliver, batches=lambda: self.batches)
        self.app = jobs_of(self.duties, self.store.engine, "ud")

    async def _sweep(self) -> None:
        self.done["sweep"] += 1
        if self.broken:
            raise self.broken

    async def _deliver(self) -> None:
        self.done["deliver"] += 1

    def run(self, *deferred: str, queues: Sequence[str] = (QUEUES.sweep, QUEUES.deliver)) -> None:
        """Defer these and work until nothing waits."""

        async def work() -> None:
            async with self.app.open_async():
                for name in deferred:
                    await defer(self.app, name, QUEUES.sweep if name != DELIVER else QUEUES.deliver, lock=name)
                await self.app.run_worker_async(
                    queues=list(queues),
                    wait=False,
                    listen_notify=False,
                    install_signal_handlers=False,
                    delete_jobs="successful",
                )

        asyncio.run(work())

    def waiting(self) -> list[Any]:
        """Every job there is: its task, its queueing lock, how it stands."""
        return told(self.store, "SELECT task_name, queueing_lock, status::text FROM procrastinate_jobs ORDER BY id")


def told(store: SqlStore, sql: str) -> list[Any]:
    with store.engine.begin() as connection:
        found = connection.execute(text(sql))
        return [tuple(row) for row in found] if found.returns_rows else []


@pytest.fixture
def shop(postgres: PostgresServer) -> Iterator[Shop]:
    opened = Shop(postgres.fresh())
    yield opened
    opened.store.close()


def pack(store: SqlStore, key: str, *others: str) -> bool:
    with store.begin() as tx:
        tx.queue([a_notice(key)])
    notices = [a_notice(it) for it in (key, *others)]
    return packed(store, a_parcel(f"letter-{key}", *notices), f"<{key}@ud.example>")


def test_a_letter_and_its_job_are_there_together_or_not_at_all(shop: Shop) -> None:
    shop.store.announce = announcing("ud")
    assert pack(shop.store, "a")
    assert not pack(shop.store, "b", "a")  # another node was faster with one of them
    assert shop.waiting() == [(DELIVER, "deliver.ud/letter-a", "todo")]
    assert shop.store.letters_count() == 1
    shop.run()
    assert (shop.done, shop.waiting()) == (Counter(deliver=1), [])


def test_a_letter_that_has_a_job_already_is_packed_all_the_same(shop: Shop) -> None:
    shop.store.announce = announcing("ud")
    with shop.store.engine.begin() as connection:
        shop.store.announce(connection, "letter-a")
    assert pack(shop.store, "a")
    assert len(shop.waiting()) == 1
    assert shop.store.letters_count() == 1


def test_a_sweep_with_much_to_do_calls_helpers_and_never_more_than_there_is_room_for(shop: Shop) -> None:
    shop.batches = 3
    shop.run(SWEEP)
    assert (shop.done, shop.waiting()) == (Counter(sweep=3), [])
    shop.batches = 1000
    shop.run(SWEEP)
    assert shop.done == Counter(sweep=3 + 1 + jobs.HELPERS)


def test_what_comes_again_is_deferred_once_however_many_workers_there_are(shop: Shop) -> None:
    at = datetime(2012, 5, 22, 10, 7, 30, tzinfo=UTC).timestamp()
    app = periodically(jobs_of(shop.duties, shop.store.engine, "ud"), "ud", sweep_seconds=60, deliver_seconds=15)

    async def tick() -> None:
        async with app.open_async():
            for _worker in range(3):
                deferrer = PeriodicDeferrer(app.periodic_registry)
                await deferrer.defer_jobs(list(deferrer.get_previous_tasks(at=at)))

    asyncio.run(tick())
    assert sorted(name for name, _, _ in shop.waiting()) == sorted([SWEEP, DELIVER, MEND, PRUNE])
    shop.run()
    assert (shop.done, shop.waiting()) == (Counter(sweep=1, deliver=1), [])


def test_jobs_whose_worker_is_gone_are_done_again_unless_the_next_one_waits_already(shop: Shop) -> None:
    shop.store.announce = announcing("ud")
    pack(shop.store, "a")
    told(shop.store, "UPDATE procrastinate_jobs SET status = 'doing'")
    shop.run()
    assert shop.done == Counter()
    shop.run(MEND)
    assert (shop.done, shop.waiting()) == (Counter(deliver=1), [])
    with shop.store.engine.begin() as connection:
        shop.store.announce(connection, "letter-a")
        connection.execute(text("UPDATE procrastinate_jobs SET status = 'doing'"))
        shop.store.announce(connection, "letter-a")
    shop.run(MEND, queues=[QUEUES.sweep])
    assert shop.waiting() == [(DELIVER, "deliver.ud/letter-a", "todo")]


class Late:
    """A manager whose first stalled job has been dealt with by somebody else, and whose last one has a follower."""

    def __init__(self) -> None:
        self.done: list[str] = []

    async def get_stalled_jobs(self, *, queue: str) -> list[str]:
        return [f"{queue}/gone", f"{queue}/stalled", f"{queue}/followed"]

    async def retry_job(self, job: str) -> None:
        if job.endswith("gone"):
            raise ConnectorException("Job was not found or has an invalid status to retry")
        if job.endswith("followed"):
            raise UniqueViolation(constraint_name="lock", queueing_lock=None)
        self.done.append(f"again {job}")

    async def finish_job(self, job: str, *_: object, **__: object) -> None:
        self.done.append(f"over {job}")


def test_a_stalled_job_that_is_dealt_with_meanwhile_keeps_no_other_one_waiting() -> None:
    late = Late()
    asyncio.run(jobs.retry_stalled_jobs(late, "q"))  # type: ignore[arg-type]
    assert late.done == ["again q/stalled", "over q/followed"]


@pytest.mark.parametrize(("patient", "ends"), [(True, 1), (False, 0)])
def test_a_worker_that_is_told_to_stop_lets_its_job_end_but_does_not_wait_for_ever(
    shop: Shop, patient: bool, ends: int
) -> None:
    halted = asyncio.Event()

    async def told_meanwhile() -> None:
        os.kill(os.getpid(), signal.SIGTERM)
        await halted.wait() if patient else await asyncio.Event().wait()
        shop.done["sweep"] += 1

    duties = Duties(sweep=told_meanwhile, deliver=told_meanwhile, batches=lambda: 0)
    app = jobs_of(duties, shop.store.engine, "ud")
    told(
        shop.store, f"SELECT procrastinate_defer_periodic_job_v2('{QUEUES.sweep}', '', '', '{SWEEP}', 0, '', 1, '{{}}')"
    )
    jobs.work(app, "ud", ready=lambda: None, halt=halted.set, grace=30 if patient else 0.01)
    assert shop.done["sweep"] == ends


def test_a_job_that_failed_is_kept_to_be_looked_at_for_three_days(shop: Shop) -> None:
    shop.broken = ConnectionError("the mail server is away")
    shop.run(SWEEP)
    shop.run(PRUNE)
    assert [(name, status) for name, _, status in shop.waiting()] == [(SWEEP, "failed")]
    told(shop.store, "UPDATE procrastinate_events SET at = at - interval '73 hours'")
    shop.run(PRUNE)
    assert shop.waiting() == []


def test_two_organisations_in_one_database_never_take_each_others_jobs(shop: Shop) -> None:
    with shop.store.engine.begin() as connection:
        announcing("kd")(connection, "letter-a")
    shop.run()
    assert shop.done == Counter()
    assert shop.waiting() == [(DELIVER, "deliver.kd/letter-a", "todo")]
    long, longer = Queues.of("an-organisation-with-a-long-name"), Queues.of("an-organisation-with-a-longer-name")
    assert long != longer
    assert max(map(len, (long.deliver, longer.deliver))) < 40


@pytest.mark.parametrize(
    ("seconds", "says"),
    [(1, "* * * * * */1"), (15, "* * * * * */15"), (60, "*/1 * * * *"), (300, "*/5 * * * *"), (7200, "0 */2 * * *")],
)
def test_how_often_is_said_as_cron_says_it(seconds: int, says: str) -> None:
    assert cron(seconds) == says


def test_the_tables_are_made_once_however_many_start_at_the_same_time(postgres: PostgresServer) -> None:
    store, together = a_store(postgres.fresh()), Barrier(4)
    failures: list[Exception] = []

    def start() -> None:
        together.wait(30)
        try:
            jobs.prepare(store.engine)
        except Exception as error:
            failures.append(error)

    threads = [Thread(target=start) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    store.close()
    assert failures == []


def test_tables_of_an_older_procrastinate_are_brought_up_to_date(postgres: PostgresServer) -> None:
    store = a_store(postgres.fresh())
    folder = resources.files("procrastinate.sql.migrations")
    older = sorted(it.name for it in folder.iterdir() if it.name.endswith(".sql"))[:-3]
    for name in older:
        with store.engine.begin() as connection:
            connection.connection.cursor().execute((folder / name).read_text(encoding="utf-8"))
    told(store, f"COMMENT ON TABLE procrastinate_jobs IS '{older[-1]}'")
    jobs.prepare(store.engine)
    with store.engine.begin() as connection:
        announcing("ud")(connection, "letter-a")
    assert told(store, "SELECT status::text FROM procrastinate_jobs") == [("todo",)]
    assert told(store, "SELECT procrastinate_retry_job_v2(id, now(), 0, '', '') FROM procrastinate_jobs LIMIT 0") == []
    store.close()


def test_tables_that_are_not_ours_are_left_alone(shop: Shop) -> None:
    told(shop.store, "COMMENT ON TABLE procrastinate_jobs IS 'of somebody else'")
    with pytest.raises(SettingsError, match="give Tiltak a database of its own"):
        jobs.prepare(shop.store.engine)
    migrate(str(shop.store.engine.url))


# The whole service


@pytest.fixture
def world(postgres: PostgresServer) -> Iterator[World]:
    begun = World(iom(), postgres.fresh(), form=QUEUED)
    yield begun
    begun.end()


def sent(world: World) -> Counter[str]:
    return Counter(mail.message_id for mail in world.box.mails)


def once(world: World) -> bool:
    return bool(world.box.mails) and set(sent(world).values()) == {1}


def test_a_letter_whose_job_is_lost_leaves_with_the_next_round(world: World) -> None:
    world.away_until(date(2011, 9, 1), time(7, 30))
    world.service.sweep()
    waiting = told(world.service.store, "SELECT task_name FROM procrastinate_jobs")
    assert waiting == [(DELIVER,)] * world.service.store.letters_count()
    told(world.service.store, "DELETE FROM procrastinate_jobs")
    assert world.box.mails == []
    world.service.tick()
    assert {it.status for it in world.service.store.letters()} == {"sent"}
    assert once(world)


def test_the_runner_is_changed_with_letters_in_flight_both_ways(world: World) -> None:
    world.away_until(date(2011, 9, 1), time(7, 30))
    world.service.sweep()
    world.form = ONE
    embedded, queued = world.start(), world.service
    embedded.tick()
    assert once(world)
    queued.tick()
    assert once(world)
    before = len(world.box.mails)
    world.away_until(date(2011, 9, 26), time(7, 30))
    embedded.sweep()
    queued.tick()
    assert len(world.box.mails) > before
    assert once(world)
    assert {it.status for it in queued.store.letters()} == {"sent"}
    assert told(queued.store, "SELECT status FROM procrastinate_jobs") == []


def test_every_worker_leaves_its_heartbeats(world: World) -> None:
    world.service.tick()
    beats = {(it.loop, it.node): it.good_at for it in world.service.store.heartbeats()}
    assert beats == {("sweep", "worker"): world.clock.now(), ("deliver", "worker"): world.clock.now()}


def test_a_clock_that_leaps_stops_the_jobs_until_somebody_says_it_is_right(world: World) -> None:
    world.service.tick()
    world.clock.forward(days=4000)
    world.service.tick()
    (swept,) = {it.error for it in world.service.store.heartbeats() if it.loop == "sweep"}
    assert swept.startswith("DoubtfulClock")
    assert all(it.decided_at < world.clock.now() for it in world.service.store.notices("IOM-2011-3"))
    accept(world.service.store, world.clock.now(), "worker")
    world.service.tick()
    assert {it.error for it in world.service.store.heartbeats()} == {""}
    assert any(it.decided_at == world.clock.now() for it in world.service.store.notices("IOM-2011-3"))


class Door(Box):
    """A mail server that only one may speak to at a time."""

    inside = 0

    async def __aenter__(self) -> "Door":
        self.inside += 1
        assert self.inside == 1
        await asyncio.sleep(0)
        return self

    async def __aexit__(self, *_: object) -> None:
        self.inside -= 1


def test_the_two_slots_of_a_worker_speak_to_the_mail_server_in_turn(world: World) -> None:
    here, door = world.service, Door(world.clock)
    service = Service(here.settings, here.store, here.workflows, here.clock, door)

    async def both() -> None:
        await asyncio.gather(service.deliver(), service.deliver("operator"))

    asyncio.run(both())
    assert door.inside == 0
