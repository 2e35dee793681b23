"""Databases to measure on: one organisation, a plan, and as many open actions under it as asked for."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta
from pathlib import Path

from sqlalchemy import insert, text

from engine.calendar import instant
from engine.case import Case
from engine.people import Organisation, Person, Register, Unit
from engine.text import Text
from store import rows
from store.migrate import migrate
from store.sql import SqlStore, open_store
from store.statements import CASES

TODAY = date(2026, 3, 16)
UNITS = 40
AT_ONCE = 10_000


def organisation() -> Organisation:
    return Organisation(key="bench", name=Text.same("Agency"), operator="drift@agency.example")


def register(units_: int = UNITS) -> Register:
    """Forty units of one agency, or as many as asked for, each with a mailbox and a head."""
    numbers = range(units_)
    units = {f"U{n}": _unit(n) for n in numbers}
    persons = {f"p{n}": _head(n) for n in numbers}
    return Register(organisation=organisation(), units=units, persons=persons, responsibilities=())


def _unit(number: int) -> Unit:
    return Unit(
        code=f"U{number}",
        name=Text.same(f"Unit {number}"),
        mailbox=f"unit{number}@agency.example",
        head=f"p{number}",
        parent="" if number == 0 else "U0",
    )


def _head(number: int) -> Person:
    return Person(key=f"p{number}", name=f"Head {number}", address=f"head{number}@agency.example", unit=f"U{number}")


def now(day: date = TODAY) -> datetime:
    return instant(day, time(6, 0), organisation().zone)


def action(number: int, *, due: date, wake_on: date, units: int = UNITS) -> Case:
    return Case(
        ref=f"P-{number}",
        number=str(number),
        plan="P",
        parent="P",
        workflow="action/1",
        kind="action",
        state="assigned",
        title=f"Action {number} of the plan",
        question="Has the routine been written down, and where is it kept?",
        owner=f"U{number % units}",
        coordinator="U0",
        executive="person:p0",
        due=due,
        due_version=1,
        opened_on=due - timedelta(days=200),
        entered_on=due - timedelta(days=200),
        activity_on=due - timedelta(days=200),
        wake_on=wake_on,
    )


def plan() -> Case:
    long_ago = TODAY - timedelta(days=300)
    return action(0, due=TODAY, wake_on=TODAY).evolve(
        ref="P", number="", parent="", workflow="plan/1", kind="plan", state="distributed", due=None, due_version=0,
        opened_on=long_ago, entered_on=long_ago, activity_on=long_ago, wake_on=None,
    )  # fmt: skip


def fill(store: SqlStore, actions: Iterator[Case], units: int = UNITS) -> None:
    """The register, the plan and the actions, past the engine: the way there is not measured."""
    with store.begin() as tx:
        tx.enrol(register(units))
        tx.add(plan())
    batch: list[rows.Values] = []
    with store.engine.connect().execution_options(tiltak_writing=True) as connection, connection.begin():
        if store.engine.dialect.name == "postgresql":  # without statistics each foreign key is looked up by a scan
            connection.execute(text("SET LOCAL session_replication_role = replica"))
        for place, case in enumerate(actions, 1):
            batch.append(rows.case_values(case, org="bench", position=place))
            if len(batch) == AT_ONCE:
                connection.execute(insert(CASES), batch)
                batch.clear()
        if batch:
            connection.execute(insert(CASES), batch)


@contextmanager
def ground(actions: Iterator[Case]) -> Iterator[tuple[SqlStore, Path]]:
    """A filled SQLite database in a folder of its own, gone afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="tiltak-bench-"))
    try:
        path = folder / "tiltak.db"
        migrate(f"sqlite:///{path}")
        store = open_store(f"sqlite:///{path}", organisation=organisation())
        fill(store, actions)
        yield store, path
        store.close()
    finally:
        shutil.rmtree(folder)
