"""Find the programs a test needs, or say why the test is skipped."""

import os
import shutil
from pathlib import Path

import pytest

NAMES = {"chromium": ("chromium", "chromium-browser", "google-chrome")}
APT = {"initdb": "postgresql", "pg_ctl": "postgresql", "dovecot": "dovecot-imapd", "doveadm": "dovecot-imapd"}


def need(tool: str) -> str:
    """The path of an executable; without it the test is skipped, or fails when TILTAK_REQUIRE_TOOLS=1."""
    for name in NAMES.get(tool, (tool,)):
        if found := shutil.which(name, path=os.pathsep.join(_folders())):
            return found
    reason = f"{tool} is not installed (Debian: apt install {APT.get(tool, tool)})"
    if os.environ.get("TILTAK_REQUIRE_TOOLS") == "1":
        pytest.fail(reason, pytrace=False)
    pytest.skip(reason)


def _folders() -> list[str]:
    # Debian keeps servers outside an ordinary user's PATH, and every PostgreSQL version in a folder of its own.
    postgresql = sorted(
        Path("/usr/lib/postgresql").glob("*/bin"), key=lambda each: float(each.parent.name), reverse=True
    )
    return [*os.environ.get("PATH", "").split(os.pathsep), *map(str, postgresql), "/usr/sbin", "/sbin"]
