"""The parts of a mail: which of them is its text, which are files, and what came wrapped or locked."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from email.message import Message
from typing import Final

from notifications.reading import files, smime, winmail
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


@dataclass(frozen=True, slots=True)
class Shown:
    """A text of the mail, in the order in which it is shown."""

    text: str
    html: bool = False


@dataclass(slots=True)
class Contents:
    """What a walk through the parts has gathered."""

    texts: list[Shown] = field(default_factory=list)
    files: list[Attachment] = field(default_factory=list)
    reports: list[Part] = field(default_factory=list)
    returned: list[Part] = field(default_factory=list)
    calendar: str = ""
    flags: set[str] = field(default_factory=set)
    taken: int = 0

    @property
    def plain(self) -> str:
        return "\n".join(each.text for each in self.texts if not each.html)


@dataclass(frozen=True, slots=True)
class _Place:
    """A part still to be looked at: how deep it lies, in what, and whether its text is said elsewhere already."""

    part: Part
    depth: int = 0
    within: str = ""
    muted: bool = False


def contents(message: Part) -> Contents:
    """Walks without recursion; what lies too deep or comes too often is passed over and flagged."""
    found = Contents()
    waiting = [_Place(message)]
    seen = 0
    while waiting:
        place = waiting.pop()
        seen += 1
        if place.depth > DEEPEST or seen > MOST_PARTS:
            found.flags.add("too-deep")
            continue
        waiting.extend(reversed(list(_opened(place, found))))
    return found


def _opened(place: _Place, found: Contents) -> Iterator[_Place]:
    """The parts inside this one that are to be looked at; what is no wrapping is taken at once."""
    part = place.part
    kind = part.get_content_type().lower()
    inside = _children(part)
    if kind == "multipart/encrypted":
        found.flags.add("encrypted")
        return
    if kind in LOCKED or (files.named(part).lower() == "smime.p7m" and not kind.startswith("multipart/")):
        if unpacked := _unlocked(part, found):
            yield _Place(unpacked, place.depth + 1, kind, place.muted)
        return
    if not (kind.startswith("multipart/") and part.is_multipart()):
        _take(place, kind, found)
        return
    if kind == "multipart/signed":
        found.flags.add("signed")
        inside = inside[:1]
    said = _plain_alternative(inside, found) if kind == "multipart/alternative" else None
    for each in inside:
        yield _Place(each, place.depth + 1, kind, place.muted or (said is not None and each is not said))


def _children(part: Part) -> list[Part]:
    payload = part.get_payload()
    return [each for each in payload if isinstance(each, Message)] if isinstance(payload, list) else []


def _plain_alternative(inside: list[Part], found: Contents) -> "Part | None":
    """Of several forms of one text the plain one, unless it is blank: some programs write into the HTML alone."""
    plain = (each for each in inside if each.get_content_type() == "text/plain" and not files.is_file(each))
    return next((each for each in plain if _text(each, found).strip()), None)


def _take(place: _Place, kind: str, found: Contents) -> None:
    part = place.part
    if kind in SIGNATURES:
        found.flags.add("signed")
    elif kind in REPORTS or kind in REPORTS_8BIT:
        found.reports.append(part)
    elif kind == "message/rfc822" and (place.within == "multipart/report" or found.reports):
        found.returned.extend(_children(part)[:1])
    elif kind == "text/calendar" and files.named(part) == "":
        found.calendar = found.calendar or _text(part, found)
    elif kind in ("text/plain", "text/html") and not files.is_file(part):
        if not place.muted:
            _show(part, kind, found)
    elif kind == "application/ms-tnef" or files.named(part).lower() == "winmail.dat":
        _unpack(part, found)
    elif not files.is_decoration(part, place.within):
        _keep(files.of_part(part), found)


def _unlocked(part: Part, found: Contents) -> "Part | None":
    """What is packed in a signature can be read by anybody; what is encrypted cannot, and what is broken by nobody."""
    inside, signed = smime.opened(files.data(part))
    if signed or str(part.get_param("smime-type") or "").lower() == "signed-data":
        found.flags.update(("signed",) if inside else ("signed", "opaque"))
    else:
        found.flags.add("encrypted")
    return inside


def _show(part: Part, kind: str, found: Contents) -> None:
    text = _text(part, found)
    found.texts.append(Shown(text, html=kind == "text/html"))
    armour = {match[1] for match in ARMOUR.finditer(text[:20_000])} if "-----BEGIN PGP" in text else set()
    found.flags.update({"encrypted"} if "MESSAGE" in armour else {"signed"} if armour else ())


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
    if not found.plain.strip():  # else the same text stands beside it
        html = not packed.text.strip()
        found.texts.append(Shown(clean((packed.html if html else packed.text)[:LONGEST_TEXT]), html=html))
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
