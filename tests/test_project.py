"""Hold the project's own promises: pins, sizes, names and layers."""

import ast
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
LOCKS = ("requirements.lock", "requirements-dev.lock")
PRODUCT = ("engine", "workflows", "store", "notifications", "reports", "web", "tiltak")
BESIDE = {"tests", "bench", "scripts"}  # folders with Python that nothing in the product may import

BELOW: dict[str, set[str]] = {
    "engine": set(),
    "workflows": {"engine"},
    "store": {"engine"},
    "notifications": {"engine"},
    "reports": {"engine"},
    "web": {"engine", "workflows", "notifications", "reports"},
    "tiltak": {"engine", "workflows", "store", "notifications", "reports", "web"},
}
ONLY_IN = {
    "transitions": "engine/machine.py",
    "aiosmtplib": "notifications/smtp.py",
    "apscheduler": "tiltak/scheduler.py",
    "procrastinate": "tiltak/jobs.py",
    "imap_tools": "notifications/channels/imap.py",
    "authheaders": "notifications/incoming/proof.py",
}
NOT_IN_ENGINE = {
    "sqlmodel",
    "sqlalchemy",
    "alembic",
    "psycopg",
    "jinja2",
    "aiosmtplib",
    "apscheduler",
    "procrastinate",
    "fastapi",
    "starlette",
    "pydantic",
}
VAGUE = {"utils", "util", "helpers", "helper", "common", "base", "misc", "types", "manager"}


def listed(*arguments: str) -> list[str]:
    """What git lists here, also when the checkout belongs to another user, as on some CI machines."""
    command = ["git", "-c", "safe.directory=*", "ls-files", *arguments]
    return subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout.splitlines()


def modules(*folders: str) -> Iterator[Path]:
    """Python files that are tracked, or new and not ignored, relative to the root."""
    for line in listed("--cached", "--others", "--exclude-standard", "--", *(f"{each}/*.py" for each in folders)):
        if (ROOT / line).is_file():
            yield Path(line)


def imported(module: Path) -> set[str]:
    """Top-level names a module imports, also inside functions and under TYPE_CHECKING."""
    names: set[str] = set()
    for node in ast.walk(ast.parse((ROOT / module).read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names.add(node.module.partition(".")[0])
    return names


def pins(lock: str) -> dict[str, str]:
    """Each pin of a lock with the lines that belong to it."""
    entries = re.split(r"\n(?=[a-z0-9])", (ROOT / lock).read_text(encoding="utf-8").strip())
    return {entry.partition("==")[0]: entry for entry in entries}


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_names_no_host(lock: str) -> None:
    assert not re.findall(
        r"https?://\S*|--(?:extra-)?index-url\S*|--find-links\S*", (ROOT / lock).read_text(encoding="utf-8")
    )


@pytest.mark.parametrize("lock", LOCKS)
def test_every_pin_is_exact_and_has_a_hash(lock: str) -> None:
    entries = pins(lock)
    assert len(entries) > 20
    loose = [name for name, entry in entries.items() if not re.match(r"[a-z0-9-]+(\[[a-z,]+\])?==\S+", entry)]
    assert not loose
    assert not [name for name, entry in entries.items() if "--hash=sha256:" not in entry]


def test_the_tests_run_on_what_the_service_runs_on() -> None:
    run, dev = (pins(lock) for lock in LOCKS)
    assert not [name for name, entry in run.items() if dev.get(name) != entry]


def test_every_dependency_is_locked() -> None:
    wanted = {re.split(r"[\[<>=~! ]", each)[0] for each in PROJECT["project"]["dependencies"]}
    locked = {name.partition("[")[0] for name in pins("requirements.lock")}
    assert wanted <= locked


def test_lock_files_that_name_hosts_are_not_tracked() -> None:
    assert not [
        each for each in listed() if Path(each).name in {"uv.lock", "pylock.toml", "poetry.lock", "Pipfile.lock"}
    ]


def test_no_module_is_longer_than_400_lines() -> None:
    sizes = {module: len((ROOT / module).read_text(encoding="utf-8").splitlines()) for module in modules(*PRODUCT)}
    assert not {str(module): size for module, size in sizes.items() if size > 400}


def test_every_module_is_named_for_a_noun() -> None:
    assert not [str(module) for module in modules(*PRODUCT, *BESIDE) if module.stem in VAGUE]


def test_no_dependency_takes_the_name_of_a_root_package() -> None:
    shipped = packages_distributions()
    taken = {name: set(shipped.get(name, [])) - {"tiltak"} for name in PRODUCT}
    assert not {name: by for name, by in taken.items() if by}


def test_no_root_package_hides_a_standard_module() -> None:
    assert not set(PRODUCT) & sys.stdlib_module_names


def test_imports_point_down_only() -> None:
    wrong = [
        f"{module} imports {name}"
        for package in PRODUCT
        for module in modules(package)
        for name in imported(module) & (set(PRODUCT) - BELOW[package] - {package})
    ]
    assert not wrong


def test_the_product_imports_neither_tests_nor_benchmarks() -> None:
    assert not [str(module) for module in modules(*PRODUCT) if imported(module) & BESIDE]


def test_the_engine_imports_no_io_library() -> None:
    assert not {str(module): found for module in modules("engine") if (found := imported(module) & NOT_IN_ENGINE)}


@pytest.mark.parametrize(("library", "home"), ONLY_IN.items())
def test_a_library_with_one_home_stays_there(library: str, home: str) -> None:
    assert [module.as_posix() for module in modules(*PRODUCT) if library in imported(module)] in ([], [home])


def test_every_root_folder_with_python_has_a_layer() -> None:
    linter = PROJECT["tool"]["importlinter"]
    contracts = {contract["id"]: contract for contract in linter["contracts"]}
    layers = {name.strip() for layer in contracts["layers"]["layers"] for name in layer.split("|")}
    folders = {module.parts[0] for module in modules("*") if len(module.parts) > 1}
    assert folders - BESIDE <= layers
    assert layers == set(linter["root_packages"]) == set(PRODUCT)


def test_every_root_package_is_packaged_and_typed() -> None:
    assert set(PRODUCT) <= set(PROJECT["tool"]["setuptools"]["packages"]["find"]["include"])
    assert set(PRODUCT) <= set(PROJECT["tool"]["mypy"]["files"])
