"""Taking back what one has just said: the case is as it was, its clocks too, and the history keeps both."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Final

from engine.answered import Answered
from engine.case import Case, Errand, Event
from engine.errors import NotUndoable
from engine.ports import Store, Tx
from engine.receipt import receipt
from engine.sitting import Sitting, seat
from engine.workflow import Workflows

UNDO: Final = "undo"
UNDOABLE_FOR: Final = timedelta(hours=24)
REMEMBERED: Final = ("entered_on", "entered_seq", "activity_on", "statement", "owner_as_written")
HANDED: Final = ("owner", "responsible", "subject")


def memory(case: Case) -> dict[str, str]:
    """What an event has to remember of a case as it was, so that it can be undone."""
    return {f"{name} was": str(getattr(case, name)) for name in REMEMBERED}


def undo(store: Store, workflows: Workflows, errand: Errand, *, of: int, now: datetime) -> Answered:
    """Take back the event with this number. NotUndoable when it stands; the same wish again changes nothing."""
    with store.begin() as tx:
        since = tx.since(errand.ref, of - 1)
        if again := _undone(errand, since, of):
            return Answered("already", again, tx.case(errand.ref))
        event = _undoable(errand, since, of, now)
        desk = seat(tx, workflows, errand, now=now)
        if event.source not in desk.workflow.states:
            raise NotUndoable(f"the rules know no {event.source} any more")
        return _take_back(tx, desk, event)


def undoable(event: Event, by: str, *, last: bool, now: datetime) -> bool:
    """Whether somebody could take an event back just now; `last` says that nothing has happened since."""
    return last and event.by == by and "entered_seq was" in event.facts and now - event.at <= UNDOABLE_FOR


def as_before(case: Case, event: Event) -> Case:
    """The case as it was before an event that remembers it."""
    facts = event.facts
    return case.evolve(
        state=event.source,
        entered_on=date.fromisoformat(facts["entered_on was"]),
        entered_seq=int(facts["entered_seq was"]),
        activity_on=date.fromisoformat(facts["activity_on was"]),
        statement=facts["statement was"],
        owner_as_written=facts["owner_as_written was"],
        facts=_facts_before(case, event),
        **{name: facts[f"{name} was"] for name in HANDED if f"{name} was" in facts},
    )


def _facts_before(case: Case, event: Event) -> dict[str, str]:
    if "file number" not in event.facts:
        return dict(case.facts)
    others = {name: said for name, said in case.facts.items() if name != "file number"}
    number = event.facts["file number was"]
    return others | {"file number": number} if number else others


def _undone(errand: Errand, since: Sequence[Event], of: int) -> Event | None:
    ours = (it for it in since if it.move == UNDO and it.by == errand.by and it.facts.get("of") == str(of))
    return next(ours, None)


def _undoable(errand: Errand, since: Sequence[Event], of: int, now: datetime) -> Event:
    if not since or since[0].seq != of or since[0].by != errand.by or "entered_seq was" not in since[0].facts:
        raise NotUndoable("there is nothing of yours to undo")
    if len(since) > 1:
        raise NotUndoable(f"{since[-1].move} on {since[-1].at:%Y-%m-%d} has come since, so it cannot be undone")
    if now - since[0].at > UNDOABLE_FOR:
        raise NotUndoable("it can be undone for 24 hours, and those are over")
    return since[0]


def _take_back(tx: Tx, desk: Sitting, event: Event) -> Answered:
    before = as_before(desk.case, event)
    logged = desk.log(before.state, _facts(desk.case, before, event))
    kept = desk.keep(before, logged)
    tx.tell([receipt(logged, kept, desk.register, desk.now)])
    return Answered("done", logged, kept)


def _facts(case: Case, before: Case, event: Event) -> dict[str, str]:
    """What the history must tell of it so that the year can be lived through again."""
    facts = {"of": str(event.seq), "undone": event.move}
    facts |= {name: str(getattr(before, name)) for name in ("entered_on", "entered_seq", "activity_on")}
    for name in HANDED:
        if getattr(case, name) != getattr(before, name):
            facts |= {f"{name} was": getattr(case, name), name: getattr(before, name)}
    return facts
