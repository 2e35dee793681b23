"""Workflow files become workflows, or are refused whole with every fault in them."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

from pydantic import ValidationError

from engine.errors import Fault, Faulty
from engine.source import Source, read
from engine.workflow import Regime, Workflow, Workflows
from workflows.authorities import regimes
from workflows.complaints import complaints
from workflows.freezing import freeze
from workflows.horizon import NORWEGIAN, Horizon
from workflows.language import WorkflowEntry
from workflows.references import references

if TYPE_CHECKING:
    from workflows.checker import Verdict

SHIPPED_LETTERS: Final = frozenset(
    {"assigned", "due_soon", "overdue", "stalled", "returned", "closed", "handed_over", "asked", "digest"}
)
SHIPPED: Final = Path(__file__).parent
MOST: Final = 100_000  # characters; the longest file that is shipped has 6,000


def load(
    directory: Path | None = None, *, letters: Collection[str] = SHIPPED_LETTERS, proven: bool = True
) -> Workflows:
    """The shipped workflows, and those of an organisation's own folder, which win over a shipped one of the same key.

    Raises Faulty with every fault in every file, the checker's too. Whoever only wants to know what they say may leave
    them unproven: the checker takes most of the time.
    """
    own = [directory] if directory else []
    faults: list[Fault] = []
    loaded: dict[str, Workflow] = {}
    known = _regimes(directory, faults)
    for folder in (SHIPPED, *own):
        loaded |= _folder(folder, letters, faults, proven=proven)
    if faults:
        raise Faulty(faults)
    return Workflows(loaded, known)


def parse(text: str, name: str, *, letters: Collection[str] = SHIPPED_LETTERS) -> Workflow:
    """One file's text as a workflow that has not been checked yet. Raises Faulty with every fault in its language."""
    return _understood(_read(text, name), letters)


def inspect(
    text: str,
    name: str,
    *,
    letters: Collection[str] = SHIPPED_LETTERS,
    horizons: Sequence[Horizon] = (NORWEGIAN,),
) -> tuple[Workflow, "Verdict"]:
    """A workflow and the checker's verdict on it, its faults with their lines. Raises Faulty when it cannot be read."""
    from workflows.checker import check  # nobody who only wants to know what a file says waits for the import

    source = _read(text, name)
    workflow = _understood(source, letters)
    return workflow, check(workflow, letters=_known(source, letters), source=source, horizons=horizons)


def files(directory: Path) -> list[Path]:
    """The workflow files in a folder, by name."""
    return sorted(path for path in directory.glob("*.y*ml") if path.suffix in (".yaml", ".yml"))


def _regimes(directory: Path | None, faults: list[Fault]) -> dict[str, Regime]:
    try:
        return regimes(directory)
    except Faulty as faulty:
        faults.extend(faulty.faults)
        return {}


def _folder(folder: Path, letters: Collection[str], faults: list[Fault], *, proven: bool) -> dict[str, Workflow]:
    loaded: dict[str, Workflow] = {}
    if not folder.is_dir():
        faults.append(Fault(str(folder), 0, "there is no such folder", "correct workflows_dir, or make the folder"))
    for path in files(folder):
        try:
            workflow = _judged(path, letters) if proven else parse(_text(path), str(path), letters=letters)
        except Faulty as faulty:
            faults.extend(faulty.faults)
        else:
            faults.extend(_twice(path, workflow, loaded))
            loaded[workflow.key] = workflow
    return loaded


def _judged(path: Path, letters: Collection[str]) -> Workflow:
    workflow, verdict = inspect(_text(path), str(path), letters=letters)
    if verdict.faults:
        raise Faulty(verdict.faults)
    return workflow


def _twice(path: Path, workflow: Workflow, loaded: Collection[str]) -> Iterator[Fault]:
    if workflow.key in loaded:
        what = f"another file in this folder is {workflow.name} version {workflow.version} already"
        yield Fault(str(path), 0, what, "give one of them a higher version")


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise Faulty([Fault(str(path), 0, f"the file cannot be read: {error}", "save it as UTF-8")]) from error


def _read(text: str, name: str) -> Source:
    """A file that is no workflow at all, or thousands of rules, is refused before it is looked at."""
    if len(text) > MOST:
        what = f"the file has {len(text):,} characters, and a workflow may have {MOST:,}"
        raise Faulty([Fault(name, 0, what, "see that it is a workflow file; make several workflows of it")])
    return read(text, name)


def _understood(source: Source, letters: Collection[str]) -> Workflow:
    named = list(references(source, letters))
    try:
        entry = WorkflowEntry.model_validate(source.value)
    except ValidationError as error:
        raise Faulty([*complaints(error, source), *named]) from error
    if named:
        raise Faulty(named)
    return freeze(entry)


def _known(source: Source, letters: Iterable[str]) -> frozenset[str]:
    return frozenset(letters) | frozenset(source.value.get("letters", ()))
