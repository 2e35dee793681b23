"""Rows of facts as comma-separated values, safe to open in a spreadsheet."""

import csv
import io
from collections.abc import Mapping, Sequence

FORMULA = ("=", "+", "-", "@", "＝", "＋", "－", "＠")
BLANK = ("\t", "\r", "\n")  # thrown away by a spreadsheet, and what comes after them is looked at anew


def as_csv(rows: Sequence[Mapping[str, object]]) -> str:
    """A header line and one line for each row; "" when there are none."""
    if not rows:
        return ""
    text = io.StringIO()
    writer = csv.writer(text)  # lines end as RFC 4180, section 2 has it
    names = list(rows[0])
    writer.writerow(names)
    writer.writerows([_cell(row[name]) for name in names] for row in rows)
    return text.getvalue()


def _cell(value: object) -> str:
    """A text that a spreadsheet would take for a formula is given an apostrophe."""
    text = "" if value is None else str(value)
    return f"'{text}" if isinstance(value, str) and _dangerous(value) else text


def _dangerous(text: str) -> bool:
    return text.startswith(BLANK) or text.lstrip().startswith(FORMULA)
