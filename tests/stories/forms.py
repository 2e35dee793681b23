"""The forms a service can take: one node, two at the same time, or jobs; to a story each of them is one service."""

import asyncio
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal, TypeVar

import pytest

from engine.sweep import Swept
from notifications.outbox import Delivered
from tiltak.clock import SteadyClock
from tiltak.jobs import DELIVER, SWEEP, Duties, Queues, defer, jobs_of
from tiltak.watch import Watch
from tiltak.wiring import Service, rounds

Got = TypeVar("Got")


@dataclass(frozen=True, slots=True)
class Form:
    nodes: int = 1
    runner: Literal["embedded", "procrastinate"] = "embedded"


ONE, TWO, QUEUED = Form(), Form(nodes=2), Form(runner="procrastinate")
every_form = pytest.mark.parametrize(
    ("database", "form"),
    [
        pytest.param("sqlite", ONE, id="sqlite"),
        *(
            pytest.param("postgresql", form, id=name, marks=pytest.mark.postgres)
            for name, form in {"postgresql": ONE, "two-nodes": TWO, "procrastinate": QUEUED}.items()
        ),
    ],
    indirect=["database"],
)


class Node(Service):
    """A service that only joins others: what they share is the first one's."""

    def __init__(self, service: Service) -> None:
        super().__init__(service.settings, service.store, service.workflows, service.clock, service.post)


class Together(Node):
    """Nodes that all do the same thing at the same moment, each in a thread of its own."""

    def __init__(self, nodes: Sequence[Service]) -> None:
        super().__init__(nodes[0])
        self.nodes = nodes

    def sweep(self) -> Swept:
        found = Swept()
        for swept in self._all(lambda node: node.sweep()):
            found.add(swept)
        return found

    def tick(self) -> tuple[Swept, Delivered]:
        swept, found = self.sweep(), Delivered()
        for it in self._all(lambda node: asyncio.run(node.deliver())):
            found.sent += it.sent
            found.backed_off += it.backed_off
            found.unknown += it.unknown
            found.dead += it.dead
        return swept, found

    def _all(self, act: Callable[[Service], Got]) -> list[Got]:
        with ThreadPoolExecutor(len(self.nodes)) as pool:
            return list(pool.map(act, self.nodes))

    def end(self) -> None:
        for node in self.nodes:
            node.store.close()


class Queued(Node):
    """Everything happens in jobs: they are deferred as a worker's clock would, and worked off until none is left."""

    def __init__(self, service: Service) -> None:
        super().__init__(service)
        self.node = service
        self.loop = asyncio.Runner()
        start = self.clock.now()
        every = {"sweep": timedelta(minutes=1), "deliver": timedelta(seconds=15)}
        watch = Watch(
            self.store,
            SteadyClock(self.clock),
            node="worker",
            every=every,
            doubt=timedelta(days=3650),  # stories leap; that a leap is doubted is a story of its own
            uptime=lambda: (self.clock.now() - start).total_seconds(),
        )
        self.queues = Queues.of(self.store.org)
        duties = Duties(**rounds(self.node, watch), batches=self.node.batches)
        self.app = jobs_of(duties, self.store.engine, self.store.org)
        self.loop.run(self._open())

    async def _open(self) -> None:
        await self.app.open_async()

    def last_sweep(self) -> datetime | None:
        return self.node.last_sweep()

    def sweep(self) -> Swept:
        self.loop.run(self._work((SWEEP, self.queues.sweep)))
        return Swept()

    def tick(self) -> tuple[Swept, Delivered]:
        self.loop.run(self._work((SWEEP, self.queues.sweep)))
        self.loop.run(self._work((DELIVER, self.queues.deliver)))
        return Swept(), Delivered()

    async def _work(self, *deferred: tuple[str, str]) -> None:
        for task, queue in deferred:
            await defer(self.app, task, queue, lock=task)
            await self.app.run_worker_async(
                queues=[queue], wait=False, listen_notify=False, install_signal_handlers=False, delete_jobs="successful"
            )

    def end(self) -> None:
        self.loop.run(self.app.close_async())
        self.loop.close()
        self.store.close()
