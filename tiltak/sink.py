"""A post office for the demo: takes every letter on this machine, and can send none on."""

import socket

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

LOCALHOST = "127.0.0.1"


class Sink:
    """Listens on a free port of 127.0.0.1 while it is open; counts what it took."""

    def __init__(self) -> None:
        self.taken = 0
        self.port = _free_port()
        self._controller = Controller(self, hostname=LOCALHOST, port=self.port, server_hostname="sink.example")

    async def handle_DATA(self, _server: SMTP, _session: Session, _envelope: Envelope) -> str:
        self.taken += 1
        return "250 taken, and kept here"

    def __enter__(self) -> "Sink":
        self._controller.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._controller.stop()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((LOCALHOST, 0))
        return int(probe.getsockname()[1])
