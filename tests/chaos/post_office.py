"""A mail server that remembers every letter it has accepted, and is not always easy to deal with."""

import asyncio
import signal
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from multiprocessing import get_context
from multiprocessing.connection import Connection
from random import Random

from aiosmtpd.smtp import SMTP, Envelope, Session

LOCALHOST = "127.0.0.1"
REFUSED, DROPPED, SLOWEST = 0.02, 0.02, 0.03


@dataclass(frozen=True)
class Accepted:
    """`dropped`: the sender was not told, the connection broke after the final dot."""

    recipient: str
    raw: bytes
    dropped: bool = False


@dataclass
class Clerk:
    """Says 250 to most, 451 to some; of some it takes the letter and hangs up."""

    rng: Random
    taken: list[Accepted] = field(default_factory=list)

    async def handle_DATA(self, server: SMTP, _session: Session, envelope: Envelope) -> str:
        fate = self.rng.random()
        if fate < REFUSED:
            return "451 not now"
        dropped = fate > 1 - DROPPED
        self.taken += [Accepted(to, envelope.original_content or b"", dropped) for to in envelope.rcpt_tos]
        await asyncio.sleep(self.rng.uniform(0, SLOWEST))
        if dropped and isinstance(server.transport, asyncio.Transport):
            server.transport.abort()
        return "250 taken, and remembered"


class PostOffice:
    """Where it listens, and what it says at the end."""

    def __init__(self, port: int, closing: Connection) -> None:
        self.port, self._closing = port, closing
        self.taken: list[Accepted] = []

    def close(self) -> None:
        """Asks for everything it has taken."""
        self._closing.send("close")
        self.taken = self._closing.recv()


@contextmanager
def post_office(seed: str) -> Iterator[PostOffice]:
    """A process of its own: it outlives everybody who is killed."""
    listening = socket.create_server((LOCALHOST, 0), backlog=100)
    here, there = get_context("fork").Pipe()
    process = get_context("fork").Process(target=_open, args=(listening, there, seed), daemon=True)
    process.start()
    port = int(listening.getsockname()[1])
    listening.close()
    try:
        yield PostOffice(port, here)
    finally:
        process.kill()
        process.join()


def _open(listening: socket.socket, there: Connection, seed: str) -> None:
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    clerk = Clerk(Random(seed))
    asyncio.run(_serve(clerk, listening, there))
    there.recv()
    there.send(clerk.taken)


async def _serve(clerk: Clerk, listening: socket.socket, there: Connection) -> None:
    loop = asyncio.get_running_loop()
    closing = loop.create_future()
    loop.add_reader(there.fileno(), closing.set_result, None)
    server = await loop.create_server(lambda: SMTP(clerk, hostname="post.example", loop=loop), sock=listening)
    await closing
    loop.remove_reader(there.fileno())
    server.close()
