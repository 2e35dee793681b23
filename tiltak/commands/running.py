"""Running the service: serve, tick, migrate."""

import logging
from typing import Annotated

import typer

from store.migrate import migrate
from tiltak.output import json_line, say
from tiltak.serving import serve as run
from tiltak.watch import accept
from tiltak.wiring import node, open_service, pages, watched_service

log = logging.getLogger("tiltak.serve")
clock = typer.Typer(help="The computer's clock, when it is doubted.", no_args_is_help=True)


def serve(context: typer.Context) -> None:
    """Follow every plan until the system says stop: sweep, deliver, answer on the web."""
    _log()
    service, watch = watched_service(context.obj)
    settings = service.settings
    if not settings.organisation.operator:
        log.warning("organisation.operator is not set: nobody hears when a coordinator cannot be reached")
    where = f"http://{settings.service.host}:{settings.service.port}"
    run(
        pages(service, watch=watch),
        host=settings.service.host,
        port=settings.service.port,
        rounds={
            "sweep": (settings.schedule.sweep_seconds, watch.watched("sweep", service.sweep_round)),
            "deliver": (settings.schedule.deliver_seconds, watch.watched("deliver", service.deliver)),
        },
        ready=lambda: say(f"Tiltak answers on {where}"),
    )
    service.store.close()
    say("Tiltak has stopped; nothing was left half done.")


def _log() -> None:
    """What Tiltak itself says, and of others only what is wrong."""
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    logging.getLogger("tiltak").setLevel(logging.INFO)


def tick(
    context: typer.Context,
    as_json: Annotated[bool, typer.Option("--json", help="Print facts as JSON.")] = False,
) -> None:
    """Make one round now: decide what is due, pack what may leave, deliver it."""
    service = open_service(context.obj)
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
    accept(service.store, service.clock.now(), node(service.settings))
    say(f"the clock is believed again: {service.clock.now():%Y-%m-%d %H:%M} UTC")


def migrate_database(context: typer.Context) -> None:
    """Bring the database up to this version's schema. `serve` does so too."""
    migrate(context.obj.settings().service.database)
    say("the schema is up to date")
