"""What parent and children see of each other: the time of day, and what each child is in the middle of.

Plain shared memory without locks: a child that is killed can neither leave it locked nor take it along.
"""

from collections.abc import MutableSequence
from datetime import UTC, datetime, timedelta
from enum import Enum
from multiprocessing import RawArray

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)
CLOCK, QUIET, CELLS = 0, 1, 2
WRITING, SENDING, ACTING, DELIVERING, EACH = 0, 1, 2, 3, 4


class Moment(Enum):
    """Where a kill has hit."""

    TRANSACTION = "in a transaction"
    SEND = "in a send"
    ELSEWHERE = "elsewhere"


class Board:
    """`now` is a clock as the service knows it: the parent moves it, every child reads it."""

    def __init__(self, start: datetime, *, slots: int) -> None:
        self._cells: MutableSequence[int] = RawArray("q", CELLS + EACH * slots)
        self.slots = range(slots)
        self.move_to(start)

    def now(self) -> datetime:
        return EPOCH + self._cells[CLOCK] * MICROSECOND

    def uptime(self) -> float:
        """Time that really passes is this time: nobody's clock leaps."""
        return self._cells[CLOCK] / 1e6

    def move_to(self, instant: datetime) -> None:
        self._cells[CLOCK] = max(self._cells[CLOCK], (instant - EPOCH) // MICROSECOND)

    @property
    def quiet(self) -> bool:
        """Nobody begins an errand."""
        return bool(self._cells[QUIET])

    @quiet.setter
    def quiet(self, wished: bool) -> None:
        self._cells[QUIET] = wished

    def writing(self, slot: int, by: int) -> None:
        self._cells[CELLS + EACH * slot + WRITING] += by

    def sending(self, slot: int, on: bool) -> None:
        self._cells[CELLS + EACH * slot + SENDING] = on

    def acting(self, slot: int, on: bool) -> None:
        self._cells[CELLS + EACH * slot + ACTING] = on

    def delivering(self, slot: int, on: bool) -> None:
        self._cells[CELLS + EACH * slot + DELIVERING] = on

    def anybody_acts(self) -> bool:
        return any(self._cells[CELLS + EACH * slot + ACTING] for slot in self.slots)

    def anybody_delivers(self) -> bool:
        return any(self._cells[CELLS + EACH * slot + DELIVERING] for slot in self.slots)

    def moment(self, slot: int) -> Moment:
        if self._cells[CELLS + EACH * slot + SENDING]:
            return Moment.SEND
        return Moment.TRANSACTION if self._cells[CELLS + EACH * slot + WRITING] else Moment.ELSEWHERE

    def clear(self, slot: int) -> None:
        """Its process is dead: whatever it was in the middle of, it is not any more."""
        for cell in range(EACH):
            self._cells[CELLS + EACH * slot + cell] = 0
