"""A sweep with nothing due among a million open actions, beside a bare SELECT on the same index."""

import argparse
import sqlite3
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from statistics import median
from time import perf_counter

from bench.ground import TODAY, action, ground, now
from engine.sweep import sweep
from tiltak.serving import settle_in
from workflows.loading import load

BARE = "SELECT ref FROM cases WHERE org = 'bench' AND wake_on <= ? ORDER BY wake_on, ref LIMIT 1"
ROUNDS = 200


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=int, default=1_000_000)
    count = parser.parse_args().cases
    workflows = load()
    later = TODAY + timedelta(days=30)
    actions = (action(n, due=later, wake_on=TODAY + timedelta(days=1 + n % 30)) for n in range(1, count + 1))
    with ground(actions) as (store, path):
        settle_in()
        idle = timed(lambda: sweep(store, store, workflows, now=now()))
        bare = timed(_bare(path))
        print(f"{count:,} open cases, none due")
        print(f"sweep        {idle * 1e6:8.0f} µs  (the organisation's clock, then the index)")
        print(f"bare SELECT  {bare * 1e6:8.0f} µs  (connect, ask the index, close)")
        print(f"ratio        {idle / bare:8.1f}     (promised: a few)")


def timed(work: Callable[[], object]) -> float:
    """The median of many rounds, in seconds."""
    times = []
    for _ in range(ROUNDS):
        begun = perf_counter()
        work()
        times.append(perf_counter() - begun)
    return median(times)


def _bare(path: Path) -> Callable[[], object]:
    def ask() -> object:
        connection = sqlite3.connect(path)
        try:
            return connection.execute(BARE, (TODAY.isoformat(),)).fetchall()
        finally:
            connection.close()

    return ask


if __name__ == "__main__":
    main()
