"""What machines send is data: a delivery report marks an address, an out-of-office note suggests an absence."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Final, Literal

from engine.calendar import day_of
from engine.errors import NotFound
from engine.inbound import Inbound
from engine.inbox import Inbox, InboxTx
from engine.notice import Letter
from engine.people import Register
from engine.ports import Outbox, Reader
from engine.roles import OPERATOR
from engine.suggested import Suggestion
from notifications.incoming.telling import alarm, has_left
from notifications.reading.facts import Away, Bounce, Reading
from notifications.undeliverable import Dead, undeliverable

Severity = Literal["hard", "soft", "ours", "note"]
LETTER_ID: Final = re.compile(r"[a-z2-7]{26}")
SOFT_WITHIN: Final = timedelta(days=7)
NOBODY_THERE: Final = ("5.1.", "5.4.1", "5.4.4")  # no such mailbox, no such host; 5.4.1 is how Microsoft says it


@dataclass(frozen=True, slots=True)
class Machines:
    """`host` is that of our Message-IDs, `returns` the local part of the return address, before a letter's id."""

    inbox: Inbox
    reader: Reader
    outbox: Outbox
    host: str
    returns: str = ""

    # Delivery reports

    def report(self, tx: InboxTx, mail: Inbound, reading: Reading, register: Register, now: datetime) -> Inbound:
        """Counts only when our own Message-ID or return address proves that the letter was ours."""
        for bounce in reading.bounces:
            if letter := self._proven(bounce, mail, reading):
                outcome = self._returned(tx, bounce, letter, register, now)
                return replace(mail, outcome=outcome, letter=letter.id, party=letter.party, error=_said(bounce))
        return replace(mail, outcome="backscatter")

    def _proven(self, bounce: Bounce, mail: Inbound, reading: Reading) -> Letter | None:
        for found in self._ids(bounce, mail, reading):
            try:
                return self.reader.letter(found)
            except NotFound:
                continue
        return None

    def _ids(self, bounce: Bounce, mail: Inbound, reading: Reading) -> Iterator[str]:
        addresses = (mail.rcpt, *(it.address for it in reading.envelope.recipients))
        for local in (it.rpartition("@")[0].lower() for it in addresses):
            before, _, token = local.partition("+")
            if self.returns and before == self.returns and LETTER_ID.fullmatch(token):
                yield token
        if found := letter_of(bounce.message_id, self.host):
            yield found

    def _returned(self, tx: InboxTx, bounce: Bounce, letter: Letter, register: Register, now: datetime) -> str:
        weight, why = severity(bounce), _said(bounce)
        if weight == "note":
            return "noted"
        if weight == "soft" and self.inbox.soft_returns(letter, now - SOFT_WITHIN):
            weight = "hard"
        nobody, operators = weight == "hard", letter.party == OPERATOR
        dead = Dead(self.outbox.parcels([letter.id])[letter.id], why, now, nobody=nobody)
        notices = [] if operators else list(undeliverable(self.reader, dead))
        if weight == "ours" and not operators:
            notices.append(alarm("policy", letter.address, f"{letter.address}: {why}", register, now))
        refused = letter.address if nobody and not operators else ""
        return weight if tx.returned(letter.id, now, why=why, notices=notices, refused=refused) else "known"

    # Absences

    def away(self, tx: InboxTx, mail: Inbound, reading: Reading, register: Register, now: datetime) -> Inbound:
        """A registered person's note becomes a suggestion, unless it is known; whoever has left is told of at once."""
        author, note = reading.envelope.author, reading.absence
        key = next(iter(register.writers(author.address)), "") if author else ""
        if not key or note is None:
            return replace(mail, outcome="automatic", party=f"person:{key}" if key else "")
        today = day_of(now, register.organisation.zone)
        suggestion = _suggested(key, note, mail, register, today)
        mail = replace(mail, party=f"person:{key}")
        if self._known(suggestion, register):
            return replace(mail, outcome="known absence")
        tx.keep_suggestion(suggestion)
        if note.left:
            headed = [it.code for it in register.units.values() if it.head == key]
            cases = self.reader.needing(f"person:{key}", headed)
            tx.tell(list(has_left(key, reading.reply, cases, mail, register, now)))
        return replace(mail, outcome="left" if note.left else "absence")

    def _known(self, it: Suggestion, register: Register) -> bool:
        same = (it.person, it.last, it.left)
        if any((other.person, other.last, other.left) == same for other in self.inbox.suggestions()):
            return True
        away = register.away(it.person, it.first)
        return not it.left and away is not None and (away.last is None or (it.last or it.first) <= away.last)


def letter_of(message_id: str, host: str) -> str:
    """The id of the letter that a Message-ID of ours belongs to; "" for any other."""
    local, _, domain = message_id.strip("<>").partition("@")
    prefix, _, found = local.partition(".")
    return found if prefix == "t" and domain == host and LETTER_ID.fullmatch(found) else ""


def severity(bounce: Bounce) -> Severity:
    if bounce.action != "failed" or bounce.status.startswith("2."):
        return "note"
    if bounce.status.startswith("5.7."):
        return "ours"
    if bounce.status.startswith(NOBODY_THERE) or (bounce.permanent and not bounce.status):
        return "hard"
    return "soft"


def _said(bounce: Bounce) -> str:
    return " ".join((bounce.diagnostic or bounce.status or bounce.action).split())[:500]


def _suggested(key: str, note: Away, mail: Inbound, register: Register, today: date) -> Suggestion:
    named = note.substitute
    keys = register.writers(named.address) if named else ()
    first = note.begins or today
    return Suggestion(
        id=mail.id,
        person=key,
        first=first,
        last=note.ends if note.ends and note.ends >= first else None,
        substitute=next((it for it in keys if it != key), ""),
        named=(named.name or named.address) if named else "",
        left=note.left,
        at=mail.received_at,
    )
