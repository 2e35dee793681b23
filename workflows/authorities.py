"""Files of regimes become regimes, or are refused whole with every fault in them."""

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Final, Literal

from pydantic import Field, StringConstraints, ValidationError

from engine.errors import Fault, Faulty
from engine.source import read
from engine.text import Text
from engine.workflow import Regime, Term
from workflows.complaints import complaints
from workflows.language import Ahead, Entry, LabelEntry, Words

SHIPPED: Final = Path(__file__).parent / "regimes"
Key = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9-]{0,39}$")]


class TermEntry(Entry):
    duty: Literal["plan", "report"]
    after: Literal["received", "decided"]
    by: Ahead
    roll: Literal["next", "previous", "none"] = "next"
    copy_to: LabelEntry | None = None


class RegimeEntry(Entry):
    """A whole file."""

    regime: Key
    label: LabelEntry
    source: Words
    terms: Annotated[list[TermEntry], Field(max_length=2)]


def regimes(directory: Path | None = None) -> dict[str, Regime]:
    """The shipped regimes, and those in the folder `regimes` of an organisation's own workflows, which win.

    Raises Faulty with every fault in every file.
    """
    faults: list[Fault] = []
    found: dict[str, Regime] = {}
    for folder in (SHIPPED, *([directory / "regimes"] if directory else [])):
        for path in sorted(folder.glob("*.yaml")):
            try:
                regime = understood(path.read_text(encoding="utf-8"), str(path))
            except Faulty as faulty:
                faults.extend(faulty.faults)
            except (OSError, UnicodeDecodeError) as error:
                faults.append(Fault(str(path), 0, f"the file cannot be read: {error}", "save it as UTF-8"))
            else:
                found[regime.key] = regime
    if faults:
        raise Faulty(faults)
    return found


def understood(text: str, name: str) -> Regime:
    """One file's text as a regime. Raises Faulty with every fault in it."""
    source = read(text, name)
    try:
        entry = RegimeEntry.model_validate(source.value)
    except ValidationError as error:
        raise Faulty(complaints(error, source, RegimeEntry)) from error
    if twice := list(_twice(entry)):
        raise Faulty([source.fault(("terms", place), what, "leave one of them out") for place, what in twice])
    return Regime(
        key=entry.regime, label=_text(entry.label), source=entry.source, terms=tuple(_term(it) for it in entry.terms)
    )


def _twice(entry: RegimeEntry) -> Iterator[tuple[int, str]]:
    for place, term in enumerate(entry.terms):
        if term.duty in {it.duty for it in entry.terms[:place]}:
            yield place, f"there is a term for the {term.duty} already"
        if term.duty == "plan" and term.after == "decided":
            yield place, "a plan cannot be due so long after its own decision"


def _term(entry: TermEntry) -> Term:
    copy_to = _text(entry.copy_to) if entry.copy_to else None
    return Term(duty=entry.duty, after=entry.after, by=entry.by, roll=entry.roll, copy_to=copy_to)


def _text(label: LabelEntry) -> Text:
    return Text(nb=label.nb, nn=label.nn, en=label.en)
