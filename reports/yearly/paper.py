"""A document as every format can show it: headings, paragraphs, lists, tables, and the words in them."""

from dataclasses import dataclass, field
from typing import Literal

Look = Literal["plain", "strong", "note", "alarm"]


@dataclass(frozen=True, slots=True)
class Words:
    """Some text in one look. `own` says that people of the organisation wrote it, in their language."""

    text: str
    look: Look = "plain"
    own: bool = False


Cell = tuple[Words, ...]  # each on a line of its own


@dataclass(frozen=True, slots=True)
class Heading:
    text: str
    level: int = 2
    fresh_page: bool = False
    own: bool = False  # as in Words


@dataclass(frozen=True, slots=True)
class Paragraph:
    words: Words


@dataclass(frozen=True, slots=True)
class Points:
    """A list, with what each point is about in front of it."""

    items: tuple[tuple[str, Words], ...]


@dataclass(frozen=True, slots=True)
class Table:
    """`widths` are shares of the page. The first cell of a row names what the row is about."""

    caption: str
    columns: tuple[str, ...]
    widths: tuple[int, ...]
    rows: tuple[tuple[Cell, ...], ...]


@dataclass(frozen=True, slots=True)
class Bar:
    """How many stand where; `said` tells the same in words."""

    parts: tuple[tuple[str, int], ...]  # a standing, and how many
    said: str


Block = Heading | Paragraph | Points | Table | Bar


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """`language` is that of the report, `own_language` that in which people of the organisation have written."""

    language: str
    own_language: str
    title: str
    subject: str
    notice: str  # that it is a draft, and of which day
    author: str
    head: tuple[tuple[str, Words], ...]  # to, from, date …
    footer: str
    page: str  # "Page {page} of {pages}"
    blocks: tuple[Block, ...] = field(default=())
    day: str  # ISO
