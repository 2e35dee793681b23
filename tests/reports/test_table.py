"""Comma-separated facts that a spreadsheet opens without running anything."""

import csv
import io

from hypothesis import given
from hypothesis import strategies as st

from reports.table import as_csv


def test_there_is_a_header_and_a_line_for_each_row() -> None:
    rows: list[dict[str, object]] = [{"day": "2011-08-25", "what": 'Si "ja", da'}, {"day": None, "what": "to\nlinjer"}]
    assert as_csv(rows) == 'day,what\r\n2011-08-25,"Si ""ja"", da"\r\n,"to\nlinjer"\r\n'
    assert as_csv([]) == ""


def test_a_text_that_looks_like_a_formula_is_only_text() -> None:
    for sign in "=+-@\t\r":
        assert as_csv([{"a": f"{sign}1+1"}]).splitlines()[1].lstrip('"').startswith("'")
    assert as_csv([{"a": -5}]) == "a\r\n-5\r\n"


@given(st.lists(st.fixed_dictionaries({"a": st.text(), "b": st.text()}), min_size=1, max_size=5))
def test_every_cell_comes_back(rows: list[dict[str, str]]) -> None:
    found = list(csv.DictReader(io.StringIO(as_csv(rows), newline="")))
    assert [{key: cell.removeprefix("'") for key, cell in row.items()} for row in found] == [
        {key: cell.removeprefix("'") for key, cell in row.items()} for row in rows
    ]
