"""What every channel is asked for: hand over what is there, tell the server only when it is kept, wait for more."""

from datetime import datetime
from threading import Event
from typing import BinaryIO, Final, Protocol

from engine.errors import TiltakError
from engine.inbound import Keep, Received

HEAD: Final = 256 * 1024  # what is kept of a mail that is too large
PIPE: Final = "pipe"
NOBODY: Final = ("<>", "MAILER-DAEMON")  # the latter is what Postfix writes into a pipe's ${sender}


class SourceError(TiltakError):
    """A channel that cannot be used just now; it is opened again a little later."""


class MailSource(Protocol):
    """A channel. It is used by one thread, which asks it again after a failure, on a new connection."""

    @property
    def name(self) -> str: ...

    def collect(self, keep: Keep) -> int:
        """Hand over all that is there, telling the server of each only when `keep` has returned; how many came."""
        ...

    def wait(self, stop: Event) -> None:
        """Until there may be more, for some time at most, or until told to stop."""
        ...

    def close(self) -> None:
        """Let go of the connection, whatever state it is in."""
        ...


class Places(Protocol):
    """Remembers how far a mailbox was read."""

    def last_read(self, source: str) -> tuple[int, int, datetime] | None: ...

    def read_up_to(self, source: str, validity: int, uid: int, at: datetime) -> None: ...


def piped(stream: BinaryIO, *, limit: int, envelope_from: str | None, rcpt: str) -> Received:
    """One mail on standard input, as a mail server gives it to a program."""
    raw, size = cut(stream, limit)
    if raw.startswith(b"From "):  # a line of the mbox format, which is no header
        line, _, raw = raw.partition(b"\n")
        size -= len(line) + 1
    return Received(source=PIPE, raw=raw, envelope_from=sender(envelope_from), rcpt=rcpt, size=size)


def sender(envelope_from: str | None) -> str | None:
    """The envelope's sender; "" for the one of machines, which servers write in several ways. None is not known."""
    return "" if envelope_from in NOBODY else envelope_from


def cut(stream: BinaryIO, limit: int) -> tuple[bytes, int]:
    """The bytes of a mail, or the beginning of one that is too large; and how large it is."""
    raw = stream.read(limit + 1)
    if len(raw) <= limit:
        return raw, len(raw)
    size = len(raw)
    while rest := stream.read(HEAD):  # taken all the same: whoever writes would fail otherwise, and try again for ever
        size += len(rest)
    return raw[:HEAD], size
