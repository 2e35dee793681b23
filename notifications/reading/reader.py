"""Read one mail: bytes in, facts out. Nothing is opened, asked or changed, and no bytes make it fail."""

from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from notifications.reading import absences, bounces, commands, machines, markup, quotes, signatures, tongues
from notifications.reading.decoding import soft
from notifications.reading.facts import Bounce, Envelope, Klass, Own, Reading, Vocabulary
from notifications.reading.headers import Headers, envelope
from notifications.reading.parsing import header_only, parsed
from notifications.reading.parts import Contents, contents

# A mail with one of these says what its author wants in a way that needs a person to look.
DOUBTS: Final = frozenset(
    {"interleaved", "forwarded", "text-after-header", "two-froms", "bidi", "encrypted", "opaque", "dmarc-fail"}
)


def read(raw: bytes, *, own: Own, vocabulary: Vocabulary, received: date) -> Reading:
    """What this mail is and says. `received` is the day by which "on Friday" is understood."""
    message, flags = parsed(raw)
    headers = Headers.of(message)
    outside = envelope(headers, own)
    found = Contents() if flags else contents(message)
    flags |= found.flags | _doubts(outside)
    files = tuple(found.files)
    reading = Reading(klass="unknown", envelope=outside, attachments=files, flags=frozenset(flags))
    reading = _with_text(reading, found)
    reading = _classified(reading, headers, found, own, received)
    return _commanded(reading, vocabulary, received) if reading.klass == "reply" else reading


def written_on(raw: bytes) -> date | None:
    """The day by its own Date field, where it has one that can be read."""
    found = Headers.of(header_only(raw)).date()
    return found.date() if found else None


def _doubts(envelope: Envelope) -> set[str]:
    flags = set()
    if len(envelope.senders) > 1:
        flags.add("two-froms")
    if envelope.sender and envelope.author and envelope.sender.address != envelope.author.address:
        flags.add("on-behalf")
    if any(verdict.results.get("dmarc") == "fail" for verdict in envelope.verdicts):
        flags.add("dmarc-fail")
    return flags


def _with_text(reading: Reading, found: Contents) -> Reading:
    """The text parted into what the author wrote and the rest."""
    flags = set(reading.flags)
    lines: list[str] = []
    for shown in found.texts:
        text, hidden = markup.as_text(shown.text) if shown.html else (shown.text, False)
        lines.append(text)
        flags |= {"hidden-text"} if hidden else set()
    if found.texts and not found.plain.strip():
        flags |= {"html-only"} if any(shown.html for shown in found.texts) else set()
    text = "\n".join(lines)
    parted = quotes.split(soft(text), forwarded=bool(tongues.FORWARDED_SUBJECT.match(reading.envelope.subject)))
    return replace(reading, reply=parted.reply, elided=parted.elided, flags=frozenset(flags | parted.flags))


@dataclass(frozen=True, slots=True)
class _Class:
    klass: Klass
    why: str
    bounces: tuple[Bounce, ...] = ()


def _classified(reading: Reading, headers: Headers, found: Contents, own: Own, received: date) -> Reading:
    judged = _class(reading, headers, found, own)
    flags = set(reading.flags)
    if "METHOD:REPLY" in found.calendar.upper().replace(" ", ""):
        flags.add("calendar")
        judged = _Class("auto-reply", "answers an invitation") if judged.klass == "reply" else judged
    if any(part.get_content_type() == "message/disposition-notification" for part in found.reports):
        flags.add("receipt")
    if headers.has("List-Id"):
        flags.add("list")
    reading = replace(reading, klass=judged.klass, why=judged.why, bounces=judged.bounces, flags=frozenset(flags))
    if judged.klass != "auto-reply" or flags & {"calendar", "receipt"}:
        return reading
    sender = reading.envelope.author.address if reading.envelope.author else ""
    criteria = headers.first("X-Apple-Criteria")
    away = absences.away(
        reading.envelope.subject, reading.reply or reading.elided, sender=sender, received=received, criteria=criteria
    )
    return replace(reading, absence=away)


def _class(reading: Reading, headers: Headers, found: Contents, own: Own) -> _Class:
    """The first that fits: our own mail, a delivery report, spam, a machine; else a person, if anybody."""
    envelope = reading.envelope
    reports = bounces.reports(found) or bounces.letters(envelope, headers, found)
    loop = machines.loops(headers, envelope, own)
    if loop:
        return _Class("loop", loop)
    if reports:
        return _Class("bounce", "is a delivery report", reports)
    spam = machines.spam(headers)
    if spam:
        return _Class("spam", spam)
    automatic = machines.automatic(headers, envelope)
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
