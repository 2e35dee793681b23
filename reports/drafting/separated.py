"""Comma-separated values, whatever they are separated by and whatever charset they are in."""

import csv
import io
from collections import Counter
from collections.abc import Iterator
from itertools import islice
from typing import Final

from reports.drafting.charsets import decoded
from reports.drafting.contents import MOST_ROWS, Contents, Place, Remark, Row, Table, refused, tidy

DELIMITERS: Final = ";\t,|"
SAMPLE: Final = 20  # records by which the delimiter is told


def read_separated(raw: bytes) -> Contents:
    text, charset = decoded(raw)
    if not charset:
        return refused("binary")
    named, text = _named(text)
    delimiter = named or _delimiter(text)
    rows = list(islice(_rows(text, delimiter), MOST_ROWS + 1))
    remarks = [Remark("delimiter", {"name": delimiter})]
    remarks += [Remark("charset", {"charset": charset})] if charset != "utf-8" else []
    remarks += [Remark("cut", {"place": rows[-1].place})] if len(rows) > MOST_ROWS else []
    return Contents(kind="csv", parts=(Table(rows=tuple(rows[:MOST_ROWS])),), remarks=tuple(remarks))


def _named(text: str) -> tuple[str, str]:
    """The delimiter that Excel's first line sep=; names, and the text without that line's letters."""
    first, _, rest = text.partition("\n")
    words = first.strip().strip('"')
    return (words[4], f"\n{rest}") if words.lower().startswith("sep=") and len(words) == 5 else ("", text)


def _delimiter(text: str) -> str:
    """The sign that parts the first records into the same number of columns, most of them; a comma if none does."""
    return max(DELIMITERS, key=lambda it: _evenness(text, it), default=",")


def _evenness(text: str, delimiter: str) -> tuple[int, int]:
    widths = Counter(len(record) for record in islice(_records(text, delimiter), SAMPLE) if any(record))
    widths.pop(1, None)
    return max(((count, width) for width, count in widths.items()), default=(0, 0))


def _records(text: str, delimiter: str) -> Iterator[list[str]]:
    csv.field_size_limit(1 << 24)
    return iter(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))


def _rows(text: str, delimiter: str) -> Iterator[Row]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    before = 0
    for record in reader:
        cells = {at: words for at, cell in enumerate(record[:100]) if (words := tidy(cell))}
        if cells:
            yield Row(cells=cells, place=Place(unit="line", first=before + 1, last=reader.line_num))
        before = reader.line_num
