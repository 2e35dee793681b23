"""Who is told what about a mail that came in, beside the one who wrote it."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Final, Literal

from engine.calendar import day_of
from engine.case import Case
from engine.inbound import Inbound
from engine.notice import Notice
from engine.overview import leaves_at
from engine.people import Register
from engine.roles import OPERATOR, recipients
from engine.tray import WAITS
from engine.window import ripe_at

INBOUND: Final = "system:inbound"
LONGEST: Final = 1000  # of what is quoted from a mail
Alarm = Literal["loop", "brake", "poison", "policy"]


def alarm(what: Alarm, about: str, detail: str, register: Register, now: datetime) -> Notice:
    """Whoever runs the service hears at once, and once a day of the same."""
    day = day_of(now, register.organisation.zone)
    return Notice(
        key=f"operator|mail|{what}|{about}|{day}",
        ref="",
        to=OPERATOR,
        role="operator",
        letter="alarm",
        via="now",
        rule=INBOUND,
        step=what,
        reason=quoted(detail),
        planned=day,
        decided_at=now,
        ripe_at=ripe_at("now", now, register.organisation),
    )


def has_left(
    person: str, text: str, cases: Iterable[Case], mail: Inbound, register: Register, now: datetime
) -> Iterator[Notice]:
    """Each coordinator whose cases need somebody who has left hears at once."""
    day, told = day_of(now, register.organisation.zone), set[str]()
    for case in cases:
        party = recipients("coordinator", case, register, day)[0].party
        if party in told:
            continue
        told.add(party)
        yield Notice(
            key=f"inbound|{mail.id}|left|{party}",
            ref=case.ref,
            to=party,
            role="coordinator",
            letter="left",
            via="now",
            rule=INBOUND,
            step=register.persons[person].name,
            reason=quoted(text),
            planned=day,
            decided_at=now,
            ripe_at=ripe_at("now", now, register.organisation),
        )


def waiting(plans: Iterable[Case], register: Register, now: datetime, key: str) -> Iterator[Notice]:
    """One to each coordinator, for the next digest; the operator where nobody coordinates anything."""
    day, told = day_of(now, register.organisation.zone), set[str]()
    for plan in plans:
        party = recipients("coordinator", plan, register, day)[0].party
        if party not in told:
            told.add(party)
            yield _waits(party, plan.ref, "coordinator", register, now, key)
    if not told:
        yield _waits(OPERATOR, "", "operator", register, now, key)


def _waits(party: str, ref: str, role: str, register: Register, now: datetime, key: str) -> Notice:
    return Notice(
        key=f"inbound|{key}|{party}",
        ref=ref,
        to=party,
        role=role,
        letter="digest" if ref else "alarm",
        via="digest",
        rule=WAITS if ref else INBOUND,
        step="tray",
        reason="mail waits for somebody to look at it",
        planned=day_of(now, register.organisation.zone),
        decided_at=now,
        ripe_at=leaves_at("digest", role, party, register, now),
    )


def week(now: datetime, register: Register) -> str:
    """By which what still waits is told again, once a week."""
    year, number, _ = day_of(now, register.organisation.zone).isocalendar()
    return f"{year}-W{number:02}"


def quoted(text: str) -> str:
    words = " ".join(text.split())
    return words if len(words) <= LONGEST else words[: LONGEST - 1] + "…"
