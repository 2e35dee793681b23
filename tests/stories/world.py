"""The whole service in virtual time: a clock moved by hand, a post office that remembers, the real store and desk."""

import email
from dataclasses import dataclass, field
from datetime import date, datetime, time
from email.message import Message
from pathlib import Path
from typing import Any

from engine.calendar import day_of, instant
from engine.case import Case, Errand, Event
from engine.draft import PlanDraft
from engine.workflow import Workflows
from notifications.post import SendError
from notifications.reading.commands import vocabulary
from notifications.reading.facts import Reading
from notifications.reading.reader import read
from reports.plan_file import read_plan
from tests.stories.forms import ONE, Form, Queued, Together
from tiltak.clock import ManualClock
from tiltak.demo import Demo
from tiltak.reading import ourselves
from tiltak.settings import Inbound, Mail, Runner, Settings
from tiltak.settings import Service as ServiceSettings
from tiltak.wiring import Service, build
from workflows.loading import load

EXAMPLES = Path(__file__).parents[2] / "examples"
WORKFLOWS = load()


@dataclass
class Mailed:
    """A letter as the post office saw it."""

    to: str
    raw: bytes
    day: date

    @property
    def message(self) -> Message:
        return email.message_from_bytes(self.raw)

    @property
    def message_id(self) -> str:
        return str(self.message["Message-ID"])

    @property
    def text(self) -> str:
        for part in self.message.walk():
            if part.get_content_type() == "text/plain":
                payload = part.get_payload(decode=True)
                assert isinstance(payload, bytes)
                return payload.decode("utf-8")
        raise AssertionError("a letter without text")


@dataclass
class Box:
    """A post office that remembers every letter and can be told to fail the next ones."""

    clock: ManualClock
    mails: list[Mailed] = field(default_factory=list)
    failures: list[SendError | Exception] = field(default_factory=list)

    async def __aenter__(self) -> "Box":
        return self

    async def __aexit__(self, *_: object) -> None:
        return None

    async def send(self, raw: bytes, *, sender: str, recipient: str) -> str:
        assert sender
        failure = self.failures.pop(0) if self.failures else None
        if failure is None or getattr(failure, "unknown", False):
            self.mails.append(Mailed(recipient, raw, day_of(self.clock.now(), "Europe/Oslo")))
        if failure:
            raise failure
        return "250 remembered"

    def to(self, address: str) -> list[Mailed]:
        return [mail for mail in self.mails if mail.to == address]


class Eyes:
    """Reads mail in this very process: stories have no time to begin another one."""

    def __init__(self, settings: Settings, workflows: Workflows) -> None:
        self.own, self.vocabulary = ourselves(settings), vocabulary(workflows.by_key.values())

    def read(self, raw: bytes, *, received: date) -> Reading:
        return read(raw, own=self.own, vocabulary=self.vocabulary, received=received)

    def close(self) -> None:
        """There is nothing to close."""


class World:
    """A plan on the day it was decided, and the year in front of it."""

    def __init__(
        self,
        draft: PlanDraft,
        database: str,
        workflows: Workflows = WORKFLOWS,
        form: Form = ONE,
        base_url: str = "",
        **mail: Any,
    ) -> None:
        assert draft.organisation
        self.form, self.base_url, self.mail = form, base_url, mail
        self.draft, self.workflows = draft, workflows
        self.clock = ManualClock(instant(draft.decided_on, time(10, 0), draft.organisation.zone))
        self.box = Box(self.clock)
        self.database = database
        self.services: list[Service] = []
        self.service = self.start()
        self.service.desk.adopt(draft, by="operator")

    def start(self) -> Service:
        """Another process (or two, or jobs) on the same database, with the same clock and post office."""
        nodes = [self._node() for _ in range(self.form.nodes)]
        service = (
            Queued(nodes[0]) if self.form.runner == "procrastinate" else Together(nodes) if nodes[1:] else nodes[0]
        )
        self.services.append(service)
        return service

    def _node(self) -> Service:
        settings = Settings(
            service=ServiceSettings(database=self.database, base_url=self.base_url),
            mail=Mail(
                sender="tiltak@ud.example",
                reply_to="svar@ud.example",
                message_id_host="ud.example",
                security="none",
                **self.mail,
            ),
            inbound=Inbound(trusted_authserv_id="mx.ud.example"),
            runner=Runner(kind=self.form.runner),
        )
        organisation = self.draft.organisation
        readers = Eyes(settings, self.workflows)
        return build(
            settings, self.clock, workflows=self.workflows, organisation=organisation, post=self.box, readers=readers
        )

    def end(self) -> None:
        for service in self.services:
            if isinstance(service, Together | Queued):
                service.end()
            else:
                service.store.close()

    @property
    def today(self) -> date:
        return self.service.desk.today()

    def live_until(self, day: date, at: time = time(12, 0)) -> None:
        """Let everything happen that happens by itself."""
        Demo(self.service, self.clock).move_to(self.at(day, at))

    def away_until(self, day: date, at: time = time(9, 0)) -> None:
        """The service is down: the clock goes, nothing happens."""
        self.clock.move_to(self.at(day, at))

    def at(self, day: date, at: time) -> datetime:
        assert self.draft.organisation
        return instant(day, at, self.draft.organisation.zone)

    def case(self, number: int | str) -> Case:
        return self.service.store.case(f"{self.draft.ref}-{number}")

    def act(self, number: int | str, move: str, by: str, text: str = "", **more: Any) -> Event:
        return self.service.desk.act(
            Errand(ref=f"{self.draft.ref}-{number}", move=move, by=by, text=text, through="mail", **more)
        )


def iom() -> PlanDraft:
    return example("iom-2011.yaml")


def example(name: str) -> PlanDraft:
    path = EXAMPLES / name
    return read_plan(path.read_text(encoding="utf-8"), str(path), workflows=WORKFLOWS)
