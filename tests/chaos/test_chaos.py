"""The short form of `make chaos`: real processes, real databases, real mail, and kills at random moments."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.needed_tools import need

ROOT = Path(__file__).parents[2]
SHORT = ("--kills", "24", "--actions", "48")


@pytest.mark.parametrize("kind", ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def test_processes_that_are_killed_lose_nothing_and_repeat_only_whole_letters(kind: str) -> None:
    if kind == "postgresql":
        need("initdb")
    seed = ("--seed", "1") if "CI" in os.environ else ()
    command = (sys.executable, "-m", "tests.chaos", "--database", kind, *SHORT, *seed)
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert re.search(r"kills 24 .*lost  0\n.*wrong 0\n", done.stdout, re.DOTALL), done.stdout
