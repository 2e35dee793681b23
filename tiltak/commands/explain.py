"""Why this mail, why no mail, and what comes next."""

from dataclasses import asdict
from datetime import date
from typing import Annotated

import typer

from tiltak.commands.simulate import parse_day
from tiltak.commands.workflows import Language, Spoken
from tiltak.output import json_line, say
from tiltak.wiring import Service, open_service
from workflows.explain import Explanation, Facts, explain

Ref = Annotated[str, typer.Argument(help="A case's ref.")]
On = Annotated[str, typer.Option("--on", help="Only what was decided or planned on a day, YYYY-MM-DD.")]


def explain_case(
    context: typer.Context,
    ref: Ref,
    on: On = "",
    language: Spoken = Language.en,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object.")] = False,
) -> None:
    """Say in words why somebody was told about a case, why nobody was, and what comes next if nobody acts."""
    found = _explained(open_service(context.obj), ref, parse_day(on), language)
    if as_json:
        json_line(asdict(found))
        return
    say(found.standing)
    for lines in (found.decided, found.rules, found.coming):
        say("")
        for line in lines:
            say(f"  {line}")


def _explained(service: Service, ref: str, on: date | None, language: str) -> Explanation:
    store = service.store
    facts = Facts(
        case=store.case(ref),
        notices=store.notices(ref),
        occurrences=store.occurrences([ref]).get(ref, ()),
        holds=store.holds([ref]).get(ref, ()),
        register=store.register(),
        today=service.desk.today(),
    )
    return explain(facts, service.workflows, language=language, on=on)
