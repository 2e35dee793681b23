"""The mail was kept, but the mail server never heard so: it sends it again, and nothing happens twice."""

import asyncio
import shutil
import socket
from collections.abc import Iterator
from pathlib import Path
from threading import Event
from typing import Final

import aiosmtplib
import pytest

from engine.inbound import Came, Received
from notifications.channels.listener import Listener
from tests.stories.test_replies import REG, Post
from tests.stories.world import World, iom

LOCALHOST: Final = "127.0.0.1"
AT_MOST: Final = 30  # seconds, where something is broken


@pytest.fixture
def post(migrated: Path, tmp_path: Path) -> Iterator[Post]:
    """On SQLite alone: what is known by its content is tried on both in tests/store."""
    shutil.copy(migrated, tmp_path / "tiltak.db")
    begun = World(iom(), f"sqlite:///{tmp_path / 'tiltak.db'}")
    yield Post(begun)
    begun.end()


class Door:
    """A listener that may be left alone with a mail, once it is kept and before it can say so."""

    def __init__(self, post: Post) -> None:
        self.service = post.world.service
        self.kept, self.left = Event(), Event()
        self.came: list[Came] = []
        with socket.socket() as probe:
            probe.bind((LOCALHOST, 0))
            self.port = int(probe.getsockname()[1])
        self.listener = Listener(LOCALHOST, self.port, limit=1_000_000)
        self.listener.collect(self.keep)

    def keep(self, received: Received) -> Came:
        came = self.service.kept(received)
        self.came.append(came)
        self.kept.set()
        assert self.left.wait(AT_MOST)
        return came

    def hand_over_and_hang_up(self, raw: bytes, *recipients: str) -> None:
        with socket.create_connection((LOCALHOST, self.port), AT_MOST) as line, line.makefile("rb") as heard:
            heard.readline()
            for said in ("HELO mx", f"MAIL FROM:<{REG}>", *(f"RCPT TO:<{it}>" for it in recipients), "DATA"):
                line.sendall(f"{said}\r\n".encode())
                assert heard.readline()[:1] in (b"2", b"3")
            line.sendall(raw.replace(b"\n", b"\r\n") + b".\r\n")
            assert self.kept.wait(AT_MOST)
        self.left.set()

    def hand_over(self, raw: bytes, *recipients: str) -> None:
        async def talk() -> None:
            async with aiosmtplib.SMTP(hostname=LOCALHOST, port=self.port, start_tls=False) as client:
                await client.sendmail(REG, recipients, raw)

        asyncio.run(talk())


@pytest.fixture
def door(post: Post) -> Iterator[Door]:
    opened = Door(post)
    yield opened
    opened.left.set()
    opened.listener.close()


@pytest.mark.parametrize("dealt_with", [False, True], ids=["before it is read", "after it was answered"])
def test_a_mail_that_is_sent_again_for_want_of_an_answer_is_one_mail(post: Post, door: Door, dealt_with: bool) -> None:
    letter = post.letter()
    raw, to = post.written(letter, "i gang\nVi har begynt på brevene."), str(letter.message["Reply-To"])
    door.hand_over_and_hang_up(raw, to)
    if dealt_with:
        post.world.service.tick()
    door.hand_over(b"Received: from mx by mx; the second try\n" + raw, to)
    post.world.service.tick()
    assert door.came == ["new", "known"]
    [mail] = post.world.service.store.inbounds()
    assert (mail.state, mail.outcome, mail.source) == ("done", "done", "smtp")
    assert [it.move for it in post.world.service.store.history(post.world.case(3).ref)].count("start") == 1
    assert len(post.world.box.to(REG)) == 2, "the letter, and one receipt"


def test_a_recipient_that_was_not_reached_before_the_line_broke_is_reached_by_the_second_try(
    post: Post, door: Door
) -> None:
    letter = post.letter()
    raw, to = post.written(letter, "i gang"), str(letter.message["Reply-To"])
    door.hand_over_and_hang_up(raw, to, "svar+ukjent@ud.example")
    door.hand_over(raw, to, "svar+ukjent@ud.example")
    assert {it.rcpt for it in post.world.service.store.inbounds()} == {to, "svar+ukjent@ud.example"}
    assert len(post.world.service.store.inbounds()) == 2
