"""A year's forecast of a thousand actions, as the overview and the digest ask for it."""

import argparse
from datetime import timedelta
from statistics import median
from time import perf_counter

from bench.ground import TODAY, UNITS, action, register
from engine.foresight import Outlook
from tiltak.serving import settle_in
from workflows.loading import load

ROUNDS = 5


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=int, default=1_000)
    count = parser.parse_args().cases
    # dates spread over the year, so that the cases share as few sums as they would in real plans
    cases = [action(n, due=TODAY + timedelta(days=7 + n % 350), wake_on=TODAY) for n in range(1, count + 1)]
    outlook = Outlook.of(load(), register(), {}, {})
    settle_in()  # as `serve` does
    times, found = [], 0
    for _ in range(ROUNDS):
        begun = perf_counter()
        found = len(outlook.cases(cases, today=TODAY, until=TODAY + timedelta(days=366)))
        times.append(perf_counter() - begun)
    print(f"{count:,} actions of {UNITS} units, {found:,} decisions foreseen")
    print(f"first  {times[0]:6.2f} s")
    print(f"median {median(times):6.2f} s    (promised: under 0.5)")


if __name__ == "__main__":
    main()
