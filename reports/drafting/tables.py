"""A table whose columns are named as in a plan: one recommendation, one action or both in each row."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date

from reports.drafting.contents import Remark, Row, Table, Value, tidy
from reports.drafting.days import Mention, day_in
from reports.drafting.details import NUMBER, details, split
from reports.drafting.rows import Found, found_in_text
from reports.drafting.vocabulary import Class, Column, column_of, response_of

HEAD_ROWS = 15  # among which the heads of the columns are looked for
Columns = Mapping[Column, int]


def read_table(table: Table, klass: Class | None) -> tuple[list[Found], list[Remark]]:
    """The rows of a table; `klass` is what the heading above it says, for a table that does not say itself."""
    at, columns = _heads(table, klass)
    if not columns:
        return [], [
            Remark("table", {"place": table.rows[0].place, "head": _shown(table.rows[0])})
        ] if table.rows else []
    unknown = [str(text) for column, text in table.rows[at].cells.items() if column not in columns.values() and text]
    remarks = [Remark("columns", {"columns": ", ".join(unknown), "place": table.rows[at].place})] if unknown else []
    reader = _Reader(columns, klass)
    for row in table.rows[at + 1 :]:
        reader.take(row)
    return reader.found, remarks + reader.remarks


def _heads(table: Table, klass: Class | None) -> tuple[int, Columns]:
    """The row that names the columns, and which is which; no columns when there is no such row."""
    for at, row in enumerate(table.rows[:HEAD_ROWS]):
        columns: dict[Column, int] = {}
        for column, text in row.cells.items():
            if name := column_of(str(text)):
                columns.setdefault(name, column)
        told = {"recommendation", "action"} & columns.keys() or (klass and "text" in columns)
        if told and (len(columns) > 1 or len(row.cells) == 1):
            return at, columns
    return 0, {}


def _shown(row: Row) -> str:
    return " | ".join(str(text) for text in row.cells.values())[:80]


class _Reader:
    """Reads row by row; a row may go on with what the one above began."""

    def __init__(self, columns: Columns, klass: Class | None) -> None:
        self._columns, self._klass = columns, klass
        self.found: list[Found] = []
        self.remarks: list[Remark] = []
        self._advice: Found | None = None

    def take(self, row: Row) -> None:
        if not any(str(text).strip() for text in row.cells.values()):
            return
        advice, act = self._text(row, "recommendation"), self._text(row, "action")
        if "text" in self._columns and not advice and not act and self._klass:
            advice, act = (
                (self._text(row, "text"), "") if self._klass == "recommendation" else ("", self._text(row, "text"))
            )
        if advice and not self._continues(row, "recommendation"):
            self._recommend(row, advice)
        if act and not self._continues(row, "action"):
            self._act(row, act)
        elif (self.found and not advice) or act:
            self._go_on(row)

    def _continues(self, row: Row, name: Column) -> bool:
        return self._columns.get(name, -1) in row.continued

    def _cell(self, row: Row, name: Column) -> Value:
        return row.cells.get(self._columns.get(name, -1), "")

    def _text(self, row: Row, name: Column) -> str:
        return tidy(str(self._cell(row, name)))

    def _recommend(self, row: Row, advice: str) -> None:
        said = self._text(row, "response")
        response = response_of(said)
        number = self._text(row, "number") if "action" not in self._columns else ""
        it = found_in_text("recommendation", details(advice), place=row.place, source=_source(row))
        self._advice = replace(
            it,
            text=advice,
            number=number,
            addressee=self._text(row, "addressee"),
            response=response,
            reason="" if response or not said else said,
        )
        if not self._known(self._advice):
            self.found.append(self._advice)

    def _known(self, it: Found) -> bool:
        return any(other.klass == "recommendation" and other.text == it.text for other in self.found[-50:])

    def _act(self, row: Row, act: str) -> None:
        found = details(act)
        owners = tuple(split(self._text(row, "owner"))) or (() if "owner" in self._columns else found.owners)
        it = found_in_text("action", replace(found, owners=owners), place=row.place, source=_source(row))
        self.found.append(
            replace(
                it,
                number=self._text(row, "number"),
                days=tuple(self._days(row)) or it.days,
                amounts=tuple(filter(None, (self._text(row, "amount"),))) or it.amounts,
                references=(*it.references, *NUMBER.findall(self._text(row, "answers"))),
                priority=self._text(row, "priority") or it.priority,
                contributors=tuple(split(self._text(row, "contributors"))),
                below=self._advice.text if self._advice else "",
            )
        )

    def _days(self, row: Row) -> Iterator[Mention]:
        value = self._cell(row, "due")
        if isinstance(value, date):
            yield Mention(value.isoformat(), day=value, limit=True)
        elif found := day_in(value):
            yield replace(found, limit=True)

    def _go_on(self, row: Row) -> None:
        """A row without a text of its own says more about the one above."""
        above = self.found[-1]
        owners = tuple(dict.fromkeys([*above.owners, *split(self._text(row, "owner"))]))
        days = tuple(dict.fromkeys([*above.days, *self._days(row)]))
        place = replace(above.place, last=row.place.first)
        self.found[-1] = replace(
            above, owners=owners, days=days, place=place, source=f"{above.source} / {_source(row)}"
        )
        self.remarks.append(Remark("more_rows", {"place": row.place}))


def _source(row: Row) -> str:
    return " | ".join(filter(None, (tidy(str(text)) for text in row.cells.values())))
