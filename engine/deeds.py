"""What people did to a case, done once more: by the rules of a simulation, or refused with the reason."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import cast

from engine.act import ALIVE, HANDED_OVER
from engine.case import Case, Event
from engine.errors import NoSuchMove, NotYours, Refused, TooMuch
from engine.escalation import Record, anchor
from engine.link import REVOKE
from engine.machine import step
from engine.pause import Kind, tellings_of, terms
from engine.people import Register
from engine.roles import roles_of
from engine.telling import case_calendar
from engine.undo import UNDO
from engine.workflow import Ask, Telling, Workflow

ANSWERING = ("owner", "responsible", "subject")  # facts by which a history tells who answers


@dataclass(frozen=True, slots=True)
class Done:
    """The case and its record after a deed, and what the deed tells."""

    case: Case
    record: Record
    tellings: tuple[Telling, ...] = ()


def redo(
    event: Event,
    case: Case,
    record: Record,
    workflow: Workflow,
    register: Register,
    today: date,
    before: Case | None = None,
) -> Done:
    """`event.seq` is its number in the simulated history. Refused where these rules do not allow it.

    `before` is the case as it stood before what an undo takes back, where that was lived through as well.
    """
    if event.move == UNDO:
        if case.state != event.source:
            raise NoSuchMove(UNDO, case.state)
        return Done(restored(event, case, before), record)
    if ask := workflow.asks.get(event.move):
        return _ask(event, ask, case, record, register, today)
    if event.move in workflow.moves or event.source != event.dest:
        return _move(event, case, record, workflow, register, today)
    if is_hold(event):
        return _hold(event, case, record, workflow, register, today)
    if is_handover(event):
        return Done(_given_away(event, case, today), record, HANDED_OVER)
    if deadline(event):
        return Done(dated(event, case).evolve(activity_on=today), record)
    return Done(case.evolve(activity_on=today) if says_life(event, case, register, today) else case, record)


def restored(event: Event, case: Case, before: Case | None = None) -> Case:
    """The case as an undo has left it: as it was before, or else as the history tells."""
    facts = event.facts
    return case.evolve(
        state=event.dest,
        entered_on=before.entered_on if before else date.fromisoformat(facts["entered_on"]),
        entered_seq=before.entered_seq if before else int(facts["entered_seq"]),
        activity_on=before.activity_on if before else date.fromisoformat(facts["activity_on"]),
        **answering(event),
    )


def _ask(event: Event, ask: Ask, case: Case, record: Record, register: Register, today: date) -> Done:
    party = event.for_whom or event.by
    if case.state not in ask.sources:
        raise NoSuchMove(ask.name, case.state)
    if roles_of(party, case, register, today).isdisjoint(ask.by):
        raise NotYours(party, ask.name, ask.by)
    return Done(case.evolve(activity_on=today), record, ask.tell)


def _given_away(event: Event, case: Case, today: date) -> Case:
    """To another unit, or to somebody else in the same one."""
    if event.facts["to"] != case.owner:
        ties = {"owner_as_written": "", "responsible": "", "subject": ""}
        case = case.evolve(owner=event.facts["to"], activity_on=today, **ties)
    return case.evolve(**answering(event))


def _move(event: Event, case: Case, record: Record, workflow: Workflow, register: Register, today: date) -> Done:
    dest = step(workflow, case.state, event.move)
    move, party = workflow.moves[event.move], event.for_whom or event.by
    if roles_of(party, case, register, today).isdisjoint(move.by):
        raise NotYours(party, event.move, move.by)
    entered = dated(event, case).evolve(state=dest, entered_on=today, entered_seq=event.seq, activity_on=today)
    return Done(entered.evolve(**answering(event)), record, move.tell)


def _hold(event: Event, case: Case, record: Record, workflow: Workflow, register: Register, today: date) -> Done:
    kind, until = cast(Kind, event.facts.get("kind", "ack")), date.fromisoformat(event.facts["until"])
    rule = next((it for it in workflow.rules if it.id == event.facts["rule"]), None)
    armed = anchor(rule, case, record) if rule else None
    if rule is None or armed is None:
        raise Refused(f"there is no rule {event.facts['rule']} running that could be paused")
    longest = case_calendar(case, register, today).shift(today, terms(rule, kind)[0])
    if until > longest:
        raise TooMuch(f"rule {rule.id} can be paused until {longest} at the longest")
    held: Mapping[tuple[str, str], date] = record.holds
    paused = {**held, (rule.id, armed[0]): max(until, held.get((rule.id, armed[0]), until))}
    return Done(case, replace(record, holds=paused), tellings_of(rule, kind))


def says_life(event: Event, case: Case, register: Register, on: date) -> bool:
    """Whether a comment comes from those who are asked; to take a link back is none."""
    return event.move != REVOKE and not ALIVE.isdisjoint(roles_of(event.for_whom or event.by, case, register, on))


def answering(event: Event) -> dict[str, str]:
    """Who answers since an event, of what it changed."""
    return {name: event.facts[name] for name in ANSWERING if name in event.facts}


def is_handover(event: Event) -> bool:
    return event.move == "hand over" and "to" in event.facts


def is_hold(event: Event) -> bool:
    return "until" in event.facts and "rule" in event.facts


def dated(event: Event, case: Case) -> Case:
    """The case with the deadline that an event gave it, if it gave one."""
    due = deadline(event)
    return case.evolve(due=due, due_version=case.due_version + 1) if due else case


def deadline(event: Event) -> date | None:
    """The deadline that an event gave; None for any other event."""
    try:
        return date.fromisoformat(event.facts.get("to", ""))
    except ValueError:
        return None
