"""One to four nodes on one PostgreSQL: how long they take to decide what is due, and to get the letters out."""

import argparse
import asyncio
import multiprocessing
from collections.abc import Iterator
from datetime import timedelta
from multiprocessing.synchronize import Barrier
from time import monotonic

from bench.ground import TODAY, action, fill, now, organisation
from engine.case import Case
from store.migrate import migrate
from store.sql import open_store
from tests.notifications.post_office import LOCALHOST, PostOffice
from tests.postgres_server import OPTIONS, postgres_server
from tiltak.clock import ManualClock
from tiltak.serving import settle_in
from tiltak.settings import Mail, Settings
from tiltak.settings import Service as ServiceSettings
from tiltak.wiring import Service, build

MOST = 4
UNITS = 2_000  # each gets a letter, so does each head
Took = tuple[float, float, float]  # seconds on the machine's own clock: begun, decided and packed, delivered
PROCESSES = multiprocessing.get_context("spawn")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=int, default=20_000)
    count = parser.parse_args().cases
    print(f"{count:,} due cases of {UNITS:,} units\nnodes   decided and packed       letters out")
    with postgres_server(OPTIONS) as server, PostOffice() as office:
        for nodes in range(1, MOST + 1):
            url = server.empty(f"nodes_{nodes}")
            _prepare(url, count)
            before = len(office.taken)
            decided, delivered = _race(url, nodes, office.port)
            letters = len(office.taken) - before
            print(
                f"{nodes:>5}{decided:>9.1f} s {count / decided:>7,.0f} cases/s"
                f"{delivered:>9.1f} s {letters / delivered:>6,.0f} letters/s",
                flush=True,
            )


def _prepare(url: str, count: int) -> None:
    migrate(url)
    store = open_store(url, organisation=organisation())
    fill(store, _due(count), UNITS)
    store.close()


def _due(count: int) -> Iterator[Case]:
    day = TODAY - timedelta(days=3)
    return (action(n, due=day, wake_on=day, units=UNITS) for n in range(1, count + 1))


def _race(url: str, nodes: int, port: int) -> tuple[float, float]:
    """How long it takes from the first who begins to the last who has nothing left to do."""
    line, finished = PROCESSES.Barrier(nodes), PROCESSES.Queue()
    racing = [PROCESSES.Process(target=_node, args=(url, port, line, finished)) for _ in range(nodes)]
    for process in racing:
        process.start()
    took: list[Took] = [finished.get() for _ in racing]
    for process in racing:
        process.join()
    begun, decided, delivered = min(it[0] for it in took), max(it[1] for it in took), max(it[2] for it in took)
    return decided - begun, delivered - decided


def _node(url: str, port: int, line: Barrier, finished: "multiprocessing.Queue[Took]") -> None:
    service = _service(url, port)
    settle_in()  # as `serve` does
    line.wait()
    begun = monotonic()
    service.sweep()
    line.wait()
    decided = monotonic()
    asyncio.run(service.deliver())
    finished.put((begun, decided, monotonic()))
    service.store.close()


def _service(url: str, port: int) -> Service:
    settings = Settings(
        service=ServiceSettings(database=url),
        mail=Mail(sender="tiltak@agency.example", host=LOCALHOST, port=port, security="none"),
    )
    return build(settings, ManualClock(now() + timedelta(hours=4)), organisation=organisation())


if __name__ == "__main__":
    main()
