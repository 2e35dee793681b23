"""Did a person write this? Loops, spam, automatic replies and receipts are known by their headers."""

import re
from typing import Final

from notifications.reading.addresses import plain
from notifications.reading.facts import Envelope, Own
from notifications.reading.headers import Headers

MOST_RECEIVED: Final = 30
NO_PERSON: Final = re.compile(r"^(?:mailer-daemon|postmaster|no-?reply|do-?not-?reply|bounces?|auto-?reply)(?:[+@-]|$)")
AUTOMATIC_SUBJECT: Final = re.compile(
    r"^\W*(?:automatisk svar|autosvar|auto-?svar|automatisk melding|fraværsmelding|fråværsmelding"
    r"|fraværende"
    r"|ute av kontoret|er ute av kontoret|out of (?:the )?office|automatic reply|auto(?:matic"
    r"|mated)?[- ]?(?:reply|response)|autoreply|on vacation|away from (?:my|the)"
    r"|abwesenheit\w*|automatische antwort|autosvar|frånvaro\w*|automatiskt svar|autosvar|automatisk besvarelse"
    r"|réponse automatique|respuesta automática"
    r"|vacation reply)\b",
    re.IGNORECASE,
)
YES: Final = re.compile(r"^\s*(?:yes|true|spam|1)\b", re.IGNORECASE)
SCORE: Final = re.compile(r"\bSCL:([5-9])\b|\bSFV:(?:SPM|SKS|SKB)\b")
COMMENT: Final = re.compile(r"\([^()]*\)")
PERSONAL: Final = frozenset({"", "first-class", "normal", "personal", "special-delivery", "urgent"})


def loops(headers: Headers, envelope: Envelope, own: Own) -> str:
    """Why this is a mail of ours that came back; nothing when it is none."""
    senders = {plain(each.address) for each in envelope.senders}
    if headers.has("X-Tiltak-Loop"):  # ours, or another Tiltak's, which must not be answered either
        return f"is a letter of {'this' if headers.first('X-Tiltak-Loop') == own.instance else 'another'} Tiltak"
    if senders & own.addresses:
        return "comes from our own address"
    if own.host and re.match(rf"<t\.[a-z2-7]{{26}}@{re.escape(own.host)}>$", envelope.message_id, re.IGNORECASE):
        return "carries a Message-ID of ours"
    tagged = {plain(each.address) for each in envelope.recipients if "+" in each.address.partition("@")[0]}
    if senders & tagged:
        return "comes from the address it was sent to"
    if len(headers.all("Received")) > MOST_RECEIVED:
        return f"has passed through more than {MOST_RECEIVED} servers"
    return ""


def spam(headers: Headers) -> str:
    """Which header of a filter says so; nothing when none does."""
    for name in (
        "X-Spam-Flag",
        "X-Spam-Status",
        "X-Spam",
        "X-Barracuda-Spam-Flag",
        "X-Spam-Level-Flag",
        "X-GMX-Antispam-Flag",
    ):
        if YES.match(headers.first(name)):
            return f"{name} says so"
    action = headers.first("X-Spam-Action").lower()
    if action in ("reject", "add header", "rewrite subject", "soft reject"):
        return "X-Spam-Action says so"
    score = headers.first("X-MS-Exchange-Organization-SCL")
    if score.isdigit() and int(score) >= 5:
        return "X-MS-Exchange-Organization-SCL says so"
    if SCORE.search(headers.first("X-Forefront-Antispam-Report")):
        return "X-Forefront-Antispam-Report says so"
    if headers.first("X-Virus-Status").lower().startswith(("infected", "yes")):
        return "X-Virus-Status says so"
    return ""


def automatic(headers: Headers, envelope: Envelope) -> str:
    """Why no person sent this (RFC 3834 and what programs do instead); nothing when a person may have.

    X-Auto-Response-Suppress is no sign: what people write through Exchange carries it too.
    """
    submitted = COMMENT.sub("", headers.first("Auto-Submitted")).partition(";")[0].strip().lower()
    if submitted and submitted != "no":
        return f"Auto-Submitted: {submitted}"
    if envelope.return_path == "":
        return "has no return path"
    precedence = headers.first("Precedence").lower()
    if precedence in ("bulk", "junk", "list", "auto_reply", "auto-reply"):
        return f"Precedence: {precedence}"
    for name in _AUTOMATIC:
        if headers.first(name).lower() not in ("", "no", "false"):
            return f"{name} is there"
    return _by_form(headers, envelope)


_AUTOMATIC: Final = (
    "X-Autoreply", "X-Autorespond", "X-Auto-Reply", "X-Autoresponder", "X-Auto-Response",
    "X-MS-Exchange-Inbox-Rules-Loop",
    "X-Apple-Action", "X-Vacation", "X-AutoReply-From", "X-Mail-Autoreply",
)  # fmt: skip


def _by_form(headers: Headers, envelope: Envelope) -> str:
    if headers.first("Content-Type").lower().startswith("multipart/report"):
        return "is a report"
    if AUTOMATIC_SUBJECT.match(envelope.subject):
        return "its subject says so"
    if envelope.author and NO_PERSON.match(envelope.author.address):
        return f"{envelope.author.address} is no person"
    return ""
