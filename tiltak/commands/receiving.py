"""One mail from a mail server's pipe. The server waits, so nothing is imported but what keeping a mail takes."""

import logging
import sys
from typing import Annotated, Final

import typer

from notifications.channels.source import piped
from tiltak.clock import SystemClock
from tiltak.settings import Settings
from tiltak.storing import stored

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
        settings: Settings = context.obj.settings()
        received = piped(sys.stdin.buffer, limit=settings.inbound.limit, envelope_from=envelope_from, rcpt=rcpt)
        store = stored(settings)
        store.keep(received, SystemClock().now())
        store.close()
    except Exception as error:
        log.error("the mail cannot be kept just now: %s", error)
        raise typer.Exit(TEMPORARY) from error
