"""What stands in a document, whatever program made it: paragraphs, items, headings and tables, each with its place."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Final, Literal

Kind = Literal["prose", "item", "heading"]
MOST_BLOCKS: Final = 20_000  # of one document; a plan has some hundred
MOST_ROWS: Final = 5_000  # of one table, empty ones not counted
LONGEST: Final = 4_000  # letters of one paragraph or cell that are read


@dataclass(frozen=True, slots=True)
class Remark:
    """Something to be told about a document, by the key of its sentence (`words.py`)."""

    key: str
    values: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where in the document: what is counted (line, paragraph, page, row), from and to, and in which sheet or table."""

    unit: str
    first: int
    last: int = 0  # 0 = the same as the first
    within: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """A paragraph. An item may have a `number` ("3", "R1") and a `label` before it ("Action"). `level` is how deep a
    heading lies (0 = unknown), or how far an item is set in. `typed`: somebody wrote the number, no program did.
    """

    text: str
    place: Place
    kind: Kind = "prose"
    number: str = ""
    label: str = ""
    level: int = 0
    typed: bool = False


Value = str | date


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """Cells by column. `continued` are columns whose cell is merged with the one above and shows its text."""

    cells: Mapping[int, Value]
    place: Place
    continued: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Contents:
    """`refused` says why nothing can be read; otherwise `remarks` tell what was not read, or read with care."""

    kind: str = ""  # txt, docx, pdf, xlsx, csv
    parts: tuple[Block | Table, ...] = ()
    remarks: tuple[Remark, ...] = ()
    heads: tuple[Block, ...] = ()  # of pages: not part of the text, but they may bear its date
    refused: Remark | None = None
    title: str = ""


def refused(key: str, **values: object) -> Contents:
    return Contents(refused=Remark(key, values))


def tidy(text: str) -> str:
    """One line of printable letters with single blanks between them, without soft hyphens, as long as is read."""
    words = "".join(letter if letter.isprintable() else " " for letter in text[: 4 * LONGEST].replace("\xad", ""))
    return " ".join(words.split())[:LONGEST]
