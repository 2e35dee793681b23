"""What a person may ask for without moving the case: more time, or that somebody else has it."""

from engine.act import attached, complete, known_unit
from engine.case import Case, Event
from engine.errors import NoSuchMove, Past
from engine.sitting import Sitting
from engine.undo import memory
from engine.workflow import Ask


def put(desk: Sitting, found: Ask) -> tuple[Event, Case]:
    """Put an ask to those it tells. A sign of life; state, deadline and owner stay as they are."""
    errand, case = desk.errand, desk.case
    if case.state not in found.sources:
        raise NoSuchMove(found.name, case.state, [it.name for it in desk.workflow.asks_from(case.state)])
    desk.allow(found.by)
    if errand.due and errand.due <= desk.today:
        raise Past(errand.due)
    given = {"due": bool(errand.due), "owner": bool(errand.owner)}
    complete(found.name, found.needs, given, errand)
    known_unit(desk)
    wishes = {"wished": str(errand.due or ""), "unit": errand.owner}
    event = desk.log(facts={name: said for name, said in wishes.items() if said} | memory(case) | attached(desk))
    return event, desk.keep(case.evolve(activity_on=desk.today), event, found.tell)
