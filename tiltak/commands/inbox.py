"""Mail that came in, on the terminal: take one from a mail server."""

import logging
import sys
from typing import Annotated, Final

import typer

from notifications.channels.source import piped
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
