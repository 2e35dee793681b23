"""One process of the service as `serve` runs it: its own connections, its own clock, loops that are watched."""

import asyncio
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from engine.people import Organisation
from engine.workflow import Workflows
from tests.simulation.crashing import Fuse, Killed, Watched
from tests.simulation.post_office import Counter, Mail, PostOffice
from tiltak.clock import SteadyClock
from tiltak.scheduler import Round
from tiltak.settings import Mail as MailSettings
from tiltak.settings import Schedule, Settings
from tiltak.settings import Service as ServiceSettings
from tiltak.watch import DoubtfulClock, Watch
from tiltak.wiring import build, rounds

DOUBT = timedelta(days=30)
EVERY = {"sweep": timedelta(minutes=1), "deliver": timedelta(seconds=15)}
SENDER = MailSettings(sender="tiltak@office.example", message_id_host="office.example", security="none")


@dataclass
class Wrist:
    """What a machine's clock shows: the true time and an error."""

    true: Callable[[], datetime]
    wrong: timedelta = timedelta()

    def now(self) -> datetime:
        return self.true() + self.wrong


@dataclass(frozen=True)
class House:
    """What all nodes share."""

    database: str
    organisation: Organisation
    office: PostOffice
    true: Callable[[], datetime]
    uptime: Callable[[], float]
    batch: int
    meanwhile: Callable[[str], None]
    handed_in: Callable[[Mail], None]


class Node:
    def __init__(self, name: str, house: House, workflows: Workflows) -> None:
        self.name, self.wrist, self.fuse = name, Wrist(house.true), Fuse()
        self.clock = SteadyClock(self.wrist)
        settings = Settings(
            service=ServiceSettings(database=house.database, base_url="https://tiltak.example"),
            mail=SENDER,
            schedule=Schedule(batch=house.batch),
        )
        meanwhile = partial(house.meanwhile, name)
        counter = Counter(house.office, name, self.clock.now, meanwhile, house.handed_in)
        self.service = build(settings, self.clock, workflows=workflows, organisation=house.organisation, post=counter)
        self.watched = Watched(self.service.store.engine, self.fuse, meanwhile)
        self.watch = Watch(
            self.service.store,
            self.clock,
            node=name,
            every=EVERY,
            doubt=DOUBT,
            ask=self.service.ask,
            uptime=house.uptime,
        )
        self.service.ailments = self.watch.ailments
        self.rounds = rounds(self.service, self.watch)
        self.dead = False

    def round(self, loop: str) -> str:
        """How it went: "well", "killed", or "doubts the clock". Anything else that is raised is a fault."""
        try:
            _alone(self.rounds[loop])
        except Killed:
            self.die()
            return "killed"
        except DoubtfulClock:
            return "doubts the clock"
        return "well"

    def die(self) -> None:
        """Its connections are gone with it, and with them what was not committed."""
        self.dead = True
        self.service.store.close()


def _alone(one_round: Round) -> None:
    """Run to its end in a thread of its own: a round may begin while another node is in the middle of one."""
    raised: list[BaseException] = []

    def run() -> None:
        try:
            asyncio.run(_awaited(one_round))
        except BaseException as error:
            raised.append(error)

    thread = threading.Thread(target=run)
    thread.start()
    thread.join()
    if raised:
        raise raised[0]


async def _awaited(one_round: Round) -> Any:
    return await one_round()
