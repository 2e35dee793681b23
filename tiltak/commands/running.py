"""One round by hand, and what else is seldom needed: tick, clock, migrate."""

from typing import Annotated

import typer

from tiltak.output import json_line, say
from tiltak.settings import answerable
from tiltak.watch import accept
from tiltak.wiring import node_of, open_service, prepare

clock = typer.Typer(help="The computer's clock, when it is doubted.", no_args_is_help=True)


def tick(
    context: typer.Context,
    as_json: Annotated[bool, typer.Option("--json", help="Print facts as JSON.")] = False,
) -> None:
    """Make one round now: decide what is due, pack what may leave, deliver it."""
    service = open_service(context.obj)
    answerable(service.settings)
    swept, delivered = service.tick()
    facts = {
        "woken": swept.woken,
        "decided": swept.decided,
        "queued": swept.queued,
        "passed": swept.passed,
        "sent": delivered.sent,
        "backed_off": delivered.backed_off,
        "dead": delivered.dead,
        "unknown": delivered.unknown,
    }
    if as_json:
        json_line(facts)
    else:
        say(", ".join(f"{name} {value}" for name, value in facts.items() if value) or "nothing was due")
    if swept.passed or delivered.dead:
        raise typer.Exit(1)


@clock.command("accept")
def accept_clock(context: typer.Context) -> None:
    """Say that the computer's clock is right, after it leapt so far ahead that the service stopped."""
    service = open_service(context.obj)
    accept(service.store, service.clock.now(), node_of(service.settings))
    say(f"the clock is believed again: {service.clock.now():%Y-%m-%d %H:%M} UTC")


def migrate_database(context: typer.Context) -> None:
    """Bring the database up to this version's schema. `serve` does so too."""
    prepare(context.obj.settings())
    say("the schema is up to date")
