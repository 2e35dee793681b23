"""One life of the service, from a seed: what befalls it, the promises after every step, and the calm at the end."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta

from tests.simulation import befalls
from tests.simulation.post_office import FINE
from tests.simulation.promises import Broken, Promises, undecided
from tests.simulation.seen import Seen
from tests.simulation.stage import Stage
from tiltak.watch import accept

CALM_DAYS = 8
Say = Callable[[str], None]


def live(seed: int, database: str, *, steps: int, say: Say = lambda _: None) -> Stage:
    """Live through so many steps; Broken when a promise does not hold."""
    stage = Stage(seed, database, say)
    life = Life(stage)
    try:
        life.begin()
        for number in range(1, steps + 1):
            life.step(number)
        life.calm()
    finally:
        stage.end()
    return stage


class Life:
    def __init__(self, stage: Stage) -> None:
        self.stage, self.promises = stage, Promises(stage.ledger)
        self.seen: Seen

    def begin(self) -> None:
        stage = self.stage
        stage.say(f"{len(stage.nodes)} nodes, {len(stage.draft.cases)} cases, {stage.house.organisation}")
        stage.pages.service.desk.adopt(stage.draft, by="operator")
        self.seen = stage.look()
        stage.quiet = False

    def step(self, number: int) -> None:
        befall = self.stage.dice.weighted(befalls.STEPS)
        with self._said(f"{number:4} {befall.__name__}"):
            self.stage.say(f"        {befall(self.stage)}")
        self.check()

    @contextmanager
    def _said(self, what: str) -> Iterator[None]:
        self.stage.say(f"{self.stage.now:%a %Y-%m-%d %H:%M} {what}")
        try:
            yield
        except Broken:
            raise
        except Exception as error:
            raise _failed(error) from error
        if fault := self.stage.fault:
            raise fault if isinstance(fault, Broken) else _failed(fault) from fault

    def check(self) -> None:
        before, self.seen = self.seen, self.stage.look()
        self.promises.check(before, self.seen)

    def calm(self) -> None:
        """The faults stop. Whatever was decided arrives, and nothing is left undone."""
        stage = self.stage
        stage.quiet, stage.office.mood = True, FINE
        stage.office.gone.clear()
        stage.pages.fuse.left = None
        with self._said("calm"):
            for ref in sorted(stage.ledger.spoiled):
                befalls.mend(stage, ref)
            for name in stage.nodes:
                stage.restart(name)
            accept(stage.inspector.store, stage.now, "operator")
            befalls.live_until(stage, stage.ledger.today + timedelta(days=CALM_DAYS))
        self.check()
        if faults := list(self._undone()):
            raise Broken("\n".join(faults))

    def _undone(self) -> Iterator[str]:
        stage, seen = self.stage, self.seen
        yield from (f"P1 at the end: {it}" for it in undecided(stage.ledger, seen, stage.ledger.today))
        for notice in seen.notices.values():
            if not (notice.parcel or notice.set_aside) and notice.ripe_at <= stage.now:
                yield f"P3 at the end: {notice.key} was ripe at {notice.ripe_at} and lies there"
        for letter in seen.letters.values():
            if letter.status not in ("sent", "dead"):
                yield f"P3 at the end: letter {letter.id} to {letter.address} is {letter.status}: {letter.last_reply}"
        yield from (f"the history is broken: {it}" for it in stage.inspector.store.broken_chains())


def _failed(error: Exception) -> Broken:
    return Broken(f"P8 others go on: a round or an errand failed of {type(error).__name__}: {error}")
