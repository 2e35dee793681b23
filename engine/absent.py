"""Somebody is away: letters and the right to act go to whoever stands in, from the day it is known."""

from dataclasses import replace
from datetime import date

from engine.errors import NotFound, Refused
from engine.inbox import Inbox
from engine.people import Absence, Register
from engine.ports import Store, Tx
from engine.suggested import Suggestion


def absent(store: Store, absence: Absence) -> None:
    """Add an absence. NotFound for somebody the register does not know, Refused when it makes no sense."""
    with store.begin() as tx:
        note(tx, absence)


def note(tx: Tx, absence: Absence) -> None:
    """The same in a transaction that has begun already."""
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


def accept(
    store: Inbox, number: int, *, by: str, first: date | None = None, last: date | None = None, substitute: str = ""
) -> Suggestion:
    """Make it an absence; what is given here is said instead of what the note says. Refused when it was dealt with."""
    with store.begin() as tx:
        found = tx.suggestion(number)
        _still_open(found)
        absence = Absence(
            person=found.person,
            first=first or found.first,
            last=last or found.last,
            substitute=substitute or found.substitute,
        )
        note(tx, absence)
        tx.keep_suggestion(replace(found, fate="accepted"), by=by)
        return replace(found, first=absence.first, last=absence.last, substitute=absence.substitute)


def decline(store: Inbox, number: int, *, by: str) -> Suggestion:
    """It was no absence, or is known already."""
    with store.begin() as tx:
        found = tx.suggestion(number)
        _still_open(found)
        tx.keep_suggestion(replace(found, fate="declined"), by=by)
        return found


def _still_open(suggestion: Suggestion) -> None:
    if suggestion.fate != "open":
        raise Refused(f"the suggestion in mail {suggestion.id} was {suggestion.fate} already")


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
