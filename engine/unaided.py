"""A move that a rule makes because nobody did, in one transaction with all that comes of it on the same day."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from engine.alarm import next_alarm
from engine.case import Case, Errand
from engine.escalation import Firing, judge, moved
from engine.ports import Tx
from engine.sitting import Sitting, seat
from engine.telling import case_calendar, notices_of_event, notices_of_firing, occurrence_of
from engine.workflow import Workflows


@dataclass(slots=True)
class MovedOn:
    """How many decisions and notices were new."""

    decided: int = 0
    queued: int = 0


def move_on(tx: Tx, workflows: Workflows, case: Case, *, now: datetime) -> MovedOn:
    """Decide what is due, make the moves that the rules make, and decide what is due in the new state.

    No rule file can lead a case in a circle or to an end, so this comes to rest. Stale when the case has changed.
    """
    errand = Errand(ref=case.ref, move="", by="rule", seen=case.version, through="rule")
    done = MovedOn()
    desk = seat(tx, workflows, errand, now=now)
    record = desk.record()
    calendar = case_calendar(desk.case, desk.register, desk.today)
    while True:
        firings, wake_on = judge(desk.workflow, desk.case, record, calendar, desk.today)
        _decide(desk, firings, done)
        record = record.after(firings)
        if not (firings and firings[-1].moves):
            break
        desk = replace(desk, case=_move(desk, firings[-1], done))
    rested = desk.case.evolve(wake_on=next_alarm(wake_on, desk.case, desk.register, desk.today))
    desk.tx.save(rested, seen=case.version)
    return done


def _decide(desk: Sitting, firings: Sequence[Firing], done: MovedOn) -> None:
    done.decided += desk.tx.decide([occurrence_of(it, desk.case, desk.now) for it in firings])
    for firing in firings:
        if firing.tells:
            done.queued += desk.tx.queue(notices_of_firing(firing, desk.case, desk.register, desk.now))


def _move(desk: Sitting, firing: Firing, done: MovedOn) -> Case:
    """The case in its new state. Whoever the move tells is told, and the coordinator's digest says it."""
    move, after = desk.workflow.moves[firing.planned.do], moved(desk.workflow, desk.case, firing)
    by_rule = replace(desk.errand, move=move.name, by=f"rule:{firing.rule}")
    event = replace(desk, errand=by_rule).log(after.state, {"rule": firing.rule, "step": firing.planned.step})
    after = after.evolve(entered_seq=event.seq)
    done.queued += desk.tx.queue(notices_of_event(event, move.tell, after, desk.register, desk.now))
    return after
