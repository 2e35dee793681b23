"""What kind of file it is, by what is in it: a name can be wrong."""

import struct
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import replace
from pathlib import PurePath
from typing import Final
from xml.parsers.expat import ExpatError

from docx.opc.exceptions import OpcError
from openpyxl.utils.exceptions import InvalidFileException
from pypdf.errors import PyPdfError

from reports.drafting import archives
from reports.drafting.contents import Contents, Remark, refused
from reports.drafting.pdf import read_pdf
from reports.drafting.plain import read_text
from reports.drafting.separated import read_separated
from reports.drafting.word import read_word
from reports.drafting.workbook import read_workbook

MOST: Final = 30 << 20
READERS: Final[dict[str, Callable[[bytes], Contents]]] = {
    "txt": read_text,
    "csv": read_separated,
    "docx": read_word,
    "xlsx": read_workbook,
    "pdf": read_pdf,
}
SAME: Final = {"docm": "docx", "dotx": "docx", "xlsm": "xlsx", "xltx": "xlsx", "tsv": "csv", "md": "txt", "text": "txt"}
BROKEN: Final = (  # what the libraries raise over a damaged file
    *(KeyError, ValueError, TypeError, AttributeError, IndexError, RecursionError, OSError, EOFError, SyntaxError),
    *(OverflowError, NotImplementedError, AssertionError, zipfile.BadZipFile, zlib.error, struct.error),
    *(ExpatError, OpcError, InvalidFileException, PyPdfError),
)


def read_contents(raw: bytes, name: str) -> Contents:
    """What stands in the file, or why it cannot be read. `name` decides only between kinds of text."""
    if not raw.strip():
        return refused("empty")
    if len(raw) > MOST:
        return refused("too_large", most=MOST >> 20)
    said = PurePath(name).suffix.lower().removeprefix(".")
    try:
        kind = _kind(raw, SAME.get(said, said))
        if kind not in READERS:
            return refused(kind, most=archives.MOST_UNPACKED >> 20)
        found = READERS[kind](raw)
    except BROKEN:
        return refused("broken")
    if found.refused or SAME.get(said, said) == kind:
        return found
    return replace(found, remarks=(Remark("other_kind", {"said": f".{said}", "kind": kind}), *found.remarks))


def _kind(raw: bytes, said: str) -> str:
    """A key of READERS, or the reason why it is none."""
    if raw.startswith(b"PK"):
        return _archive(raw)
    if b"%PDF-" in raw[:1024]:
        return "pdf"
    if raw.startswith(b"\xd0\xcf\x11\xe0"):
        return "old_office"
    if raw.lstrip()[:200].lower().startswith((b"<!doctype", b"<html", b"<?xml", b"{\\rtf")):
        return "binary"
    return "csv" if said == "csv" else "txt" if said in ("txt", "") else _text_kind(raw)


def _text_kind(raw: bytes) -> str:
    """A text under another kind's name: a table if its lines are parted evenly, as programs export them."""
    lines = raw.splitlines()[:5]
    counts = {(sign, line.count(sign)) for sign in (b";", b"\t") for line in lines}
    return "csv" if any(count and len([1 for s, _ in counts if s == sign]) == 1 for sign, count in counts) else "txt"


def _archive(raw: bytes) -> str:
    if archives.too_large(raw):
        return "bomb"
    names = archives.names(raw)
    return "docx" if "word/document.xml" in names else "xlsx" if "xl/workbook.xml" in names else "binary"
