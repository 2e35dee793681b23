"""A draft plan from somebody's document. It writes a file, and nothing else."""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

from engine.errors import TiltakError
from engine.people import Register
from reports.drafting.apart import draft_apart
from reports.drafting.draft import Draft, Entry, Known
from reports.drafting.template import template
from reports.drafting.words import say as said
from reports.drafting.words import where
from reports.drafting.yaml_text import account, write_draft
from store.sql import peek
from tiltak.options import Language, Options, Spoken
from tiltak.output import json_line, say

File = Annotated[
    Path | None,
    typer.Argument(help="A .docx, .xlsx, .pdf, .csv or .txt file.", exists=True, dir_okay=False, readable=True),
]
Output = Annotated[Path | None, typer.Option("--output", "-o", help="The file to write; it must not exist yet.")]
Template = Annotated[
    bool, typer.Option("--template", help="Write an empty .xlsx to fill a plan into, and read no document.")
]
Json = Annotated[bool, typer.Option("--json", help="Print what was found as one JSON object; no file is written.")]


def draft_plan(
    context: typer.Context,
    file: File = None,
    output: Output = None,
    language: Spoken = Language.en,
    empty: Template = False,
    as_json: Json = False,
) -> None:
    """Make a draft plan from a Word, Excel, PDF, CSV or text file, with every hole marked. Nothing is imported."""
    if output and output.exists():
        raise TiltakError(f"{output} is there already; name another file, or move it away")
    register = _register(context.obj)
    if empty:
        _write_template(file, output, register, language)
        return
    if file is None:
        raise typer.BadParameter("name the document to read, or ask for an empty one with --template")
    found = draft_apart(file.read_bytes(), file.name, _known(register) if register else None)
    if as_json:
        json_line(_facts(found, language))
    elif not found.refused:
        text = write_draft(found, register, language)
        if output:
            output.write_text(text, encoding="utf-8")
        else:
            typer.echo(text, nl=False)
    if not as_json and (output or found.refused):
        for sentence in account(found, language):
            say(sentence)
    if found.refused:
        raise typer.Exit(1)


def _write_template(file: Path | None, output: Path | None, register: Register | None, language: str) -> None:
    if file or not output:
        raise typer.BadParameter("--template reads no document, and needs -o with the name of the .xlsx to write")
    output.write_bytes(template(register, language))
    say(f"{output} is ready to be filled in; then: tiltak draft {output} -o plan.yaml")


def _register(options: Options) -> Register | None:
    """Whom the service knows; None where there are no settings, or no database yet. Nothing is made or changed."""
    if options.file is None:
        return None
    settings = options.settings()
    return peek(settings.service.database, settings.organisation.key)


def _known(register: Register) -> Known:
    own = register.organisation
    return Known(
        units={it.code: (it.name.nb, it.name.nn, it.name.en) for it in register.units.values()},
        own=(own.key, own.name.nb, own.name.nn, own.name.en),
    )


def _facts(found: Draft, language: str) -> dict[str, Any]:
    return {
        "recommendations": [_entry(it, language) for it in found.recommendations],
        "actions": [_entry(it, language) for it in found.actions],
        "units": [{"name": name, "code": code or None} for name, code in (found.units or {}).items()],
        "dates": [{"written": written, "where": where(place, language)} for written, place in found.days],
        "amounts": list(found.amounts),
        "holes": [said(it, language) for it in found.holes],
        "account": account(found, language),
    }


def _entry(it: Entry, language: str) -> dict[str, Any]:
    marks: dict[str, Sequence[str]] = {
        "holes": [said(each, language) for each in it.holes],
        "checks": [said(each, language) for each in it.checks],
    }
    return {**it.facts, "where": where(it.found.place, language), "source": it.found.source, **marks}
