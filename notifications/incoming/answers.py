"""The one letter that answers a mail where a receipt does not: what is missing, why not, or who has answered."""

from dataclasses import dataclass, replace
from datetime import datetime

from engine.calendar import day_of
from engine.case import Case, Event
from engine.inbound import Inbound
from engine.inbox import InboxTx
from engine.notice import Notice
from engine.people import Register
from engine.receipt import foremost_role, receipt
from notifications.incoming.telling import INBOUND, quoted


@dataclass(frozen=True, slots=True)
class Answers:
    """Queues answers in a transaction; each is keyed by its mail, so that no mail is answered twice."""

    tx: InboxTx
    register: Register
    now: datetime

    def unclear(self, party: str, ref: str, code: str, detail: str, mail: Inbound) -> None:
        """It could not be done as it stands: `code` says why, `detail` what."""
        self._queue(party, ref, "unclear", code, detail, mail)

    def confirm(self, party: str, ref: str, writer: str, mail: Inbound) -> None:
        """Somebody else has answered; is it right?"""
        self._queue(party, ref, "confirm", writer, mail.text, mail)

    def again(self, event: Event, case: Case, mail: Inbound) -> None:
        """It was done already: the same receipt once more."""
        self.tx.tell([replace(receipt(event, case, self.register, self.now), key=f"inbound|{mail.id}|answer")])

    def _queue(self, party: str, ref: str, letter: str, step: str, reason: str, mail: Inbound) -> None:
        case = self.tx.case(ref)
        notice = Notice(
            key=f"inbound|{mail.id}|answer",
            ref=ref,
            to=party,
            role=foremost_role(party, case, self.register, self.now),
            letter=letter,
            via="now",
            rule=INBOUND,
            step=step,
            reason=quoted(reason),
            planned=day_of(self.now, self.register.organisation.zone),
            decided_at=self.now,
            ripe_at=self.now,
            state=case.state,
        )
        self.tx.tell([notice])
