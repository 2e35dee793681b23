"""Who is signed in: list, end, and let somebody in who gets no mail."""

from typing import Annotated

import typer

from engine.errors import NotFound, SettingsError
from engine.roles import OPERATOR
from engine.sign_in import invite
from store.sql import SqlStore
from tiltak.clock import SystemClock
from tiltak.door import door_of
from tiltak.output import json_line, say, table
from tiltak.storing import stored

app = typer.Typer(help="Who is signed in on the pages.", no_args_is_help=True)
Person = Annotated[str, typer.Argument(help="A person's key; operator for whoever runs the service.")]


@app.command("list")
def show(
    context: typer.Context, as_json: Annotated[bool, typer.Option("--json", help="One JSON object per line.")] = False
) -> None:
    """Show every session that is open."""
    now, sessions = SystemClock().now(), stored(context.obj.settings()).entrance.sessions()
    found = [it for it in sessions if it.open(now)]
    facts = [
        {"session": it.key, "who": it.party, "since": it.began_at, "seen": it.seen_at, "browser": it.agent}
        for it in found
    ]
    if as_json:
        for it in facts:
            json_line(it)
        return
    shown = [
        (it.key, it.party, f"{it.began_at:%Y-%m-%d %H:%M}", f"{it.seen_at:%Y-%m-%d %H:%M}", it.agent) for it in found
    ]
    table("", ("session", "who", "since (UTC)", "last seen (UTC)", "browser"), shown)


@app.command("revoke")
def revoke(
    context: typer.Context,
    which: Annotated[str, typer.Argument(help="A session as listed, or a person's key for all of theirs.")],
) -> None:
    """End a session, or everything that a person has open: sessions and links that were sent."""
    store = stored(context.obj.settings())
    entrance = store.entrance
    ids = [it.id for it in entrance.sessions() if it.key == which]
    if ids:
        entrance.end_sessions(ids)
        say(f"session {which} is over")
        return
    party = _party(store, which)
    say(f"{entrance.end_all(party)} sessions of {party} are over, and every link that was sent")


@app.command("link")
def link(context: typer.Context, person: Person) -> None:
    """Print a link and a code by which somebody can sign in without a letter, within 15 minutes and once."""
    settings, clock = context.obj.settings(), SystemClock()
    store = stored(settings)
    party, way_in = _party(store, person), door_of(settings, store.entrance, clock)
    if way_in is None:
        raise SettingsError("service.base_url must be an https address, or http on localhost; then people can sign in")
    token, code = invite(way_in.entrance, party, now=clock.now())
    say(f"{way_in.base_url.rstrip('/')}/sign-in/{token}")
    say(f"The code is {code[:3]} {code[3:]}. Both work once, for 15 minutes; give them to {party} and to nobody else.")


def _party(store: SqlStore, key: str) -> str:
    """Only somebody who is here can be let in."""
    register = store.register()
    if key == OPERATOR and register.organisation.operator:
        return OPERATOR
    if key not in register.persons or not register.persons[key].active:
        raise NotFound("session or active person", key)
    return f"person:{key}"
