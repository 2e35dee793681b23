"""A mailbox over IMAP: read without marking, kept, and only then moved away or marked as read."""

import imaplib
import math
import re
import shlex
import ssl
import subprocess
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from threading import Event
from typing import Any, Final, Literal

from imap_tools import AND, BaseMailBox, MailBox, MailBoxStartTls, MailBoxUnencrypted
from imap_tools.errors import ImapToolsError

from engine.inbound import Keep, Received
from notifications.channels.source import HEAD, Places, SourceError

Security = Literal["starttls", "tls", "none"]
BROKEN: Final = (imaplib.IMAP4.error, ImapToolsError, OSError, ValueError, subprocess.SubprocessError)
SLICE: Final = 1.0  # seconds between two looks at whether to stop
BATCH: Final = 100
BEFORE: Final = timedelta(days=2)  # how far back a mailbox that was made anew is read again; copies are known
SIZES: Final = re.compile(rb"\bUID (\d+)\b.*?\bRFC822\.SIZE (\d+)|\bRFC822\.SIZE (\d+)\b.*?\bUID (\d+)")
TOKEN_SECONDS: Final = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """Where the mailbox is, and how one gets in. `processed` is the folder that read mail is moved to ("" = none)."""

    host: str
    port: int
    security: Security = "tls"
    username: str
    password: str = field(default="", repr=False)
    token_command: str = ""
    mailbox: str = "INBOX"
    processed: str = ""
    timeout: float = 60
    idle: float = 60
    limit: int = 20 * 1024 * 1024
    tls: ssl.SSLContext | None = None


class Imap:
    """One connection, opened when it is needed and again after a break.

    UIDs are never carried from one UIDVALIDITY to the next: then what came lately is read once more.
    """

    def __init__(self, account: Account, places: Places, now: Callable[[], datetime]) -> None:
        self.account, self.places, self.now = account, places, now
        self._box: BaseMailBox | None = None
        self._validity = 0

    @property
    def name(self) -> str:
        return f"imap:{self.account.username}@{self.account.host}/{self.account.mailbox}"

    def collect(self, keep: Keep) -> int:
        try:
            box = self._connected()
            box.client.noop()  # else a server need not look at what came since it was asked last
            return self._by_folder(box, keep) if self.account.processed else self._by_uid(box, keep)
        except BROKEN as error:
            self.close()
            raise SourceError(f"{self.name} cannot be read: {_said(error)}") from error

    def wait(self, stop: Event) -> None:
        if self._box is None or "IDLE" not in self._box.client.capabilities:
            stop.wait(self.account.idle)
            return
        try:
            with self._box.idle as idle:
                for _ in range(math.ceil(self.account.idle / SLICE)):
                    if stop.is_set() or idle.poll(SLICE):
                        return
        except BROKEN as error:
            self.close()
            raise SourceError(f"{self.name} cannot be watched: {_said(error)}") from error

    def close(self) -> None:
        box, self._box = self._box, None
        if box is not None:
            try:
                box.client.shutdown()  # a LOGOUT would wait for a server that may be frozen
            except OSError:
                return

    def _connected(self) -> BaseMailBox:
        if self._box is None:
            box = self._box = _opened(self.account)
            self._enter(box)
            box.client.capabilities = tuple(box.client.capability()[1][-1].decode().upper().split())
            if self.account.processed and not box.folder.exists(self.account.processed):
                box.folder.create(self.account.processed)
            box.folder.set(self.account.mailbox)
            _, validity = box.client.response("UIDVALIDITY")
            self._validity = int(validity[0] or 0)
        return self._box

    def _enter(self, box: BaseMailBox) -> None:
        account = self.account
        if account.token_command:
            box.xoauth2(account.username, _token(account.token_command), initial_folder=None)
        elif (account.username + account.password).isascii():
            box.login(account.username, account.password, initial_folder=None)
        else:
            box.login_utf8(account.username, account.password, initial_folder=None)

    # What is read leaves the folder: all that is there is new

    def _by_folder(self, box: BaseMailBox, keep: Keep) -> int:
        came = 0
        while uids := _uids(box, "ALL")[:BATCH]:
            for uid, received in self._fetched(box, uids):
                keep(received)
                self._move(box, uid)
                came += 1
            if len(uids) < BATCH:
                break
        return came

    def _move(self, box: BaseMailBox, uid: int) -> None:
        try:
            box.move(str(uid), self.account.processed)
        except ImapToolsError:
            if _uids(box, f"UID {uid}"):
                raise  # it is still there; else another process was faster

    # What is read stays: the last UID is remembered, so that a person who reads the mailbox too hides nothing from us

    def _by_uid(self, box: BaseMailBox, keep: Keep) -> int:
        last, wanted = self._wanted(box)
        came = 0
        for start in range(0, len(wanted), BATCH):
            for uid, received in self._fetched(box, wanted[start : start + BATCH]):
                keep(received)
                box.client.uid("STORE", str(uid), "+FLAGS.SILENT", r"(\Seen)")
                last, came = max(last, uid), came + 1
            self.places.read_up_to(self.name, self._validity, last, self.now())
        return came

    def _wanted(self, box: BaseMailBox) -> tuple[int, Sequence[int]]:
        """The last UID that needs no look any more, and those that do."""
        place = self.places.last_read(self.name)
        if place and place[0] == self._validity:
            return place[1], [uid for uid in _uids(box, f"UID {place[1] + 1}:*") if uid > place[1]]
        newest = max(_uids(box, "UID *"), default=0)
        again = str(AND(date_gte=(place[2] - BEFORE).date())) if place else "UNSEEN"
        wanted = _uids(box, again)
        if not wanted:
            self.places.read_up_to(self.name, self._validity, newest, self.now())
        return newest, wanted

    # Fetching

    def _fetched(self, box: BaseMailBox, uids: Sequence[int]) -> Iterator[tuple[int, Received]]:
        """Those that are still there, in order; of one that is too large the beginning."""
        sizes = self._sizes(box, uids)
        for uid in uids:
            large = sizes.get(uid, 0) > self.account.limit
            raw = _body(box, uid, f"BODY.PEEK[]<0.{HEAD}>" if large else "BODY.PEEK[]")
            if raw is not None:
                yield uid, Received(source=self.name, raw=raw, size=sizes[uid] if large else len(raw))

    def _sizes(self, box: BaseMailBox, uids: Sequence[int]) -> dict[int, int]:
        _, lines = box.client.uid("FETCH", ",".join(map(str, uids)), "(UID RFC822.SIZE)")
        found = (SIZES.search(line) for line in lines if isinstance(line, bytes))
        return {int(it[1] or it[4]): int(it[2] or it[3]) for it in found if it}


def _opened(account: Account) -> BaseMailBox:
    trust = account.tls or ssl.create_default_context()
    if account.security == "none":
        return MailBoxUnencrypted(account.host, account.port, timeout=account.timeout)
    kind = MailBox if account.security == "tls" else MailBoxStartTls
    return kind(account.host, account.port, timeout=account.timeout, ssl_context=trust)


def _uids(box: BaseMailBox, criteria: str) -> list[int]:
    return sorted(int(uid) for uid in box.uids(criteria, charset=None))


def _body(box: BaseMailBox, uid: int, part: str) -> bytes | None:
    status, answer = box.client.uid("FETCH", str(uid), f"({part})")
    if status != "OK":
        raise imaplib.IMAP4.error(f"mail {uid} cannot be fetched: {answer!r}")
    bodies: list[Any] = [it[1] for it in answer if isinstance(it, tuple)]
    return bodies[0] if bodies else None


def _token(command: str) -> str:
    """An access token, asked for anew on each connection: they live for an hour."""
    done = subprocess.run(shlex.split(command), capture_output=True, text=True, timeout=TOKEN_SECONDS, check=False)
    token = done.stdout.strip()
    if done.returncode or not token:
        raise ValueError(f"inbound.token_command gave no token (exit {done.returncode}): {done.stderr.strip()[:200]}")
    return token


def _said(error: BaseException) -> str:
    return str(error).partition("\n")[0] or type(error).__name__
