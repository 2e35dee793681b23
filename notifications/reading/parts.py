"""The parts of a mail: which of them is its text, which are files, and what came wrapped or locked."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from email.message import Message
from typing import Final

from notifications.reading import files, winmail
from notifications.reading.decoding import clean, decode, turns
from notifications.reading.facts import Attachment
from notifications.reading.files import Part

DEEPEST: Final = 20
MOST_PARTS: Final = 100
LONGEST_TEXT: Final = 256 * 1024
LOCKED: Final = frozenset({"application/pkcs7-mime", "application/x-pkcs7-mime"})
SIGNATURES: Final = frozenset(
    {"application/pkcs7-signature", "application/x-pkcs7-signature", "application/pgp-signature"}
)
REPORTS: Final = frozenset({"message/delivery-status", "message/disposition-notification", "text/rfc822-headers"})
REPORTS_8BIT: Final = frozenset({"message/global-delivery-status", "message/global-headers"})
ARMOUR: Final = re.compile(r"^-----BEGIN PGP (MESSAGE|SIGNED MESSAGE|SIGNATURE)-----\s*$", re.MULTILINE)


@dataclass(slots=True)
class Contents:
    """What a walk through the parts has gathered."""

    plain: list[str] = field(default_factory=list)
    html: list[str] = field(default_factory=list)
    files: list[Attachment] = field(default_factory=list)
    reports: list[Part] = field(default_factory=list)
    returned: list[Part] = field(default_factory=list)
    calendar: str = ""
    flags: set[str] = field(default_factory=set)
    taken: int = 0

    @property
    def text(self) -> str:
        return "\n".join(self.plain)


def contents(message: Part) -> Contents:
    """Walks without recursion; what lies too deep or comes too often is passed over and flagged."""
    found = Contents()
    waiting: list[tuple[Part, int, str]] = [(message, 0, "")]
    seen = 0
    while waiting:
        part, depth, within = waiting.pop()
        seen += 1
        if depth > DEEPEST or seen > MOST_PARTS:
            found.flags.add("too-deep")
            continue
        waiting.extend(reversed([(inner, depth + 1, kind) for inner, kind in _opened(part, within, found)]))
    return found


def _opened(part: Part, within: str, found: Contents) -> Iterator[tuple[Part, str]]:
    """The parts inside this one that are to be looked at; what is no wrapping is taken at once."""
    kind = part.get_content_type().lower()
    if kind == "multipart/encrypted":
        found.flags.add("encrypted")
    elif kind == "multipart/signed":
        found.flags.add("signed")
        yield from ((inner, kind) for inner in _children(part)[:1])
    elif kind == "multipart/alternative":
        yield from ((inner, kind) for inner in _alternatives(part))
    elif kind.startswith("multipart/") and part.is_multipart():
        yield from ((inner, kind) for inner in _children(part))
    else:
        _take(part, kind, within, found)


def _children(part: Part) -> list[Part]:
    payload = part.get_payload()
    return [each for each in payload if isinstance(each, Message)] if isinstance(payload, list) else []


def _alternatives(part: Part) -> list[Part]:
    """Text before HTML before what only programs read; HTML is used where the text turns out to be blank."""
    order = {"text/plain": 0, "text/html": 2}
    return sorted(_children(part), key=lambda each: order.get(each.get_content_type(), 1))


def _take(part: Part, kind: str, within: str, found: Contents) -> None:
    if kind in LOCKED:
        _lock(part, found)
    elif kind in SIGNATURES:
        found.flags.add("signed")
    elif kind in REPORTS or kind in REPORTS_8BIT:
        found.reports.append(part)
    elif kind == "message/rfc822" and (within == "multipart/report" or found.reports):
        found.returned.extend(_children(part)[:1])
    elif kind == "text/calendar" and files.named(part) == "":
        found.calendar = found.calendar or _text(part, found)
    elif kind in ("text/plain", "text/html") and not files.is_file(part):
        _read(part, kind, within, found)
    elif kind == "application/ms-tnef" or files.named(part).lower() == "winmail.dat":
        _unpack(part, found)
    elif not files.is_decoration(part, within):
        _keep(files.of_part(part), found)


def _lock(part: Part, found: Contents) -> None:
    kind = str(part.get_param("smime-type") or "").lower()
    signed = kind == "signed-data"
    found.flags.update(("signed", "opaque") if signed else ("encrypted",))


def _read(part: Part, kind: str, within: str, found: Contents) -> None:
    text = _text(part, found)
    if kind == "text/html":
        found.html.append(text)
    elif within != "multipart/alternative" or not found.text.strip() or not _sibling(found, text):
        found.plain.append(text)
    armour = {match[1] for match in ARMOUR.finditer(text[:20_000])} if "-----BEGIN PGP" in text else set()
    found.flags.update({"encrypted"} if "MESSAGE" in armour else {"signed"} if armour else ())


def _sibling(found: Contents, text: str) -> bool:
    return text.strip() in found.text


def _text(part: Part, found: Contents) -> str:
    data = files.data(part)
    if len(data) > LONGEST_TEXT:
        found.flags.add("cut")
    text = decode(data[:LONGEST_TEXT], _charset(part))
    if turns(text):
        found.flags.add("bidi")
    return clean(text)


def _charset(part: Part) -> str | None:
    said = part.get_param("charset")
    return str(said[2]) if isinstance(said, tuple) else said


def _unpack(part: Part, found: Contents) -> None:
    found.flags.add("winmail")
    packed = winmail.unpack(files.data(part))
    if packed is None:
        _keep(files.of_part(part), found)
        return
    if packed.text.strip():
        found.plain.append(clean(packed.text[:LONGEST_TEXT]))
    elif packed.html.strip():
        found.html.append(clean(packed.html[:LONGEST_TEXT]))
    for name, content in packed.files:
        _keep(files.checked(name, "application/octet-stream", content), found)


def _keep(file: Attachment, found: Contents) -> None:
    """Within the limits of one mail; what goes beyond is named and not kept."""
    found.taken += file.size
    refused = file.refused or ("too large" if found.taken > files.LARGEST else "")
    if len(found.files) >= files.MOST:
        found.flags.add("attachments-dropped")
        return
    if refused:
        found.flags.add("attachment-refused")
        file = files.refuse(file, refused)
    elif files.is_archive(file):
        found.flags.add("archive")
    found.files.append(file)
