"""An Excel workbook: the cells of its sheets, with the values that were last worked out."""

import io
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import islice
from typing import Any, Final
from xml.parsers.expat import ParserCreate

from openpyxl import load_workbook
from openpyxl.utils.cell import range_boundaries

from reports.drafting.contents import MOST_ROWS, Contents, Place, Remark, Row, Table, Value, tidy

MOST_COLUMNS: Final = 60
MOST_MERGED: Final = 100_000  # cells
SHOWN: Final = 5  # cells named in a remark


@dataclass(slots=True)
class _Structure:
    """What the rows of a sheet do not tell: merged ranges (each cell below the first, with its top row), formulas."""

    ranges: int = 0
    above: dict[tuple[int, int], int] = field(default_factory=dict)
    formulas: int = 0
    uncached: list[str] = field(default_factory=list)

    def remarks(self, sheet: str) -> Iterator[Remark]:
        if self.ranges:
            yield Remark("merged", {"sheet": sheet, "count": self.ranges})
        if self.formulas > len(self.uncached):
            yield Remark("formulas", {"sheet": sheet, "count": self.formulas - len(self.uncached)})
        if self.uncached:
            cells = ", ".join(self.uncached[:SHOWN]) + (" …" if len(self.uncached) > SHOWN else "")
            yield Remark("uncached", {"sheet": sheet, "count": len(self.uncached), "cells": cells})


def read_workbook(raw: bytes) -> Contents:
    book = load_workbook(io.BytesIO(raw), read_only=True, data_only=True)
    parts: list[Table] = []
    remarks: list[Remark] = []
    for sheet in book.worksheets:
        if sheet.sheet_state != "visible":
            remarks.append(Remark("hidden", {"sheet": sheet.title}))
            continue
        structure = _structure(sheet)
        rows = list(islice(_rows(sheet, structure), MOST_ROWS + 1))
        remarks += structure.remarks(sheet.title)
        if len(rows) > MOST_ROWS:
            remarks.append(Remark("cut", {"place": rows[-1].place}))
        if rows:
            parts.append(Table(rows=tuple(rows[:MOST_ROWS])))
    return Contents(kind="xlsx", parts=tuple(parts), remarks=tuple(remarks))


def _structure(sheet: Any) -> _Structure:
    """One pass over the sheet's own text: the fast reader of rows tells neither merged cells nor formulas."""
    found = _Structure()
    cell = now = ""
    said: set[str] = set()

    def begin(name: str, attributes: dict[str, str]) -> None:
        nonlocal cell, now
        now = name = name.rpartition(":")[2]
        said.add(name)
        if name == "c":
            cell = attributes.get("r", "?")
            said.clear()
        elif name == "mergeCell":
            found.ranges += 1
            _merge(found, attributes.get("ref", ""))

    def end(name: str) -> None:
        if name.rpartition(":")[2] == "c" and "f" in said:
            found.formulas += 1
            found.uncached += [] if "value" in said else [cell]

    def text(_: str) -> None:
        if now == "v":  # some programs write an empty one
            said.add("value")

    parser = ParserCreate()
    parser.StartElementHandler, parser.EndElementHandler, parser.CharacterDataHandler = begin, end, text
    with sheet._get_source() as source:
        parser.ParseFile(source)
    return found


def _merge(found: _Structure, reference: str) -> None:
    left, top, _, bottom = range_boundaries(reference)
    if left and top and bottom and len(found.above) + bottom - top <= MOST_MERGED:
        found.above |= {(row, left): top for row in range(top + 1, bottom + 1)}


def _rows(sheet: Any, structure: _Structure) -> Iterator[Row]:
    """Rows that hold something. What the sheet says of its own size is not believed: it may be a million rows."""
    sheet.reset_dimensions()
    tops: dict[tuple[int, int], Value] = {}
    wanted = {(top, column) for (_, column), top in structure.above.items()}
    for at, values in enumerate(sheet.iter_rows(values_only=True), 1):
        cells = {column: _value(it) for column, it in enumerate(values[:MOST_COLUMNS], 1) if it is not None}
        cells = {column: it for column, it in cells.items() if it != ""}
        if not cells:
            continue
        tops |= {(at, column): cells[column] for column in cells if (at, column) in wanted}
        merged = [column for column in range(1, MOST_COLUMNS + 1) if (at, column) in structure.above] if wanted else []
        cells |= {column: tops.get((structure.above[at, column], column), "") for column in merged}
        place = Place(unit="row", first=at, within=f"sheet:{sheet.title}")
        yield Row(cells=cells, place=place, continued=frozenset(merged))


def _value(value: Any) -> Value:
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return tidy(str(value))
