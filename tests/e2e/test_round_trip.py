"""Letters out through a real Postfix, answers in through a real Dovecot: the case moves, and the receipt arrives."""

import asyncio
import email
import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from email.message import EmailMessage, Message
from pathlib import Path

import pytest

from engine.inbound import Inbound
from notifications.channels.imap import Account, Imap
from notifications.channels.listener import Listener
from notifications.channels.source import MailSource
from tests.e2e.dovecot import LOCALHOST, PASSWORD, Dovecot, dovecot, free_port
from tests.e2e.postfix import NOBODY, Postfix, postfix
from tests.stories.test_replies import REG
from tests.stories.world import WORKFLOWS, Eyes, World, iom
from tiltak.clock import ManualClock
from tiltak.intake import Intake
from tiltak.scheduler import Round
from tiltak.settings import Inbound as InboundSettings
from tiltak.settings import Mail, Settings
from tiltak.settings import Service as ServiceSettings
from tiltak.wiring import Service, build

pytestmark = pytest.mark.mail
SVAR, RETUR = "svar@ud.example", "retur@ud.example"
SAID = "Vi har begynt på brevene til ambassadene. Åse, Øystein og Ærlend gjør det."


@pytest.fixture(scope="module")
def servers() -> Iterator[tuple[Dovecot, Postfix, int]]:
    """One Postfix and one Dovecot for all; what goes to listener@ is handed to whoever listens on the port."""
    listening = free_port()
    with dovecot() as mailboxes:
        for user in ("svar", "reg"):
            mailboxes.mailbox(user)
        boxes = {SVAR: "svar", RETUR: "svar", REG: "reg", "listener@ud.example": "svar"}
        ways = {"listener@ud.example": f"smtp:[{LOCALHOST}]:{listening}"}
        with postfix(mailboxes, boxes, proven=REG, transports=ways) as post:
            yield mailboxes, post, listening


class Office:
    """The service between the two servers, in the year of the plan, and the people who answer it."""

    def __init__(self, folder: Path, servers: tuple[Dovecot, Postfix, int], migrated: Path) -> None:
        self.folder = folder
        self.mailboxes, self.post, self.listening = servers
        shutil.copy(migrated, folder / "tiltak.db")
        self.world = World(iom(), f"sqlite:///{folder / 'tiltak.db'}")
        self.service = self._service()
        for path in self.mailboxes.folder.glob("mail/*/*/*"):
            path.unlink(missing_ok=True) if path.is_file() and "dovecot" not in path.name else None

    def _service(self) -> Service:
        settings = Settings(
            service=ServiceSettings(database=self.world.database),
            mail=Mail(
                sender="tiltak@ud.example",
                reply_to=SVAR,
                return_path=RETUR,
                message_id_host="ud.example",
                host=LOCALHOST,
                port=self.post.port,
                security="none",
            ),
            inbound=InboundSettings(trusted_authserv_id="mx.ud.example"),
        )
        clock: ManualClock = self.world.clock
        organisation = self.world.draft.organisation
        readers = Eyes(settings, WORKFLOWS)
        return build(settings, clock, workflows=WORKFLOWS, organisation=organisation, readers=readers)

    def box(self, user: str) -> list[Message]:
        found = sorted((self.mailboxes.folder / "mail" / user).glob("*/*.*"), key=lambda it: it.stat().st_mtime_ns)
        return [email.message_from_bytes(it.read_bytes()) for it in found if it.parent.name in ("new", "cur")]

    def reply(self, letter: Message, text: str, encoding: str, to: str = "") -> None:
        mail, to = EmailMessage(), to or str(letter["Reply-To"])
        mail["From"], mail["To"], mail["Subject"] = REG, to, "SV: Nytt tiltak"
        mail["In-Reply-To"], mail["Message-ID"] = str(letter["Message-ID"]), f"<{encoding}@klient.example>"
        mail.set_content(text, cte=encoding)
        (self.folder / "mail").write_bytes(mail.as_bytes())
        self.post.send(self.folder / "mail", sender=REG, to=to)

    def mailbox(self) -> Imap:
        account = Account(
            host=LOCALHOST,
            port=self.mailboxes.imap,
            security="none",
            username="svar",
            password=PASSWORD,
            processed="Lest",
        )
        return Imap(account, self.service.store, self.world.clock.now)

    def take_in(self, source: MailSource, until: Callable[[list[Inbound]], bool], act: Callable[[], None]) -> None:
        """Run the loops as `serve` does; `act` happens once the channel is open."""

        async def live() -> None:
            done, opened = asyncio.Event(), asyncio.Event()

            def sort() -> None:
                self.service.sort()
                loop.call_soon_threadsafe(opened.set)
                if until(list(self.service.store.inbounds())):
                    loop.call_soon_threadsafe(done.set)

            loop = asyncio.get_running_loop()
            async with Intake(source, self.service.kept, sort, unwatched).running():
                await opened.wait()
                await asyncio.to_thread(act)
                await asyncio.wait_for(done.wait(), 30)

        asyncio.run(live())


def unwatched(_: str, one_round: Round) -> Round:
    return one_round


@pytest.fixture
def office(tmp_path: Path, servers: tuple[Dovecot, Postfix, int], migrated: Path) -> Iterator[Office]:
    opened = Office(tmp_path, servers, migrated)
    yield opened
    opened.service.close()
    opened.world.end()


def arrived(office: Office, user: str, count: int) -> list[Message]:
    """Postfix delivers when it likes."""
    waiting = asyncio.new_event_loop()
    for _ in range(200):
        if len(office.box(user)) >= count:
            break
        waiting.run_until_complete(asyncio.sleep(0.05))
    waiting.close()
    return office.box(user)


def test_a_letter_goes_out_answers_come_in_as_each_client_writes_them_and_receipts_arrive(office: Office) -> None:
    office.service.tick()
    [letter] = arrived(office, "reg", 1)
    assert str(letter["Return-Path"]).startswith("<retur+")

    def answer() -> None:
        office.reply(letter, f"i gang\n{SAID}", "quoted-printable")
        office.reply(letter, f"Først: {SAID}", "base64")
        office.reply(letter, f"Så: {SAID}", "8bit")
        office.reply(letter, "Hvem leser dette?", "7bit", to="svar+ukjent@ud.example")

    office.take_in(
        office.mailbox(), lambda came: sum(it.state != "leased" and it.state != "new" for it in came) == 4, answer
    )
    ref = office.world.case(3).ref
    assert office.service.store.case(ref).state == "in_progress"
    said = {it.text for it in office.service.store.history(ref)}
    assert {SAID, f"Først: {SAID}", f"Så: {SAID}"} <= said
    office.service.tick()
    receipts = arrived(office, "reg", 5)[1:]
    assert len(receipts) >= 3
    assert not list((office.mailboxes.folder / "mail" / "svar" / "new").iterdir())


def test_a_letter_that_comes_back_later_marks_the_address_by_the_return_path(office: Office) -> None:
    store = office.service.store
    with store.begin() as tx:
        register = tx.register()
        unit = replace(register.units["REG"], mailbox=f"reg@{NOBODY}")
        tx.enrol(replace(register, units={**register.units, "REG": unit}))
    office.take_in(office.mailbox(), lambda came: any(it.outcome == "hard" for it in came), lambda: _tick(office))
    assert f"reg@{NOBODY}" in store.refusals()


def _tick(office: Office) -> None:
    office.service.tick()


def test_the_mail_server_hands_mail_on_at_once_and_keeps_what_cannot_be_kept(office: Office) -> None:
    office.service.tick()
    [letter] = arrived(office, "reg", 1)
    source = Listener(LOCALHOST, office.listening, limit=10_000_000)
    office.take_in(
        source,
        lambda came: any(it.rcpt.startswith("listener+x@") for it in came),
        lambda: office.reply(letter, "Hei", "7bit", to="listener+x@ud.example"),
    )
    [kept] = office.service.store.inbounds()
    assert (kept.source, kept.envelope_from) == ("smtp", REG)
