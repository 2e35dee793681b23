"""A plan living through its year on a clock that visitors push: the real service, with a post office of its own."""

import email
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from email.message import EmailMessage
from email.utils import make_msgid
from pathlib import Path

from engine.calendar import calendar_of, day_of, instant
from engine.draft import PlanDraft
from engine.inbound import Received
from engine.notice import Letter
from engine.window import ripe_at
from engine.workflow import Workflows
from tiltak.clock import ManualClock
from tiltak.settings import Inbound, Mail, Settings
from tiltak.settings import Service as ServiceSettings
from tiltak.wiring import Service, build

MOST_AGAIN = 5
HERE = "demo.example"
ADOPTED_AT, SWEPT_AT, AT_WORK = time(10, 0), time(6, 0), time(9, 0)


class Demo:
    """The service in virtual time. What falls due on the way forward is swept and delivered, each at its own hour."""

    def __init__(self, service: Service, clock: ManualClock) -> None:
        self.service, self.clock = service, clock
        self.zone = service.store.register().organisation.zone
        self._moving = threading.Lock()  # two visitors' buttons take turns

    def today(self) -> date:
        return day_of(self.clock.now(), self.zone)

    def next_event(self) -> date | None:
        """The next day on which anything happens by itself; None when nothing ever will."""
        found = self._next_instant()
        return day_of(found, self.zone) if found else None

    def forward_workday(self) -> None:
        calendar = calendar_of(self.service.store.register().organisation)
        self.move_to(instant(calendar.next_workday(self.today() + timedelta(days=1)), AT_WORK, self.zone))

    def forward_week(self) -> None:
        self.move_to(instant(self.today() + timedelta(days=7), AT_WORK, self.zone))

    def forward_event(self) -> None:
        if day := self.next_event():
            self.move_to(max(instant(day, AT_WORK, self.zone), self.clock.now()))

    def answer(self, letter_id: str, text: str, sender: str) -> int:
        """Somebody who got a letter writes back: through the real reader, and dealt with at once."""
        letter = self.service.store.letter(letter_id)
        with self._moving:
            self.service.kept(Received(source="demo", raw=reply(letter, text, sender or letter.address)))
            self.service.tick()
        return self.service.store.inbounds(limit=1)[0].id

    def move_to(self, until: datetime) -> None:
        with self._moving:
            for _ in self.steps(until):
                pass

    def steps(self, until: datetime) -> Iterator[datetime]:
        """Let every alarm and every waiting letter have its instant, in order; ends at `until`."""
        before, again = None, 0
        while (at := self._next_instant()) and at < until:
            again = again + 1 if at == before else 0  # what comes of a letter may be due at the same instant
            if again > MOST_AGAIN and (at := self._next_hour()) >= until:
                break
            self.clock.move_to(at)
            self.service.tick()
            yield (before := at)
        self.clock.move_to(until)
        self.service.tick()

    def settle(self) -> None:
        """What somebody has just done is answered now: receipts leave."""
        self.move_to(self.clock.now())

    def _next_hour(self) -> datetime:
        """When alarms are looked at or letters begin to leave again: what could not be done is tried again then."""
        organisation, now = self.service.store.organisation(), self.clock.now()
        hours = (SWEPT_AT, AT_WORK, organisation.window.opens, organisation.digest_at)
        days = (self.today(), self.today() + timedelta(days=1))
        return min(at for day in days for hour in hours if (at := instant(day, hour, self.zone)) > now)

    def _next_instant(self) -> datetime | None:
        store = self.service.store
        wake, ripe = store.next_wake(), store.next_ripe()
        alarms = [instant(wake, SWEPT_AT, self.zone)] if wake else []
        times = [*alarms, *([ripe_at("now", max(ripe, self.clock.now()), store.organisation())] if ripe else [])]
        return max(min(times), self.clock.now()) if times else None


def open_demo(draft: PlanDraft, workflows: Workflows, *, smtp_port: int, folder: Path, base_url: str = "") -> Demo:
    """A new database in `folder`, the plan adopted on the day it was decided. No settings file is read."""
    organisation = draft.organisation or Settings().as_organisation()
    operator = organisation.operator or "operator@demo.example"
    organisation = replace(organisation, operator=operator, operator_digest="off")  # nobody runs a demo for years
    clock = ManualClock(instant(draft.decided_on, ADOPTED_AT, organisation.zone))
    service = build(_settings(folder, smtp_port, base_url), clock, workflows=workflows, organisation=organisation)
    service.keeps_links = True
    service.desk.adopt(replace(draft, organisation=organisation), by="operator")
    service.tick()
    return Demo(service, clock)


def reply(letter: Letter, text: str, sender: str) -> bytes:
    """What a mail program makes of an answer: the letter quoted below, and a word of the server on who wrote it."""
    read = email.message_from_bytes(letter.raw or b"")
    mail = EmailMessage()
    mail["Authentication-Results"] = f"{HERE}; dmarc=pass header.from={sender.rpartition('@')[2]}"
    mail["From"] = sender
    mail["To"] = " ".join(str(read["Reply-To"] or f"svar@{HERE}").split())
    mail["Subject"] = f"SV: {' '.join(letter.subject.split())}"
    mail["In-Reply-To"] = letter.message_id
    mail["Message-ID"] = make_msgid(domain="klient.example")
    plain = next(part for part in read.walk() if part.get_content_type() == "text/plain")
    payload = plain.get_payload(decode=True)
    assert isinstance(payload, bytes)
    quoted = "\n".join(f"> {line}" for line in payload.decode("utf-8").splitlines())
    mail.set_content(f"{text}\n\nTiltak <tiltak@{HERE}> skrev:\n{quoted}\n")
    return mail.as_bytes()


def _settings(folder: Path, smtp_port: int, base_url: str) -> Settings:
    """Hard-wired: letters go to the sink on this machine and nowhere else."""
    return Settings(
        service=ServiceSettings(database=f"sqlite:///{folder / 'demo.db'}", base_url=base_url),
        mail=Mail(
            sender=f"tiltak@{HERE}",
            reply_to=f"svar@{HERE}",
            message_id_host=HERE,
            host="127.0.0.1",
            port=smtp_port,
            security="none",
        ),
        inbound=Inbound(trusted_authserv_id=HERE, require_dmarc="all"),
    )
