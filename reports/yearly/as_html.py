"""The report as HTML: a file that stands alone, or the part of it that goes into a page."""

from functools import cache
from pathlib import Path
from typing import Any, Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from reports.yearly.paper import Bar, Paper

FILLS: Final = {"done": "#0b6b2e", "answered": "#4f9d69", "planned": "#1f5fa8", "ended": "#8a8a8a"}
GAP: Final = 0.4  # of a hundred, between the parts of the bar


@cache
def _templates() -> Environment:
    loader = FileSystemLoader(Path(__file__).parent / "templates")
    return Environment(loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)


def html(paper: Paper) -> str:
    """A file that needs nothing beside it."""
    return _templates().get_template("report.html").render(**_values(paper))


def body(paper: Paper) -> Markup:
    """All below the title, for a page that has a frame and a style of its own."""
    return Markup(_templates().get_template("body.html").render(**_values(paper)))  # escaped by the template


def _values(paper: Paper) -> dict[str, Any]:
    bar = next((it for it in paper.blocks if isinstance(it, Bar)), None)
    return {
        "paper": paper,
        "language": paper.language,
        "own": paper.own_language,
        "blocks": [(type(it).__name__, it) for it in paper.blocks],
        "bars": _bars(bar) if bar else [],
    }


def _bars(bar: Bar) -> list[dict[str, object]]:
    everything, x, found = sum(n for _, n in bar.parts), 0.0, []
    for standing, n in bar.parts:
        width = 100 * n / everything
        found.append({"x": round(x, 2), "width": round(max(width - GAP, GAP), 2), "fill": FILLS[standing]})
        x += width
    return found
