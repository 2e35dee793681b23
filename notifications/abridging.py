"""What a letter leaves out, so that it stays short enough to be shown whole: lists are cut, and then long words."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass, replace
from typing import Any, Final

from engine.briefing import Briefing, Item, News
from engine.text import Text

LARGEST_HTML: Final = 96_000  # bytes; Gmail shows the first 102 kB and hides the rest behind a link
FOLDED: Final = ("open", "coordination", "rules")  # what happens to every case of a plan at once is one line
LISTS: Final = ("still", "happens", "unheard", "mails", "suggested", "bars")
WRITTEN: Final = frozenset(
    {"title", "question", "said", "plan_title", "owner_as_written", "reason", "instead_of", "subject", "sender", "name"}
    | {"detail", "substitute", "text", "number", "step"}
)  # what people and other machines have written, at whatever length
CUT: Final = frozenset({*LISTS, "items", "news", "passed", "counts"})  # once is enough; and a bar is whole or nothing


@dataclass(frozen=True, slots=True)
class Measure:
    """How many entries each list of a letter may have, and how many characters anything that somebody wrote."""

    entries: int
    characters: int | None = None


# Most letters fit the first. The last is small enough for anything: fewer than 100 lines of a few hundred bytes.
MEASURES: Final = (Measure(40), Measure(40, 600), Measure(15, 300), Measure(6, 120), Measure(2, 60))
MOST: Final = MEASURES[0].entries


def abridged(briefing: Briefing, measure: Measure) -> Briefing:
    """The same letter with no list and no words longer than the measure. `left_out` counts what each list lost."""
    folded = folding(briefing.news)
    lists: dict[str, Sequence[Any]] = {name: getattr(briefing, name) for name in LISTS}
    lists["items"] = foremost(briefing.items)
    lists["news"] = [it for it in briefing.news if it.move not in folded]
    cut: dict[str, Any] = {name: tuple(those[: measure.entries]) for name, those in lists.items()}
    cut["news"] = (*(it for it in briefing.news if it.move in folded), *cut["news"])
    left_out = {name: lost for name, those in lists.items() if (lost := len(those) - measure.entries) > 0}
    if briefing.vitals and (lost := len(briefing.vitals.tally.passed) - measure.entries) > 0:
        tally = briefing.vitals.tally
        cut["vitals"] = replace(briefing.vitals, tally=replace(tally, passed=tally.passed[: measure.entries]))
        left_out["passed"] = lost
    short = replace(briefing, **cut, left_out=left_out)
    return short if measure.characters is None else _shortened(short, measure)


def folding(news: Iterable[News]) -> Mapping[str, int]:
    """The moves that are said once for all the cases they were made on, and how many those are."""
    many = Counter(it.move for it in news)
    return {move: many[move] for move in FOLDED if many[move] > 1}


def foremost(items: Sequence[Item]) -> list[Item]:
    """One item for each case, the one that weighs most; the most urgent first."""
    best: dict[str, Item] = {}
    for item in items:
        if item.ref not in best or _weight(item) > _weight(best[item.ref]):
            best[item.ref] = item
    return sorted(best.values(), key=lambda it: (-it.level, -it.overdue, it.ref))


def _weight(item: Item) -> tuple[int, bool, int]:
    return item.level, item.letter in ("undeliverable", "unreadable"), item.planned.toordinal()


def _shortened(noun: Any, measure: Measure) -> Any:
    """A dataclass in which nothing that was written is longer than the measure, however deep it lies."""
    changes = {it.name: _short(it.name, getattr(noun, it.name), measure) for it in fields(noun)}
    return replace(noun, **changes)


def _short(name: str, value: Any, measure: Measure) -> Any:
    assert measure.characters
    if isinstance(value, Text):
        return Text(*(_cut(words, measure.characters) for words in (value.nb, value.nn, value.en)))
    if isinstance(value, str):
        return _cut(value, measure.characters) if name in WRITTEN else value
    if isinstance(value, tuple):
        return tuple(_short(name, it, measure) for it in (value if name in CUT else value[: measure.entries]))
    return _shortened(value, measure) if is_dataclass(value) else value


def _cut(words: str, characters: int) -> str:
    return words if len(words) <= characters else f"{words[: characters - 1].rstrip()}…"
