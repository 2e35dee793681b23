"""The mailbox over IMAP, against a real Dovecot: kept first, marked afterwards, and nothing twice or never."""

import os
import signal
import ssl
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import pytest

from engine.inbound import Came, Received
from notifications.channels import imap
from notifications.channels.imap import Account, Imap
from notifications.channels.source import HEAD, SourceError
from store.migrate import migrate
from store.sql import SqlStore
from tests.e2e.dovecot import LOCALHOST, PASSWORD, Dovecot, dovecot
from tests.e2e.frozen import FrozenWay
from tests.store.cast import a_store

pytestmark = pytest.mark.mail
NOW = datetime(2026, 6, 1, 12, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def started() -> Iterator[Dovecot]:
    with dovecot() as server:
        yield server


@pytest.fixture
def server(started: Dovecot) -> Dovecot:
    """A mailbox of its own for each test."""
    return started.mailbox(f"svar{len(list((started.folder / 'mail').iterdir()))}")


@dataclass
class Shelf:
    """What was kept, and how far each mailbox was read, in memory."""

    kept: list[Received] = field(default_factory=list)
    places: dict[str, tuple[int, int, datetime]] = field(default_factory=dict)
    broken: bool = False

    def keep(self, received: Received) -> Came:
        if self.broken:
            raise ConnectionError("the database is away")
        known = received.digest in {it.digest for it in self.kept}
        self.kept.append(received)
        return "known" if known else "new"

    def last_read(self, source: str) -> tuple[int, int, datetime] | None:
        return self.places.get(source)

    def read_up_to(self, source: str, validity: int, uid: int, at: datetime) -> None:
        self.places[source] = (validity, uid, at)

    @property
    def subjects(self) -> list[str]:
        return [it.raw.split(b"\r\n")[0].decode().removeprefix("Subject: ") for it in self.kept]


def opened(server: Dovecot, shelf: Shelf, **more: object) -> Imap:
    facts: dict[str, object] = {"host": LOCALHOST, "port": server.imap, "security": "none", "timeout": 5.0, "idle": 5.0}
    account = Account(**({"username": server.user, "password": PASSWORD} | facts | more))  # type: ignore[arg-type]
    return Imap(account, shelf, lambda: NOW)


def mail(subject: str, size: int = 0) -> bytes:
    return f"Subject: {subject}\nFrom: a@x.example\n\nhei\n{'x' * size}\n".encode()


def test_a_mail_is_kept_and_then_marked_and_a_person_who_read_it_first_hides_nothing(server: Dovecot) -> None:
    shelf = Shelf()
    source = opened(server, shelf)
    server.deliver(mail("1"), "1")
    assert (source.collect(shelf.keep), source.collect(shelf.keep)) == (1, 0)
    assert server.names() == ["1:2,S"]
    server.deliver(mail("2"), "2")
    (server.maildir / "new" / "2").rename(server.maildir / "cur" / "2:2,S")  # read in somebody's mail program
    assert source.collect(shelf.keep) == 1
    assert shelf.subjects == ["1", "2"]
    source.close()


def test_on_the_first_day_old_mail_that_was_read_is_left_alone(server: Dovecot) -> None:
    shelf = Shelf()
    server.deliver(mail("old"), "1")
    (server.maildir / "new" / "1").rename(server.maildir / "cur" / "1:2,S")
    source = opened(server, shelf)
    assert source.collect(shelf.keep) == 0
    server.deliver(mail("new"), "2")
    assert source.collect(shelf.keep) == 1
    assert shelf.subjects == ["new"]
    source.close()


def test_what_cannot_be_kept_stays_unread_in_the_mailbox(server: Dovecot) -> None:
    shelf = Shelf(broken=True)
    source = opened(server, shelf, processed="Lest")
    server.deliver(mail("1"), "1")
    with pytest.raises(SourceError):
        source.collect(shelf.keep)
    assert server.names(".Lest") == []
    shelf.broken = False
    assert source.collect(shelf.keep) == 1
    assert (server.names(), len(server.names(".Lest"))) == ([], 1)
    source.close()


def test_a_mailbox_that_was_made_anew_is_read_once_more_and_nothing_is_missed(server: Dovecot) -> None:
    shelf = Shelf()
    source = opened(server, shelf)
    server.deliver(mail("1"), "1")
    source.collect(shelf.keep)
    source.close()
    before = shelf.places[source.name]
    server.make_anew()
    server.deliver(mail("2"), "2")
    assert source.collect(shelf.keep) == 2
    assert shelf.places[source.name][0] != before[0]
    assert {it.digest for it in shelf.kept[1:]} > {shelf.kept[0].digest}  # the first one is known
    source.close()


def test_two_workers_on_one_mailbox_take_each_mail_once(server: Dovecot) -> None:
    shelf = Shelf()
    for number in range(20):
        server.deliver(mail(str(number)), str(number))
    first, second = (opened(server, shelf, processed="Lest") for _ in range(2))

    def keep_while_the_other_works(received: Received) -> Came:
        second.collect(shelf.keep)  # it moves everything away under the first one's hands
        return shelf.keep(received)

    first.collect(keep_while_the_other_works)
    assert len({it.digest for it in shelf.kept}) == len(server.names(".Lest")) == 20
    assert (server.names(), len(shelf.kept)) == ([], 21)
    first.close()
    second.close()


def test_a_network_that_stands_still_is_given_up_and_tried_again(server: Dovecot) -> None:
    shelf = Shelf()
    with FrozenWay(server.imap) as way:
        source = opened(server, shelf, port=way.port, timeout=0.5, idle=0.5)
        assert source.collect(shelf.keep) == 0
        way.freeze()
        server.deliver(mail("1"), "1")
        with pytest.raises(SourceError, match="cannot be watched"):
            source.wait(threading.Event())
        with pytest.raises(SourceError, match="cannot be read"):
            source.collect(shelf.keep)
        way.thaw()
        assert source.collect(shelf.keep) == 1
        source.close()


def test_news_ends_the_waiting_at_once_and_so_does_a_word_to_stop(server: Dovecot) -> None:
    shelf, stop = Shelf(), threading.Event()
    source = opened(server, shelf, idle=600.0)
    source.collect(shelf.keep)
    threading.Timer(0.2, server.deliver, (mail("1"), "1")).start()
    source.wait(stop)
    assert source.collect(shelf.keep) == 1
    stop.set()
    source.wait(stop)
    source.close()


def test_of_a_mail_that_is_too_large_the_beginning_is_kept(server: Dovecot) -> None:
    shelf = Shelf()
    source = opened(server, shelf, limit=1_000_000)
    server.deliver(mail("big", size=3_000_000), "1")
    assert source.collect(shelf.keep) == 1
    [it] = shelf.kept
    assert (len(it.raw), it.cut, it.size > 3_000_000) == (HEAD, True, True)
    source.close()


@pytest.mark.parametrize("security", ["tls", "starttls"])
def test_the_way_is_encrypted_and_a_certificate_that_nobody_vouches_for_is_refused(
    server: Dovecot, security: str
) -> None:
    shelf = Shelf()
    trust = ssl.create_default_context(cafile=server.certificate)
    port = server.imaps if security == "tls" else server.imap
    where = {"security": security, "port": port, "host": "localhost"}
    source = opened(server, shelf, tls=trust, **where)
    server.deliver(mail("1"), "1")
    assert source.collect(shelf.keep) == 1
    source.close()
    with pytest.raises(SourceError, match="certificate"):
        opened(server, shelf, **where).collect(shelf.keep)


def test_a_wrong_password_and_a_token_that_is_none_are_said_without_saying_the_secret(server: Dovecot) -> None:
    shelf = Shelf()
    with pytest.raises(SourceError, match=r"(?i)authentication failed") as refused:
        opened(server, shelf, password="feil-hemmelighet").collect(shelf.keep)
    assert "feil-hemmelighet" not in str(refused.value)
    with pytest.raises(SourceError, match=r"token_command gave no token \(exit 1\)"):
        opened(server, shelf, password="", token_command="false").collect(shelf.keep)
    with pytest.raises(SourceError, match=r"(?i)authentication failed") as refused:
        opened(server, shelf, password="", token_command="echo hemmelig-polett").collect(shelf.keep)
    assert "hemmelig-polett" not in str(refused.value)


def test_a_token_opens_the_mailbox_and_is_asked_for_anew_when_the_line_breaks(server: Dovecot, tmp_path: Path) -> None:
    """XOAUTH2, as Microsoft 365 and Google ask for: tokens live for an hour, and a connection may outlive them."""
    shelf, token = Shelf(), tmp_path / "token"
    source = opened(server, shelf, password="", token_command=f"cat {token}")
    token.write_text(server.access_token(expired=True) + "\n", encoding="ascii")
    server.deliver(mail("1"), "1")
    with pytest.raises(SourceError, match=r"(?i)authentication failed"):
        source.collect(shelf.keep)
    token.write_text(server.access_token() + "\n", encoding="ascii")
    assert source.collect(shelf.keep) == 1
    source.close()
    server.deliver(mail("2"), "2")
    token.write_text(server.access_token(expired=True) + "\n", encoding="ascii")
    with pytest.raises(SourceError, match=r"(?i)authentication failed"):
        source.collect(shelf.keep)
    token.write_text(server.access_token() + "\n", encoding="ascii")
    assert source.collect(shelf.keep) == 1
    source.close()
    assert len(shelf.kept) == 2


KILLED = """
import os, signal, sys
from datetime import UTC, datetime
from notifications.channels.imap import Account, Imap
from store.database import open_database
from store.migrate import migrate
from store.sql import SqlStore

store = SqlStore(open_database(sys.argv[1]), "ud")
account = Account(host="127.0.0.1", port=int(sys.argv[2]), security="none", username=sys.argv[3],
                  password=sys.argv[4], processed="Lest")
def keep(received):
    store.keep(received, datetime(2026, 6, 1, tzinfo=UTC))
    os.kill(os.getpid(), signal.SIGKILL)
Imap(account, store, lambda: datetime(2026, 6, 1, tzinfo=UTC)).collect(keep)
"""


def test_a_process_killed_between_keeping_and_moving_costs_nothing(server: Dovecot, tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'tiltak.db'}"
    migrate(url)
    store: SqlStore = a_store(url)
    server.deliver(mail("1"), "1")
    root = Path(imap.__file__).parents[2]
    command = [sys.executable, "-c", KILLED, url, str(server.imap), server.user, PASSWORD]
    done = subprocess.run(command, cwd=root, env={**os.environ, "PYTHONPATH": str(root)}, check=False)
    assert done.returncode == -signal.SIGKILL
    assert (len(store.inbounds()), len(server.names())) == (1, 1)
    account = Account(
        host=LOCALHOST, port=server.imap, security="none", username=server.user, password=PASSWORD, processed="Lest"
    )
    source = Imap(account, store, lambda: NOW)
    came: list[Came] = []

    def keep(received: Received) -> Came:
        came.append(store.keep(received, NOW))
        return came[-1]

    source.collect(keep)
    assert (came, len(store.inbounds()), server.names()) == (["known"], 1, [])
    source.close()
    store.close()
