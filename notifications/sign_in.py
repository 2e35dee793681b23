"""The letter that lets somebody in: written and handed over at once, at any hour, and kept nowhere.

It never lies in the outbox, where others could read the link.
"""

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from engine.briefing import Briefing, Item
from engine.calendar import day_of
from engine.people import Register
from engine.ports import Clock, Reader
from engine.secret import fresh
from engine.sign_in import LINK_LASTS, Entrance, Invitation, SignIn, invitations
from notifications.letters import write
from notifications.message import Envelope, Stamp, assemble
from notifications.post import Post, SendError

log = logging.getLogger("tiltak.sign_in")
MOST_AT_ONCE = 50
FIRST_WAIT = timedelta(seconds=30)  # doubled with each try, until the wish is as old as a link may become
LEASE = timedelta(minutes=3)  # longer than a mail server may take; a process that dies costs the visitor so long


@dataclass(frozen=True, slots=True)
class SignInPost:
    """Writes to whoever asked to come in and is known; whoever is not known gets nothing, and nobody is told so."""

    entrance: Entrance
    reader: Reader
    clock: Clock
    stamp: Stamp
    base_url: str

    async def round(self, post: Post) -> int:
        """How many letters were handed over."""
        found = await asyncio.to_thread(self._asked)
        if not found:
            return 0
        register = await asyncio.to_thread(self.reader.register)
        return sum([await self._answer(it, register, post) for it in found])

    def _asked(self) -> Sequence[SignIn]:
        now = self.clock.now()
        found = self.entrance.asked(now, until=now + LEASE, limit=MOST_AT_ONCE)
        if found:
            self.entrance.prune(now)
        return found

    async def _answer(self, wish: SignIn, register: Register, post: Post) -> int:
        now = self.clock.now()
        letters = list(invitations(wish, register, now)) if now < wish.asked_at + LINK_LASTS else []
        if not letters:
            await asyncio.to_thread(self.entrance.written, wish.id)
        return sum([await self._send(it, register, post) for it in letters])

    async def _send(self, it: Invitation, register: Register, post: Post) -> bool:
        """The digest is kept before the letter leaves, so that a link that arrives works."""
        now = self.clock.now()
        again_at = now + FIRST_WAIT * (1 << max(it.sign_in.attempts - 1, 0))
        await asyncio.to_thread(self.entrance.keep, replace(it.sign_in, try_at=again_at))
        raw = assembled(it, register, self.stamp, base_url=self.base_url, now=now)
        try:
            await post.send(raw, sender=self.stamp.sender, recipient=it.to.address)
        except SendError as error:
            log.warning("the sign-in letter to %s has not left: %s", it.to.party, error)
            if not error.permanent:
                return False
        await asyncio.to_thread(self.entrance.written, it.sign_in.id)
        return True


def assembled(it: Invitation, register: Register, stamp: Stamp, *, base_url: str, now: datetime) -> bytes:
    organisation = register.organisation
    item = Item(
        ref="", number="", plan="", plan_title="", workflow="", title="", letter="sign_in", role="", level=0, rule="",
        step="", reason="", planned=day_of(now, organisation.zone), url=f"{base_url.rstrip('/')}/sign-in/{it.token}",
    )  # fmt: skip
    told = Briefing(
        parcel="", to=it.to, kind="letter", today=item.planned, organisation=organisation.name, items=(item,)
    )  # fmt: skip
    envelope = Envelope(
        to=it.to.address,
        to_name=it.to.name.say(it.to.language),
        reply_to="",
        message_id=f"<s.{fresh()}@{stamp.host}>",
        date=now,
        language=it.to.language,
    )
    return assemble(write(told), stamp, envelope)
