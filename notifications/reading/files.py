"""Files that come along: their names made harmless, their kinds judged, never opened."""

import binascii
import hashlib
import re
from dataclasses import replace
from email.message import Message
from typing import Final, TypeAlias

from notifications.reading.decoding import clean, header_text
from notifications.reading.facts import Attachment

LARGEST: Final = 20 * 1024 * 1024  # of one mail, together
MOST: Final = 20
LONGEST_NAME: Final = 120
SMALLEST_PICTURE: Final = 32 * 1024  # below that, a picture within the text is a logo
DOCUMENTS: Final = frozenset(
    {
        *(
            "pdf",
            "doc",
            "docx",
            "docm",
            "odt",
            "rtf",
            "txt",
            "md",
            "xls",
            "xlsx",
            "xlsm",
            "ods",
            "csv",
            "ppt",
            "pptx",
            "odp",
        ),
        *(
            "vsd",
            "vsdx",
            "png",
            "jpg",
            "jpeg",
            "gif",
            "tif",
            "tiff",
            "heic",
            "heif",
            "webp",
            "bmp",
            "mp3",
            "m4a",
            "mp4",
            "mov",
        ),
        *("eml", "msg", "ics", "vcf", "xml", "json", "zip", "7z"),
    }
)
ARCHIVES: Final = frozenset({"zip", "7z"})
BY_TYPE: Final = {
    "application/pdf": "pdf",
    "image/jpeg": "jpg",
    "image/png": "png",
    "image/heic": "heic",
    "text/plain": "txt",
    "text/csv": "csv",
    "text/calendar": "ics",
    "text/vcard": "vcf",
    "text/x-vcard": "vcf",
    "message/rfc822": "eml",
}
RAW_NAME: Final = re.compile(r"""name\s*=\s*(?:"([^"]{1,500})"|([^\s;"]{1,500}))""", re.IGNORECASE)
UNSAFE: Final = re.compile(r'[<>:"/\\|?*\s]+')

Part: TypeAlias = "Message[str, str]"


def named(part: Part) -> str:
    """The name it goes by, without folders; nothing when it has none."""
    try:
        said = _raw_name(part) or part.get_filename()
    except (ValueError, TypeError, LookupError, IndexError):  # a name written in broken pieces
        said = None
    return harmless(header_text(said)) if said else ""


def _raw_name(part: Part) -> str:
    """A name in bytes above ASCII, which the parser would lose."""
    for field, value in part.raw_items():
        if field.lower() in ("content-disposition", "content-type") and not str(value).isascii():
            match = RAW_NAME.search(str(value))
            if match:
                return match[1] or match[2]
    return ""


def harmless(name: str) -> str:
    base = re.split(r"[/\\]", clean(name))[-1]
    base = UNSAFE.sub(" ", base).strip(" .")
    if len(base) > LONGEST_NAME:
        stem, dot, ending = base.rpartition(".")
        base = (stem or base)[: LONGEST_NAME - 12] + dot + ending[:11]
    return base


def is_file(part: Part) -> bool:
    disposition = str(part.get("Content-Disposition", "")).strip().lower()
    return disposition.startswith("attachment") or bool(named(part))


def is_decoration(part: Part, within: str) -> bool:
    """A small picture that belongs to the HTML, such as a logo under a name."""
    return (
        within == "multipart/related"
        and part.get_content_maintype() == "image"
        and part.get("Content-ID") is not None
        and len(data(part)) < SMALLEST_PICTURE
    )


def of_part(part: Part) -> Attachment:
    kind = part.get_content_type().lower()
    return checked(named(part), kind, data(part))


def checked(name: str, kind: str, content: bytes) -> Attachment:
    name = harmless(name) or "attachment" + ("." + BY_TYPE[kind] if kind in BY_TYPE else "")
    ending = name.rpartition(".")[2].lower() if "." in name else ""
    return Attachment(
        name=name,
        content_type=kind,
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
        content=content,
        refused="" if ending in DOCUMENTS else f"files of the kind {ending or kind} are not taken",
    )


def refuse(file: Attachment, why: str) -> Attachment:
    return replace(file, content=b"", refused=why)


def is_archive(file: Attachment) -> bool:
    return file.name.rpartition(".")[2].lower() in ARCHIVES


def data(part: Part) -> bytes:
    """Its bytes, decoded as far as they can be."""
    if part.is_multipart():
        return _whole(part)
    encoding = str(part.get("Content-Transfer-Encoding", ""))
    if encoding != encoding.strip():  # the parser knows the name only without spaces around it
        part.replace_header("Content-Transfer-Encoding", encoding.strip())
    try:
        payload = part.get_payload(decode=True)
    except (ValueError, LookupError, binascii.Error):
        payload = None
    if isinstance(payload, bytes):
        return payload
    return str(part.get_payload()).encode("utf-8", "surrogateescape")


def _whole(part: Part) -> bytes:
    """A mail within the mail, as it was."""
    inner = part.get_payload()
    first = inner[0] if isinstance(inner, list) and inner else part
    try:
        return first.as_bytes() if isinstance(first, Message) else b""
    except (RecursionError, ValueError, LookupError, TypeError, AttributeError):  # nested or broken beyond writing
        return b""
