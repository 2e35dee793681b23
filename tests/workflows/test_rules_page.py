"""The page for administrators tells the truth: every key, an example that loads, figures that the checker gives."""

import re
from pathlib import Path

import pytest

from engine.workflow import CLOCKS, NEEDS, ROLES
from tests.workflows.paper import faults_in
from workflows.language import Entry
from workflows.loading import SHIPPED, SHIPPED_LETTERS, files, inspect

PAGE = (Path(__file__).parents[2] / "docs" / "rules.md").read_text(encoding="utf-8")
EXAMPLE = re.findall(r"```yaml\n(workflow:.*?)```", PAGE, re.DOTALL)[0]
NET = EXAMPLE[EXAMPLE.index("  - id: dwell") : EXAMPLE.index("guard:")]


def entries(kind: type[Entry] = Entry) -> list[type[Entry]]:
    return [each for sub in kind.__subclasses__() for each in (sub, *entries(sub))]


def keys() -> set[str]:
    """Those of workflow files; the keys of regimes are explained on a page of their own."""
    rules = [it for it in entries() if it.__module__ == Entry.__module__]
    return {field.alias or name for it in rules for name, field in it.model_fields.items()}


@pytest.mark.parametrize("word", sorted({*keys(), *ROLES, *CLOCKS, *NEEDS, *SHIPPED_LETTERS, "latest", "all"}))
def test_every_word_of_the_language_is_explained(word: str) -> None:
    assert re.search(rf"`{word}`|`\{{[^`]*\b{word}:", PAGE)


def test_the_example_on_the_page_is_sound() -> None:
    assert faults_in(EXAMPLE) == ()


@pytest.mark.parametrize(
    ("ladder", "figure"),
    [
        ("60d 30d", 66),
        ("10wd 20wd", 38),
        ("10wd 20wd {hold: 10wd, times: 2}", 70),
    ],
)
def test_the_figures_on_the_page_are_the_checkers(ladder: str, figure: int) -> None:
    at, every, *ack = ladder.split(" ", 2)
    net = NET.replace("at: 60d", f"at: {at}").replace("every: 30d", f"every: {every}")
    net += f"    ack: {ack[0]}\n" if ack else ""
    assert inspect(EXAMPLE.replace(NET, net), "page")[1].silence["given"].days == figure
    assert f"| {figure} days" in PAGE


def test_every_shipped_workflow_is_on_the_page() -> None:
    assert not [path.stem for path in files(SHIPPED) if f"| `{path.stem}` |" not in PAGE]
