"""The report as PDF: tagged, for the archive (PDF/A-2a) and for everybody (PDF/UA-1), made by typst."""

import json
from dataclasses import asdict
from datetime import UTC, date, datetime, time
from functools import cache
from pathlib import Path
from typing import Any, Final

import typst

from reports.yearly.paper import Paper

TEMPLATE: Final = Path(__file__).parent / "templates" / "report.typ"
STANDARDS: Final[list[Any]] = ["a-2a", "ua-1"]


@cache
def _fonts() -> typst.Fonts:
    """Those that typst brings with it: the same on every machine, and nothing is fetched."""
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=True)


def pdf(paper: Paper) -> bytes:
    """The same bytes for the same report. A sign that no font has costs the archive's mark, never the report."""
    try:
        return _compiled(paper, STANDARDS)
    except typst.TypstError:
        return _compiled(paper, [])


def _compiled(paper: Paper, standards: list[Any]) -> bytes:
    made = typst.Compiler(
        TEMPLATE.read_bytes(), font_paths=_fonts(), ignore_system_fonts=True, sys_inputs={"paper": _data(paper)}
    ).compile(
        format="pdf",
        pdf_standards=standards,
        timestamp=datetime.combine(date.fromisoformat(paper.day), time(), UTC),
    )
    assert isinstance(made, bytes)
    return made


def _data(paper: Paper) -> str:
    blocks = [{"kind": type(it).__name__, **asdict(it)} for it in paper.blocks]
    return json.dumps(asdict(paper) | {"blocks": blocks}, ensure_ascii=False)
