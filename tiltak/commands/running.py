"""Running the service: serve, worker, tick, migrate."""

import logging
import socket
import threading
from typing import Annotated

import typer

from engine.errors import SettingsError
from tiltak.calendars import broken_guards
from tiltak.door import SIGN_IN_SECONDS
from tiltak.output import json_line, say
from tiltak.redaction import keep_secrets
from tiltak.scheduler import Round
from tiltak.serving import serve as run
from tiltak.serving import settle_in
from tiltak.settings import answerable
from tiltak.watch import Watch, accept
from tiltak.wiring import Service, intake, node_of, open_service, pages, prepare, rounds, watched_service

log = logging.getLogger("tiltak.serve")
clock = typer.Typer(help="The computer's clock, when it is doubted.", no_args_is_help=True)


def serve(context: typer.Context) -> None:
    """Follow every plan until the system says stop: sweep, deliver, answer on the web."""
    _log()
    queued = context.obj.settings().queued
    service, watch = watched_service(context.obj, loops=() if queued else None)
    settings = service.settings
    where = f"http://{settings.service.host}:{settings.service.port}"
    run(
        pages(service, watch=watch),
        host=settings.service.host,
        port=settings.service.port,
        rounds={} if queued else _ticks(service, watch),
        stop=service.stop,
        prompt={"sign-in": (SIGN_IN_SECONDS, service.let_in)},
        intake=None if queued else intake(service, watch),
        ready=lambda: _answering(service, f"{where}{'; the work is done by tiltak worker' if queued else ''}"),
    )
    service.close()
    say("Tiltak has stopped; nothing was left half done.")


def _answering(service: Service, where: str) -> None:
    say(f"Tiltak answers on {where}")
    threading.Thread(target=_warn_of_calendars, args=(service,), daemon=True).start()


def _warn_of_calendars(service: Service) -> None:
    """Takes some seconds where the units count by many calendars, so nothing waits for it."""
    for sentence in broken_guards(service):
        log.warning("%s; see tiltak workflows check", sentence)


def _ticks(service: Service, watch: Watch) -> dict[str, tuple[int, Round]]:
    schedule = service.settings.schedule
    seconds = {"sweep": schedule.sweep_seconds, "deliver": schedule.deliver_seconds}
    return {name: (seconds[name], one_round) for name, one_round in rounds(service, watch).items()}


def worker(
    context: typer.Context,
    name: Annotated[
        str, typer.Option(help="What this worker is called; two on one machine need two names.")
    ] = "worker",
) -> None:
    """Sweep and deliver until the system says stop, where runner.kind is procrastinate; any number side by side."""
    _log()
    if not context.obj.settings().queued:
        raise SettingsError('tiltak worker needs runner.kind = "procrastinate"; otherwise tiltak serve does the work')
    from tiltak.jobs import Duties, jobs_of, periodically, work

    service, watch = watched_service(context.obj, node=f"{socket.gethostname()}/{name}")
    store, schedule = service.store, service.settings.schedule
    app = jobs_of(Duties(**rounds(service, watch), batches=service.batches), store.engine, store.org)
    periodically(app, store.org, sweep_seconds=schedule.sweep_seconds, deliver_seconds=schedule.deliver_seconds)
    settle_in()
    beside = intake(service, watch).running
    work(
        app, store.org, beside=beside, halt=service.stop, ready=lambda: say(f"Tiltak's worker {watch.node} is at work")
    )
    service.close()
    say("Tiltak's worker has stopped; nothing was left half done.")


def _log() -> None:
    """What Tiltak itself says, and of others only what is wrong."""
    keep_secrets()
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    logging.getLogger("tiltak").setLevel(logging.INFO)


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
