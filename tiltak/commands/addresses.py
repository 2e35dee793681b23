"""Mail addresses that a server has refused: list them, and say that one works again."""

from typing import Annotated

import typer

from engine.errors import NotFound
from tiltak.output import say, table
from tiltak.storing import stored

app = typer.Typer(help="Mail addresses to which nothing is sent any more.", no_args_is_help=True)


@app.command("list")
def show(context: typer.Context) -> None:
    """Show every address that a mail server has refused, and what it said."""
    table("", ("address", "the mail server said"), stored(context.obj.settings()).refusals().items())


@app.command("trust")
def trust(context: typer.Context, address: Annotated[str, typer.Argument(help="The address.")]) -> None:
    """Say that an address works again: letters are sent to it from now on."""
    if not stored(context.obj.settings()).trust(address):
        raise NotFound("refused address", address)
    say(f"letters to {address} are sent again")
