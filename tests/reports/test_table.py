"""Comma-separated facts that a spreadsheet opens without running anything."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports.table import as_csv


def test_there_is_a_header_and_a_line_for_each_row() -> None:
    rows: list[dict[str, object]] = [{"day": "2011-08-25", "what": 'Si "ja", da'}, {"day": None, "what": "to\nlinjer"}]
    assert as_csv(rows) == 'day,what\r\n2011-08-25,"Si ""ja"", da"\r\n,"to\nlinjer"\r\n'
    assert as_csv([]) == ""


@pytest.mark.parametrize("begins", [*"=+-@＝＋－＠\t\r\n", " =", "\u3000=", "\n\t@"])
def test_a_text_that_looks_like_a_formula_is_only_text(begins: str) -> None:
    (row,) = csv.DictReader(io.StringIO(as_csv([{"a": f"{begins}1+1"}]), newline=""))
    assert row["a"] == f"'{begins}1+1"


def test_a_number_and_a_hyphen_within_a_text_stay_as_they_are() -> None:
    assert as_csv([{"a": -5, "b": "e-post"}]) == "a,b\r\n-5,e-post\r\n"


def test_the_columns_are_those_of_the_first_row_in_every_row() -> None:
    assert as_csv([{"a": 1, "b": 2}, {"b": 4, "a": 3}]) == "a,b\r\n1,2\r\n3,4\r\n"


@given(st.lists(st.fixed_dictionaries({"a": st.text(), "b": st.text()}), min_size=1, max_size=5))
def test_every_cell_comes_back(rows: list[dict[str, str]]) -> None:
    found = list(csv.DictReader(io.StringIO(as_csv(rows), newline="")))
    assert [{key: cell.removeprefix("'") for key, cell in row.items()} for row in found] == [
        {key: cell.removeprefix("'") for key, cell in row.items()} for row in rows
    ]
