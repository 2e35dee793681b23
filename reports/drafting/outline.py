"""Paragraphs in order: under which heading an item stands, and so what it is."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from reports.drafting.contents import Block, Contents, Place, Remark, Table
from reports.drafting.details import details, only_labels
from reports.drafting.rows import Found, found_in_text
from reports.drafting.tables import read_table
from reports.drafting.vocabulary import Class, addressee, asking, class_of, only_addresses

LONG = 40  # letters: a heading is told up to here, and a first line that is longer is a title


@dataclass(slots=True)
class _Section:
    """The part of the document being read: what its lists hold, to whom, under which heading."""

    klass: Class | None = None
    heading: str = ""
    addressee: str = ""
    level: int = 0
    titled: bool = False  # by the document's title alone, which is a weak sign
    unread: Place | None = None
    items: int = 0


def outline(contents: Contents) -> tuple[list[Found], list[Remark]]:
    """The rows of a document, and what was passed over."""
    reader = _Outline()
    for at, part in enumerate(contents.parts):
        reader.take(part, first=at == 0)
    reader.leave()
    return reader.rows(), reader.remarks


class _Outline:
    def __init__(self) -> None:
        self._found: list[tuple[Found, bool]] = []
        self._section = _Section()
        self._open = False  # whether the last block was an item, to which a line of labels belongs
        self._level = 0  # how far the last item was set in that was one of its own
        self.remarks: list[Remark] = []

    def rows(self) -> list[Found]:
        """What only the title speaks for counts where nothing else was found."""
        sure = [it for it, titled in self._found if not titled]
        return sure or [it for it, _ in self._found]

    def take(self, part: Block | Table, *, first: bool) -> None:
        if isinstance(part, Table):
            self._table(part)
        elif self._open and part.kind != "item" and only_labels(part.text):
            self._add_labels(part)
        elif part.kind == "heading" or (part.kind == "prose" and part.text.endswith(":")):
            self._heading(part, first)
        elif part.kind == "item":
            self._item(part)
        else:
            self._prose(part)

    def leave(self) -> None:
        """A section whose text was no list is told: nothing was taken from it."""
        it = self._section
        if it.klass and it.unread and not it.items and not it.titled:
            self.remarks.append(Remark("prose", {"heading": it.heading[:LONG], "place": it.unread}))

    def _heading(self, block: Block, first: bool) -> None:
        self._open = False
        above, heading = self._section, asking(block.text)
        klass = class_of(heading)
        deeper = bool(block.level and above.level and block.level > above.level)
        if above.klass and (only_addresses(heading) or (deeper and klass is None)):
            whom = addressee(heading)
            self._section = replace(above, addressee=whom or above.addressee)
            return
        self.leave()
        whom = addressee(heading) if klass == "recommendation" else ""
        titled = first and len(heading) > LONG and not heading.endswith(":")
        self._section = _Section(klass, heading.rstrip(":"), whom, block.level, titled)

    def _item(self, block: Block) -> None:
        klass = class_of(block.label) if block.label else self._section.klass
        within, self._open = self._open, klass is not None
        self._section.items += 1
        if klass is None:
            return
        if within and self._deeper(block):
            self._add(block)
            return
        self._level = block.level
        source = " ".join(filter(None, (block.label, block.number, block.text)))
        row = found_in_text(klass, details(block.text), place=block.place, source=source)
        whom = self._section.addressee if klass == "recommendation" else ""
        row = replace(row, number=block.number, below=self._section.heading, addressee=whom)
        self._found.append((row, self._section.titled and not block.label))

    def _deeper(self, block: Block) -> bool:
        """Whether an item only says more about the one above it. One blank may be chance."""
        return not block.label and block.level > self._level + (block.place.unit == "line")

    def _add(self, block: Block) -> None:
        row, titled = self._found[-1]
        place = replace(row.place, last=block.place.last or block.place.first)
        more = details(block.text)
        row = replace(
            row,
            text=f"{row.text.rstrip(':;. ')}: {block.text}" if row.text.endswith(":") else f"{row.text}; {more.text}",
            days=(*row.days, *more.days),
            place=place,
            source=f"{row.source} – {block.text}",
        )
        self._found[-1] = (row, titled)

    def _add_labels(self, block: Block) -> None:
        row, titled = self._found[-1]
        more = details(block.text)
        row = replace(
            row,
            owners=more.owners or row.owners,
            days=more.days or row.days,
            priority=more.priority or row.priority,
            source=f"{row.source} {block.text}",
            place=replace(row.place, last=block.place.last or block.place.first),
        )
        self._found[-1] = (row, titled)

    def _prose(self, block: Block) -> None:
        self._open = False
        self._section.unread = self._section.unread or block.place

    def _table(self, table: Table) -> None:
        self._open = False
        rows, remarks = read_table(table, self._section.klass)
        self.remarks += remarks
        self._section.items += 1
        self._found += [
            (replace(row, below=row.below or self._section.heading), False) for row in _addressed(rows, self._section)
        ]


def _addressed(rows: list[Found], section: _Section) -> Iterator[Found]:
    for row in rows:
        whom = section.addressee if row.klass == "recommendation" else ""
        yield replace(row, addressee=row.addressee or whom)
