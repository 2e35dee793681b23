"""A sweep over 10,000 due actions, beside hand-written SQL that reads and writes the same rows."""

import argparse
import shutil
import sqlite3
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from time import perf_counter

from bench.ground import TODAY, action, ground, now
from engine.sweep import BATCH, Swept, sweep
from tiltak.serving import settle_in
from workflows.loading import load

DUE = """SELECT * FROM cases WHERE org = 'bench' AND wake_on <= ? ORDER BY wake_on, ref LIMIT ?"""
WAKE = """UPDATE cases SET wake_on = ? WHERE org = 'bench' AND ref = ? AND version = 1"""
ABOUT = """SELECT * FROM {} WHERE org = 'bench' AND ref IN ({})"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=int, default=10_000)
    count = parser.parse_args().cases
    workflows = load()
    settle_in()  # as `serve` does
    due = TODAY - timedelta(days=3)
    with ground(action(n, due=due, wake_on=due) for n in range(1, count + 1)) as (store, path):
        sweep(store, store, workflows, now=now())  # what a year has decided is there; measured is the next alarm
        later = store.next_wake()
        assert later
        before = path.with_name("before.db")
        store.close()
        shutil.copy(path, before)
        swept, took = timed(lambda: sweep(store, store, workflows, now=now(later)))
        assert swept.woken == count, swept
        answers = Answers(path)
        by_hand = min(timed(lambda: repeat(answers, _copy(before), later))[1] for _ in range(3))
        print(f"{swept.woken} cases, {swept.decided} decisions, {swept.queued} notices")
        print(f"sweep        {took:6.2f} s  {count / took:9,.0f} cases/s")
        print(f"by hand      {by_hand:6.2f} s  {count / by_hand:9,.0f} cases/s")
        print(f"ratio        {by_hand / took:6.2f}    (promised: at least 0.25)")


def timed(work: Callable[[], Swept]) -> tuple[Swept, float]:
    begun = perf_counter()
    done = work()
    return done, perf_counter() - begun


def _copy(before: Path) -> Path:
    return Path(shutil.copy(before, before.with_name("by-hand.db")))


def repeat(answers: "Answers", path: Path, day: date) -> Swept:
    """Read what is due in batches and write what the sweep wrote, known beforehand: no rule is looked at."""
    done = Swept()
    connection = sqlite3.connect(path, isolation_level=None)
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
        connection.execute(f"PRAGMA {pragma}")
    while due := connection.execute(DUE, (day.isoformat(), BATCH)).fetchall():
        refs = [row[1] for row in due]
        for table in ("occurrences", "holds"):
            connection.execute(ABOUT.format(table, ",".join("?" * len(refs))), refs).fetchall()
        _write(connection, answers, refs)
        done.woken += len(refs)
    connection.close()
    return done


class Answers:
    """What the last sweep wrote, by case."""

    def __init__(self, after: Path) -> None:
        connection = sqlite3.connect(after)
        self.wake = dict(connection.execute("SELECT ref, wake_on FROM cases WHERE plan = 'P'"))
        self.rows = {table: self._by_ref(connection, table) for table in ("occurrences", "notices")}
        connection.close()

    @staticmethod
    def _by_ref(connection: sqlite3.Connection, table: str) -> dict[str, list[tuple[object, ...]]]:
        cursor = connection.execute(f"SELECT * FROM {table} WHERE decided_at = (SELECT max(decided_at) FROM {table})")
        place = [column[0] for column in cursor.description].index("ref")
        found: dict[str, list[tuple[object, ...]]] = {}
        for row in cursor:
            found.setdefault(row[place], []).append(row)
        return found


def _write(connection: sqlite3.Connection, answers: "Answers", refs: list[str]) -> None:
    connection.execute("BEGIN IMMEDIATE")
    for table, by_ref in answers.rows.items():
        rows = [row for ref in refs for row in by_ref.get(ref, ())]
        marks = ",".join("?" * len(rows[0]))
        connection.executemany(f"INSERT INTO {table} VALUES ({marks}) ON CONFLICT DO NOTHING", rows)
    connection.executemany(WAKE, [(answers.wake[ref], ref) for ref in refs])
    connection.execute("COMMIT")


if __name__ == "__main__":
    main()
