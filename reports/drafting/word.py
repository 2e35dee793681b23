"""A Word document: its paragraphs, lists and tables, as they are once every tracked change is accepted."""

import io
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final

import docx
from docx.oxml.ns import qn

from reports.drafting.contents import MOST_BLOCKS, MOST_ROWS, Block, Contents, Place, Remark, Row, Table, tidy
from reports.drafting.lines import judged, opened

W: Final = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
AROUND: Final = frozenset(
    qn(f"w:{name}")
    for name in ("ins", "moveTo", "hyperlink", "smartTag", "sdt", "sdtContent", "fldSimple", "customXml")
)
BLANKS: Final = frozenset({qn("w:tab"), qn("w:br"), qn("w:cr")})
HEADING: Final = re.compile(r"^(?:heading|overskrift|titre)\s*(?P<level>[1-9])$", re.IGNORECASE)
TITLE: Final = re.compile(r"^(?:title|tittel)$", re.IGNORECASE)
LIST: Final = re.compile(r"^(?:list|liste|punktliste|nummerert liste)\b", re.IGNORECASE)
INSERTED: Final = ("w:ins", "w:moveTo")
DELETED: Final = ("w:del", "w:moveFrom")
FALLBACK: Final = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"


def read_word(raw: bytes) -> Contents:
    document = docx.Document(io.BytesIO(raw))
    reader = _Reader(document)
    parts = reader.parts()
    return Contents(
        kind="docx",
        parts=tuple(parts),
        heads=tuple(_page_heads(document)),
        remarks=tuple(reader.remarks()),
        title=reader.title,
    )


def _page_heads(document: Any) -> Iterator[Block]:
    for at, section in enumerate(document.sections, 1):
        for paragraph in section.header.paragraphs:
            if words := tidy(paragraph.text):
                yield Block(text=words, place=Place(unit="page", first=at))


@dataclass(slots=True)
class _Style:
    """What a paragraph's style says of it: a heading of a level, the title, or an item of a list."""

    level: int = 0
    title: bool = False
    listed: bool = False
    numbering: tuple[str, int] | None = None


@dataclass(slots=True)
class _Reader:
    document: Any
    title: str = ""
    _parts: list[Block | Table] = field(default_factory=list)
    _remarks: list[Remark] = field(default_factory=list)
    _counts: Counter[tuple[str, int]] = field(default_factory=Counter)
    _paragraphs: int = 0
    _tables: int = 0
    _styles: dict[str, _Style] = field(default_factory=dict)
    _formats: dict[tuple[str, int], str] = field(default_factory=dict)

    def parts(self) -> list[Block | Table]:
        for element in _blocks(self.document.element.body):
            if len(self._parts) >= MOST_BLOCKS:
                self._remarks.append(Remark("cut", {"place": Place(unit="paragraph", first=self._paragraphs)}))
                break
            if element.tag == qn("w:p"):
                self._paragraph(element)
            else:
                self._table(element)
        return list(_headed(self._parts))

    def remarks(self) -> Iterator[Remark]:
        yield from self._remarks
        body = self.document.element.body
        inserted, deleted = (sum(1 for name in names for _ in body.iter(qn(name))) for names in (INSERTED, DELETED))
        if inserted or deleted:
            yield Remark("tracked", {"inserted": inserted, "deleted": deleted})
        boxes = [
            it for it in body.iter(qn("w:txbxContent")) if not any(up.tag == FALLBACK for up in it.iterancestors())
        ]
        if boxes:
            yield Remark("boxes", {"count": len(boxes)})
        if any(True for name in ("w:commentReference", "w:footnoteReference") for _ in body.iter(qn(name))):
            yield Remark("notes")

    def _paragraph(self, element: Any) -> None:
        self._paragraphs += 1
        text = tidy("".join(_text(element)))
        if not text:
            return
        style = self._style(element)
        place = Place(unit="paragraph", first=self._paragraphs)
        if style.title and not self.title:
            self.title = text
        elif style.level or style.title:
            self._parts.append(Block(text=text, place=place, kind="heading", level=style.level or 1))
        elif style.listed or _numbering(element):
            number, level = self._count(_numbering(element) or style.numbering or ("", 0))
            self._parts.append(Block(text=text, place=place, kind="item", number=number, level=level))
        else:
            self._parts.append(_typed(text, place))

    def _style(self, element: Any) -> _Style:
        found = element.find(f"{W}pPr/{W}pStyle")
        key = found.get(qn("w:val")) if found is not None else ""
        if key not in self._styles:
            self._styles[key] = self._style_of(key)
        return self._styles[key]

    def _style_of(self, key: str) -> _Style:
        """By its own name, or that of one it is based on."""
        style: Any = next((it for it in self.document.styles if it.style_id == key), None)
        for _ in range(10):
            if style is None:
                break
            name = style.name or ""
            if heading := HEADING.match(name):
                return _Style(level=int(heading["level"]))
            if TITLE.match(name):
                return _Style(title=True)
            if LIST.match(name) or style.element.find(f"{W}pPr/{W}numPr") is not None:
                return _Style(listed=True, numbering=_numbering(style.element))
            style = getattr(style, "base_style", None)
        return _Style()

    def _count(self, numbering: tuple[str, int]) -> tuple[str, int]:
        """The number Word shows before an item, "" for a bullet, and its level from 0."""
        list_id, level = numbering
        if self._format(list_id, level) in ("bullet", "none", ""):
            return "", level
        self._counts[list_id, level] += 1
        for deeper in range(level + 1, 9):
            self._counts.pop((list_id, deeper), None)
        return ".".join(str(self._counts[list_id, it] or 1) for it in range(level + 1)), level

    def _format(self, list_id: str, level: int) -> str:
        if (list_id, level) not in self._formats:
            self._formats[list_id, level] = self._format_of(list_id, level)
        return self._formats[list_id, level]

    def _format_of(self, list_id: str, level: int) -> str:
        try:
            numbering = self.document.part.numbering_part.element
        except (KeyError, NotImplementedError):  # a document without numbered lists has no such part
            return ""
        found = numbering.xpath(f"./w:num[@w:numId='{list_id}']/w:abstractNumId/@w:val") if list_id.isdigit() else []
        path = f"./w:abstractNum[@w:abstractNumId='{{}}']/w:lvl[@w:ilvl='{level}']/w:numFmt/@w:val"
        formats = numbering.xpath(path.format(found[0])) if found and found[0].isdigit() else []
        return str(formats[0]) if formats else ""

    def _table(self, element: Any) -> None:
        self._tables += 1
        number, rows, inner = self._tables, list[Row](), list[tuple[Any, Place]]()
        for at, tr in enumerate(_rows(element), 1):
            place = Place(unit="row", first=at, within=f"table:{number}")
            rows.append(_row(tr, place, rows[-1] if rows else None))
            inner += [(it, place) for it in _inner(tr)]
            if len(rows) == MOST_ROWS:
                self._remarks.append(Remark("cut", {"place": place}))
                break
        self._parts.append(Table(rows=tuple(rows)))
        for each, place in inner:
            self._remarks.append(Remark("nested", {"place": place}))
            self._table(each)


def _headed(parts: list[Block | Table]) -> Iterator[Block | Table]:
    """Short paragraphs that are headings by their look, between whatever else there is."""
    run: list[Block] = []
    for part in parts:
        if isinstance(part, Block):
            run.append(part)
            continue
        yield from judged(run)
        run = []
        yield part
    yield from judged(run)


def _typed(text: str, place: Place) -> Block:
    """A paragraph that begins with a bullet or a number somebody typed is an item as well."""
    opening = opened(text)
    if opening is None:
        return Block(text=text, place=place)
    return Block(text=opening.rest, place=place, kind="item", number=opening.number, label=opening.label, typed=True)


def _blocks(around: Any) -> Iterator[Any]:
    """Paragraphs and tables, also within content controls."""
    for element in around:
        if element.tag in (qn("w:p"), qn("w:tbl")):
            yield element
        elif element.tag in AROUND:
            yield from _blocks(element)


def _text(around: Any) -> Iterator[str]:
    for element in around:
        if element.tag == qn("w:r") or element.tag in AROUND:
            yield from _text(element)
        elif element.tag == qn("w:t"):
            yield element.text or ""
        elif element.tag in BLANKS:
            yield " "
        elif element.tag == qn("w:noBreakHyphen"):
            yield "-"


def _numbering(element: Any) -> tuple[str, int] | None:
    found = element.find(f"{W}pPr/{W}numPr/{W}numId")
    if found is None or found.get(qn("w:val")) in (None, "0"):
        return None
    level = element.find(f"{W}pPr/{W}numPr/{W}ilvl")
    written = level.get(qn("w:val"), "0") if level is not None else "0"
    return found.get(qn("w:val")), int(written) if written.isdigit() else 0


def _rows(around: Any) -> Iterator[Any]:
    for element in around:
        if element.tag == qn("w:tr") and element.find(f"{W}trPr/{W}del") is None:
            yield element
        elif element.tag in AROUND:
            yield from _rows(element)


def _cells(around: Any) -> Iterator[Any]:
    for element in around:
        if element.tag == qn("w:tc"):
            yield element
        elif element.tag in AROUND:
            yield from _cells(element)


def _row(tr: Any, place: Place, above: Row | None) -> Row:
    cells: dict[int, Any] = {}
    continued = set()
    column = 0
    for tc in _cells(tr):
        merge = tc.find(f"{W}tcPr/{W}vMerge")
        if merge is not None and merge.get(qn("w:val"), "continue") == "continue" and above:
            cells[column] = above.cells.get(column, "")
            continued.add(column)
        else:
            cells[column] = tidy(" ".join("".join(_text(it)) for it in _blocks(tc) if it.tag == qn("w:p")))
        span = tc.find(f"{W}tcPr/{W}gridSpan")
        width = span.get(qn("w:val"), "1") if span is not None else "1"
        column += min(int(width), 100) if width.isdigit() else 1
    return Row(cells=cells, place=place, continued=frozenset(continued))


def _inner(tr: Any) -> Iterator[Any]:
    for tc in _cells(tr):
        yield from (it for it in _blocks(tc) if it.tag == qn("w:tbl"))
