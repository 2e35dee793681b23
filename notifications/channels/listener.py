"""A mail server hands mail on over SMTP: it hears "250" when the mail is kept, and tries again if it is not."""

import asyncio
import logging
import os
import socket
from threading import Event
from typing import Final

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from engine.inbound import Keep, Received
from notifications.channels.source import HEAD, SourceError, sender

log = logging.getLogger("tiltak.listener")
LONGEST_LINE: Final = 1024 * 1024
ROOM: Final = 5  # a mail of up to so many times the limit is taken, and its beginning kept; a larger one is refused


class _Smtp(SMTP):
    line_length_limit = LONGEST_LINE  # a long line is the reader's business: refusing it would make the server bounce


class _Server(Controller):
    def factory(self) -> SMTP:
        return _Smtp(self.handler, **self.SMTP_kwargs)


class Listener:
    """Takes mail for any address: what nobody knows is kept for the coordinator, and not bounced to a stranger."""

    name: Final = "smtp"

    def __init__(self, host: str, port: int, *, limit: int, idle: float = 60) -> None:
        self.host, self.port, self.limit, self.idle = host, port, limit, idle
        self._server: _Server | None = None
        self._keep: Keep | None = None
        self._came = 0

    def collect(self, keep: Keep) -> int:
        self._keep = keep
        if self._server is None:
            self._start()
        came, self._came = self._came, 0
        return came

    def wait(self, stop: Event) -> None:
        stop.wait(self.idle)

    def close(self) -> None:
        server, self._server = self._server, None
        if server is not None:
            server.stop(no_assert=True)

    def _start(self) -> None:
        try:
            socket.create_server((self.host, self.port)).close()  # else one waits five seconds to hear of it
        except OSError as error:
            why = os.strerror(error.errno) if error.errno else str(error)
            raise SourceError(f"{self.host}:{self.port} cannot be listened on ({why}); see inbound.port") from error
        room = self.limit * ROOM
        self._server = _Server(self, hostname=self.host, port=self.port, ident="Tiltak", data_size_limit=room)
        self._server.start()

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:
        try:
            for rcpt in dict.fromkeys(envelope.rcpt_tos):
                await asyncio.to_thread(self._kept, envelope, rcpt)
        except Exception:
            log.exception("a mail cannot be kept just now")
            return "451 4.3.0 It cannot be kept just now; try again later"
        return "250 2.0.0 Kept"

    def _kept(self, envelope: Envelope, rcpt: str) -> None:
        content = envelope.original_content or b""
        raw = content if len(content) <= self.limit else content[:HEAD]
        assert self._keep, "the server is started by collect"
        self._keep(
            Received(source=self.name, raw=raw, envelope_from=sender(envelope.mail_from), rcpt=rcpt, size=len(content))
        )
        self._came += 1
