"""What is found in a received mail. Nothing here says what to do about it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final, Literal

Klass = Literal["reply", "auto-reply", "bounce", "loop", "spam", "unknown"]

#: The words of a first line, in lower case, and the moves or asks they stand for. One phrase may stand for different
#: moves in different workflows; the case in question knows only one of them. One with an ellipsis goes on with a day or
#: the like.
Vocabulary = Mapping[str, tuple[str, ...]]

# Every flag that a reading may carry.
FLAGS: Final = (
    "interleaved",  # own text stands between or below quoted lines
    "empty",  # nobody wrote anything here
    "forwarded",  # it is somebody else's mail that is passed on
    "text-after-header",  # there is text, but only below the header of another mail: whose is it?
    "bottom-posted",  # all of it stands below one quotation
    "more-commands",  # further lines look like commands; only the first line is one
    "attachment-refused",  # a file of a kind that is not taken, or too large
    "attachments-dropped",  # more files than are taken
    "archive",  # a zip or the like came along; it is never opened
    "encrypted",  # nobody but the addressee's own client can read it
    "opaque",  # packed within its own signature, and nothing can be unpacked
    "signed",  # S/MIME or PGP; a signature is noted and gives no right
    "winmail",  # the text or the files were packed in winmail.dat
    "too-big",  # longer than what is read
    "cut",  # the text was longer than what is read; the beginning was read
    "too-deep",  # more parts, or parts within parts, than are read
    "unreadable",  # its reader had to be stopped
    "malformed",  # it breaks the rules of mail; what could be read was read
    "two-froms",  # more than one From, or more than one address in it
    "dmarc-fail",  # a server says, believed or not, that its sender is not who From names
    "on-behalf",  # From and Sender differ
    "html-only",
    "hidden-text",  # the HTML held text that is not shown
    "bidi",  # characters that turn the direction of the text were taken out
    "ambiguous-date",  # the date after the command can be read in two ways, or is none
    "calendar",  # an answer to an invitation
    "receipt",  # says that a mail was shown or deleted
    "list",  # came through a mailing list
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Own:
    """By what we know our own mail. `addresses` are all we read mail at or send from, without plus-tokens."""

    instance: str
    host: str
    addresses: frozenset[str] = frozenset()
    trusted_authserv_ids: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Mailbox:
    """An address in lower case, and the name that stood beside it."""

    address: str
    name: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Argument:
    """What stood behind a command: as written, and as a day (`until` only when it is a stretch of days)."""

    written: str
    day: date | None = None
    until: date | None = None
    person: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Away:
    """An absence as a mail tells it: first and last day away, who stands in, and whether the person has left."""

    begins: date | None = None
    ends: date | None = None
    substitute: Mailbox | None = None
    left: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounce:
    """A delivery report. `message_id` is that of the mail it is about, as far as it says so."""

    address: str
    action: str = "failed"
    status: str = ""
    permanent: bool = False
    message_id: str = ""
    diagnostic: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """One Authentication-Results field: who says it, and what of each method, such as dmarc=pass."""

    authserv_id: str
    results: Mapping[str, str]
    domains: Mapping[str, str]
    trusted: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment:
    """A file that came along. `refused` says why its content is not taken; the content is empty then."""

    name: str
    content_type: str
    size: int
    sha256: str
    content: bytes
    refused: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Envelope:
    """The facts of the header by which a mail is matched with a case and its sender with a person."""

    message_id: str = ""
    senders: tuple[Mailbox, ...] = ()
    sender: Mailbox | None = None
    reply_to: tuple[Mailbox, ...] = ()
    return_path: str | None = None
    recipients: tuple[Mailbox, ...] = ()
    tokens: tuple[str, ...] = ()
    in_reply_to: tuple[str, ...] = ()
    references: tuple[str, ...] = ()
    subject: str = ""
    date: datetime | None = None
    verdicts: tuple[Verdict, ...] = ()

    @property
    def author(self) -> Mailbox | None:
        """The one From address; None when there is none, or more than one."""
        return self.senders[0] if len(self.senders) == 1 else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """A mail as it was understood.

    `reply` is what its author wrote, `elided` what was cut off: quotations, signature, headers of other mails.
    `command` is the move or ask that the first line of `reply` names, `commands` all it may stand for, `number` that of
    the case it names; `statement` is the reply without that line, without greeting and signature.
    """

    klass: Klass
    reply: str = ""
    elided: str = ""
    command: str | None = None
    commands: tuple[str, ...] = ()
    number: str | None = None
    argument: Argument | None = None
    statement: str = ""
    absence: Away | None = None
    bounces: tuple[Bounce, ...] = ()
    flags: frozenset[str] = frozenset()
    envelope: Envelope = Envelope()
    attachments: tuple[Attachment, ...] = ()
    why: str = ""

    @property
    def bounce(self) -> Bounce | None:
        return self.bounces[0] if self.bounces else None
