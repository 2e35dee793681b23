"""Running the service for years: serve, worker."""

import logging
import socket
import threading
from typing import Annotated

import typer

from engine.errors import SettingsError
from tiltak.calendars import broken_guards
from tiltak.door import SIGN_IN_SECONDS
from tiltak.output import say
from tiltak.pages import pages
from tiltak.redaction import keep_secrets
from tiltak.scheduler import Round
from tiltak.serving import serve as run
from tiltak.serving import settle_in
from tiltak.watch import Watch
from tiltak.wiring import Service, intake, rounds, watched_service

log = logging.getLogger("tiltak.serve")


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
