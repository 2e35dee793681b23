"""How commands speak: tables for people and one JSON object per line for programs."""

import json
import sys
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from rich.console import Console
from rich.table import Table

PIPE_WIDTH = 400  # a pipe has no width: nothing is folded or cut there


def console() -> Console:
    return Console(highlight=False, soft_wrap=False, width=None if sys.stdout.isatty() else PIPE_WIDTH)


def say(text: str) -> None:
    """A plain line, never wrapped or coloured by its content."""
    Console(highlight=False, soft_wrap=True, markup=False).print(text)


def table(title: str, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    shown = Table(*columns, title=title or None, title_justify="left", box=None, pad_edge=False, header_style="bold")
    for row in rows:
        shown.add_row(*(str(cell) for cell in row))
    target = console()
    if target.is_terminal:
        target.print(shown)
    else:
        with target.capture() as captured:
            target.print(shown)
        say("\n".join(line.rstrip() for line in captured.get().splitlines()))


def json_line(facts: Mapping[str, Any]) -> None:
    sys.stdout.write(json.dumps(facts, ensure_ascii=False, default=str) + "\n")
