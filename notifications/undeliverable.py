"""What is told, and to whom, when a letter can never arrive."""

from datetime import datetime

from engine.calendar import day_of
from engine.case import Case
from engine.notice import Notice, Parcel
from engine.people import Register
from engine.ports import Reader
from engine.roles import OPERATOR, recipients
from engine.window import ripe_at


def undeliverable(reader: Reader, parcel: Parcel, why: str, now: datetime) -> Notice:
    """A notice to the coordinator of the first case; to the operator when the coordinator cannot be reached."""
    register, first = reader.register(), parcel.notices[0]
    today = day_of(now, register.organisation.zone)
    cases = reader.cases_by_ref([first.ref])
    party = _watcher(cases.get(first.ref), register, now, parcel)
    return Notice(
        key=f"{first.ref}|undeliverable|{parcel.id}|{party}",
        ref=first.ref,
        to=party,
        role="coordinator",
        letter="undeliverable",
        via="now",
        rule="system:delivery",
        level=first.level,
        reason=f"{parcel.to.address}: {why}",
        planned=today,
        decided_at=now,
        ripe_at=ripe_at("now", now, register.organisation),
        instead_of=parcel.to.name.say(register.organisation.language),
    )


def _watcher(case: Case | None, register: Register, now: datetime, parcel: Parcel) -> str:
    if case is None:
        return OPERATOR
    found = recipients("coordinator", case, register, day_of(now, register.organisation.zone))[0].party
    return OPERATOR if found == parcel.to.party else found
