"""A real mail server on this machine that can be told to be difficult."""

import asyncio
import socket
from collections.abc import Callable
from dataclasses import dataclass, field

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

LOCALHOST = "127.0.0.1"


@dataclass
class PostOffice:
    """Takes letters on a free port. `mood` says how the next ones are met: each is used up, then everything is fine."""

    moods: list[str] = field(default_factory=list)
    taken: list[Envelope] = field(default_factory=list)
    port: int = 0

    def __enter__(self) -> "PostOffice":
        with socket.socket() as probe:
            probe.bind((LOCALHOST, 0))
            self.port = probe.getsockname()[1]
        self._controller = Controller(self, hostname=LOCALHOST, port=self.port, server_hostname="post.example")
        self._controller.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._controller.stop()

    async def handle_MAIL(
        self, server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        if self._mood("421 at mail"):
            return "421 closing for lunch"
        if self._mood("550 at mail"):
            return "550 5.7.1 sender not known here"
        if self._mood("drop before data"):
            _hang_up(server)
        envelope.mail_from = address
        return "250 ok"

    async def handle_RCPT(
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        if self._mood("550"):
            return "550 5.1.1 no such mailbox"
        if self._mood("451"):
            return "451 4.7.1 greylisted"
        envelope.rcpt_tos.append(address)
        return "250 ok"

    async def handle_DATA(self, server: SMTP, _session: Session, envelope: Envelope) -> str:
        if self._mood("452 at data"):
            return "452 out of space"
        if self._mood("554 at data"):
            return "554 looks like spam"
        self.taken.append(envelope)
        if self._mood("hang after data"):
            await asyncio.sleep(3600)
        if self._mood("drop after data"):
            _hang_up(server)
        return "250 taken"

    def _mood(self, wanted: str) -> bool:
        if self.moods and self.moods[0] == wanted:
            self.moods.pop(0)
            return True
        return False


def _hang_up(server: SMTP) -> None:
    transport: asyncio.Transport = server.transport  # type: ignore[assignment]
    close: Callable[[], None] = transport.abort
    close()
