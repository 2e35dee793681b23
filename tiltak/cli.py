"""`tiltak`: the commands, and what a refusal looks like on a terminal (exit 0 ok, 1 problem, 2 usage)."""

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Final

import typer

from engine.errors import SettingsError, TiltakError
from tiltak.options import Options
from tiltak.roster import Entry, roster

COMMANDS: Final[dict[str, Entry]] = {
    "demo": ("demo:demo", "Let a plan live through its year on this machine. No mail leaves it."),
    "serve": ("serving:serve", "Follow every plan until the system says stop: sweep, deliver, answer on the web."),
    "worker": (
        "serving:worker",
        "Sweep and deliver until the system says stop, where runner.kind is procrastinate; any number side by side.",
    ),
    "tick": ("running:tick", "Make one round now: decide what is due, pack what may leave, deliver it."),
    "migrate": (
        "running:migrate_database",
        "Bring the database up to this version's schema. `serve` does so too.",
    ),
    "import": ("plans:import_plan", "Adopt a plan file. It is taken whole, or refused with every fault in it."),
    "draft": (
        "drafts:draft_plan",
        "Make a draft plan from a Word, Excel, PDF, CSV or text file, with every hole marked. Nothing is imported.",
    ),
    "export": ("plans:export", "Write a plan as it stands as a plan file."),
    "report": (
        "report:report",
        "Write the report on a plan: what is and will be done, by whom and when. A draft on any day.",
    ),
    "history": ("plans:history", "Tell what happened to a case, in order."),
    "explain": (
        "explain:explain_case",
        "Say in words why somebody was told about a case, why nobody was, and what comes next if nobody acts.",
    ),
    "simulate": (
        "simulate:simulate_year",
        "Show every mail of a year before it is sent. Nothing is stored, nothing leaves.",
    ),
    "workflows": ("workflows:app", "The state machines and rules of follow-up: check, show, draw."),
    "regimes": (
        "regimes:show_regimes",
        "Show the rules of authorities that a plan file may name, with their deadlines.",
    ),
    "mail": ("mail:app", "Letters out, and mail in."),
    "clock": ("running:clock", "The computer's clock, when it is doubted."),
    "grant": ("grants:grant", "Give somebody a role: what they see on the pages, and what they may do there."),
    "grants": ("grants:grants", "Show every role that was granted."),
    "session": ("sessions:app", "Who is signed in on the pages."),
    "link": ("links:app", "Links in letters, by which people answer without signing in."),
    "absence": ("absences:app", "Who is away, and who stands in."),
    "address": ("addresses:app", "Mail addresses to which nothing is sent any more."),
}

app = typer.Typer(
    name="tiltak",
    help="Keeps follow-up plans alive: no action can stall in silence.",
    cls=roster(COMMANDS),
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


def main(arguments: Sequence[str] | None = None) -> None:
    """The console script. A refusal is a sentence on standard error, never a traceback."""
    try:
        app(arguments)
    except TiltakError as error:
        sys.stderr.write(f"tiltak: {error}\n")
        sys.exit(2 if isinstance(error, SettingsError) else 1)
