"""Giving a case on to a colleague, who answers by a link of their own and in the name of whoever passed it on."""

from dataclasses import replace
from datetime import datetime
from typing import Final

from engine.act import ALIVE
from engine.answered import Answered
from engine.case import Errand
from engine.errors import NotFound, Refused
from engine.people import Person
from engine.ports import Store
from engine.receipt import answer_to, receipt
from engine.sitting import Sitting, seat
from engine.workflow import ROLES, Workflows

PASS_ON: Final = "pass on"


def pass_on(store: Store, workflows: Workflows, errand: Errand, *, to: str, now: datetime) -> Answered:
    """Send a colleague the case. NotFound for somebody the register does not know, Refused for one no letter reaches.

    `to` is a person's key or address. The case moves nowhere; the coordinator's next digest tells of it.
    """
    with store.begin() as tx:
        desk = seat(tx, workflows, replace(errand, move=PASS_ON), now=now)
        desk.allow(ROLES)
        colleague = _colleague(desk, to)
        party = f"person:{colleague.key}"
        event = desk.log(facts={"passed to": party})
        alive = desk.case.evolve(activity_on=desk.today) if desk.has_role(ALIVE) else desk.case
        kept = desk.keep(alive, event)
        letter = answer_to(party, "passed_on", event, kept, desk.register, now)
        tx.tell([letter, receipt(event, kept, desk.register, now)])
        return Answered("done", event, kept)


def _colleague(desk: Sitting, to: str) -> Person:
    found = desk.register.persons.get(to) or _with_address(desk, to.strip().casefold())
    if found is None or not found.active:
        raise NotFound("colleague", to)
    if not desk.register.reaches(found.address):
        raise Refused(f"{found.name} has no address that a letter reaches")
    if f"person:{found.key}" == desk.errand.by:
        raise Refused("that is yourself")
    return found


def _with_address(desk: Sitting, address: str) -> Person | None:
    return next((it for it in desk.register.persons.values() if address and it.address.casefold() == address), None)
