"""Somebody looks at a mail in the tray: it belongs to a case, or to none."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from engine.act import comment
from engine.case import Document, Errand, Event
from engine.errors import Refused
from engine.inbound import Inbound
from engine.inbox import Inbox
from engine.inside import Inside
from engine.workflow import Workflows


def attach(
    inbox: Inbox,
    workflows: Workflows,
    number: int,
    ref: str,
    *,
    by: str,
    now: datetime,
    documents: Sequence[Document] = (),
) -> Event:
    """Put what a mail says, and what came along with it, on a case: a comment that names its sender, and no move."""
    mail = _waiting(inbox, number)
    words = f"{mail.sender or '?'}: {mail.text or mail.subject}"
    errand = Errand(ref=ref, move="comment", by=by, text=words, through="mail", documents=tuple(documents))
    with inbox.begin() as tx:
        event = comment(Inside(tx), workflows, errand, now=now)
        after = replace(mail, state="done", outcome="attached", ref=ref, settled_at=now, settled_by=by)
        _settled(tx.settle_inbound(mail, after), number)
        return event


def drop(inbox: Inbox, number: int, *, by: str, now: datetime) -> Inbound:
    """Say that a mail is of no interest. Its bytes are kept as long as those of any other."""
    mail = _waiting(inbox, number)
    after = replace(mail, state="dropped", settled_at=now, settled_by=by)
    with inbox.begin() as tx:
        _settled(tx.settle_inbound(mail, after), number)
    return after


def _waiting(inbox: Inbox, number: int) -> Inbound:
    mail = inbox.inbound(number)
    if not mail.waits:
        raise Refused(f"mail {number} waits for nobody: it is {mail.state}")
    return mail


def _settled(done: bool, number: int) -> None:
    if not done:
        raise Refused(f"somebody else has dealt with mail {number} just now")
