"""What pausing a rule again and again comes to, in the order that holds it longest."""

from collections.abc import Iterator
from typing import Final, Literal

from engine.workflow import Rule
from workflows.almanac import NEVER, Almanac, Days
from workflows.horizon import Horizon

Kind = Literal["ack", "snooze"]
Left = tuple[int, int]  # how many acks and snoozes
KINDS: Final[tuple[Kind, Kind]] = ("ack", "snooze")
MOST_WAYS: Final = 36  # where there are more, the pauses are added up at their longest instead


class Pauses:
    """Every number of acks and snoozes that a rule allows, begun on any day, one right after the other."""

    def __init__(self, rule: Rule, days: Almanac, horizon: Horizon) -> None:
        terms = (
            (rule.ack.hold, rule.ack.times) if rule.ack else None,
            (rule.snooze.longest, rule.snooze.times) if rule.snooze else None,
        )
        self.all: Left = (terms[0][1] if terms[0] else 0, terms[1][1] if terms[1] else 0)
        self.ways = (self.all[0] + 1) * (self.all[1] + 1)
        self._over = tuple([min(end + 1, NEVER) for end in days.after(it[0])] if it else () for it in terms)
        self._ends: dict[Left, Days] = {(0, 0): range(NEVER + 1)}
        if self.ways > MOST_WAYS:
            added = sum(times * (horizon.most(length) + 1) for length, times in filter(None, terms))
            self._ends[self.all] = [min(day + added, NEVER) for day in range(NEVER + 1)]

    def ends(self, left: Left) -> Days:
        """The day on which a rule that was to speak on a day speaks at the latest, when all of these are used."""
        if left not in self._ends:
            ways = [[self.ends(rest)[over] for over in self._over[kind]] for kind, rest in _spent(left)]
            self._ends[left] = ways[0] if len(ways) == 1 else list(map(max, *ways))
        return self._ends[left]

    def some(self, left: Left) -> Iterator[tuple[Left, Left]]:
        """Every way to use some of what is left: what is used, and what is left then."""
        for acks in range(left[0] + 1):
            for snoozes in range(left[1] + 1):
                if acks or snoozes:
                    yield (acks, snoozes), (left[0] - acks, left[1] - snoozes)

    def needed(self, used: Left, day: int, until: int) -> bool:
        """Whether they reach from a day to another, and one less would not."""
        fewer = (self.ends(rest)[day] for _, rest in _spent(used))
        return self.ends(used)[day] >= until and all(it < until for it in fewer)

    def taken(self, day: int, left: Left, until: int) -> Iterator[tuple[Kind, int, int]]:
        """How what is due on a day is put off until another: which pause, from which day, until which one."""
        while day < until and left != (0, 0):
            kind, left = max(_spent(left), key=lambda it: self._reach(day, *it))
            end = min(self._over[kind][day], until)
            yield KINDS[kind], day, end - 1
            day = end

    def _reach(self, day: int, kind: int, rest: Left) -> int:
        over = self._over[kind][day]
        return over if self.ways > MOST_WAYS else self.ends(rest)[over]


def _spent(left: Left) -> Iterator[tuple[int, Left]]:
    if left[0]:
        yield 0, (left[0] - 1, left[1])
    if left[1]:
        yield 1, (left[0], left[1] - 1)
