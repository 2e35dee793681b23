"""Why this mail, why no mail, and what comes next."""

from dataclasses import asdict
from typing import Annotated

import typer

from tiltak.options import Language, Spoken, parse_day
from tiltak.output import json_line, say
from tiltak.wiring import open_service
from workflows.explain import Facts, explain

Ref = Annotated[str, typer.Argument(help="A case's ref.")]
On = Annotated[str, typer.Option("--on", help="Only what was decided or planned on a day, YYYY-MM-DD.")]


def explain_case(
    context: typer.Context,
    ref: Ref,
    on: On = "",
    until: Annotated[str, typer.Option(help="With --on: up to this day.")] = "",
    language: Spoken = Language.en,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object.")] = False,
) -> None:
    """Say in words why somebody was told about a case, why nobody was, and what comes next if nobody acts."""
    service = open_service(context.obj)
    facts = Facts.of(service.store, ref, service.desk.today())
    found = explain(facts, service.workflows, language=language, on=parse_day(on), until=parse_day(until))
    if as_json:
        json_line(asdict(found))
        return
    say(found.standing)
    for lines in filter(None, (found.redirected, found.decided, found.rules, found.coming)):
        say("")
        for line in lines:
            say(f"  {line}")
