"""Links in letters: who can answer a case without signing in, and taking that back."""

from typing import Annotated

import typer

from engine.case import Errand
from engine.errors import NotFound
from engine.link import Link
from engine.revoke import revocable
from engine.roles import OPERATOR
from tiltak.clock import SystemClock
from tiltak.output import json_line, say, table
from tiltak.storing import stored
from tiltak.wiring import open_service

app = typer.Typer(help="Links in letters, by which people answer without signing in.", no_args_is_help=True)
Ref = Annotated[str, typer.Argument(help="The case.")]


@app.command("list")
def show(
    context: typer.Context, ref: Ref, as_json: Annotated[bool, typer.Option("--json", help="Facts as JSON.")] = False
) -> None:
    """Show every link by which a case can be answered on a page, newest first, and what became of it."""
    store, now = stored(context.obj.settings()), SystemClock().now()
    store.case(ref)
    facts = [
        {
            "link": it.key,
            "who": it.party,
            "for": it.for_whom,
            "made_at": it.made_at,
            "expires_at": it.expires_at,
            "state": "good" if it.good(now) else "taken back" if it.revoked_at else "expired",
        }
        for it in store.links_to(ref)
        if it.purpose == "page"
    ]
    if as_json:
        for it in facts:
            json_line(it)
        return
    rows = [
        (it["link"], it["who"], it["for"], f"{it['made_at']:%Y-%m-%d}", f"{it['expires_at']:%Y-%m-%d}", it["state"])
        for it in facts
    ]
    table("", ("link", "who", "for", "made", "until", "state"), rows)


@app.command("revoke")
def revoke(
    context: typer.Context,
    ref: Ref,
    which: Annotated[
        str, typer.Argument(help="A link as listed, or a party for all of theirs: unit:CODE, person:KEY.")
    ],
    by: Annotated[str, typer.Option(help="Who decides it: unit:CODE or person:KEY.")] = OPERATOR,
    reason: Annotated[str, typer.Option(help="Why; it stands in the history of the case.")] = "",
) -> None:
    """Take links back: nothing can be answered by them any more, and the history of the case says so."""
    service = open_service(context.obj)
    wanted = _named(revocable(service.store.links_to(ref), ref, service.clock.now()), which)
    if not wanted:
        raise NotFound("good link", which)
    service.desk.revoke(Errand(ref=ref, move="revoke", by=by, text=reason), wanted)
    say(f"{len(wanted)} of {wanted[0].party}: nothing can be answered by them any more")


def _named(links: tuple[Link, ...], which: str) -> list[Link]:
    return [it for it in links if which in (it.key, it.party)]
