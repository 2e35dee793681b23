"""Who is away, and who stands in: add, end, list."""

from typing import Annotated

import typer

from engine.absent import accept, decline
from engine.people import Absence
from tiltak.options import parse_day
from tiltak.output import say, table
from tiltak.storing import stored
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
    open_service(context.obj, proven=False).desk.absent(away)
    until = f"to {last}" if last else "until further notice"
    say(f"{person} is away from {first} {until}; {substitute or 'nobody'} stands in")


@app.command("end")
def end(context: typer.Context, person: Person, day: Day) -> None:
    """Say that somebody is back on a day."""
    back = parse_day(day)
    assert back
    open_service(context.obj, proven=False).desk.back(person, back)
    say(f"{person} is back on {day}")


@app.command("accept")
def accept_suggested(
    context: typer.Context,
    number: Annotated[int, typer.Argument(help="The number of the mail that tells of it.")],
    first: Annotated[str, typer.Option(help="Another first day.")] = "",
    last: Annotated[str, typer.Option(help="Another last day.")] = "",
    substitute: Annotated[str, typer.Option(help="The key of whoever stands in.")] = "",
) -> None:
    """Make an absence of what an automatic reply tells of."""
    store, days = stored(context.obj.settings()), (parse_day(first), parse_day(last))
    found = accept(store, number, by="operator", first=days[0], last=days[1], substitute=substitute)
    until = f"to {found.last}" if found.last else "until further notice"
    say(f"{found.person} is away from {found.first} {until}; {found.substitute or 'nobody'} stands in")


@app.command("decline")
def decline_suggested(
    context: typer.Context,
    number: Annotated[int, typer.Argument(help="The number of the mail that tells of it.")],
) -> None:
    """Say that what an automatic reply tells of is no absence."""
    found = decline(stored(context.obj.settings()), number, by="operator")
    say(f"nothing is noted about {found.person}")


@app.command("list")
def show(context: typer.Context) -> None:
    """Show every absence that is known, and those that automatic replies tell of."""
    store = stored(context.obj.settings())
    rows = [
        (it.person, it.first, it.last or "further notice", it.substitute or "–") for it in store.register().absences
    ]
    table("", ("person", "first", "last", "substitute"), rows)
    if told := store.suggestions():
        seen = [
            (
                it.id,
                it.person,
                it.first,
                it.last or "–",
                it.substitute or it.named or "–",
                "has left" if it.left else "",
            )
            for it in told
        ]
        table("told by automatic replies", ("mail", "person", "first", "last", "substitute", ""), seen)
