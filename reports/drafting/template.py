"""An empty workbook to fill a plan into: its column heads are those a draft is read by."""

import io
from typing import Any, Final

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from engine.people import Register
from engine.text import Text

ROWS: Final = 300
RECOMMENDATIONS: Final = Text("Anbefalinger", "Tilrådingar", "Recommendations")
ACTIONS: Final = Text("Tiltak", "Tiltak", "Actions")
UNITS: Final = Text("Enheter", "Einingar", "Units")
NUMBER: Final = Text("Nr", "Nr", "No")
ADVICE: Final = (
    (NUMBER, 6),
    (Text("Anbefaling", "Tilråding", "Recommendation"), 70),
    (Text("Rettet til", "Retta til", "Addressed to"), 24),
    (Text("Svar", "Svar", "Response"), 14),
)
ACTS: Final = (
    (NUMBER, 6),
    (Text("Tiltak", "Tiltak", "Action"), 70),
    (Text("Ansvarlig", "Ansvarleg", "Owner"), 28),
    (Text("Medvirkende", "Medverkande", "Contributors"), 28),
    (Text("Frist", "Frist", "Deadline"), 14),
    (Text("Prioritet", "Prioritet", "Priority"), 12),
    (Text("Svarer på", "Svarar på", "Answers"), 14),
)
RESPONSES: Final = Text("Godtatt,Delvis,Avvist", "Godtatt,Delvis,Avvist", "Accepted,Partly,Rejected")
NO_DAY: Final = Text(
    "Skriv en dag, for eksempel 31.12.2026.", "Skriv ein dag, til dømes 31.12.2026.", "Write a day, such as 2026-12-31."
)
NO_UNIT: Final = Text(
    "Registeret kjenner ingen enhet med dette navnet. Behold det likevel?",
    "Registeret kjenner inga eining med dette namnet. Behalde det likevel?",
    "The register knows no unit by this name. Keep it all the same?",
)
NO_RESPONSE: Final = Text("Velg et svar fra listen.", "Vel eit svar frå lista.", "Choose a response from the list.")


def template(register: Register | None, language: str) -> bytes:
    """Sheets for recommendations and actions; deadlines, responses and owners are checked as they are typed."""
    book = Workbook()
    advice, acts = book.active, book.create_sheet()
    _head(advice, RECOMMENDATIONS, ADVICE, language)
    _head(acts, ACTIONS, ACTS, language)
    _check(advice, "D", _listed(f'"{RESPONSES.say(language)}"'), NO_RESPONSE, language)
    day = DataValidation(type="date", operator="greaterThan", formula1="36526", allow_blank=True)  # 1 January 2000
    _check(acts, "E", day, NO_DAY, language)
    for row in acts.iter_rows(min_row=2, max_row=ROWS, min_col=5, max_col=5):
        row[0].number_format = "yyyy-mm-dd"
    if register and register.units:
        rows = _units(book, register, language)
        owners = _listed(f"'{UNITS.say(language)}'!$A$2:$A${rows}")
        owners.errorStyle = "warning"
        _check(acts, "C", owners, NO_UNIT, language)
    held = io.BytesIO()
    book.save(held)
    return held.getvalue()


def _head(sheet: Any, name: Text, columns: tuple[tuple[Text, int], ...], language: str) -> None:
    sheet.title = name.say(language)
    sheet.freeze_panes = "A2"
    for at, (head, width) in enumerate(columns, 1):
        cell = sheet.cell(1, at, head.say(language))
        cell.font, cell.fill = Font(bold=True), PatternFill("solid", fgColor="DDE5EE")
        sheet.column_dimensions[get_column_letter(at)].width = width
    for row in sheet.iter_rows(min_row=2, max_row=ROWS, max_col=len(columns)):
        for cell in row:
            cell.alignment = Alignment(wrap_text=True, vertical="top")


def _listed(formula: str) -> DataValidation:
    return DataValidation(type="list", formula1=formula, allow_blank=True)


def _check(sheet: Any, column: str, check: DataValidation, error: Text, language: str) -> None:
    check.error, check.showErrorMessage = error.say(language), True
    check.add(f"{column}2:{column}{ROWS}")
    sheet.add_data_validation(check)


def _units(book: Any, register: Register, language: str) -> int:
    """A hidden sheet with the names of all units; the number of its last row."""
    sheet = book.create_sheet(UNITS.say(language))
    sheet.sheet_state = "hidden"
    sheet.append([UNITS.say(language)])
    for unit in sorted(register.units.values(), key=lambda it: it.name.say(language)):
        cell = sheet.cell(sheet.max_row + 1, 1)
        cell.value, cell.data_type = unit.name.say(language), "s"  # a name that begins with = is no formula
    return int(sheet.max_row)
