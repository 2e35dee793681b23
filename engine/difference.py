"""What a change of rules would do to the mails of a year: which move, which disappear, which are new."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from engine.notice import Notice
from engine.simulation import Decision, Opening
from engine.workflow import Workflows


@dataclass(frozen=True, slots=True)
class Difference:
    """`moved` are the same piece of news on another day or by another letter, before and after."""

    moved: tuple[tuple[Decision, Decision], ...]
    gone: tuple[Decision, ...]
    new: tuple[Decision, ...]


def difference(before: Iterable[Decision], after: Iterable[Decision]) -> Difference:
    """A piece of news is the same when the same step of the same rule tells the same party about the same case."""
    old, young = _by_key(before), _by_key(after)
    both = [(was, young[key]) for key, was in old.items() if key in young]
    return Difference(
        moved=tuple((was, becomes) for was, becomes in both if _said(was) != _said(becomes)),
        gone=tuple(was for key, was in old.items() if key not in young),
        new=tuple(becomes for key, becomes in young.items() if key not in old),
    )


def under(workflows: Workflows, openings: Sequence[Opening]) -> list[Opening]:
    """The same cases as if they had begun under the latest of these rules."""
    return [replace(it, case=it.case.evolve(workflow=workflows.latest(it.case.kind).key)) for it in openings]


def _by_key(decisions: Iterable[Decision]) -> dict[str, Decision]:
    return {it.notice.key: it for it in decisions if it.notice}


def _said(decision: Decision) -> tuple[object, ...]:
    notice: Notice | None = decision.notice
    return (decision.day, notice.letter, notice.via) if notice else ()
