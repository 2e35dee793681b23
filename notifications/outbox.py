"""Claim, write once, send, settle: a crash may cost a second copy of a letter, never the letter."""

import asyncio
import hashlib
import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from itertools import chain

from engine.link import redacted
from engine.notice import Arrived, Letter, Notice
from engine.ports import Clock, Outbox
from engine.roles import OPERATOR
from notifications.post import Post, SendError
from notifications.settling import Settling
from notifications.undeliverable import Dead
from notifications.writing import Writing

log = logging.getLogger("tiltak.outbox")
FIRST_WAIT, LONGEST_WAIT = timedelta(minutes=1), timedelta(hours=4)
MOST_BROKEN_ROUNDS = 3
WRITTEN_AHEAD = 25


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
    writing: Writing
    undeliverable: Callable[[Dead], Sequence[Notice]]
    may_leave: Callable[[datetime], bool]
    clock: Clock
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
            broken = await self._send(letters, until, delivered, broken)
        return delivered

    async def _send(self, letters: Sequence[Letter], until: datetime, delivered: Delivered, broken: int) -> int:
        """The letters of one claim; while some are on their way the next are written. Returns how often it broke."""
        settling = Settling(self._settle)
        try:
            return await self._send_all(letters, until, delivered, broken, settling)
        finally:
            await settling.finish()

    async def _send_all(
        self, letters: Sequence[Letter], until: datetime, delivered: Delivered, broken: int, settling: Settling
    ) -> int:
        slices = [letters[start : start + WRITTEN_AHEAD] for start in range(0, len(letters), WRITTEN_AHEAD)]
        coming = self._ahead(slices[0])
        for number, some in enumerate(slices, 1):
            written = await coming
            coming = self._ahead(slices[number] if number < len(slices) else ())
            for place, letter in enumerate(some):
                if self.stopping():
                    await coming
                    await asyncio.to_thread(self.outbox.release, [*some[place:], *chain(*slices[number:])])
                    return broken
                if broken == MOST_BROKEN_ROUNDS or not self._still_mine(letter, until):
                    await coming
                    return broken  # what is left of the lease runs out by itself
                broken = broken + 1 if await self._deliver(letter, written[letter.id], delivered, settling) else 0
        return broken

    def _ahead(self, letters: Sequence[Letter]) -> asyncio.Future[Mapping[str, bytes | Exception]]:
        """To be awaited in any case: a thread cannot be called off."""
        if letters:
            return asyncio.ensure_future(asyncio.to_thread(self.writing.write, letters))
        nothing = asyncio.get_running_loop().create_future()
        nothing.set_result({})
        return nothing

    def _still_mine(self, letter: Letter, until: datetime) -> bool:
        """A slow server may take so long that the hours end, or that the rest is somebody else's to send by now."""
        now = self.clock.now()
        return now < until and (letter.kind == "receipt" or self.may_leave(now))

    async def _deliver(self, letter: Letter, raw: bytes | Exception, delivered: Delivered, settling: Settling) -> bool:
        """True when the connection was lost on this one."""
        if isinstance(raw, Exception):
            await self._put_off(letter, f"it cannot be written: {raw}", delivered)
            return False
        try:
            reply = await self.post.send(
                raw, sender=self.writing.stamp.envelope_from(letter.id), recipient=letter.address
            )
        except SendError as error:
            await self._failed(letter, error, delivered)
            return error.lost
        await settling.add(Arrived(id=letter.id, at=self.clock.now(), reply=reply, raw=raw))
        delivered.sent += 1
        return False

    def _settle(self, arrived: Sequence[Arrived]) -> None:
        kept = [None if self.keep_links or it.raw is None else _without_tokens(it.raw) for it in arrived]
        self.outbox.settle([replace(it, raw=raw) for it, raw in zip(arrived, kept, strict=True)])

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
        dead = Dead(self.outbox.parcels([letter.id])[letter.id], why, now, nobody=error.nobody)
        refused = letter.address if error.nobody else ""
        self.outbox.bury(letter, now, why=why, notices=self.undeliverable(dead), refused=refused)


def _without_tokens(raw: bytes) -> bytes | None:
    """The letter as it is kept; None when nothing in it is secret."""
    text = raw.decode("latin-1")
    kept = redacted(text)
    return kept.encode("latin-1") if kept != text else None


def wait(letter_id: str, attempts: int) -> timedelta:
    """Doubling from a minute to four hours, and up to a quarter longer, always the same for the same try."""
    doublings: int = min(max(attempts, 1) - 1, 16)
    base = min(FIRST_WAIT * (1 << doublings), LONGEST_WAIT)
    spread = hashlib.sha256(f"{letter_id}/{attempts}".encode()).digest()[0] / 255
    return base + base * spread / 4
