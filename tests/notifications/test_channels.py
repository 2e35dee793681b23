"""The channels that need no mailbox: a mail server that hands mail on, a folder, a pipe."""

import asyncio
import io
import socket
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import aiosmtplib
import pytest

from engine.inbound import Came, Received
from notifications.channels.listener import Listener
from notifications.channels.maildir import Maildir
from notifications.channels.source import HEAD, SourceError, piped

LOCALHOST = "127.0.0.1"
MAIL = b"From: a@x.example\r\nSubject: SV: 3\r\n\r\n..gjort\r\n" + b"-" * 100_000 + b"\r\n"
STOPPED = threading.Event()
STOPPED.set()


@dataclass
class Shelf:
    kept: list[Received] = field(default_factory=list)
    broken: bool = False

    def keep(self, received: Received) -> Came:
        if self.broken:
            raise ConnectionError("the database is away")
        self.kept.append(received)
        return "new"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind((LOCALHOST, 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def shelf() -> Shelf:
    return Shelf()


@pytest.fixture
def listener(shelf: Shelf) -> Iterator[Listener]:
    opened = Listener(LOCALHOST, free_port(), limit=200_000, idle=60)
    assert opened.collect(shelf.keep) == 0
    yield opened
    opened.close()


def hand_over(listener: Listener, raw: bytes, *recipients: str, sender: str = "a@x.example") -> int:
    """The code of the answer to the mail, as another mail server hears it."""

    async def talk() -> int:
        async with aiosmtplib.SMTP(hostname=LOCALHOST, port=listener.port, start_tls=False) as client:
            await client.mail(sender)
            for it in recipients:
                await client.rcpt(it)
            try:
                return (await client.data(raw)).code
            except aiosmtplib.SMTPDataError as error:
                return error.code

    return asyncio.run(talk())


def test_a_mail_to_any_address_is_taken_with_its_envelope_once_for_each_recipient(
    listener: Listener, shelf: Shelf
) -> None:
    assert hand_over(listener, MAIL, "svar+ukjent@ud.example", "svar@ud.example") == 250
    assert [(it.envelope_from, it.rcpt, it.raw) for it in shelf.kept] == [
        ("a@x.example", "svar+ukjent@ud.example", MAIL),
        ("a@x.example", "svar@ud.example", MAIL),
    ]
    assert hand_over(listener, MAIL, "retur@ud.example", sender="") == 250
    assert shelf.kept[-1].envelope_from == ""
    assert (listener.collect(shelf.keep), listener.collect(shelf.keep)) == (3, 0)
    listener.wait(STOPPED)


def test_a_mail_that_cannot_be_kept_is_left_with_the_mail_server(listener: Listener, shelf: Shelf) -> None:
    shelf.broken = True
    assert hand_over(listener, MAIL, "svar@ud.example") == 451
    shelf.broken = False
    assert hand_over(listener, MAIL, "svar@ud.example") == 250


def test_of_a_mail_that_is_too_large_the_beginning_is_kept_by_every_channel(
    listener: Listener, shelf: Shelf, tmp_path: Path
) -> None:
    large = b"Subject: stor\r\n\r\n" + b"linje\r\n" * 100_000
    assert hand_over(listener, large, "svar@ud.example") == 250
    shelf.kept.append(piped(io.BytesIO(large), limit=200_000, envelope_from=None, rcpt=""))
    (tmp_path / "cur").mkdir()
    (tmp_path / "new").mkdir()
    (tmp_path / "new" / "1").write_bytes(large)
    Maildir(tmp_path, limit=200_000).collect(shelf.keep)
    assert [(len(it.raw) <= HEAD, it.cut, it.size) for it in shelf.kept] == [(True, True, len(large))] * 3


def test_a_port_that_is_taken_is_named(listener: Listener, shelf: Shelf) -> None:
    with pytest.raises(SourceError, match=rf"127.0.0.1:{listener.port} cannot be listened on"):
        Listener(LOCALHOST, listener.port, limit=1).collect(shelf.keep)


def test_a_maildir_is_emptied_into_cur_only_when_what_is_new_was_kept(shelf: Shelf, tmp_path: Path) -> None:
    source = Maildir(tmp_path, limit=10_000)
    with pytest.raises(SourceError, match=r"inbound.folder .* cannot be read"):
        source.collect(shelf.keep)
    for part in ("new", "cur"):
        (tmp_path / part).mkdir()
    (tmp_path / "new" / "1.host").write_bytes(b"Subject: a\n\nx")
    shelf.broken = True
    with pytest.raises(ConnectionError):
        source.collect(shelf.keep)
    shelf.broken = False
    assert (source.collect(shelf.keep), source.collect(shelf.keep)) == (1, 0)
    assert [path.name for path in tmp_path.rglob("*host*")] == ["1.host:2,S"]
    source.wait(STOPPED)


def test_a_pipe_may_put_a_line_of_its_own_before_the_mail() -> None:
    read = piped(
        io.BytesIO(b"From a@x Mon Jan 1\nSubject: a\n\nx"), limit=100, envelope_from="", rcpt="svar@ud.example"
    )
    assert (read.raw, read.size, read.envelope_from) == (b"Subject: a\n\nx", 13, "")


@pytest.mark.parametrize(
    ("written", "meant"), [("", ""), ("<>", ""), ("MAILER-DAEMON", ""), ("a@x", "a@x"), (None, None)]
)
def test_the_sender_of_machines_is_known_however_it_is_written(written: str | None, meant: str | None) -> None:
    assert piped(io.BytesIO(b""), limit=1, envelope_from=written, rcpt="").envelope_from == meant
