"""The round in which mail is dealt with: claimed, read, done, settled. What cannot be dealt with stops nothing else."""

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Final, NamedTuple, Protocol

from engine.case import Case
from engine.errors import OtherRules
from engine.inbound import TRAY, Inbound, State
from engine.inbox import Inbox, InboxTx
from engine.link import Link
from engine.notice import Notice
from engine.people import Register
from engine.ports import Clock, Reader
from engine.workflow import Workflows
from notifications.incoming.machines import Machines
from notifications.incoming.matching import meant
from notifications.incoming.telling import alarm, waiting, week
from notifications.reading.facts import Reading

log = logging.getLogger("tiltak.sorting")
LEASE: Final = timedelta(minutes=10)
BATCH: Final = 25  # mails in one transaction: long enough to share its cost, short enough for others to wait for it
MOST_TRIES: Final = 3
SAID: Final = 20_000  # of what a mail says, for lists and pages; all of it is in its bytes


class Read(NamedTuple):
    """A mail, what it says, and the letter it answers, if it answers one."""

    mail: Inbound
    reading: Reading
    link: Link | None = None


class Replies(Protocol):
    """What people write."""

    def matched(self, mails: Sequence[tuple[Inbound, Reading]]) -> Mapping[int, Link]:
        """What each of these mails answers, by its number; nothing for one that answers no letter."""
        ...

    def deal(
        self, tx: InboxTx, mail: Inbound, reading: Reading, link: Link | None, register: Register, now: datetime
    ) -> Inbound: ...


@dataclass(slots=True)
class Sorted:
    """What became of the mails of one round."""

    done: int = 0
    waits: int = 0
    failed: int = 0

    def count(self, settled: Sequence[Inbound]) -> None:
        self.waits += sum(it.state in TRAY for it in settled)
        self.done += sum(it.state not in TRAY for it in settled)


@dataclass(slots=True, kw_only=True)
class Sorting:
    """What a mail asks for and what came of it are written together, or not at all."""

    inbox: Inbox
    reader: Reader
    workflows: Workflows
    clock: Clock
    read: Callable[[Inbound], Reading]
    machines: Machines
    replies: Replies
    keep: timedelta
    _told: str = field(default="", init=False)

    def round(self) -> Sorted:
        found, now = Sorted(), self.clock.now()
        while mails := self.inbox.claim_inbound(now, until=now + LEASE, limit=BATCH):
            self._sort(mails, found)
        self._remind()
        self.inbox.forget_bytes(self.clock.now() - self.keep)
        return found

    def _sort(self, mails: Sequence[Inbound], found: Sorted) -> None:
        """In one transaction; when anything is in its way, each in one of its own, and one that fails fails alone."""
        texts = [(mail, reading) for mail in mails if (reading := self._read(mail, found))]
        answered = self.replies.matched([it for it in texts if it[1].klass == "reply"])
        read = [Read(mail, reading, answered.get(mail.id)) for mail, reading in texts]
        if len(read) > 1 and self._together(read, found):
            return
        for it in read:
            self._alone(it, found)

    def _together(self, read: Sequence[Read], found: Sorted) -> bool:
        """False when nothing has happened yet, since one of them is in the way of the others."""
        refs = {meant(it.link, it.reading).ref for it in read if it.link}
        register, now = self.reader.register(), self.clock.now()
        try:
            with self.inbox.together([it.mail for it in read], refs) as tx:
                settled = [self._finish(tx, it, register, now) for it in read]
        except OtherRules:
            raise
        except Exception as error:
            log.warning("%s mails are dealt with one by one: %s: %s", len(read), type(error).__name__, error)
            return False
        found.count(settled)
        return True

    def _alone(self, it: Read, found: Sorted) -> None:
        register, now = self.reader.register(), self.clock.now()
        try:
            with self.inbox.begin() as tx:
                settled = self._finish(tx, it, register, now)
        except OtherRules:
            raise
        except Exception as error:
            self._failed(it.mail, error, found)
        else:
            found.count([settled])

    def _finish(self, tx: InboxTx, it: Read, register: Register, now: datetime) -> Inbound:
        after = self._deal(tx, it._replace(mail=_facts(it.mail, it.reading)), register, now)
        return self._settle(tx, it.mail, after, register, now)

    def _read(self, mail: Inbound, found: Sorted) -> Reading | None:
        """None for poison: it is put aside before it can do any more harm."""
        now = self.clock.now()
        try:
            if mail.attempts > MOST_TRIES:
                self._quarantine(mail, mail.error or "it was begun three times and never finished", now)
            elif "unreadable" not in (reading := self.read(mail)).flags:
                return reading
            else:
                self._quarantine(mail, reading.why, now)
            found.waits += 1
        except Exception as error:
            self._failed(mail, error, found)
        return None

    def _failed(self, mail: Inbound, error: Exception, found: Sorted) -> None:
        """It is tried again when its lease runs out."""
        log.error("mail %s could not be dealt with at try %s", mail.id, mail.attempts, exc_info=error)
        self.inbox.failed_inbound(mail, f"{type(error).__name__}: {error}"[:500])
        found.failed += 1

    def _deal(self, tx: InboxTx, read: Read, register: Register, now: datetime) -> Inbound:
        mail, reading, link = read
        if mail.size > len(mail.raw or b""):
            return _to_tray(mail, "quarantined", "too large", f"{mail.size} bytes, of which the beginning was kept")
        if mail.twin:
            return _to_tray(mail, "held", "twin", f"it has the Message-ID of mail {mail.twin}, and other contents")
        match reading.klass:
            case "bounce":
                return self.machines.report(tx, mail, reading, register, now)
            case "auto-reply":
                return self.machines.away(tx, mail, reading, register, now)
            case "loop":
                tx.tell([alarm("loop", mail.sender, f"{mail.sender}: {reading.why}", register, now)])
                return replace(mail, outcome="loop", error=reading.why)
            case "spam":
                return _to_tray(mail, "held", "spam", reading.why)
            case "unknown":
                return _to_tray(mail, "unmatched", "unknown", reading.why)
            case "reply":
                return self.replies.deal(tx, mail, reading, link, register, now)

    def _settle(self, tx: InboxTx, mail: Inbound, after: Inbound, register: Register, now: datetime) -> Inbound:
        """Write what came of it, or nothing at all when somebody else was faster."""
        if after.state in TRAY:
            tx.tell(self._waiting(str(mail.id), register, now, ref=after.ref))
        else:
            after = replace(after, state="done", settled_at=now)
        if not tx.settle_inbound(mail, after):
            raise TooSlow(f"mail {mail.id} was dealt with by another process")
        return after

    def _quarantine(self, mail: Inbound, why: str, now: datetime) -> Inbound:
        register = self.reader.register()
        after = _to_tray(mail, "quarantined", "poison", why)
        with self.inbox.begin() as tx:
            tx.tell([alarm("poison", str(mail.id), f"{mail.id}: {why}", register, now)])
            return self._settle(tx, mail, after, register, now)

    def _waiting(self, key: str, register: Register, now: datetime, *, ref: str = "") -> list[Notice]:
        """Those who coordinate the plan of the case, or any open plan where nobody knows which case is meant."""
        cases = self.reader.cases_by_ref([ref]) if ref else {}
        plans = [it for it in self.reader.plans() if self._open(it)]
        mine = [it for it in plans if it.ref in {case.plan for case in cases.values()}]
        return list(waiting(mine or plans, register, now, key))

    def _open(self, plan: Case) -> bool:
        known = self.workflows.know(plan.workflow, plan.state)
        return known and not self.workflows[plan.workflow].states[plan.state].final

    def _remind(self) -> None:
        """What still waits is told again once a week, however many nodes there are."""
        now, register = self.clock.now(), self.reader.register()
        if (this := week(now, register)) == self._told or not self.inbox.tray(limit=1):
            return
        with self.inbox.begin() as tx:
            tx.tell(self._waiting(this, register, now))
        self._told = this


class TooSlow(Exception):
    """Rolls back what was begun: the mail is somebody else's by now."""


def _facts(mail: Inbound, reading: Reading) -> Inbound:
    envelope = reading.envelope
    sender = ", ".join(it.address for it in envelope.senders[:3])
    subject = " ".join(envelope.subject.split())[:500]
    text = (reading.reply or reading.elided)[:SAID]
    return replace(mail, kind=reading.klass, sender=sender, subject=subject, text=text, error="")


def _to_tray(mail: Inbound, state: State, outcome: str, why: str) -> Inbound:
    return replace(mail, state=state, outcome=outcome, error=why)
