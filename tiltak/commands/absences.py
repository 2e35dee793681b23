"""Who is away, and who stands in: add, end, list."""

from typing import Annotated

import typer

from engine.people import Absence
from tiltak.commands.simulate import parse_day
from tiltak.output import say, table
from tiltak.wiring import open_service

app = typer.Typer(help="Who is away, and who stands in.", no_args_is_help=True)
Person = Annotated[str, typer.Argument(help="A person's key.")]
Day = Annotated[str, typer.Argument(help="YYYY-MM-DD.")]


@app.command("add")
def add(
    context: typer.Context,
    person: Person,
    first: Day,
    last: Annotated[str, typer.Option(help="The last day away; left out: until further notice.")] = "",
    substitute: Annotated[str, typer.Option(help="The key of whoever stands in; left out: the unit.")] = "",
) -> None:
    """Say that somebody is away: letters and the right to act go to the substitute."""
    begins = parse_day(first)
    assert begins
    away = Absence(person=person, first=begins, last=parse_day(last), substitute=substitute)
    open_service(context.obj).desk.absent(away)
    until = f"to {last}" if last else "until further notice"
    say(f"{person} is away from {first} {until}; {substitute or 'nobody'} stands in")


@app.command("end")
def end(context: typer.Context, person: Person, day: Day) -> None:
    """Say that somebody is back on a day."""
    back = parse_day(day)
    assert back
    open_service(context.obj).desk.back(person, back)
    say(f"{person} is back on {day}")


@app.command("list")
def show(context: typer.Context) -> None:
    """Show every absence that is known."""
    register = open_service(context.obj).store.register()
    rows = [(it.person, it.first, it.last or "further notice", it.substitute or "–") for it in register.absences]
    table("", ("person", "first", "last", "substitute"), rows)
