"""How long the watcher can be kept from hearing by rules that nobody can stop, each paused at the worst of times."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from workflows.almanac import NEVER, STARTS, Days
from workflows.plot import Plot
from workflows.worst import Ladder, Word

MOST_TOGETHER: Final = 6  # of more rules, only those that are the best by themselves are looked at together
EXAMPLE: Final = 17 * 365  # of all that are equally long, one from 2027 on is shown


@dataclass(frozen=True, slots=True)
class Silent:
    """From a word (None: from the day on which the case came into its state) until somebody speaks again."""

    ladders: Sequence[Ladder]
    begun: int
    by: Ladder
    since: Word | None

    @property
    def _after(self) -> int:
        return self.since.days[self.begun] if self.since else self.begun - 1

    @property
    def heard(self) -> int:
        return self.by.days.early[self._after] if self.since else self.begun

    @property
    def speaker(self) -> tuple[int, Ladder]:
        """Who speaks next, and when, though every rule is kept quiet for as long as it can be."""
        spoken = [(it.delays(self.begun, self._after)[-1].until, it) for it in self.ladders]
        return min(spoken, key=lambda it: it[0])

    @property
    def days(self) -> int:
        return self.by.days.late[self.speaker[0]] - self.heard

    def plot(self) -> Plot:
        (spoken, speaker), day = self.speaker, self.by.days.day
        delays = [(it, it.delays(self.begun, self._after)) for it in self.ladders]
        pauses = {pause for it, delay in delays for pause in it.taken(delay, spoken)}
        word = speaker.word_on(self.begun, spoken)
        return Plot(
            entered=day(self.begun),
            word=f"rule {self.by.rule.id}, {self.since.name}" if self.since else "",
            heard=day(self.heard),
            pauses=tuple(sorted(pauses, key=lambda it: (it.day, it.rule))),
            next_word=f"rule {speaker.rule.id}, {word.name}",
            spoken=day(spoken),
            leaves=day(self.by.days.late[spoken]),
            moves=word.moves,
        )


@lru_cache(maxsize=512)
def worst(ladders: tuple[Ladder, ...]) -> Plot | None:
    """The longest silence of all; None when it may last for more than ten years.

    A rule that goes on without end bounds it by itself. Where another one speaks into the longest silence of that
    rule, they are looked at together, beginning by beginning.
    """
    alone = sorted((_alone(it, list(it.gaps())) for it in ladders if it.endless), key=lambda it: it.days)
    longest = alone[0] if alone else None
    if longest is None or longest.days >= NEVER - STARTS:
        return None
    ladders = ladders if len(ladders) <= MOST_TOGETHER else tuple(it.by for it in alone[:MOST_TOGETHER])
    together = Silent(ladders, longest.begun, longest.by, longest.since)
    if together.days < longest.days:
        together = _together(ladders)
        longest = max([together, *_settled(ladders)], key=lambda it: it.days)
    return longest.plot() if longest.days > together.days else together.plot()


def _alone(ladder: Ladder, gaps: Sequence[tuple[Word | None, int]]) -> Silent:
    """The longest of some gaps of one rule."""
    return max((_longest(ladder, since, ladder.bounds(since, place)) for since, place in gaps), key=lambda it: it.days)


def _longest(ladder: Ladder, since: Word | None, bounds: Days) -> Silent:
    if not ladder.mute:
        return Silent([ladder], _example(bounds), ladder, since)
    return _best([ladder], ladder, since, bounds)


def _example(spans: Days) -> int:
    longest = max(spans)
    return spans.index(longest, EXAMPLE) if longest in spans[EXAMPLE:] else spans.index(longest)


def _best(ladders: Sequence[Ladder], by: Ladder, since: Word | None, bounds: Days) -> Silent:
    """Every beginning is tried, the most promising ones first."""
    best: tuple[int, Silent] | None = None
    for begun in sorted(range(STARTS), key=lambda it: (bounds[it], it >= EXAMPLE, -it), reverse=True):
        if best and bounds[begun] <= best[0]:
            break
        silent = Silent(ladders, begun, by, since)
        if best is None or silent.days > best[0]:
            best = silent.days, silent
    assert best
    return best[1]


def _together(ladders: Sequence[Ladder]) -> Silent:
    """From the beginning, and from every word of every rule up to its first repeats."""
    found = (_best(ladders, it, since, bounds) for it in ladders for since, bounds in _words_of(it))
    return max(found, key=lambda it: it.days)


def _words_of(ladder: Ladder) -> Iterator[tuple[Word | None, Days]]:
    last: Word | None = None
    for since, place in ladder.gaps():
        yield since, ladder.bounds(since, place)
        last = ladder.words[place]
    if last and not ladder.endless:
        yield last, [NEVER] * STARTS


def _settled(ladders: Sequence[Ladder]) -> Iterator[Silent]:
    """A bound on what comes after the first repeats, where nobody knows how those of several rules fall together."""
    repeating = [it for it in ladders if it.endless and it.rule.repeat]
    between = [_alone(it, list(it.repeats())) for it in repeating]
    for ladder, gap in zip(repeating, between, strict=True):
        others = [it for it in ladders if it is not ladder]
        if _goes_on(ladder, others):
            yield gap if _hurries(ladder, others) else min(between, key=lambda it: it.days)


def _goes_on(ladder: Ladder, others: Sequence[Ladder]) -> bool:
    """Whether the rule comes to repeat before another one has moved the case."""
    movers = [(it.pauses.ends(it.pauses.all), it.words[-1].days) for it in others if it.words[-1].moves]
    repeated = ladder.words[-1].days[:STARTS]
    return all(any(day < ends[last] for day, last in zip(repeated, days, strict=False)) for ends, days in movers)


def _hurries(ladder: Ladder, others: Sequence[Ladder]) -> bool:
    """Whether the rule may repeat before another one has come to the end of its steps."""
    first = min(day - begun for begun, day in enumerate(ladder.words[-1].days[:STARTS]))
    steps = (it.words[min(len(it.rule.steps), len(it.words) - 1)].days for it in others)
    return any(day - begun > first for days in steps for begun, day in enumerate(days[:STARTS]))
