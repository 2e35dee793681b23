"""The report after a year, on any day, in any format."""

import sys
from datetime import datetime
from pathlib import Path
from typing import Annotated, Literal, get_args

import typer

from engine.errors import TiltakError
from reports.yearly.formats import BINARY, Format, report_file
from reports.yearly.reckoning import year_report
from tiltak.wiring import open_service

Language = Literal["nb", "nn", "en"]


def report(
    context: typer.Context,
    ref: Annotated[str, typer.Argument(help="The plan's ref.")],
    format: Annotated[Format | None, typer.Option(help="Else by the file's name, else html.")] = None,
    on: Annotated[
        datetime | None,
        typer.Option(formats=["%Y-%m-%d"], help="As the plan stood at the end of this day; else today."),
    ] = None,
    language: Annotated[Language | None, typer.Option("--language", help="Else the organisation's.")] = None,
    output: Annotated[Path | None, typer.Option("--output", "-o", help="Write to a file instead.")] = None,
) -> None:
    """Write the report on a plan: what is and will be done, by whom and when. A draft on any day."""
    wanted: Format = format or _by_name(output)
    if wanted in BINARY and output is None and sys.stdout.isatty():
        raise TiltakError(f"{wanted} is nothing for a terminal; name a file with -o, or send it through a pipe")
    service = open_service(context.obj, proven=False)
    today = service.desk.today()
    found = year_report(service.store, service.workflows, ref, on=on.date() if on else today, today=today)
    data = report_file(found, wanted, language or found.language)
    if output:
        output.write_bytes(data)
    else:
        sys.stdout.buffer.write(data)


def _by_name(output: Path | None) -> Format:
    suffix = output.suffix.lower().removeprefix(".") if output else ""
    return next((it for it in get_args(Format) if it == suffix), "html")
