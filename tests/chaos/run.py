"""One storm from beginning to end: a plan is adopted, lives through its days, and is looked at afterwards."""

import re
import tempfile
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import time, timedelta
from itertools import product
from pathlib import Path
from random import Random

from engine.calendar import instant
from engine.draft import PlanDraft
from engine.people import Register
from engine.simulation import SWEPT_AT, Opening
from engine.text import LANGUAGES
from notifications.letters import write
from notifications.preview import LETTERS, sample
from tests.chaos.board import Board, Moment
from tests.chaos.day_end import DayEnd
from tests.chaos.node import Errands, Kind, settings_of, watched
from tests.chaos.oracle import Oracle, Seen
from tests.chaos.people import Confirmations
from tests.chaos.plan import DECIDED_ON, drawn, organisation
from tests.chaos.post_office import post_office
from tests.chaos.storm import Storm
from tests.chaos.verdict import Court, Verdict
from tiltak.clock import SteadyClock
from tiltak.rehearsal import ADOPTED_AT, openings_of_plans
from tiltak.serving import settle_in
from tiltak.wiring import Service, build
from workflows.loading import load

YEAR, A_YEARS_KILLS, FEWEST_DAYS = 366, 1000, 12
COMPLAINT = re.compile(r"node-\d+ ERROR (.*)")


@dataclass(frozen=True)
class Run:
    seed: str
    kills: int
    processes: int
    actions: int
    runner: Kind = "embedded"

    @property
    def days(self) -> int:
        """A thousand kills take a year."""
        return min(YEAR, max(FEWEST_DAYS, YEAR * self.kills // A_YEARS_KILLS))


@dataclass(frozen=True)
class Outcome:
    verdict: Verdict
    hits: Counter[Moment]
    complaints: Counter[str]


def storm(url: str, run: Run) -> Outcome:
    workflows, zone = load(), organisation().zone
    drafts = drawn(Random(run.seed), actions=run.actions, days=run.days)
    board = Board(instant(DECIDED_ON, ADOPTED_AT, zone), slots=run.processes)
    with tempfile.TemporaryDirectory(prefix="tiltak-chaos-") as folder, post_office(run.seed) as office:
        service = build(
            settings_of(url, office.port, run.runner), board, workflows=workflows, organisation=organisation()
        )
        register, openings = _adopted(service, drafts)
        far = DECIDED_ON + timedelta(days=run.days + YEAR)
        _warm_up(service, board, Oracle(workflows, register, DECIDED_ON, far), openings)
        log = Path(folder) / "log"
        log.touch()
        confirmations = Confirmations()
        born_with = (url, office.port, service.store, workflows, board, run.seed, touched(openings), confirmations)
        errands = Errands(*born_with, run.runner, str(log))
        raging = Storm(errands, board, DayEnd(service.store), organisation(), Random(run.seed))
        with raging.processes_alive():
            raging.live_through(DECIDED_ON, days=run.days, kills=run.kills)
            until = raging.calm_down()
        office.close()
        court = Court(service.store, Oracle(workflows, register, DECIDED_ON, until), openings)
        sends = raging.hits[Moment.SEND]
        verdict = court.judge(office.taken, confirmations.numbers, kills=raging.kills, sends=sends)
        service.store.close()
        return Outcome(verdict, raging.hits, _complaints(log))


def touched(openings: Sequence[Opening]) -> list[str]:
    """Every second action."""
    return [it.case.ref for it in openings if it.case.kind == "action"][::2]


def _adopted(service: Service, drafts: Sequence[PlanDraft]) -> tuple[Register, Sequence[Opening]]:
    for draft in drafts:
        service.desk.adopt(draft, by="operator")
    register, openings, _ = openings_of_plans(service, [draft.ref for draft in drafts], None)
    return register, openings


def _warm_up(service: Service, board: Board, oracle: Oracle, openings: Sequence[Opening]) -> None:
    """Whoever is forked from here knows every letter, holiday and statement by heart: most of its life is work."""
    for name, language in product(LETTERS, LANGUAGES):
        write(sample(name, language))
    for opening in openings:
        oracle.pasts(opening, (), Seen())
    for at in (SWEPT_AT, time(7, 30)):
        board.move_to(instant(DECIDED_ON, at, organisation().zone))
        service.tick()
    watched(service, SteadyClock(board), board, slot=0).unready()
    settle_in()
    service.store.close()  # no connection and no thread is inherited


def _complaints(log: Path) -> Counter[str]:
    """What the processes have written that is more than a letter that waits."""
    lines = (COMPLAINT.match(line) for line in log.read_text(encoding="utf-8").splitlines())
    return Counter(found[1] for found in lines if found)
