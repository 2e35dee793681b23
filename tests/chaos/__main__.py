"""Kill the service a thousand times and count: `make chaos`, or `python -m tests.chaos --kills 50 --seed 7`."""

import argparse
import logging
import signal
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from random import SystemRandom
from time import perf_counter

import pytest

from store.migrate import migrate
from tests.chaos.board import Moment
from tests.chaos.run import Outcome, Run, storm
from tests.chaos.storm import Stuck
from tests.postgres_server import postgres_server

FEWEST = {"postgresql": 4, "sqlite": 2}
WHAT = {"embedded": "processes", "procrastinate": "workers"}


def main() -> None:
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("stopped"))
    logging.getLogger("tiltak").addHandler(logging.NullHandler())  # the parent says its own lines only
    asked = _asked()
    seed = asked.seed or str(SystemRandom().randrange(10**9))
    print(f"seed {seed}", flush=True)
    where = "postgresql" if asked.runner == "procrastinate" else asked.database  # there are no jobs elsewhere
    kinds = FEWEST if where == "both" else (where,)
    runs = {
        kind: Run(seed, asked.kills, asked.processes or FEWEST[kind], asked.actions, asked.runner) for kind in kinds
    }
    kept = [_as_promised(kind, run) for kind, run in runs.items()]  # each is tried, whatever came of the one before
    if not all(kept):
        again = f"--seed {seed} --kills {asked.kills} --runner {asked.runner}"
        sys.exit(f"not as promised; again with: python -m tests.chaos {again}")


def _as_promised(kind: str, run: Run) -> bool:
    began = perf_counter()
    try:
        with database(kind) as url:
            outcome = storm(url, run)
    except (Stuck, pytest.skip.Exception, pytest.fail.Exception) as error:
        print(f"{kind}: {error}", flush=True)
        return False
    tell(kind, run, outcome, perf_counter() - began)
    return outcome.verdict.good


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.chaos", description=__doc__)
    parser.add_argument("--kills", type=int, default=1000)
    parser.add_argument("--database", choices=("sqlite", "postgresql", "both"), default="both")
    parser.add_argument("--runner", choices=("embedded", "procrastinate"), default="embedded")
    parser.add_argument("--processes", type=int, help="by default 4 on PostgreSQL and 2 on SQLite")
    parser.add_argument("--actions", type=int, default=120)
    parser.add_argument("--seed", default="")
    return parser.parse_args()


@contextmanager
def database(kind: str) -> Iterator[str]:
    """The URL of a fresh database of one's own."""
    if kind == "postgresql":
        with postgres_server() as server:
            yield server.fresh()
        return
    memory = "/dev/shm" if Path("/dev/shm").is_dir() else None  # a kill is no power cut: nobody waits for a disk
    with tempfile.TemporaryDirectory(prefix="tiltak-chaos-", dir=memory) as folder:
        url = f"sqlite:///{Path(folder) / 'tiltak.db'}"
        migrate(url)
        yield url


def tell(kind: str, run: Run, outcome: Outcome, seconds: float) -> None:
    verdict, hits = outcome.verdict, outcome.hits
    print(
        f"{kind}: {run.processes} {WHAT[run.runner]}, {run.days} days, {verdict.errands} errands, "
        f"{verdict.news} pieces of news in {verdict.mails} mails, {seconds:.0f} s\n"
        f"  kills {hits.total()} ({', '.join(f'{hits[it]} {it.value}' for it in Moment)})\n"
        f"  lost  {len(verdict.lost)}\n"
        f"  extra {verdict.extra} ({verdict.unanswered} times the server took a mail and hung up)\n"
        f"  wrong {len(verdict.wrong)}",
        flush=True,
    )
    for name, count in outcome.complaints.most_common():
        print(f"  the log says {count} times: {name}")
    for sentence in [*verdict.lost[:20], *verdict.wrong[:20]]:
        print(f"  - {sentence}")


if __name__ == "__main__":
    main()
