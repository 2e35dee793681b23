"""How cost grows with what exists: from 1,000 to 1,000,000 open cases, the same thousand of them due."""

import argparse
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from statistics import median
from time import perf_counter

from sqlalchemy import text

from bench.ground import TODAY, action, fill, now, organisation, plan
from engine.case import Case
from engine.sweep import sweep
from engine.workflow import Workflows
from notifications.packing import pack_ripe
from store.migrate import migrate
from store.sql import SqlStore, open_store
from tests.postgres_server import OPTIONS, postgres_server
from tiltak.serving import settle_in
from workflows.loading import load

SIZES = (1_000, 10_000, 100_000, 1_000_000)
DUE = 1_000
PLAN_OF = 20  # cases in one plan
ROUNDS = 50


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--most", type=int, default=SIZES[-1], help="the largest number of open cases")
    most = parser.parse_args().most
    workflows = load()
    print("database    open cases   idle sweep   sweep of 1,000 due   packing   one plan read   on disk")
    with postgres_server(OPTIONS) as server:
        for count in (size for size in SIZES if size <= most):
            with _sqlite() as url:
                _measure("SQLite", url, count, workflows)
            _measure("PostgreSQL", server.empty(f"size_{count}"), count, workflows)


@contextmanager
def _sqlite() -> Iterator[str]:
    with tempfile.TemporaryDirectory(prefix="tiltak-bench-") as folder:
        yield f"sqlite:///{Path(folder) / 'tiltak.db'}"


def _measure(name: str, url: str, count: int, workflows: Workflows) -> None:
    migrate(url)
    store = open_store(url, organisation=organisation())
    fill(store, _actions(count))
    _settle(store)
    settle_in()
    early, due_day = now(TODAY - timedelta(days=1)), now()
    idle = median(_timed(lambda: sweep(store, store, workflows, now=early)) for _ in range(ROUNDS))
    swept = _timed(lambda: sweep(store, store, workflows, now=due_day))
    packed = _timed(lambda: pack_ripe(store, store, now=due_day + timedelta(hours=4), host="agency.example"))
    read = median(_timed(lambda: _read(store, "Q-7")) for _ in range(ROUNDS))
    size = f"{_size(store) / 2**20:,.0f} MB"
    print(
        f"{name:<11}{count:>11,}{idle * 1e3:>10.2f} ms{swept:>19.2f} s{packed:>8.2f} s{read * 1e3:>13.1f} ms{size:>10}",
        flush=True,
    )
    store.close()


def _actions(count: int) -> Iterator[Case]:
    """A thousand wake today and the rest in the months to come; every twenty belong to a plan of their own."""
    for number in range(1, count + 1):
        wake = TODAY if number % (count // DUE) == 0 else TODAY + timedelta(days=1 + number % 90)
        ref = f"Q-{number // PLAN_OF}"
        if number == 1 or number % PLAN_OF == 0:
            yield plan().evolve(ref=ref, plan=ref)
        yield action(number, due=wake, wake_on=wake).evolve(plan=ref, parent=ref)


def _settle(store: SqlStore) -> None:
    """What a database does by itself in time: PostgreSQL learns its statistics, SQLite puts its log away."""
    with store.engine.connect() as connection:
        if store.engine.dialect.name == "postgresql":
            connection.execution_options(isolation_level="AUTOCOMMIT").execute(text("VACUUM ANALYZE"))
        else:
            connection.exec_driver_sql("COMMIT")
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")


def _read(store: SqlStore, plan: str) -> None:
    """What the page of a plan asks for."""
    refs = [case.ref for case in store.cases(plan)]
    for ask in (store.occurrences, store.holds, store.deadlines, store.waiting_notices):
        ask(refs)


def _size(store: SqlStore) -> int:
    page = "SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()"
    whole = page if store.engine.dialect.name == "sqlite" else "SELECT pg_database_size(current_database())"
    with store.engine.connect() as connection:
        return int(connection.execute(text(whole)).scalar_one())


def _timed(work: Callable[[], object]) -> float:
    begun = perf_counter()
    work()
    return perf_counter() - begun


if __name__ == "__main__":
    main()
