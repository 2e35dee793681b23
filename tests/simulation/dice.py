"""All chance in a simulated life: one seed, so that a life that went wrong can be lived again."""

import random
from collections.abc import Mapping, Sequence
from typing import TypeVar

Thing = TypeVar("Thing")


class Dice:
    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)

    def chance(self, of: float) -> bool:
        return self._random.random() < of

    def number(self, least: int, most: int) -> int:
        return self._random.randint(least, most)

    def one(self, things: Sequence[Thing]) -> Thing:
        return self._random.choice(things)

    def some(self, things: Sequence[Thing], most: int) -> list[Thing]:
        return self._random.sample(list(things), min(self.number(0, most), len(things)))

    def weighted(self, weights: Mapping[Thing, int]) -> Thing:
        return self._random.choices(list(weights), list(weights.values()))[0]
