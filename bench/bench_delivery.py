"""Getting letters out: how near a round of the post comes to the bare loop of a mail client to the same server."""

import argparse
import asyncio
import multiprocessing
import tempfile
from collections.abc import Callable, Coroutine, Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from functools import partial
from multiprocessing.connection import Connection
from pathlib import Path
from time import perf_counter, process_time
from typing import Any, NamedTuple

import aiosmtplib

from bench.ground import TODAY, action, fill, now, organisation
from engine.notice import Letter
from store.migrate import migrate
from store.sql import open_store
from tests.notifications.post_office import LOCALHOST, PostOffice
from tiltak.clock import ManualClock
from tiltak.serving import settle_in
from tiltak.settings import Mail, Settings
from tiltak.settings import Service as ServiceSettings
from tiltak.wiring import Service, build, smtp

UNITS = 1_000  # each gets a letter about one case
PROCESSES = multiprocessing.get_context("spawn")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--letters", type=int, default=UNITS)
    count = parser.parse_args().letters
    with _office() as port, tempfile.TemporaryDirectory(prefix="tiltak-bench-") as folder:
        whole, finished = (
            _service(f"sqlite:///{Path(folder) / name}.db", port, count) for name in ("whole", "finished")
        )
        _pack(whole)
        _write(finished, _pack(finished))
        settle_in()
        written = [finished.store.letter(it.id) for it in finished.store.letters(limit=count)]
        bare = partial(_bare, port, [(it.raw or b"", it.address) for it in written])
        before, sent, after, all_ = (_timed(it) for it in (bare, finished.deliver, bare, whole.deliver))
        both = Took((before.wall + after.wall) / 2, (before.processor + after.processor) / 2)
        assert {it.status for it in finished.store.letters(limit=count)} == {"sent"}
        print(f"{count:,} letters                            a second   of the bare loop   ms of our processor each")
        _print("a bare loop of aiosmtplib", both, both, count)
        _print("sent and settled (promised: 0.80)", sent, both, count)
        _print("read for, rendered, stored as well", all_, both, count)


def _print(what: str, took: "Took", bare: "Took", count: int) -> None:
    print(f"{what:<36}{count / took.wall:11,.0f}{bare.wall / took.wall:19.2f}{took.processor / count * 1e3:27.1f}")


def _pack(service: Service) -> Sequence[Letter]:
    """Everything due is decided and packed; the leases end at once, so that the round finds the letters free."""
    service.sweep()
    now = service.clock.now()
    return service.store.claim(now, until=now, limit=1_000_000)


def _write(service: Service, letters: Sequence[Letter]) -> None:
    delivery = service._delivery(smtp(service.settings.mail), service.store.organisation())
    delivery.writing.write(letters)


async def _bare(port: int, letters: list[tuple[bytes, str]]) -> None:
    async with aiosmtplib.SMTP(hostname=LOCALHOST, port=port, start_tls=False) as client:
        for raw, address in letters:
            await client.sendmail("tiltak@agency.example", [address], raw)


@contextmanager
def _office() -> Iterator[int]:
    """A mail server in a process of its own, as any real one is."""
    ours, its = PROCESSES.Pipe()
    process = PROCESSES.Process(target=_keep_office, args=(its,))
    process.start()
    try:
        yield ours.recv()
    finally:
        ours.send("close")
        process.join()


def _keep_office(pipe: Connection) -> None:
    with PostOffice() as office:
        pipe.send(office.port)
        pipe.recv()


def _service(url: str, port: int, count: int) -> Service:
    migrate(url)
    store = open_store(url, organisation=organisation())
    day = TODAY - timedelta(days=3)
    fill(store, (action(n, due=day, wake_on=day, units=count) for n in range(1, count + 1)), count)
    store.close()
    settings = Settings(
        service=ServiceSettings(database=url, base_url="https://tiltak.agency.example"),
        mail=Mail(sender="tiltak@agency.example", host=LOCALHOST, port=port, security="none"),
    )
    return build(settings, ManualClock(now() + timedelta(hours=4)), organisation=organisation())


class Took(NamedTuple):
    wall: float
    processor: float


def _timed(work: Callable[[], Coroutine[Any, Any, object]]) -> Took:
    begun, worked = perf_counter(), process_time()
    asyncio.run(work())
    return Took(perf_counter() - begun, process_time() - worked)


if __name__ == "__main__":
    main()
