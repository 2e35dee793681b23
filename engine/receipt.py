"""Whoever answers by link or by mail gets it in writing what was stored: at once, at any hour."""

from datetime import datetime
from typing import Final

from engine.calendar import day_of
from engine.case import Case, Event
from engine.notice import Notice
from engine.people import Register
from engine.roles import roles_of
from engine.workflow import ROLES, Role

AT_ONCE: Final = frozenset(
    {"receipt", "fresh_link", "passed_on", "unclear", "confirm", "rhythm"}
)  # answers to somebody who waits: one each, at any hour


def receipt(event: Event, case: Case, register: Register, now: datetime) -> Notice:
    """The notice that confirms an event to the one who caused it."""
    return answer_to(event.by, "receipt", event, case, register, now)


def answer_to(party: str, letter: str, event: Event, case: Case, register: Register, now: datetime) -> Notice:
    """A notice that answers somebody at once about an event; `letter` is one of AT_ONCE."""
    today = day_of(now, register.organisation.zone)
    return Notice(
        key=f"{case.ref}|{letter}|{event.seq}|{party}",
        ref=case.ref,
        to=party,
        role=foremost_role(party, case, register, now),
        letter=letter,
        via="now",
        rule=f"move:{event.move}",
        reason=f"{event.move} on {today}",
        planned=today,
        decided_at=now,
        ripe_at=now,
        state=case.state,
        event_seq=event.seq,
    )


def foremost_role(party: str, case: Case, register: Register, now: datetime) -> Role:
    """The role in which a party is spoken to about a case; "copies" for somebody who has none of their own."""
    roles = roles_of(party, case, register, day_of(now, register.organisation.zone))
    return next((role for role in ROLES if role in roles), "copies")
