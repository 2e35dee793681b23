"""Somebody is away: letters and the right to act go to whoever stands in, from the day it is known."""

from dataclasses import replace
from datetime import date

from engine.errors import NotFound, Refused
from engine.people import Absence, Register
from engine.ports import Store


def absent(store: Store, absence: Absence) -> None:
    """Add an absence. NotFound for somebody the register does not know, Refused when it makes no sense."""
    with store.begin() as tx:
        register = tx.register()
        _sensible(absence, register)
        tx.enrol(replace(register, absences=(*register.absences, absence)))


def back(store: Store, person: str, on: date) -> None:
    """The person is back on a day: absences end the day before, later ones are dropped. Refused when there is none."""
    with store.begin() as tx:
        register = tx.register()
        kept = tuple(it for away in register.absences if (it := _until(away, person, on)))
        if kept == register.absences:
            raise Refused(f"{person} is not known to be away on {on}")
        tx.enrol(replace(register, absences=kept))


def _until(absence: Absence, person: str, on: date) -> Absence | None:
    if absence.person != person or (absence.last and absence.last < on):
        return absence
    before = date.fromordinal(on.toordinal() - 1)
    return replace(absence, last=before) if absence.first <= before else None


def _sensible(absence: Absence, register: Register) -> None:
    for key in filter(None, (absence.person, absence.substitute)):
        if key not in register.persons:
            raise NotFound("person", key)
    if absence.last and absence.last < absence.first:
        raise Refused(f"the absence ends on {absence.last}, before it begins on {absence.first}")
    if absence.substitute == absence.person:
        raise Refused("nobody stands in for themselves; name somebody else, or nobody")
