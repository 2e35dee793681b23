"""The report as PDF and as a Word document: what is in it comes out again, whatever people have written."""

from dataclasses import replace
from io import BytesIO
from typing import Any

import pytest
from docx import Document
from docx.oxml.ns import qn
from pypdf import PdfReader

from engine.text import LANGUAGES
from reports.yearly.facts import YearReport
from reports.yearly.formats import report_file

HOSTILE = '<script>alert(1)</script> & #let x = 1 *b* _c_ $d$ \\u{41} @e `f` {{ 7*7 }} "g" [h]'
HEADINGS = {
    "nb": "Hvilke tiltak er gjennomført, av hvem og når",
    "nn": "Kva tiltak er gjennomførte, av kven og når",
    "en": "Which actions have been carried out, by whom and when",
}


def hostile(report: YearReport, words: str = HOSTILE) -> YearReport:
    first, *others = report.actions
    return replace(report, title=words, body=words, actions=(replace(first, title=words, statement=words), *others))


def root_of(pdf: bytes) -> Any:
    return PdfReader(BytesIO(pdf)).trailer["/Root"]


def text_of(pdf: bytes) -> str:
    return " ".join(" ".join(page.extract_text() for page in PdfReader(BytesIO(pdf)).pages).split())


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_pdf_is_tagged_says_its_language_and_claims_to_be_for_the_archive(report: YearReport, language: str) -> None:
    made = PdfReader(BytesIO(report_file(report, "pdf", language)))
    root: Any = made.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"] == language
    assert made.metadata
    assert report.title in str(made.metadata.title)
    claims = root["/Metadata"].get_data().decode()
    assert "<pdfaid:part>2</pdfaid:part>" in claims
    assert "<pdfaid:conformance>A</pdfaid:conformance>" in claims
    assert "<pdfuaid:part>1</pdfuaid:part>" in claims
    assert HEADINGS[language] in text_of(report_file(report, "pdf", language))


def test_the_same_report_gives_the_same_pdf(report: YearReport) -> None:
    assert report_file(report, "pdf", "nb") == report_file(report, "pdf", "nb")


def test_markup_in_a_pdf_is_only_text(report: YearReport) -> None:
    text = text_of(report_file(hostile(report), "pdf", "nb"))
    for part in ("<script>alert(1)</script>", "#let x = 1 *b* _c_ $d$", "{{ 7*7 }}"):
        assert part in text


def test_a_sign_that_no_font_has_costs_the_mark_and_not_the_report(report: YearReport) -> None:
    made = report_file(hostile(report, "工作 \ue000 ferdig"), "pdf", "nb")
    assert "ferdig" in text_of(made)
    assert b"pdfaid" not in root_of(made)["/Metadata"].get_data()


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_word_document_has_styles_headings_header_rows_and_a_language(report: YearReport, language: str) -> None:
    made = Document(BytesIO(report_file(report, "docx", language)))
    locale = {"nb": "nb-NO", "nn": "nn-NO", "en": "en-GB"}[language]
    assert made.core_properties.title == report.title
    assert made.core_properties.language == locale
    assert {it.get(qn("w:val")) for it in made.styles.element.iter(qn("w:lang"))} == {locale}
    headings = [it.text for it in made.paragraphs if it.style and it.style.name == "Heading 2"]
    assert HEADINGS[language] in headings
    assert len(made.tables) == 7
    for table in made.tables:
        assert [*table.rows[0]._tr.iter(qn("w:tblHeader"))]
    done = [[cell.text for cell in row.cells] for row in made.tables[0].rows]
    assert [row[0] for row in done[1:]] == ["3", "2"]
    assert "Henvisningen står i brevene til Dhaka og Abuja." in done[1][1]
    spoken = {it.get(qn("w:val")) for it in made.element.body.iter(qn("w:lang"))}
    assert spoken == (set() if language == "nb" else {"nb-NO"})


def test_markup_and_signs_that_xml_cannot_hold_do_no_harm_to_a_word_document(report: YearReport) -> None:
    made = Document(BytesIO(report_file(hostile(report, f"{HOSTILE}\x00\x0b\ufffe"), "docx", "nb")))
    assert made.core_properties.title == HOSTILE
    assert HOSTILE in [it.text for it in made.paragraphs]


def test_a_title_longer_than_word_allows_is_cut_only_where_it_must_be(report: YearReport) -> None:
    made = Document(BytesIO(report_file(hostile(report, "lang " * 100), "docx", "nb")))
    assert len(made.core_properties.title) == 255
    assert ("lang " * 100) in [it.text for it in made.paragraphs]
