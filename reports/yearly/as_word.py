"""The report as a Word document that people go on writing in: real styles, headings, header rows and languages."""

import re
from collections.abc import Iterable
from datetime import datetime
from io import BytesIO
from typing import Any, Final

from docx import Document
from docx.document import Document as Made
from docx.enum.style import WD_STYLE_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor
from docx.table import _Cell

from reports.yearly.paper import Bar, Block, Cell, Heading, Paper, Paragraph, Points, Table, Words

LOCALES: Final = {"nb": "nb-NO", "nn": "nn-NO", "en": "en-GB"}
STYLES: Final = {"strong": "Strong", "note": "Report Note", "alarm": "Report Alarm"}
FORBIDDEN: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")  # that XML cannot hold
LONGEST: Final = 255  # of what a Word document says about itself
WIDTH: Final = 16.2  # centimetres between the margins of an A4 page


def docx(paper: Paper) -> bytes:
    document = Document()
    _prepare(document, paper)
    document.add_paragraph(_text(paper.subject), style="Subtitle")
    _write(document.add_paragraph(style="Title"), Words(paper.title, own=True), paper)
    document.add_paragraph(style="Intense Quote").add_run(_text(paper.notice))
    _pairs(document, paper.head, paper)
    for block in paper.blocks:
        _add(document, block, paper)
    made = BytesIO()
    document.save(made)
    return made.getvalue()


def _prepare(document: Made, paper: Paper) -> None:
    about, day = document.core_properties, datetime.fromisoformat(paper.day)
    about.title, about.subject, about.author = (
        _text(it)[:LONGEST] for it in (paper.title, paper.subject, paper.author)
    )
    about.language, about.comments = LOCALES[paper.language], _text(paper.notice)[:LONGEST]
    about.keywords = about.last_modified_by = ""
    about.created = about.modified = day
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = section.top_margin = section.bottom_margin = Cm(2.4)
    section.footer.paragraphs[0].add_run(_text(paper.footer))
    for style in document.styles.element.iter(qn("w:lang")):
        style.set(qn("w:val"), LOCALES[paper.language])
    for name, colour in (("Report Note", RGBColor(0x55, 0x55, 0x55)), ("Report Alarm", RGBColor(0x9B, 0x00, 0x13))):
        added: Any = document.styles.add_style(name, WD_STYLE_TYPE.CHARACTER)
        added.font.size, added.font.color.rgb = Pt(9.5), colour


def _add(document: Made, block: Block, paper: Paper) -> None:
    match block:
        case Heading():
            heading = document.add_heading(level=block.level)  # the title has a style of its own above level 1
            heading.paragraph_format.page_break_before = block.fresh_page
            _write(heading, Words(block.text, own=block.own), paper)
        case Paragraph():
            _write(document.add_paragraph(), block.words, paper)
        case Points():
            _pairs(document, block.items, paper)
        case Bar():
            _write(document.add_paragraph(), Words(block.said, "note"), paper)
        case Table():
            _table(document, block, paper)


def _pairs(document: Made, items: Iterable[tuple[str, Words]], paper: Paper) -> None:
    for term, words in items:
        line = document.add_paragraph()
        line.paragraph_format.space_after = Pt(2)
        line.add_run(f"{_text(term)}: ", style="Report Note")
        _write(line, words, paper)


def _table(document: Made, block: Table, paper: Paper) -> None:
    table = document.add_table(rows=1, cols=len(block.columns), style="Table Grid")
    table.autofit = False
    _describe(table, block.caption)
    for cell, name in zip(table.rows[0].cells, block.columns, strict=True):
        cell.paragraphs[0].add_run(_text(name), style="Strong")
    _repeat(table.rows[0])
    for row in block.rows:
        for cell, lines in zip(table.add_row().cells, row, strict=True):
            _fill(cell, lines, paper)
    for column, share in zip(table.columns, block.widths, strict=True):
        for cell in column.cells:
            cell.width = Cm(WIDTH * share / 100)
    document.add_paragraph()


def _describe(table: Any, caption: str) -> None:
    """What the table is about, for whoever hears it read."""
    described = OxmlElement("w:tblCaption")
    described.set(qn("w:val"), _text(caption))
    table._tbl.tblPr.append(described)


def _repeat(row: Any) -> None:
    """Marks the row as a header, which Word reads out with each cell and repeats on each page."""
    row._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))


def _fill(cell: _Cell, lines: Cell, paper: Paper) -> None:
    for n, words in enumerate(lines):
        _write(cell.paragraphs[0] if n == 0 else cell.add_paragraph(), words, paper)


def _write(line: Any, words: Words, paper: Paper) -> None:
    run = line.add_run(_text(words.text), style=STYLES.get(words.look))
    if words.own and paper.own_language != paper.language:
        spoken = OxmlElement("w:lang")
        spoken.set(qn("w:val"), LOCALES[paper.own_language])
        run._r.get_or_add_rPr().append(spoken)


def _text(words: str) -> str:
    return FORBIDDEN.sub("", words)
