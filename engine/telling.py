"""From a decision to the notices it queues: who is told, by which letter, and from when it may leave."""

from collections.abc import Iterable
from datetime import date, datetime

from engine.calendar import Calendar, calendar_of, day_of
from engine.case import Case, Event, Occurrence
from engine.escalation import Firing
from engine.notice import Notice
from engine.overview import leaves_at
from engine.people import Recipient, Register
from engine.roles import recipients, unit_on
from engine.workflow import Role, Telling, Via


def case_calendar(case: Case, register: Register, on: date) -> Calendar:
    """The calendar by which a case counts: that of the unit that owns it."""
    return calendar_of(register.organisation, unit_on(case.owner, register, on))


def told(roles: Iterable[Role], case: Case, register: Register, on: date) -> list[tuple[Role, Recipient]]:
    """Everybody the roles mean, each once, under the first role that means them."""
    found: dict[str, tuple[Role, Recipient]] = {}
    for role in roles:
        for recipient in recipients(role, case, register, on):
            found.setdefault(recipient.party, (role, recipient))
    return list(found.values())


def occurrence_of(firing: Firing, case: Case, now: datetime) -> Occurrence:
    """The row that says what was decided about a planned step, whether it tells anybody or not."""
    step = firing.planned
    return Occurrence(
        ref=case.ref,
        rule=firing.rule,
        step=step.step,
        key=step.key,
        planned=step.day,
        decided_at=now,
        outcome=firing.outcome,
        reason=firing.reason,
        level=step.level,
    )


def notices_of_firing(firing: Firing, case: Case, register: Register, now: datetime) -> list[Notice]:
    """What a decided step of a rule tells."""
    step = firing.planned
    return [
        Notice(
            key=f"{case.ref}|{firing.rule}|{step.step}|{step.key}|{recipient.party}",
            ref=case.ref,
            to=recipient.party,
            role=role,
            letter=step.letter,
            via=step.via,
            rule=firing.rule,
            step=step.step,
            level=step.level,
            reason=firing.reason,
            planned=step.day,
            decided_at=now,
            ripe_at=leaves_at(step.via, role, recipient.party, register, now),
            state=case.state,
            instead_of=recipient.instead_of,
        )
        for role, recipient in told(step.tell, case, register, firing.day)
    ]


def notices_of_event(
    event: Event, tellings: Iterable[Telling], case: Case, register: Register, now: datetime
) -> list[Notice]:
    """What an event tells: the letters it names, and a line in the coordinator's next digest."""
    today = day_of(now, register.organisation.zone)
    notices: dict[str, Notice] = {}
    for telling in (*tellings, Telling(to=("coordinator",), letter="digest", via="digest")):
        for role, recipient in told(telling.to, case, register, today):
            if not _knows_already(event, recipient):
                notice = _notice_of_event(event, telling.letter, telling.via, role, recipient, case, register, now)
                notices.setdefault(recipient.party, notice)
    return list(notices.values())


def _knows_already(event: Event, recipient: Recipient) -> bool:
    return event.by == recipient.party


def _notice_of_event(
    event: Event, letter: str, via: Via, role: Role, recipient: Recipient, case: Case, register: Register, now: datetime
) -> Notice:
    return Notice(
        key=f"{case.ref}|{event.move}|{event.seq}|{recipient.party}",
        ref=case.ref,
        to=recipient.party,
        role=role,
        letter=letter,
        via=via,
        rule=f"move:{event.move}",
        reason=f"{event.move} on {day_of(now, register.organisation.zone)}",
        planned=day_of(now, register.organisation.zone),
        decided_at=now,
        ripe_at=leaves_at(via, role, recipient.party, register, now),
        state=case.state,
        instead_of=recipient.instead_of,
        event_seq=event.seq,
    )
