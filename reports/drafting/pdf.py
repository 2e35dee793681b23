"""A PDF with text in it."""

import io
import logging
from bisect import bisect_left
from dataclasses import replace
from typing import Final

from pypdf import PdfReader
from pypdf.errors import PyPdfError

from reports.drafting.contents import MOST_BLOCKS, Block, Contents, Place, Remark, refused
from reports.drafting.lines import blocks

MOST_PAGES: Final = 500
LIGATURES: Final = str.maketrans({"ﬁ": "fi", "ﬂ": "fl", "ﬀ": "ff", "ﬃ": "ffi", "ﬄ": "ffl", "\xa0": " "})


def read_pdf(raw: bytes) -> Contents:
    logging.getLogger("pypdf").setLevel(logging.CRITICAL)  # its warnings quote the document
    try:
        reader = PdfReader(io.BytesIO(raw))
        if reader.is_encrypted and not _opened(reader):
            return refused("encrypted")
        texts = [_text(reader, at) for at in range(min(len(reader.pages), MOST_PAGES))]
        return _contents(texts, len(reader.pages))
    except (PyPdfError, ValueError, KeyError, TypeError, AttributeError, IndexError, RecursionError, OSError):
        return refused("broken")


def _opened(reader: PdfReader) -> bool:
    """Many are locked with an empty password, against printing alone."""
    try:
        return bool(reader.decrypt(""))
    except (PyPdfError, ImportError, NotImplementedError):
        return False


def _text(reader: PdfReader, at: int) -> str:
    return reader.pages[at].extract_text().translate(LIGATURES)


def _contents(texts: list[str], pages: int) -> Contents:
    if not any(text.strip() for text in texts):
        return refused("scanned", pages=pages)
    blank = [str(at) for at, text in enumerate(texts, 1) if not text.strip()]
    remarks = [Remark("blank_pages", {"pages": ", ".join(blank)})] if blank else []
    if pages > len(texts):
        remarks.append(Remark("cut", {"place": Place(unit="page", first=len(texts) + 1)}))
    parts, heads = blocks("\n".join(f"\f{text}" for text in texts))
    starts = _starts(texts)
    remarks += [Remark("page_heads", {"count": len(heads)})] if heads else []
    remarks += [Remark("cut", {"place": parts[-1].place})] if len(parts) == MOST_BLOCKS else []
    placed = tuple(_placed(it, starts) for it in parts)
    return Contents(kind="pdf", parts=placed, heads=tuple(_placed(it, starts) for it in heads), remarks=tuple(remarks))


def _starts(texts: list[str]) -> list[int]:
    """The line before the first one of each page."""
    starts = [0]
    for text in texts:
        starts.append(starts[-1] + text.count("\n") + 1)
    return starts


def _placed(it: Block, starts: list[int]) -> Block:
    """A line is found again by its page, and by its number there."""
    page = bisect_left(starts, it.place.first)
    first, last = it.place.first - starts[page - 1], it.place.last - starts[page - 1]
    return replace(it, place=Place(unit="line", first=first, last=last, within=f"page:{page}"))
