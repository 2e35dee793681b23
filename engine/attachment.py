"""What may be attached to an answer: kinds of file that a case can keep, of a sensible size, under a harmless name."""

import hashlib
import re
from collections.abc import Callable
from typing import Final

from engine.case import Document
from engine.errors import Refused

LARGEST: Final = 20 * 1024 * 1024
MOST: Final = 10
LONGEST_NAME: Final = 120
_HIDDEN: Final = re.compile(r"[\x00-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]")
_PATH: Final = re.compile(r"[/\\]+")
_FORBIDDEN: Final = re.compile(r'[:*?"<>|]')  # in names on Windows
_ZIP: Final = b"PK\x03\x04"
_OFFICE: Final = "application/vnd.openxmlformats-officedocument"
_OPEN: Final = "application/vnd.oasis.opendocument"


class Unfit(Refused):
    """A file that is not taken; `why` is empty, large, kind or content."""

    def __init__(self, name: str, why: str) -> None:
        super().__init__(f"{name!r} is not taken ({why})")
        self.name, self.why = name, why


def _begins(*with_: bytes) -> Callable[[bytes], bool]:
    return lambda content: content.startswith(with_)


def _is_text(content: bytes) -> bool:
    return b"\0" not in content


#: What a file is called at its end, the type it is kept under, and how its content begins.
KINDS: Final[dict[str, tuple[str, Callable[[bytes], bool]]]] = {
    "pdf": ("application/pdf", _begins(b"%PDF-")),
    "docx": (f"{_OFFICE}.wordprocessingml.document", _begins(_ZIP)),
    "xlsx": (f"{_OFFICE}.spreadsheetml.sheet", _begins(_ZIP)),
    "pptx": (f"{_OFFICE}.presentationml.presentation", _begins(_ZIP)),
    "odt": (f"{_OPEN}.text", _begins(_ZIP)),
    "ods": (f"{_OPEN}.spreadsheet", _begins(_ZIP)),
    "odp": (f"{_OPEN}.presentation", _begins(_ZIP)),
    "txt": ("text/plain", _is_text),
    "csv": ("text/csv", _is_text),
    "png": ("image/png", _begins(b"\x89PNG\r\n\x1a\n")),
    "jpg": ("image/jpeg", _begins(b"\xff\xd8\xff")),
    "jpeg": ("image/jpeg", _begins(b"\xff\xd8\xff")),
}


def document_of(name: str, content: bytes) -> Document:
    """A file as a case keeps it. Unfit when it is none of the known kinds, or not what its name says."""
    harmless = harmless_name(name)
    if not content:
        raise Unfit(harmless, "empty")
    if len(content) > LARGEST:
        raise Unfit(harmless, "large")
    _, dot, ending = harmless.rpartition(".")
    known = KINDS.get(ending.lower()) if dot else None
    if known is None:
        raise Unfit(harmless, "kind")
    kept_as, fits = known
    if not fits(content):
        raise Unfit(harmless, "content")
    return Document(
        id=hashlib.sha256(content).hexdigest(), name=harmless, type=kept_as, size=len(content), content=content
    )


def harmless_name(name: str) -> str:
    """The last part of a name, without what could lead elsewhere or turn the letters around."""
    shown = _FORBIDDEN.sub("", _HIDDEN.sub("", name))
    last = [part for part in _PATH.split(shown) if part.strip(" .")][-1:] or ["fil"]
    stem, dot, ending = last[0].strip().rpartition(".")
    if not dot:
        return ending[:LONGEST_NAME]
    return f"{stem[: LONGEST_NAME - len(ending) - 1].strip('. ') or 'fil'}.{ending}"[-LONGEST_NAME:]
