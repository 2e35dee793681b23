"""Plans in and out, and what happened to a case: import, export, history."""

import json
from dataclasses import asdict, replace
from pathlib import Path
from typing import Annotated

import typer

from engine.calendar import day_of
from engine.case import Event
from engine.draft import PlanDraft
from engine.errors import TiltakError
from engine.people import Register
from engine.roles import name_of
from engine.workflow import Workflows
from reports.plan_file import read_plan, write_plan
from store.sql import SqlStore
from tiltak.output import json_line, say, table
from tiltak.storing import stored
from tiltak.wiring import open_service

Json = Annotated[bool, typer.Option("--json", help="Print facts as JSON, one object per line.")]


def import_plan(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(help="A plan file (YAML).", exists=True, dir_okay=False)],
    as_json: Json = False,
) -> None:
    """Adopt a plan file. It is taken whole, or refused with every fault in it."""
    service = open_service(context.obj)
    plan = service.desk.adopt(replace(read_file(file, service.workflows), organisation=None), by="operator")
    cases = [case for case in service.store.cases(plan.ref) if case.ref != plan.ref]
    if as_json:
        json_line({"plan": plan.ref, "cases": [case.ref for case in cases]})
    else:
        say(f"{plan.ref} is adopted with {len(cases)} cases. The next sweep begins to follow it.")


def read_file(file: Path, workflows: Workflows) -> PlanDraft:
    """A plan file from disk; TiltakError when it is no text, Faulty when it is no plan."""
    try:
        text = file.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise TiltakError(f"{file} is not a text in UTF-8; save it as UTF-8 and try again") from error
    return read_plan(text, str(file), workflows=workflows)


def export(
    context: typer.Context,
    ref: Annotated[str, typer.Argument(help="The plan's ref.")],
    output: Annotated[Path | None, typer.Option("--output", "-o", help="Write to a file instead.")] = None,
) -> None:
    """Write a plan as it stands as a plan file."""
    text = write_plan(open_service(context.obj, proven=False).desk.draft(ref))
    if output:
        output.write_text(text, encoding="utf-8")
    else:
        typer.echo(text, nl=False)


def history(
    context: typer.Context,
    ref: Annotated[str, typer.Argument(help='A case\'s ref, or "verify" to check every hash chain.')],
    as_json: Json = False,
) -> None:
    """Tell what happened to a case, in order."""
    store = stored(context.obj.settings())
    if ref == "verify":
        _verify(store)
        return
    store.case(ref)
    events, register = store.history(ref), store.register()
    if as_json:
        for event in events:
            json_line(asdict(event))
    else:
        table(ref, ("", "when", "who", "what", "text"), [_line(event, register) for event in events])


def _verify(store: SqlStore) -> None:
    broken = store.broken_chains()
    for sentence in broken:
        say(sentence)
    if broken:
        raise typer.Exit(1)
    say("every history is whole")


def _line(event: Event, register: Register) -> tuple[object, ...]:
    who = name_of(event.by, register).say(register.organisation.language)
    whom = f" for {name_of(event.for_whom, register).say(register.organisation.language)}" if event.for_whom else ""
    change = f"{event.source} → {event.dest}" if event.source != event.dest else ""
    facts = json.dumps(dict(event.facts), ensure_ascii=False) if event.facts else ""
    when = day_of(event.at, register.organisation.zone)
    return event.seq, when, who + whom, f"{event.move} {change}".strip(), event.text or facts
