"""The report as the bytes of a file."""

from typing import Final, Literal

from reports.yearly.as_html import html
from reports.yearly.as_json import as_json
from reports.yearly.facts import YearReport
from reports.yearly.telling import paper

Format = Literal["pdf", "docx", "html", "json"]
BINARY: Final[frozenset[Format]] = frozenset({"pdf", "docx"})
TYPES: Final[dict[Format, str]] = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "html": "text/html; charset=utf-8",
    "json": "application/json",
}


def report_file(report: YearReport, format: Format, language: str) -> bytes:
    if format == "json":
        return as_json(report).encode()
    shown = paper(report, language)
    if format == "html":
        return html(shown).encode()
    if format == "docx":
        from reports.yearly.as_word import docx  # what makes documents is large, and loaded when one is made

        return docx(shown)
    from reports.yearly.as_pdf import pdf

    return pdf(shown)


def file_name(report: YearReport, format: Format, language: str) -> str:
    """What a file is called that somebody saves: the plan, the day, and the language where there is one."""
    parts = [report.ref, report.on.isoformat(), *([] if format == "json" else [language])]
    return f"{'-'.join(parts)}.{format}"
