"""Commands by name, place and purpose: each is imported when it is called, and nobody waits for another's code."""

from collections.abc import Callable, Mapping
from importlib import import_module
from typing import Any

import typer
from typer.core import TyperCommand, TyperGroup

Entry = tuple[str, str]  # "module:attribute" below tiltak.commands, and what the command does, as its own help begins


class Named(TyperCommand):
    """Stands for a command in its group's help, until somebody calls it."""

    def __init__(self, name: str, place: str, purpose: str) -> None:
        super().__init__(name, help=purpose)
        self.place = place

    def bring(self) -> Any:
        """The command itself, or the group of commands."""
        module, _, attribute = self.place.partition(":")
        found = getattr(import_module(f"tiltak.commands.{module}"), attribute)
        command = typer.main.get_group(found) if isinstance(found, typer.Typer) else _alone(found)
        command.name = self.name
        return command


def _alone(function: Callable[..., None]) -> Any:
    app = typer.Typer(add_completion=False)
    app.command()(function)
    return typer.main.get_command(app)


def roster(entries: Mapping[str, Entry]) -> type[TyperGroup]:
    """A kind of group, as `typer.Typer(cls=…)` takes it, that has these commands."""

    class Roster(TyperGroup):
        def __init__(self, **attributes: Any) -> None:
            super().__init__(**attributes)
            self.commands = {name: Named(name, *entry) for name, entry in entries.items()}

        def resolve_command(self, ctx: Any, args: list[str]) -> tuple[str | None, Any, list[str]]:
            name, named, rest = super().resolve_command(ctx, args)
            return name, named.bring() if isinstance(named, Named) else named, rest

    return Roster
