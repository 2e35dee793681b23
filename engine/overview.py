"""When somebody's overview comes: in the reader's own rhythm where there is one, else as the organisation says."""

from datetime import datetime

from engine.calendar import Calendar, calendar_of
from engine.people import Register
from engine.window import ripe_at
from engine.workflow import Via


def leaves_at(via: Via, role: str, party: str, register: Register, now: datetime) -> datetime:
    """The first instant at which something may leave. What people owe themselves keeps no rhythm of theirs: only the
    overview of those who coordinate does."""
    organisation, own = register.organisation, register.rhythms.get(party) if role == "coordinator" else None
    if via == "now" or own is None:
        return ripe_at(via, now, organisation)
    return ripe_at(via, now, organisation, own, reads_by(party, register))


def reads_by(party: str, register: Register) -> Calendar | None:
    """The days on which the reader works, where those are not the organisation's own."""
    kind, _, key = party.partition(":")
    person = register.persons.get(key) if kind == "person" else None
    unit = register.units.get(person.unit if person else key)
    mine, house = calendar_of(register.organisation, unit), calendar_of(register.organisation)
    return mine if mine != house else None
