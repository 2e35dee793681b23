"""The rule files: check them, show them as sentences, draw them."""

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from engine.errors import Faulty, NotFound, TiltakError
from engine.machine import mermaid
from engine.workflow import Workflow
from tiltak.calendars import horizons_in_use, named, sendable
from tiltak.commands.activation import activate_rules
from tiltak.options import Language, Options, Spoken
from tiltak.output import json_line, say, table
from tiltak.wiring import load_workflows
from workflows.checker import Verdict
from workflows.describe import asks, rules
from workflows.describe import table as moves
from workflows.horizon import NORWEGIAN, Horizon
from workflows.loading import SHIPPED, files, inspect
from workflows.plot import shown
from workflows.silence import Silence

app = typer.Typer(help="The state machines and rules of follow-up: check, show, draw.", no_args_is_help=True)
Files = Annotated[list[Path] | None, typer.Argument(help="Workflow files; else every file in use.", dir_okay=False)]
Name = Annotated[str, typer.Argument(help="A workflow file, or the name of one in use.")]
app.command("activate")(activate_rules)


@app.command("check")
def check(
    context: typer.Context, files: Files = None, as_json: Annotated[bool, typer.Option("--json")] = False
) -> None:
    """Judge rule files: what is wrong with them, and how long the coordinator could hear nothing at the worst."""
    refused, seen = 0, horizons_in_use(context.obj.settings())
    if not as_json:
        say(f"The figures hold for {named(seen)}, and letters leave on {sendable(seen[0])}.\n")
    for path in files or _in_use(context.obj):
        try:
            workflow, verdict = _inspect(path, seen)
        except Faulty as faulty:
            refused += 1
            _refuse(path, faulty, as_json=as_json)
            continue
        refused += bool(verdict.faults)
        _report(path, workflow, verdict, as_json=as_json)
    if refused:
        raise typer.Exit(1)


@app.command("show")
def show(context: typer.Context, workflow: Name, language: Spoken = Language.en) -> None:
    """Tell a workflow in words: its moves as a table, its rules as sentences."""
    found = _find(context.obj, workflow)
    table(
        f"{found.label.say(language)} ({found.key})",
        ("move", "from", "to", "who", "needs", "reply with"),
        [(it.label, it.source, it.dest, it.by, it.needs, it.words) for it in moves(found, language)],
    )
    if found.asks:
        table(
            "what may be asked for without moving the case",
            ("ask", "in", "who", "needs", "takes", "reply with", "tells"),
            [(it.label, it.source, it.by, it.needs, it.takes, it.words, it.tells) for it in asks(found, language)],
        )
    for rule in rules(found, language):
        say(f"\n{rule.id}: {rule.applies}")
        for sentence in rule.sentences:
            say(f"  · {sentence}")


@app.command("draw")
def draw(context: typer.Context, workflow: Name, language: Spoken = Language.en) -> None:
    """Draw a workflow as a Mermaid state diagram."""
    typer.echo(mermaid(_find(context.obj, workflow), language))


def _in_use(options: Options) -> list[Path]:
    own = options.settings().service.workflows_dir
    return [*files(SHIPPED), *(files(own) if own else ())]


def _inspect(path: Path, seen: Sequence[Horizon] = (NORWEGIAN,)) -> tuple[Workflow, Verdict]:
    try:
        return inspect(path.read_text(encoding="utf-8"), str(path), horizons=seen)
    except FileNotFoundError as error:
        raise NotFound("workflow file", str(path)) from error
    except UnicodeDecodeError as error:
        raise TiltakError(f"{path} is not a text in UTF-8") from error


def _refuse(path: Path, faulty: Faulty, *, as_json: bool) -> None:
    if as_json:
        json_line({"file": str(path), "accepted": False, "faults": [asdict(fault) for fault in faulty.faults]})
    else:
        say(f"{path} is refused:\n{faulty}\n")


def _report(path: Path, workflow: Workflow, verdict: Verdict, *, as_json: bool) -> None:
    allowed, watcher = workflow.guard.max_silence, workflow.guard.watcher
    if as_json:
        silence = {state: _facts(state, it, watcher) for state, it in verdict.silence.items()}
        faults = [asdict(fault) for fault in verdict.faults]
        guard = {"watcher": watcher, "max_silence": str(allowed)}
        json_line({"file": str(path), "accepted": not faults, "faults": faults, "guard": guard, "silence": silence})
        return
    if verdict.faults:
        say(f"{path} is refused:")
        for fault in verdict.faults:
            say(str(fault))
    table(
        f"{workflow.key}: worst silence towards the {watcher} (allowed: {allowed})",
        ("state", "days", "calendar", "from", "until"),
        [_row(state, it) for state, it in verdict.silence.items()],
    )
    for state, it in verdict.silence.items():
        say(f"\n{state}, at the worst:")
        turns = it.plot.turns(state, watcher) if it.plot else ()
        for day, what in turns:
            say(f"  {shown(day)}: {what}")
        if not it.plot:
            say(f"  {it.why}")
    say("")


def _row(state: str, it: Silence) -> tuple[object, ...]:
    if not it.plot:
        return state, "without end" if it.endless else it.days, it.country, "", ""
    return state, it.days, it.country, it.plot.word or "the beginning", it.plot.next_word


def _facts(state: str, it: Silence, watcher: str) -> dict[str, object]:
    turns = it.plot.turns(state, watcher) if it.plot else ()
    path = [{"day": str(day), "what": what} for day, what in turns]
    return {"days": None if it.endless else it.days, "why": it.why, "calendar": it.country, "path": path}


def _find(options: Options, name: str) -> Workflow:
    if Path(name).is_file():
        return _inspect(Path(name))[0]
    return load_workflows(options.settings(), proven=False).latest(name)
