"""Mail that came in, on the terminal: look at what waits, settle it."""

import sys
from contextlib import closing
from typing import Annotated

import typer

from engine.inbound import Inbound
from engine.tidying import attach, drop
from tiltak.clock import SystemClock
from tiltak.output import json_line, say, table
from tiltak.storing import stored
from tiltak.wiring import open_service

Number = Annotated[int, typer.Argument(help="The mail's number.")]
Json = Annotated[bool, typer.Option("--json", help="Print facts as JSON.")]


def show_list(
    context: typer.Context,
    everything: Annotated[bool, typer.Option("--all", help="Settled ones too, newest first.")] = False,
    as_json: Json = False,
) -> None:
    """Show the mail that waits for somebody to look at it."""
    store = stored(context.obj.settings())
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
    found = stored(context.obj.settings()).inbound(number)
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
    """Put what a mail says and what came along on a case, as a comment; it moves nothing."""
    with closing(open_service(context.obj)) as service:
        came, now = service.enclosed(service.store.inbound(number)), service.clock.now()
        event = attach(service.store, service.workflows, number, ref, by=by, now=now, documents=came.documents)
    files = f", with {', '.join(it.name for it in came.documents)}" if came.documents else ""
    left = f"; left out: {', '.join(came.refused)}" if came.refused else ""
    say(f"mail {number} is event {event.seq} of {ref}{files}{left}")


def drop_mail(context: typer.Context, number: Number) -> None:
    """Say that a mail is of no interest."""
    drop(stored(context.obj.settings()), number, by="operator", now=SystemClock().now())
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
