"""People who act while everything falls: they move, comment, pause, put off, hand over, each errand with a number."""

import asyncio
import os
from collections.abc import Sequence
from contextlib import suppress
from datetime import timedelta
from random import Random

from engine.case import Case, Errand, Event
from engine.errors import TiltakError
from engine.pause import Kind
from engine.workflow import Move
from tests.chaos.board import Board
from tests.chaos.plan import UNITS
from tiltak.wiring import Service

ERRANDS, PAUSE = 3, 0.08  # in one life, and the seconds between them on average
WIDTH = 8


class Confirmations:
    """Which errands were confirmed to whoever asked. A pipe takes eight bytes whole or, of one who is killed, not."""

    def __init__(self) -> None:
        self._reading, self._writing = os.pipe()
        os.set_blocking(self._reading, False)
        self.numbers: list[int] = []

    def confirm(self, number: int) -> None:
        os.write(self._writing, number.to_bytes(WIDTH, "big"))

    def collect(self) -> None:
        """Often enough that the pipe does not fill."""
        with suppress(BlockingIOError):
            while found := os.read(self._reading, WIDTH * 512):
                self.numbers += [int.from_bytes(found[at : at + WIDTH], "big") for at in range(0, len(found), WIDTH)]

    def close(self) -> None:
        os.close(self._reading)
        os.close(self._writing)


class People:
    """They touch these cases; the others are chased to the end of the year."""

    def __init__(
        self, service: Service, board: Board, slot: int, rng: Random, confirmations: Confirmations, refs: Sequence[str]
    ) -> None:
        self.service, self.board, self.slot, self.rng = service, board, slot, rng
        self.confirmations = confirmations
        self.refs = refs

    async def act(self) -> None:
        """A few errands soon after the start, in the middle of the first rounds."""
        for _ in range(ERRANDS):
            await asyncio.sleep(self.rng.expovariate(1 / PAUSE))
            await asyncio.to_thread(self._one_errand)

    def _one_errand(self) -> None:
        self.board.acting(self.slot, True)  # first said, then looked: the day does not end in between
        try:
            if not self.board.quiet:
                self._do(self.rng.getrandbits(60))
        except TiltakError:
            pass  # somebody else was faster, or it is not allowed any more: nothing was changed
        finally:
            self.board.acting(self.slot, False)

    def _do(self, number: int) -> None:
        case = self.service.store.case(self.rng.choice(self.refs))
        errands = (self._move, self._move, self._comment, self._deadline, self._hand_over, self._pause)
        errand = self.rng.choice(errands)
        errand(case, f"errand {number}")
        self.confirmations.confirm(number)

    def _errand(self, case: Case, move: str, by: str, text: str, **more: object) -> Errand:
        seen = case.version if self.rng.random() < 0.5 else None
        return Errand(ref=case.ref, move=move, by=by, text=text, seen=seen, **more)  # type: ignore[arg-type]

    def _move(self, case: Case, text: str) -> Event:
        open_to = self.service.workflows[case.workflow].moves_from(case.state)
        move: Move = self.rng.choice(list(open_to))
        by = f"unit:{case.owner if 'responsible' in move.by else case.coordinator}"
        if "owner" not in move.needs:
            return self.service.desk.act(self._errand(case, move.name, by, text))
        owner = self._unit()
        return self.service.desk.act(self._errand(case, move.name, by, f"{text} to {owner}", owner=owner))

    def _comment(self, case: Case, text: str) -> Event:
        by = self.rng.choice((case.owner, case.coordinator))
        return self.service.desk.comment(self._errand(case, "comment", f"unit:{by}", text))

    def _deadline(self, case: Case, text: str) -> Event:
        due = self.service.desk.today() + timedelta(days=self.rng.randrange(1, 90))
        return self.service.desk.move_deadline(
            self._errand(case, "deadline", f"unit:{case.coordinator}", text, due=due)
        )

    def _hand_over(self, case: Case, text: str) -> Event:
        errand = self._errand(case, "hand over", f"unit:{case.coordinator}", text, owner=self._unit())
        return self.service.desk.hand_over(errand)

    def _pause(self, case: Case, text: str) -> Event:
        """ "We are on it", or a snooze; now and then for longer, or once more, than the rule allows."""
        kind: Kind = self.rng.choice(("ack", "snooze"))
        until = self.service.desk.today() + timedelta(days=self.rng.randrange(18 if kind == "ack" else 64))
        errand = self._errand(case, "hold", f"unit:{case.owner}", text)
        return self.service.desk.pause(errand, rule="due", kind=kind, until=until)

    def _unit(self) -> str:
        return f"U{self.rng.randrange(UNITS)}"
