"""`python -m tests.simulation --seeds 1000` hunts; `--seed N --trace` lives one life again and tells it."""

import argparse
import logging
import os
import sys
import time
import traceback

from tests.simulation.life import live
from tests.simulation.lives import Fresh, databases
from tests.simulation.promises import Broken

STEPS = 40


def main() -> int:
    asked = _asked()
    logging.disable(logging.CRITICAL)
    seeds = [asked.seed] if asked.seed is not None else range(asked.start, asked.start + asked.seeds)
    broken: list[int] = []
    with databases(postgres=asked.postgres) as fresh:
        for count, seed in enumerate(seeds, 1):
            if not _one(seed, fresh, asked):
                broken.append(seed)
                if asked.first:
                    break
            if count % 100 == 0:
                print(f"{count} lives, {len(broken)} broken", flush=True)
    print(f"{len(seeds)} lives of {asked.steps} steps, broken: {broken or 'none'}")
    return 1 if broken else 0


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.simulation", description=__doc__)
    parser.add_argument("--seed", type=int, help="live this life")
    parser.add_argument("--seeds", type=int, default=100, help="live so many lives")
    parser.add_argument("--start", type=int, default=0, help="the first of them")
    parser.add_argument("--first", action="store_true", help="stop at the first that breaks a promise")
    parser.add_argument("--steps", type=int, default=STEPS, help="how long each is")
    parser.add_argument("--trace", action="store_true", help="tell every step, not only those of a life that broke")
    parser.add_argument("--postgres", action="store_true", help="on PostgreSQL instead of SQLite")
    return parser.parse_args()


def _one(seed: int, fresh: Fresh, asked: argparse.Namespace) -> bool:
    told: list[str] = []
    try:
        live(seed, fresh(), steps=asked.steps, say=print if asked.trace else told.append)
    except Broken as broken:
        print("\n".join([f"== seed {seed}", *told[-12:], f"BROKEN {broken}"]))
        print(f"   again: python -m tests.simulation --seed {seed} --steps {asked.steps} --trace", flush=True)
        if broken.__cause__ and asked.trace:
            traceback.print_exception(broken.__cause__)
        return False
    return True


if __name__ == "__main__":
    os.environ["TZ"] = "Pacific/Kiritimati"  # the server's zone is nobody's business
    time.tzset()
    sys.exit(main())
