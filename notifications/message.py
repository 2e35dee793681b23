"""A written letter becomes the bytes that are sent: headers that survive Norwegian, a fixed Message-ID."""

import base64
import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from email import quoprimime
from email.header import Header, decode_header, make_header
from email.message import Message
from email.mime.multipart import MIMEMultipart
from email.parser import BytesHeaderParser
from email.policy import Compat32
from email.utils import format_datetime, formataddr, getaddresses

from notifications.entries import Entry
from notifications.letters import Written

LONGEST_SUBJECT = 120
THREAD_BEGAN = bytes.fromhex("01ca8a7c0000")  # 1 January 2010: the same in every letter of a thread, and of no meaning
# Absence notes and bounces are wanted; receipts are not. MS-OXCMAIL 2.1.3.2.20
SUPPRESSED = "DR, RN, NRN, AutoReply"
SHORT = 70  # of a header with its name: it stands on one line


class _Folding(Compat32):
    """As the standard folds, but what is short and plain is not taken apart for it, which costs as much as the rest."""

    def fold_binary(self, name: str, value: str) -> bytes:
        if len(name) + len(value) <= SHORT and value.isascii() and value.isprintable():
            return f"{name}: {value}{self.linesep}".encode()
        return super().fold_binary(name, value)


FOLDING = _Folding()


@dataclass(frozen=True, slots=True, kw_only=True)
class Stamp:
    """Who sends: address and name of the sender, the host of Message-IDs, and the instance for loop detection.

    `returns` is where delivery reports go, each letter's with its id behind a plus; "" = to the sender.
    """

    sender: str
    sender_name: str
    host: str
    instance: str
    returns: str = ""

    def envelope_from(self, letter_id: str) -> str:
        local, at, domain = self.returns.partition("@")
        return f"{local}+{letter_id}{at}{domain}" if at else self.sender


@dataclass(frozen=True, slots=True, kw_only=True)
class Envelope:
    """What one letter carries on the outside. `thread` is the ref of the case it belongs to, "" for none.

    `unsubscribe` is where one click makes such letters fewer: for overviews only, never for what somebody owes.
    """

    to: str
    to_name: str
    reply_to: str
    message_id: str
    date: datetime
    language: str
    thread: str = ""
    unsubscribe: str = ""


def assemble(written: Written, stamp: Stamp, envelope: Envelope, enclosed: Sequence[Entry] = ()) -> bytes:
    """The letter in full. ValueError when an address or header would not survive the journey."""
    words = MIMEMultipart("alternative", boundary=_boundary(envelope.message_id, "=_"))
    words.attach(_part(written.text, "plain"))
    words.attach(_part(written.html, "html"))
    message = MIMEMultipart("mixed", _boundary(envelope.message_id, "=_m"), [words]) if enclosed else words
    for entry in enclosed:
        message.attach(_attached(entry))
    for name, value in _headers(written, stamp, envelope):
        message[name] = value
    raw = message.as_bytes(policy=FOLDING)
    _survives(raw, written, envelope)
    return raw


def _headers(written: Written, stamp: Stamp, envelope: Envelope) -> Iterator[tuple[str, str]]:
    yield "From", _mailbox(stamp.sender_name, stamp.sender)
    yield "To", _mailbox(envelope.to_name, envelope.to)
    if envelope.reply_to:
        yield "Reply-To", _mailbox("", envelope.reply_to)
    yield "Subject", _encoded("Subject", subject_of(written))
    yield "Date", format_datetime(envelope.date)
    yield "Message-ID", envelope.message_id
    if envelope.thread:
        yield from _thread(f"{envelope.thread.lower()}@{stamp.host}", subject_of(written))
    if envelope.unsubscribe:
        yield "List-Unsubscribe", f"<{envelope.unsubscribe}>"
        if envelope.unsubscribe.startswith("https://"):  # RFC 8058, section 3.1
            yield "List-Unsubscribe-Post", "List-Unsubscribe=One-Click"
    yield "Content-Language", envelope.language
    yield "Auto-Submitted", "auto-generated"  # RFC 3834, section 5
    yield "X-Auto-Response-Suppress", SUPPRESSED
    yield "X-Tiltak-Loop", stamp.instance


def _thread(anchor: str, subject: str) -> Iterator[tuple[str, str]]:
    """An anchor that no mail has: Thunderbird and, with an equal subject, Gmail go by it; Outlook goes by an index."""
    yield "In-Reply-To", f"<{anchor}>"
    yield "References", f"<{anchor}>"
    yield "Thread-Topic", _encoded("Thread-Topic", subject)
    guid = hashlib.sha256(anchor.encode()).digest()[:16]
    yield "Thread-Index", base64.b64encode(THREAD_BEGAN + guid).decode()  # MS-OXOMSG 2.2.1.3


def subject_of(written: Written) -> str:
    """One line, no longer than a list of mails shows."""
    line = " ".join(written.subject.split())
    return line if len(line) <= LONGEST_SUBJECT else line[: LONGEST_SUBJECT - 1].rstrip() + "…"


def _encoded(name: str, value: str) -> str:
    return Header(value, "utf-8" if not value.isascii() else "us-ascii", maxlinelen=75, header_name=name).encode()


def _mailbox(name: str, address: str) -> str:
    """RFC 5322 mailbox; what could begin a header of its own is refused, not repaired."""
    if any(ord(letter) < 33 or letter in '<>,;:"' for letter in address) or address.count("@") != 1:
        raise ValueError(f"{address!r} is no mail address")
    return formataddr((" ".join(name.split()), address), "utf-8")


def _part(text: str, subtype: str) -> Message:
    """Quoted-printable, so that no relay has to touch a line."""
    part, plain = Message(), text.replace("\r\n", "\n")
    part["Content-Type"] = f'text/{subtype}; charset="utf-8"'
    part["MIME-Version"] = "1.0"
    part["Content-Transfer-Encoding"] = "quoted-printable"
    part.set_payload(quoprimime.body_encode(plain.encode().decode("latin-1")))
    return part


def _attached(entry: Entry) -> Message:
    """An attachment and no alternative: Outlook would show an alternative in place of the words."""
    part = Message()
    part.add_header("Content-Type", "text/calendar", method=entry.method, charset="utf-8", name=entry.name)
    part.add_header("Content-Disposition", "attachment", filename=entry.name)
    part["MIME-Version"] = "1.0"
    part["Content-Transfer-Encoding"] = "base64"
    part.set_payload(base64.encodebytes(entry.content).decode("ascii"))
    return part


def _boundary(message_id: str, mark: str) -> str:
    """Follows from the Message-ID, so that the same letter is the same bytes."""
    return f"{mark}{message_id.strip('<>').replace('@', '_')[:60]}"


def _survives(raw: bytes, written: Written, envelope: Envelope) -> None:
    """Read back what the receiver will read; better no letter than a damaged one.

    Below the header nothing can be damaged: a boundary that holds `=_` stands in no line of quoted-printable.
    """
    read: Message = BytesHeaderParser().parsebytes(raw)
    subject = str(make_header(decode_header(_unfolded(read["Subject"]))))
    _, address = getaddresses([_unfolded(read["To"])])[0]
    if subject != subject_of(written) or address != envelope.to or read.defects:
        raise ValueError(f"letter {envelope.message_id} does not survive being read back")


def _unfolded(value: object) -> str:
    """RFC 5322, section 2.2.3: a line break before white space is no part of the value."""
    return str(value).replace("\r", "").replace("\n", "")
