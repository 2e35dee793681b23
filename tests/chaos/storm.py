"""The parent: keeps every process alive, kills one after the other, and lets time pass."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, time, timedelta
from multiprocessing import get_context
from multiprocessing.process import BaseProcess
from random import Random
from time import perf_counter, sleep

from engine.calendar import calendar_of, day_of, instant
from engine.people import Organisation
from engine.window import is_open
from tests.chaos.board import Board, Moment
from tests.chaos.day_end import DayEnd
from tests.chaos.node import Errands, live

MORNING = (time(6, 0), time(7, 30), time(10, 0))
HOURS = (*MORNING, time(13, 0), time(15, 0), time(21, 0))
AIMS = (Moment.TRANSACTION, Moment.TRANSACTION, Moment.SEND, None)
LONGEST_AIM, LATEST, BETWEEN, GLANCE, LOOK = 0.2, 0.004, 0.04, 0.0005, 0.02
PATIENCE = 600.0  # seconds after which nothing is coming any more, on however slow a machine
CALM_DAYS = 4


class Stuck(Exception):
    """The service did not get to the end of its day."""


@dataclass
class Storm:
    errands: Errands
    board: Board
    day_end: DayEnd
    organisation: Organisation
    rng: Random
    processes: list[BaseProcess] = field(default_factory=list)
    lives: Counter[int] = field(default_factory=Counter)
    hits: Counter[Moment] = field(default_factory=Counter)

    @property
    def kills(self) -> int:
        return self.hits.total()

    @contextmanager
    def processes_alive(self) -> Iterator[None]:
        self.processes = [self._start(slot) for slot in self.board.slots]
        try:
            yield
        finally:
            for process in self.processes:
                process.kill()
                process.join()

    def _start(self, slot: int) -> BaseProcess:
        """Forked from a parent that has no thread and no connection open: warm, and yet a process of its own."""
        self.lives[slot] += 1
        process = get_context("fork").Process(target=live, args=(self.errands, slot, self.lives[slot]), daemon=True)
        process.start()
        return process

    def live_through(self, first: date, *, days: int, kills: int) -> None:
        """So many days, so many kills, spread evenly over them and anywhere within each."""
        for number in range(days):
            self.board.quiet = False
            wanted = kills * (number + 1) // days - self.kills
            self._day(first + timedelta(days=number), HOURS, wanted)

    def calm_down(self) -> date:
        """A few days without kills and without anybody who acts; ends on a working day when all mail has left."""
        day = day_of(self.board.now(), self.organisation.zone)
        last = calendar_of(self.organisation).next_workday(day + timedelta(days=CALM_DAYS))
        while (day := day + timedelta(days=1)) <= last:
            self._day(day, HOURS if day < last else MORNING, 0)
        self._wait(self._all_has_left_a_little_later, "letters are still waiting")
        now = self.board.now()
        self._wait(lambda: self.day_end.well_since(now, self.errands.everybody_works), "a loop does not come round")
        return last

    def _all_has_left_a_little_later(self) -> bool:
        """A letter that was refused is tried again after minutes."""
        self.board.move_to(self.board.now() + timedelta(seconds=5))
        return self.day_end.all_has_left()

    def _day(self, day: date, hours: Sequence[time], kills: int) -> None:
        share = Counter(self.rng.choice(hours) for _ in range(kills))
        for at in hours:
            self.board.move_to(instant(day, at, self.organisation.zone))
            for _ in range(share[at]):
                self._kill_one()
            if not kills:
                self._wait(lambda: self.day_end.nothing_is_due(day), "what is due is not decided")
            if is_open(self.board.now(), self.organisation):
                self._wait(lambda: self.day_end.nothing_may_leave(self.board.now()), "what may leave does not")
                self._wait(lambda: not self.board.anybody_delivers(), "a round of letters does not end")
        self.board.quiet = True
        self._wait(lambda: not self.board.anybody_acts(), "an errand does not end")
        self._wait(lambda: self.day_end.nothing_is_due(day), "what is due is not decided")
        self.errands.confirmations.collect()

    def _kill_one(self) -> None:
        sleep(self.rng.uniform(0, BETWEEN))
        slot = self._aim(self.rng.choice(AIMS))
        self.processes[slot].kill()
        self.processes[slot].join()
        self.hits[self.board.moment(slot)] += 1
        self.board.clear(slot)
        self.processes[slot] = self._start(slot)
        self.board.move_to(self.board.now() + timedelta(seconds=1))

    def _aim(self, aim: Moment | None) -> int:
        """A process in the middle of that, if one gets there soon; else any."""
        slots, until = list(self.board.slots), perf_counter() + LONGEST_AIM
        self.rng.shuffle(slots)
        while aim and perf_counter() < until:
            if found := next((slot for slot in slots if self.board.moment(slot) is aim), None):
                sleep(self.rng.uniform(0, LATEST))
                return found
            sleep(GLANCE)
        return slots[0]

    def _wait(self, ready: Callable[[], bool], otherwise: str) -> None:
        until = perf_counter() + PATIENCE
        while not ready():
            if perf_counter() > until:
                raise Stuck(f"{self.board.now():%Y-%m-%d %H:%M} UTC: {otherwise}")
            sleep(LOOK)
