"""Read one mail: bytes in, facts out. Nothing is opened, asked or changed, and no bytes make it fail."""

import email
import email.policy
import re
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from email.parser import BytesHeaderParser
from email.utils import parsedate_to_datetime
from typing import Final

from notifications.reading import (
    absences,
    authentication,
    bounces,
    commands,
    machines,
    markup,
    quotes,
    signatures,
    tongues,
)
from notifications.reading.addresses import mailboxes, plain, token
from notifications.reading.decoding import header_text, unraw
from notifications.reading.facts import Bounce, Envelope, Klass, Mailbox, Own, Reading, Vocabulary
from notifications.reading.files import Part
from notifications.reading.parts import Contents, contents

LARGEST: Final = 40 * 1024 * 1024
LONGEST_HEADER: Final = 256 * 1024
RECIPIENTS: Final = (
    "To", "Cc", "Delivered-To", "X-Original-To", "X-Forwarded-To", "Envelope-To", "X-Envelope-To", "Resent-To",
    "X-Rcpt-To",
)  # fmt: skip
MESSAGE_ID: Final = re.compile(r"<([^<>\s]{1,998})>")
HARD_SPACES: Final = re.compile("[\u00a0\u202f\u2007]")
SHORTENED: Final = re.compile(r"(?:\r?\n)[ \t]")
# A mail with one of these says what its author wants in a way that needs a person to look.
DOUBTS: Final = frozenset(
    {"interleaved", "forwarded", "text-after-header", "two-froms", "bidi", "encrypted", "opaque", "hidden-text"}
)


def read(raw: bytes, *, own: Own, vocabulary: Vocabulary, received: date) -> Reading:
    """What this mail is and says. `received` is the day by which "on Friday" is understood."""
    message, flags = _parsed(raw)
    envelope = _envelope(message, own)
    flags |= _on_the_outside(envelope)
    found = contents(message) if "too-big" not in flags and "malformed" not in flags else Contents()
    reading = Reading(
        klass="reply", envelope=envelope, attachments=tuple(found.files), flags=frozenset(flags | found.flags)
    )
    reading = _with_text(reading, found)
    reading = _classified(reading, message, found, own, received)
    return _commanded(reading, vocabulary, received) if reading.klass == "reply" else reading


def written_on(raw: bytes) -> date | None:
    """The day by its own Date field, where it has one that can be read."""
    found = _date(_header_only(raw))
    return found.date() if found else None


def _parsed(raw: bytes) -> tuple[Part, set[str]]:
    """compat32, for the newer policies fail on what hostile mail contains. Of the unreadable only the header is "
    "read."""
    if len(raw) > LARGEST:
        return _header_only(raw), {"too-big"}
    try:
        return email.message_from_bytes(raw, policy=email.policy.compat32), set()
    except RecursionError:
        return _header_only(raw), {"too-deep", "malformed"}


def _header_only(raw: bytes) -> Part:
    header = re.split(rb"\r?\n\r?\n", raw[:LONGEST_HEADER], maxsplit=1)[0]
    return BytesHeaderParser(policy=email.policy.compat32).parsebytes(header + b"\n\n")


def _envelope(message: Part, own: Own) -> Envelope:
    written = [each for name in RECIPIENTS for value in _all(message, name) for each in mailboxes(value)]
    recipients = tuple({each.address: each for each in reversed(written)}.values())[::-1]
    senders = tuple(each for value in _all(message, "From") for each in mailboxes(value))
    return Envelope(
        message_id=next(iter(_ids(message, "Message-ID")), ""),
        senders=senders,
        sender=next((each for value in _all(message, "Sender") for each in mailboxes(value)), None),
        reply_to=tuple(each for value in _all(message, "Reply-To") for each in mailboxes(value)),
        return_path=_return_path(message),
        recipients=recipients,
        tokens=_tokens(recipients, own),
        in_reply_to=_ids(message, "In-Reply-To"),
        references=_ids(message, "References"),
        subject=header_text(next(iter(_all(message, "Subject")), ""))[:998],
        date=_date(message),
        verdicts=authentication.verdicts(_all(message, "Authentication-Results"), own.trusted_authserv_ids),
    )


def _all(message: Part, name: str) -> list[str]:
    """The values as they were written, bytes above ASCII as surrogates."""
    wanted = name.lower()
    return [str(value) for key, value in message.raw_items() if key.lower() == wanted]


def _ids(message: Part, name: str) -> tuple[str, ...]:
    values = " ".join(_all(message, name))[:50_000]
    found = tuple(dict.fromkeys(f"<{each}>" for each in MESSAGE_ID.findall(unraw(values))))
    bare = unraw(values).split()
    return found or ((f"<{bare[0]}>",) if len(bare) == 1 and "@" in bare[0] and "<" not in bare[0] else ())


def _return_path(message: Part) -> str | None:
    """The address, empty for a mail that wants no answer, None where nothing is said."""
    for value in _all(message, "Return-Path"):
        found = mailboxes(value)
        return found[0].address if found else ""
    return None


def _tokens(recipients: tuple[Mailbox, ...], own: Own) -> tuple[str, ...]:
    return tuple(
        dict.fromkeys(
            token(each.address) for each in recipients if plain(each.address) in own.addresses and token(each.address)
        )
    )


def _date(message: Part) -> datetime | None:
    try:
        found = parsedate_to_datetime(unraw(next(iter(_all(message, "Date")), ""))[:200])
        return found.astimezone(UTC) if found.tzinfo else found.replace(tzinfo=UTC)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


def _on_the_outside(envelope: Envelope) -> set[str]:
    flags = set()
    if len(envelope.senders) > 1:
        flags.add("two-froms")
    if envelope.sender and envelope.author and envelope.sender.address != envelope.author.address:
        flags.add("on-behalf")
    return flags


def _with_text(reading: Reading, found: Contents) -> Reading:
    """The text parted into what the author wrote and the rest."""
    flags, text = set(reading.flags), found.text
    if not text.strip() and found.html:
        flags.add("html-only")
        text, hidden = markup.as_text("\n".join(found.html))
        flags |= {"hidden-text"} if hidden else set()
    parted = quotes.split(
        HARD_SPACES.sub(" ", text), forwarded=bool(tongues.FORWARDED_SUBJECT.match(reading.envelope.subject))
    )
    return replace(reading, reply=parted.reply, elided=parted.elided, flags=frozenset(flags | parted.flags))


@dataclass(frozen=True, slots=True)
class _Class:
    klass: Klass
    why: str
    bounces: tuple[Bounce, ...] = ()


def _classified(reading: Reading, message: Part, found: Contents, own: Own, received: date) -> Reading:
    judged = _class(reading, message, found, own)
    flags = set(reading.flags)
    if "METHOD:REPLY" in found.calendar.upper().replace(" ", ""):
        flags.add("calendar")
        judged = _Class("auto-reply", "answers an invitation") if judged.klass == "reply" else judged
    if any(part.get_content_type() == "message/disposition-notification" for part in found.reports):
        flags.add("receipt")
    if message.get("List-Id") is not None:
        flags.add("list")
    reading = replace(reading, klass=judged.klass, why=judged.why, bounces=judged.bounces, flags=frozenset(flags))
    if judged.klass != "auto-reply" or flags & {"calendar", "receipt"}:
        return reading
    sender = reading.envelope.author.address if reading.envelope.author else ""
    criteria = str(message.get("X-Apple-Criteria", ""))
    away = absences.away(
        reading.envelope.subject, reading.reply or reading.elided, sender=sender, received=received, criteria=criteria
    )
    return replace(reading, absence=away)


def _class(reading: Reading, message: Part, found: Contents, own: Own) -> _Class:
    """The first that fits: our own mail, a delivery report, spam, a machine; else a person, if anybody."""
    envelope = reading.envelope
    reports = bounces.reports(found) or bounces.letters(envelope, message, found)
    loop = machines.loops(message, envelope, own)
    if loop:
        return _Class("loop", loop)
    if reports:
        return _Class("bounce", "is a delivery report", reports)
    spam = machines.spam(message)
    if spam:
        return _Class("spam", spam)
    automatic = machines.automatic(message, envelope)
    if automatic:
        return _Class("auto-reply", automatic)
    if not envelope.senders:
        return _Class("unknown", "nobody is named as its sender")
    return _Class("reply", "a person wrote it, as far as its header tells")


def _commanded(reading: Reading, vocabulary: Vocabulary, received: date) -> Reading:
    """The first line as a command, unless something about the mail makes its meaning doubtful."""
    first, _, rest = reading.reply.partition("\n")
    asked = commands.command(first, vocabulary, received=received)
    if asked is None or reading.flags & DOUBTS:
        return replace(reading, statement=signatures.statement(reading.reply))
    flags = set(reading.flags)
    if asked.doubtful:
        flags.add("ambiguous-date")
    further = [line for line in rest.split("\n")[:50] if line.strip()]
    if asked.number and any(_numbered(line, vocabulary, received) for line in further):
        flags.add("more-commands")
    return replace(
        reading,
        command=asked.names[0],
        commands=asked.names,
        number=asked.number,
        argument=asked.argument,
        statement=signatures.statement(rest),
        flags=frozenset(flags),
    )


def _numbered(line: str, vocabulary: Vocabulary, received: date) -> bool:
    found = commands.command(line, vocabulary, received=received)
    return found is not None and found.number is not None
