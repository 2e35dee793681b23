"""Mail that came in, on the terminal: take one from a mail server, look at what waits, settle it."""

import logging
import sys
from typing import Annotated, Final

import typer

from engine.inbound import Inbound
from engine.tidying import attach, drop
from notifications.channels.source import piped
from tiltak.output import json_line, say, table
from tiltak.wiring import open_service

log = logging.getLogger("tiltak.receive")
TEMPORARY: Final = 75  # EX_TEMPFAIL of sysexits.h: the mail server keeps the mail and tries again


def receive(
    context: typer.Context,
    envelope_from: Annotated[
        str | None, typer.Option(help="The envelope's sender, \"\" for a machine's; left out: not known.")
    ] = None,
    rcpt: Annotated[str, typer.Option(help="The envelope's recipient.")] = "",
) -> None:
    """Keep one mail from standard input, for a mail server's pipe; exit 75 when that cannot be done just now."""
    try:
        service = open_service(context.obj)
        limit = service.settings.inbound.limit
        service.kept(piped(sys.stdin.buffer, limit=limit, envelope_from=envelope_from, rcpt=rcpt))
        service.store.close()
    except Exception as error:
        log.error("the mail cannot be kept just now: %s", error)
        raise typer.Exit(TEMPORARY) from error


Number = Annotated[int, typer.Argument(help="The mail's number.")]
Json = Annotated[bool, typer.Option("--json", help="Print facts as JSON.")]


def show_list(
    context: typer.Context,
    everything: Annotated[bool, typer.Option("--all", help="Settled ones too, newest first.")] = False,
    as_json: Json = False,
) -> None:
    """Show the mail that waits for somebody to look at it."""
    store = open_service(context.obj).store
    found = store.inbounds() if everything else store.tray()
    if as_json:
        for it in found:
            json_line(_facts(it))
    else:
        rows = [(it.id, f"{it.received_at:%Y-%m-%d}", it.sender, it.subject, it.state, it.outcome) for it in found]
        table("", ("number", "came", "from", "subject", "state", "what came of it"), rows)


def show(
    context: typer.Context,
    number: Number,
    raw: Annotated[bool, typer.Option(help="Its source, as it came.")] = False,
    as_json: Json = False,
) -> None:
    """Show one mail: what is known of it, and what it says."""
    found = open_service(context.obj).store.inbound(number)
    if raw:
        sys.stdout.buffer.write(found.raw or b"")
    elif as_json:
        json_line(_facts(found) | {"text": found.text})
    else:
        for name, value in _facts(found).items():
            if value not in ("", None):
                say(f"{name}: {value}")
        say(f"\n{found.text}")


def attach_mail(
    context: typer.Context,
    number: Number,
    ref: Annotated[str, typer.Argument(help="The case.")],
    by: Annotated[str, typer.Option(help="Who decides it: unit:CODE or person:KEY.")] = "operator",
) -> None:
    """Put what a mail says on a case, as a comment; it moves nothing."""
    service = open_service(context.obj)
    event = attach(service.store, service.workflows, number, ref, by=by, now=service.clock.now())
    say(f"mail {number} is event {event.seq} of {ref}")


def drop_mail(context: typer.Context, number: Number) -> None:
    """Say that a mail is of no interest."""
    service = open_service(context.obj)
    drop(service.store, number, by="operator", now=service.clock.now())
    say(f"mail {number} waits no more")


def _facts(it: Inbound) -> dict[str, object]:
    return {
        "number": it.id,
        "received_at": it.received_at,
        "source": it.source,
        "rcpt": it.rcpt,
        "sender": it.sender,
        "subject": it.subject,
        "class": it.kind,
        "state": it.state,
        "outcome": it.outcome,
        "error": it.error,
        "case": it.ref,
        "party": it.party,
        "letter": it.letter,
        "size": it.size,
    }
