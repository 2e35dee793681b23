"""Delivery reports: RFC 3464 where a server keeps to it, and the letters of those that do not."""

import re
from collections.abc import Iterator, Mapping, Sequence
from email.message import Message
from typing import Final

from notifications.reading.decoding import clean, decode, header_text
from notifications.reading.facts import Bounce, Envelope
from notifications.reading.files import Part, data
from notifications.reading.headers import Headers
from notifications.reading.parts import Contents

POSTMASTER: Final = re.compile(
    r"^(?:mailer-daemon|postmaster|mail-daemon|mailadm|microsoftexchange[0-9a-f]+)@|mail delivery (?:sub)?system",
    re.IGNORECASE,
)
SUBJECT: Final = re.compile(
    r"undeliver|non-?deliver|delivery (?:status|fail|failure|notification|report)|failure notice|returned mail"
    r"|mail delivery failed"
    r"|mail failure|delivery has failed|could not be delivered|kan ikke leveres|kunne ikke leveres"
    r"|kan ikkje leverast|kunne ikkje leverast"
    r"|ikke levert|ikkje levert|leveringsfeil|leveringsstatus|leveringsrapport|unzustellbar|mail system error"
    r"|message delivery|email delivery failure"
    r"|kunde inte levereras|kan inte levereras|uleverbar|not delivered|delivery delayed|levering(?:a|en)? (?:er"
    r"|ble) forsinket|delayed mail|warning: could not send",
    re.IGNORECASE,
)
DELAYED: Final = re.compile(
    r"delay|will be retried|forsink|still being retried|not yet been delivered|warning: could not send"
    r"|no action is required",
    re.IGNORECASE,
)
ADDRESS: Final = re.compile(r"[\w.+=&'/-]{1,80}@[\w-]{1,63}(?:\.[\w-]{1,63}){0,6}")
STATUS: Final = re.compile(r"(?<![\d.])([245]\.\d{1,2}\.\d{1,3})(?![\d.])")
CODE: Final = re.compile(r"(?<!\d)([45]\d\d)[ -]")
MESSAGE_ID: Final = re.compile(r"^message-id:\s*(<[^<>\s]{1,300}>)", re.IGNORECASE | re.MULTILINE)
NOBODY: Final = re.compile(
    r"user unknown|unknown user|no such (?:user|recipient|mailbox|address)|does(?:n't| not) exist"
    r"|mailbox (?:not found|unavailable)|recipient (?:name is )?not recogni"
    r"|unknown recipient|not listed in|invalid recipient|recipient rejected|address (?:not found|rejected"
    r"|does not exist)|account .{0,30}(?:disabled|inactive)|finnes ikke|finst ikkje",
    re.IGNORECASE,
)
ORIGINAL: Final = re.compile(
    r"^[ \t>*]{0,8}(?:-{2,}.{0,80}(?:original|returned|copy of|below this line|this is a copy).{0,80}"
    r"|original message headers:?.*|received:.*|return-path:.*)$",
    re.IGNORECASE | re.MULTILINE,
)
LONGEST: Final = 20_000


def reports(contents: Contents) -> tuple[Bounce, ...]:
    """One for each recipient that the report names; none when it is no report on delivery."""
    found: dict[str, Bounce] = {}
    returned = _returned(contents)
    for part in contents.reports:
        if part.get_content_type() not in ("message/delivery-status", "message/global-delivery-status"):
            continue
        for fields in _blocks(part):
            bounce = _bounce(fields, returned)
            if bounce and bounce.address not in found:
                found[bounce.address] = bounce
    return tuple(found.values())


def letters(envelope: Envelope, headers: Headers, contents: Contents) -> tuple[Bounce, ...]:
    """What a server wrote in words. Only what comes from a server is read so; people speak of failures too."""
    failed = headers.first("X-Failed-Recipients")
    if not failed and not (_from_server(envelope) and SUBJECT.search(envelope.subject)):
        return ()
    text = "\n".join(shown.text for shown in contents.texts)[:LONGEST]
    original = ORIGINAL.search(text)
    words = text[: original.start()] if original else text
    addresses = _addresses(failed or words, envelope)
    about = MESSAGE_ID.search(text)
    delayed = DELAYED.search(f"{envelope.subject}\n{words}") is not None and not NOBODY.search(words)
    status = _status(words)
    action = "delayed" if delayed else "failed"
    return tuple(
        Bounce(
            address=address,
            action=action,
            status=status,
            permanent=_permanent(action, status, words),
            message_id=about[1] if about else _returned(contents),
            diagnostic=" ".join(words.split())[:500],
        )
        for address in addresses or [""]
    )


def _from_server(envelope: Envelope) -> bool:
    sender = envelope.author
    named = sender is not None and bool(POSTMASTER.search(sender.address) or POSTMASTER.search(sender.name))
    return named or envelope.return_path == ""


def _addresses(text: str, envelope: Envelope) -> list[str]:
    """Those the letter names, without its own sender and recipients."""
    mine = {each.address for each in (*envelope.senders, *envelope.recipients)}
    found = (each.lower().strip(".'") for each in ADDRESS.findall(text))
    return list(dict.fromkeys(each for each in found if each not in mine))[: 1 if "\n" in text else 20]


def _status(words: str) -> str:
    found = STATUS.search(words)
    if found:
        return found[1]
    code = CODE.search(words)
    return f"{code[1][0]}.0.0" if code else ""


def _blocks(part: Part) -> Iterator[Mapping[str, str]]:
    """The groups of fields of a report, also when it came encoded or with stray blank lines."""
    payload = part.get_payload()
    if isinstance(payload, list):
        for inner in payload:
            if isinstance(inner, Message):
                yield _fields([(name, str(value)) for name, value in inner.items()])
                left = inner.get_payload()
                if isinstance(left, str) and ":" in left:
                    yield from _lines(left)
    else:
        yield from _lines(clean(decode(data(part), "utf-8")))


def _lines(text: str) -> Iterator[Mapping[str, str]]:
    for block in re.split(r"\n\s*\n", clean(text[:LONGEST])):
        unfolded = re.sub(r"\n[ \t]+", " ", block)
        pairs = [line.partition(":") for line in unfolded.split("\n")]
        yield _fields([(name, value) for name, colon, value in pairs if colon])


def _fields(pairs: Sequence[tuple[str, str]]) -> Mapping[str, str]:
    return {name.strip().lower(): " ".join(header_text(value).split()) for name, value in pairs}


def _bounce(fields: Mapping[str, str], returned: str) -> Bounce | None:
    written = (
        fields.get("final-recipient") or fields.get("original-recipient") or fields.get("x-actual-recipient") or ""
    )
    address = ADDRESS.search(written.rpartition(";")[2])
    if address is None:
        return None
    diagnostic = fields.get("diagnostic-code", "")
    said = STATUS.search(fields.get("status", ""))
    status = said[1] if said else _status(diagnostic)
    precise = (_status(diagnostic) or status) if status.endswith(".0.0") else status
    action = re.sub(r"[^a-z].*", "", fields.get("action", "").lower()) or (
        "failed" if status[:1] in ("", "5") else "delayed"
    )
    return Bounce(
        address=address[0].lower(),
        action=action,
        status=status,
        permanent=_permanent(action, precise, diagnostic),
        message_id=returned,
        diagnostic=diagnostic[:500],
    )


def _permanent(action: str, status: str, words: str) -> bool:
    """Whether nobody will ever be reached at this address. A full mailbox or a refused sender is no such thing."""
    if action != "failed" or status.startswith(("2.", "4.")):
        return False
    if status.startswith("5.1.") and status not in ("5.1.7", "5.1.8"):
        return True
    if status in ("5.2.1", "5.4.4"):
        return True
    return status[:4] in ("", "5.0.", "5.4.", "5.5.") and NOBODY.search(words) is not None


def _returned(contents: Contents) -> str:
    """Message-ID of the mail that came back, from its copy or its header."""
    for part in contents.returned:
        found = str(part.get("Message-ID", "")).strip()
        if found:
            return "".join(found.split())
    for part in contents.reports:
        if part.get_content_type() in ("text/rfc822-headers", "message/global-headers"):
            about = MESSAGE_ID.search(clean(decode(data(part)[:LONGEST], "utf-8")))
            if about:
                return about[1]
    return ""
