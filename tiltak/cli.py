"""`tiltak`: the commands, and what a refusal looks like on a terminal (exit 0 ok, 1 problem, 2 usage)."""

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from engine.errors import SettingsError, TiltakError
from tiltak.commands import (
    absences,
    addresses,
    demo,
    explain,
    grants,
    inbox,
    mail,
    parse,
    plans,
    running,
    sessions,
    simulate,
    workflows,
)
from tiltak.output import complain
from tiltak.wiring import Options

app = typer.Typer(
    name="tiltak",
    help="Keeps follow-up plans alive: no action can stall in silence.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)


@app.callback()
def options(
    context: typer.Context,
    config: Annotated[
        Path | None, typer.Option(help="Settings file; else TILTAK_CONFIG, else ./tiltak.toml.", dir_okay=False)
    ] = None,
) -> None:
    """Keeps follow-up plans alive: no action can stall in silence."""
    context.obj = Options(config)


app.command("demo")(demo.demo)
app.command("serve")(running.serve)
app.command("worker")(running.worker)
app.command("tick")(running.tick)
app.command("migrate")(running.migrate_database)
app.command("import")(plans.import_plan)
app.command("export")(plans.export)
app.command("history")(plans.history)
app.command("explain")(explain.explain_case)
app.command("simulate")(simulate.simulate_year)
app.add_typer(workflows.app, name="workflows")
mail.app.command("receive")(inbox.receive)
mail.app.command("list")(inbox.show_list)
mail.app.command("show")(inbox.show)
mail.app.command("attach")(inbox.attach_mail)
mail.app.command("drop")(inbox.drop_mail)
mail.app.command("parse")(parse.parse_mail)
app.add_typer(mail.app, name="mail")
app.add_typer(running.clock, name="clock")
app.command("grant")(grants.grant)
app.command("grants")(grants.grants)
app.add_typer(sessions.app, name="session")
app.add_typer(absences.app, name="absence")
app.add_typer(addresses.app, name="address")


def main(arguments: Sequence[str] | None = None) -> None:
    """The console script. A refusal is a sentence on standard error, never a traceback."""
    try:
        app(arguments)
    except TiltakError as error:
        complain(error)
        sys.exit(2 if isinstance(error, SettingsError) else 1)
