"""A command imports what it needs and nothing more, so that nobody waits for the rest of the service."""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer.main

from tests.notifications.reading.mails import raw
from tiltak.cli import app
from tiltak.roster import Named

PAGES = {"fastapi", "starlette", "uvicorn", "web", "jinja2", "babel"}
RULES = {"workflows", "yaml"}
DATABASE = {"sqlalchemy", "sqlmodel", "store"}
OTHERS = {"aiosmtplib", "aiosmtpd", "apscheduler", "procrastinate", "psycopg", "imap_tools", "authheaders", "rich"}
TOLD = """
import json, sys
from tiltak.cli import main
try:
    main(sys.argv[1:])
finally:
    json.dump([*sys.modules], sys.stderr)
"""


def imported(folder: Path, *arguments: str) -> set[str]:
    """What a command has imported when it ends well."""
    command = [sys.executable, "-c", TOLD, *arguments]
    done = subprocess.run(command, cwd=folder, input=raw("gjort"), capture_output=True, timeout=60, check=True)
    return set(json.loads(done.stderr))


def test_a_mail_servers_pipe_waits_for_the_database_and_for_nothing_else(tmp_path: Path) -> None:
    imported(tmp_path, "migrate")
    modules = imported(tmp_path, "mail", "receive")
    assert modules >= DATABASE
    assert modules.isdisjoint(PAGES | RULES | OTHERS | {"alembic", "notifications.readers", "tiltak.wiring"})


def test_reading_a_mail_asks_no_database_proves_no_rules_and_makes_no_page(tmp_path: Path) -> None:
    (tmp_path / "a.eml").write_bytes(raw("gjort"))
    modules = imported(tmp_path, "mail", "parse", "--json", "a.eml")
    assert "workflows.loading" in modules
    assert modules.isdisjoint(PAGES | DATABASE | OTHERS - {"rich"} | {"tiltak.wiring", "workflows.silence"})


def test_help_needs_none_of_the_commands(tmp_path: Path) -> None:
    modules = imported(tmp_path, "--help")
    assert not [it for it in modules if it.startswith("tiltak.commands.")]
    assert modules.isdisjoint(PAGES | RULES | DATABASE | OTHERS - {"rich"})


def named(group: Any) -> Iterator[Named]:
    for command in group.commands.values():
        if isinstance(command, Named):
            yield command
            yield from named(command.bring()) if hasattr(command.bring(), "commands") else ()


@pytest.mark.parametrize("command", list(named(typer.main.get_command(app))), ids=lambda it: it.place)
def test_the_list_of_commands_says_what_each_says_of_itself(command: Named) -> None:
    assert str(command.bring().help).split("\n")[0] == command.help
