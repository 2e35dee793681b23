"""How long one rule can be kept from speaking to the watcher: every beginning and every way to pause is tried."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import count
from typing import Final

from engine.workflow import Offset, Role, Rule
from workflows.almanac import NEVER, STARTS, Almanac, Days, almanac
from workflows.horizon import Horizon
from workflows.pauses import Left, Pauses
from workflows.plot import Pause

MOST_LOSSES: Final = 16  # where a rule can be paused in more ways, every word that a pause may swallow counts as lost


@dataclass(frozen=True, slots=True)
class Word:
    """Something a rule does, by the day on which the case came into its state; `heard` when it tells the watcher."""

    name: str
    days: Days
    heard: bool
    moves: bool = False


@dataclass(frozen=True, slots=True)
class Delay:
    """What was due on a day is put off by these pauses until another day."""

    day: int
    used: Left
    until: int


@lru_cache(maxsize=512)
def ladder(rule: Rule, watcher: Role, horizon: Horizon, *, swallows: bool) -> "Ladder":
    """`swallows` says that at the end of a pause only the last of the missed steps is told."""
    return Ladder(rule, watcher, horizon, swallows=swallows)


class Ladder:
    """What a rule on the clock `entered` that nobody can stop comes to say, whenever it is begun."""

    def __init__(self, rule: Rule, watcher: Role, horizon: Horizon, *, swallows: bool) -> None:
        self.rule, self.days = rule, almanac(horizon)
        self.words = _words(rule, watcher, self.days)
        self.pauses = Pauses(rule, self.days, horizon)
        unheard = [place for place, word in enumerate(self.words) if not word.heard]
        self.mute = unheard if swallows and self.pauses.ways > 1 else []

    @property
    def endless(self) -> bool:
        return self.words[-1].heard and (self.rule.repeat is not None or self.words[-1].moves)

    def gaps(self) -> Iterator[tuple[Word | None, int]]:
        """From the beginning to the first word that is heard, from there to the next, and so on."""
        since: Word | None = None
        for place, word in enumerate(self.words):
            if word.heard:
                yield since, place
                since = word

    def repeats(self) -> Iterator[tuple[Word | None, int]]:
        """From one repeat to the next."""
        first = len(self.rule.steps)
        yield from ((self.words[place - 1], place) for place in range(first + 1, len(self.words)))

    @property
    def counts(self) -> bool:
        """A rule that comes to an end counts as far as no pause can swallow its words."""
        return self.endless or not self.mute

    def bounds(self, since: Word | None, place: int) -> Days:
        """For every beginning, how long a gap can become at the most."""
        ends, late = self.pauses.ends(self.pauses.all), self.days.late
        until = self.words[self._sure(place)].days
        return [late[ends[day]] - first for day, first in zip(until, self.heard_on(since), strict=False)]

    def heard_on(self, since: Word | None) -> Days:
        early = self.days.early
        return [early[day] for day in since.days[:STARTS]] if since else range(STARTS)

    def _sure(self, place: int) -> int:
        """The word from which on none can be swallowed."""
        return max(place, self.mute[-1] + 1) if self.mute else place

    def delays(self, begun: int, after: int) -> list[Delay]:
        """How to keep the next word after a day from being heard for the longest, a move that was put off included."""
        for place, word in enumerate(self.words):
            if word.heard and word.days[begun] > after:
                return self._delays(begun, place, self.pauses.all)
        last = self.words[-1]
        day = last.days[begun] if last.moves else self._later_repeat(begun, after)
        return [self._delay(day, self.pauses.all)]

    def _delay(self, day: int, left: Left) -> Delay:
        return Delay(day, left, self.pauses.ends(left)[day])

    def _later_repeat(self, begun: int, after: int) -> int:
        """The first repeat after a day that lies beyond those that were looked at; NEVER when the rule ends."""
        if not (self.rule.repeat and self.words[-1].heard):
            return NEVER
        again, day = self.days.after(self.rule.repeat.every), self.words[-1].days[begun]
        for _ in count():
            if day > after:
                return day
            day = again[day]
        return NEVER

    def _delays(self, begun: int, place: int, left: Left) -> list[Delay]:
        if self.pauses.ways > MOST_LOSSES:
            place = self._sure(place)
        day = self.words[place].days[begun]
        ways = [[self._delay(day, left)]]
        for mute in (it for it in self.mute if it > place):
            first, last = self.words[mute].days[begun], self.words[mute + 1].days[begun] - 1
            following = next(at for at in range(mute, len(self.words)) if self.words[at].heard)
            for used, rest in self.pauses.some(left):
                if self.pauses.needed(used, day, first):
                    swallowed = Delay(day, used, min(self.pauses.ends(used)[day], last))
                    ways.append([swallowed, *self._delays(begun, following, rest)])
        return max(ways, key=lambda it: it[-1].until)

    def taken(self, delays: Sequence[Delay], until: int) -> Iterator[Pause]:
        """The pauses by which nothing is heard before a day."""
        for delay in (it for it in delays if it.day < until):
            for kind, asked, last in self.pauses.taken(delay.day, delay.used, min(delay.until, until)):
                yield Pause(self.rule.id, kind, self.days.day(asked), self.days.day(last))

    def word_on(self, begun: int, day: int) -> Word:
        """The last word that is heard and was due by a day; of the repeats, those that were looked at."""
        return [it for it in self.words if it.heard and it.days[begun] <= day][-1]


def _words(rule: Rule, watcher: Role, days: Almanac) -> list[Word]:
    """The steps, and as many repeats as it takes to have seen every gap between two of them."""
    words = [
        Word(f"step {step.name}", days.after(_ahead(step.at)), watcher in step.tell, bool(step.do))
        for step in rule.steps
    ]
    if rule.repeat:
        again, last = days.after(_ahead(rule.repeat.every)), words[-1].days if words else range(NEVER + 1)
        for number in range(_repeats(rule)):
            last = [again[day] for day in last]
            words.append(Word(f"repeat {number + 1}", last, watcher in rule.repeat.tell))
    return words


def _ahead(offset: Offset) -> Offset:
    """What lies before the beginning comes up on the first day."""
    return offset if offset.count > 0 else Offset(0, "d")


def _repeats(rule: Rule) -> int:
    """Months are of different lengths, each of which comes within a year; other gaps show between any two repeats."""
    assert rule.repeat
    units = {rule.repeat.every.unit, *(step.at.unit for step in rule.steps)}
    return 13 if units & {"m", "y"} else 2
