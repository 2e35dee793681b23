"""A document is read in a process beside ours, for this one document: what it does to its reader, it does to nobody."""

import os
import pickle
import subprocess
import sys
from typing import Final

from reports.drafting.contents import refused
from reports.drafting.draft import Draft, Known

SECONDS: Final = 60.0
MEMORY: Final = 1 << 30  # of address space


def draft_apart(raw: bytes, name: str, known: Known | None, *, seconds: float = SECONDS, memory: int = MEMORY) -> Draft:
    """The draft, refused when its reader takes too long or too much memory."""
    try:
        done = subprocess.run(
            [sys.executable, "-m", "reports.drafting.child"],
            input=pickle.dumps((raw, name, known, memory)),
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,  # a traceback may hold what somebody wrote
            env=os.environ | {"PYTHONPATH": os.pathsep.join(path for path in sys.path if path)},
            timeout=seconds,
            check=True,
        )
    except (subprocess.TimeoutExpired, subprocess.CalledProcessError):
        return Draft(name=name, contents=refused("gave_up"))
    found = pickle.loads(done.stdout)
    assert isinstance(found, Draft)
    return found
