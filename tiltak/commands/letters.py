"""Letters on the terminal: what each of them looks like before anybody gets one."""

from enum import StrEnum
from typing import Annotated

import typer

from notifications.letters import write
from notifications.preview import LETTERS, sample
from tiltak.options import Language
from tiltak.output import say

Letter = StrEnum("Letter", {name: name for name in LETTERS})  # type: ignore[misc]


class Part(StrEnum):
    text = "text"
    html = "html"


def preview(
    letter: Annotated[Letter, typer.Argument(help="Which letter.")],
    language: Annotated[Language, typer.Option("--language", "-l", help="nb, nn or en.")] = Language.nb,
    part: Annotated[Part, typer.Option(help="text or html.")] = Part.text,
) -> None:
    """Print a letter with sample facts."""
    written = write(sample(letter.value, language.value))
    if part is Part.html:
        typer.echo(written.html)
        return
    say(f"Subject: {written.subject}\n")
    say(written.text)
