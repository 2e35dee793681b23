"""What is told, and to whom, when a letter can never arrive: its contents go up the ladder, and the watcher hears."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from engine.calendar import day_of
from engine.case import Case
from engine.notice import Notice, Parcel
from engine.overview import leaves_at
from engine.people import Register
from engine.ports import Reader
from engine.roles import OPERATOR, instead, recipients
from engine.window import ripe_at


@dataclass(frozen=True, slots=True)
class Dead:
    """A parcel that did not arrive, and the server's words; `nobody` when they say that the address is a bad one."""

    parcel: Parcel
    why: str
    at: datetime
    nobody: bool


def undeliverable(reader: Reader, dead: Dead) -> Sequence[Notice]:
    """What the dead letter said, to the next one who can be reached; and a word to each coordinator concerned."""
    register = reader.register()
    if dead.nobody:
        register = replace(register, refused={**register.refused, dead.parcel.to.address: dead.why})
    today = day_of(dead.at, register.organisation.zone)
    cases = reader.cases_by_ref(sorted({it.ref for it in dead.parcel.notices}))
    found = {it.key: it for it in _words(dead, cases, register, today)}
    if dead.nobody:
        found |= {it.key: it for it in _again(dead, cases, register, today)}
    return list(found.values())


def _words(dead: Dead, cases: Mapping[str, Case], register: Register, today: date) -> Iterator[Notice]:
    """One to each watcher, about the first of its cases; its next digest lists them all."""
    parcel, told = dead.parcel, set[str]()
    for first in parcel.notices:
        party = _watcher(cases.get(first.ref), register, today, parcel)
        if party in told or party == parcel.to.party:
            continue
        told.add(party)
        yield Notice(
            key=f"{first.ref}|undeliverable|{parcel.id}|{party}",
            ref=first.ref,
            to=party,
            role="coordinator",
            letter="undeliverable",
            via="now",
            rule="system:delivery",
            level=first.level,
            reason=f"{parcel.to.address}: {dead.why}",
            planned=today,
            decided_at=dead.at,
            ripe_at=ripe_at("now", dead.at, register.organisation),
            instead_of=parcel.to.name.say(register.organisation.language),
        )


def _watcher(case: Case | None, register: Register, on: date, parcel: Parcel) -> str:
    if case is None:
        return OPERATOR
    found = recipients("coordinator", case, register, on)[0].party
    return OPERATOR if found == parcel.to.party else found


def _again(dead: Dead, cases: Mapping[str, Case], register: Register, today: date) -> Iterator[Notice]:
    """The same notices, each for whoever comes next on the ladder of its case."""
    for it in dead.parcel.notices:
        found = instead(dead.parcel.to.party, cases.get(it.ref), register, today)
        yield replace(
            it,
            key=f"{it.key}|{dead.parcel.id}",
            to=found.party,
            instead_of=it.instead_of or found.instead_of,
            decided_at=dead.at,
            ripe_at=leaves_at(it.via, it.role, found.party, register, dead.at),
        )
