"""The documents are true: they name everything that is there, and nothing that is not."""

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
import typer.main

from notifications.preview import LETTERS
from tiltak.cli import app
from tiltak.settings import Settings
from workflows.loading import SHIPPED

ROOT = Path(__file__).parents[1]
PAGES = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]
EVERYTHING = "\n".join(page.read_text(encoding="utf-8") for page in PAGES)
CODE = re.compile(r"`([^`\n]+)`")
FENCE = re.compile(r"```.*?```", re.DOTALL)


def _commands() -> Iterator[str]:
    for name, command in typer.main.get_command(app).commands.items():  # type: ignore[attr-defined]
        inner = getattr(command.bring(), "commands", None)
        yield from (f"{name} {part}" for part in inner) if inner else (name,)


@pytest.mark.parametrize("command", list(_commands()))
def test_every_command_is_documented(command: str) -> None:
    words = command.split()
    page = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
    assert re.search(rf"tiltak {words[0]}\b.*\b{words[-1]}\b", page) if words[1:] else f"tiltak {words[0]}" in page


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_command_on_a_page_exists(page: Path) -> None:
    known = {command.split()[0] for command in _commands()}
    said = set(re.findall(r"(?:\bin/|`|^|\n)tiltak ([a-z]+)", page.read_text(encoding="utf-8")))
    assert said <= known | {"is"}, said - known


def test_every_setting_is_documented_and_in_the_example() -> None:
    page = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
    example = (ROOT / "tiltak.example.toml").read_text(encoding="utf-8")
    shown = tomllib.loads(re.sub(r"^# (\w+ = )", r"\1", example, flags=re.MULTILINE))
    for section, field in Settings.model_fields.items():
        keys = set(field.annotation.model_fields)  # type: ignore[union-attr]
        assert set(shown[section]) == keys, section
        assert all(f"`{key}`" in page for key in keys), section


@pytest.mark.parametrize("letter", LETTERS)
def test_every_letter_is_documented(letter: str) -> None:
    assert f"`{letter}`" in (ROOT / "docs" / "mail.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_leads_somewhere(page: Path) -> None:
    links = re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", FENCE.sub("", page.read_text(encoding="utf-8")))
    gone = [link for link in links if "://" not in link and not (page.parent / link).exists()]
    assert gone == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_file_that_is_named_exists(page: Path) -> None:
    text = FENCE.sub("", page.read_text(encoding="utf-8"))
    rooms = r"(?:engine|workflows|notifications|store|web|reports|tiltak|bench|docs|examples|tests|scripts)/[\w./-]+"
    named = {it.rstrip("/.") for it in CODE.findall(text) if re.fullmatch(rooms, it)}
    assert sorted(it for it in named if not re.search(r"NAME|XX", it) and not (ROOT / it).exists()) == []


def test_every_shipped_workflow_is_documented() -> None:
    page = (ROOT / "docs" / "rules.md").read_text(encoding="utf-8")
    assert all(f"`{path.stem}`" in page or f"{path.stem}.yaml" in page for path in SHIPPED.glob("*.yaml"))


def test_every_decision_has_a_number_of_its_own_and_says_it() -> None:
    pages = sorted((ROOT / "docs" / "decisions").glob("[0-9]*.md"))
    numbers = [int(page.name[:4]) for page in pages]
    assert [number for number in numbers if numbers.count(number) > 1] == []
    wrong = [page.name for page, number in zip(pages, numbers, strict=True) if f"# {number}. " not in _head(page)]
    assert wrong == []


def _head(page: Path) -> str:
    return page.read_text(encoding="utf-8").partition("\n")[0]
