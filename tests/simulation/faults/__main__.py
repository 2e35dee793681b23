"""How many lives pass before the simulation notices that the service is broken.

python -m tests.simulation.faults                # every fault; ends with 1 when one is not noticed
python -m tests.simulation.faults "no lease"     # one of them
"""

import argparse
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.simulation.faults import FAULTS, ROOT, Fault

PARTS = ("engine", "workflows", "notifications", "store", "reports", "web", "tiltak", "tests", "examples")


def main() -> int:
    asked = _asked()
    chosen = [it for it in FAULTS if not asked.words or any(word in it.what for word in asked.words)]
    unseen = 0
    print(f"{'broken':<52}{'lives until noticed':>20}  by")
    for fault in chosen:
        lives, promise = _noticed(fault, asked.seeds, asked.start)
        unseen += not promise
        print(f"{fault.what:<52}{lives if promise else 'more than ' + str(lives):>20}  {promise or '-'}", flush=True)
    return 1 if unseen else 0


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("words", nargs="*", metavar="FAULT", help="those whose name holds one of these")
    parser.add_argument("--seeds", type=int, default=60, help="give up after so many lives")
    parser.add_argument("--start", type=int, default=0, help="the first of them")
    return parser.parse_args()


def _noticed(fault: Fault, seeds: int, start: int) -> tuple[int, str]:
    """How many lives it took, and the promise that was broken; empty when none was."""
    with _broken(fault) as place:
        life = (sys.executable, "-m", "tests.simulation", "--seeds", str(seeds), "--start", str(start), "--first")
        said = subprocess.run(
            life, cwd=place, env=os.environ | {"PYTHONPATH": str(place)}, capture_output=True, text=True
        )
    broken = [line.removeprefix("BROKEN ") for line in said.stdout.splitlines() if line.startswith("BROKEN ")]
    lived = [line.removeprefix("== seed ") for line in said.stdout.splitlines() if line.startswith("== seed ")]
    if said.returncode not in (0, 1) or (said.returncode and not broken):
        raise RuntimeError(f"{fault.what}: {said.stderr[-6000:]}")
    return (int(lived[0]) - start + 1, broken[0].partition(":")[0]) if broken else (seeds, "")


@contextmanager
def _broken(fault: Fault) -> Iterator[Path]:
    with TemporaryDirectory(prefix="tiltak-broken-") as folder:
        place = Path(folder)
        for part in PARTS:
            shutil.copytree(ROOT / part, place / part, ignore=shutil.ignore_patterns("__pycache__"))
        path = place / fault.path
        path.write_text(path.read_text(encoding="utf-8").replace(fault.was, fault.becomes), encoding="utf-8")
        yield place


if __name__ == "__main__":
    sys.exit(main())
