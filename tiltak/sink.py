"""A post office for the demo: takes every letter on this machine, and can send none on."""

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session


class Sink:
    """Listens on a free port of 127.0.0.1 while it is open; counts what it took."""

    def __init__(self) -> None:
        self.taken = 0
        self._controller = Controller(self, hostname="127.0.0.1", port=0, server_hostname="sink.example")

    async def handle_DATA(self, _server: SMTP, _session: Session, _envelope: Envelope) -> str:
        self.taken += 1
        return "250 taken, and kept here"

    @property
    def port(self) -> int:
        return int(self._controller.server.sockets[0].getsockname()[1])

    def __enter__(self) -> "Sink":
        self._controller.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._controller.stop()
