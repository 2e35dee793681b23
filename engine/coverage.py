"""Which recommendations have an action of their own: one that covers everything covers nothing in particular."""

from collections.abc import Sequence

from engine.case import Case, Recommendation


def covering(recommendation: Recommendation, cases: Sequence[Case]) -> tuple[Case, ...]:
    return tuple(case for case in cases if recommendation.number in case.recommendations)


def has_own(recommendation: Recommendation, cases: Sequence[Case], *, among: int) -> bool:
    """`among` says how many recommendations there are; of one alone no action covers too much."""
    everything = max(among, 2)
    return any(len(case.recommendations) < everything for case in covering(recommendation, cases))


def has_one_owner(case: Case) -> bool:
    """A unit that gets letters, and nobody else who might think it was the other one."""
    return bool(case.owner) and not (case.contributors or case.owner_as_written)
