"""Claim, write once, send, settle: a crash may cost a second copy of a letter, never the letter."""

import asyncio
import hashlib
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial

from engine.briefing import Briefing
from engine.link import redacted
from engine.notice import Letter, Notice, Parcel
from engine.ports import Clock, Outbox
from engine.roles import OPERATOR
from notifications.letters import write
from notifications.links import Linking
from notifications.message import Envelope, Stamp, assemble
from notifications.post import Post, SendError
from notifications.undeliverable import Dead

log = logging.getLogger("tiltak.outbox")
FIRST_WAIT, LONGEST_WAIT = timedelta(minutes=1), timedelta(hours=4)
MOST_BROKEN_ROUNDS = 3


@dataclass(slots=True)
class Delivered:
    """What became of the letters of one round."""

    sent: int = 0
    backed_off: int = 0
    unknown: int = 0
    dead: int = 0


@dataclass(frozen=True, slots=True)
class Delivery:
    """One round of the post: what it works with.

    `undeliverable` says who hears what a dead letter would have said; `may_leave` says whether
    letters leave at an instant; `stopping` whether this process is about to end.
    A letter is kept without its tokens once it has left, unless `keep_links`.
    """

    outbox: Outbox
    post: Post
    brief: Callable[[Parcel], Briefing]
    undeliverable: Callable[[Dead], Sequence[Notice]]
    may_leave: Callable[[datetime], bool]
    clock: Clock
    stamp: Stamp
    linking: Linking = field(default_factory=Linking)
    keep_links: bool = False
    lease: timedelta = timedelta(minutes=10)
    batch: int = 100
    stopping: Callable[[], bool] = bool

    async def round(self, party: str = "") -> Delivered:
        """Send every letter that may leave, oldest first, until none is left or the server is gone.

        Outside the hours only those that answer somebody, who has just written or clicked and waits.
        With a party only what goes to it.
        """
        delivered, broken = Delivered(), 0
        while broken < MOST_BROKEN_ROUNDS and not self.stopping():
            now = self.clock.now()
            until, kind = now + self.lease, "" if self.may_leave(now) else "receipt"
            claim = partial(self.outbox.claim, now, until=until, limit=self.batch, party=party, kind=kind)
            letters = await asyncio.to_thread(claim)
            if not letters:
                break
            for place, letter in enumerate(letters):
                if self.stopping():
                    await asyncio.to_thread(self.outbox.release, letters[place:])
                    break
                if broken == MOST_BROKEN_ROUNDS or not self._still_mine(letter, until):
                    break  # what is left of the lease runs out by itself
                broken = broken + 1 if await self._deliver(letter, delivered) else 0
        return delivered

    def _still_mine(self, letter: Letter, until: datetime) -> bool:
        """A slow server may take so long that the hours end, or that the rest is somebody else's to send by now."""
        now = self.clock.now()
        return now < until and (letter.kind == "receipt" or self.may_leave(now))

    async def _deliver(self, letter: Letter, delivered: Delivered) -> bool:
        """True when the connection was lost on this one."""
        try:
            raw = letter.raw if letter.raw else await asyncio.to_thread(self._write, letter)
        except Exception as error:
            log.exception("letter %s cannot be written", letter.id)
            await self._put_off(letter, f"it cannot be written: {error}", delivered)
            return False
        try:
            reply = await self.post.send(raw, sender=self.stamp.envelope_from(letter.id), recipient=letter.address)
        except SendError as error:
            await self._failed(letter, error, delivered)
            return error.lost
        kept = None if self.keep_links else _without_tokens(raw)
        await asyncio.to_thread(self.outbox.settle, letter.id, self.clock.now(), reply=reply, raw=kept)
        delivered.sent += 1
        return False

    def _write(self, letter: Letter) -> bytes:
        """Render once; another sender's bytes win if it was faster."""
        parcel = self.outbox.parcel(letter.id)
        briefing, links = self.linking.furnish(self.brief(parcel), self.clock.now())
        written = write(briefing)
        envelope = Envelope(
            to=letter.address,
            to_name=parcel.to.name.say(briefing.language),
            reply_to=briefing.reply_to,
            message_id=letter.message_id,
            date=self.clock.now(),
            language=briefing.language,
            threads=threads(parcel),
        )
        return self.outbox.write(letter.id, assemble(written, self.stamp, envelope), written.subject, links)

    async def _failed(self, letter: Letter, error: SendError, delivered: Delivered) -> None:
        if error.permanent and letter.party != OPERATOR:  # the last one who hears is never given up
            await asyncio.to_thread(self._bury, letter, error)
            delivered.dead += 1
        else:
            await self._put_off(letter, str(error), delivered, unknown=error.unknown)

    async def _put_off(self, letter: Letter, why: str, delivered: Delivered, *, unknown: bool = False) -> None:
        log.warning("letter %s waits: %s", letter.id, why)
        until = self.clock.now() + wait(letter.id, letter.attempts)
        await asyncio.to_thread(self.outbox.back_off, letter, until, why=why, unknown=unknown)
        delivered.unknown += unknown
        delivered.backed_off += not unknown

    def _bury(self, letter: Letter, error: SendError) -> None:
        """No server will ever take it: others are told in the same transaction, and a bad address is remembered."""
        log.error("letter %s to %s cannot be delivered: %s", letter.id, letter.party, error)
        why, now = str(error), self.clock.now()
        dead = Dead(self.outbox.parcel(letter.id), why, now, nobody=error.nobody)
        refused = letter.address if error.nobody else ""
        self.outbox.bury(letter, now, why=why, notices=self.undeliverable(dead), refused=refused)


def _without_tokens(raw: bytes) -> bytes | None:
    """The letter as it is kept; None when nothing in it is secret."""
    text = raw.decode("latin-1")
    kept = redacted(text)
    return kept.encode("latin-1") if kept != text else None


def threads(parcel: Parcel) -> list[str]:
    """A letter about one case belongs to that case's thread; a digest or bundle to its receiver's own."""
    refs = list(dict.fromkeys(notice.ref for notice in parcel.notices))
    return refs if len(refs) == 1 else [f"{parcel.kind}-{parcel.to.party.replace(':', '-')}"]


def wait(letter_id: str, attempts: int) -> timedelta:
    """Doubling from a minute to four hours, and up to a quarter longer, always the same for the same try."""
    doublings: int = min(max(attempts, 1) - 1, 16)
    base = min(FIRST_WAIT * (1 << doublings), LONGEST_WAIT)
    spread = hashlib.sha256(f"{letter_id}/{attempts}".encode()).digest()[0] / 255
    return base + base * spread / 4
