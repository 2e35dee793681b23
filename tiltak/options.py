"""What commands are given: the settings, a language, a day."""

import os
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from tiltak.settings import Settings, load

DEFAULT_FILE = Path("tiltak.toml")


@dataclass(frozen=True, slots=True)
class Options:
    """Which settings file."""

    config: Path | None = None

    def settings(self) -> Settings:
        return load(self.file, os.environ)

    @property
    def file(self) -> Path | None:
        """The settings file that holds here; None when there is none."""
        named = self.config or (Path(path) if (path := os.environ.get("TILTAK_CONFIG")) else None)
        return named or (DEFAULT_FILE if DEFAULT_FILE.exists() else None)


class Language(StrEnum):
    nb = "nb"
    nn = "nn"
    en = "en"


Spoken = Annotated[Language, typer.Option("--language", "-l", help="nb, nn or en.")]


def parse_day(text: str) -> date | None:
    """A day as options take it; None for nothing."""
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as error:
        raise typer.BadParameter(f"{text!r} is no day; write it as 2012-08-27") from error
