"""A year as it was: a case as it stood on a day, and what people did to it from then on, as its history tells."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from operator import attrgetter

from engine.adopt import first_letters
from engine.calendar import day_of
from engine.case import Case, DeadlineVersion, Event, Hold, Occurrence
from engine.deeds import ANSWERING, answering, dated, deadline, is_handover, is_hold, restored, says_life
from engine.escalation import Record
from engine.notice import Notice
from engine.people import Register
from engine.report_day import REPORT_DAY, report_day, tells_day
from engine.simulation import Opening
from engine.telling import notices_of_event
from engine.undo import UNDO
from engine.workflow import Workflow


@dataclass(frozen=True, slots=True, kw_only=True)
class Past:
    """All that is kept about one case."""

    case: Case
    history: Sequence[Event]
    deadlines: Sequence[DeadlineVersion] = ()
    occurrences: Sequence[Occurrence] = ()
    holds: Sequence[Hold] = ()
    report_days: Sequence[tuple[datetime, date | None]] = ()  # since when its plan's report is due on which day


def report_days(plan: Sequence[Past]) -> list[tuple[datetime, date | None]]:
    """Since when the report on a plan has been due on which day, from what is kept about all of its cases."""
    telling = [past for past in plan if tells_day(past.case)]
    cases = {past.case.ref: past.case.evolve(due=_first_due(past)[1]) for past in telling}
    found = [(past.history[0].at, report_day(cases.values())) for past in telling[:1]]
    moved = (event for past in telling for event in past.history if deadline(event))
    for event in sorted(moved, key=attrgetter("at")):
        cases[event.ref] = cases[event.ref].evolve(due=deadline(event))
        if (day := report_day(cases.values())) != found[-1][1]:
            found.append((event.at, day))
    return found


def as_of(past: Past, workflow: Workflow, register: Register, start: date) -> Opening:
    """The case on the morning of a day, or on the day it was opened when that is later; with all that came after."""
    zone = register.organisation.zone
    opened, *later = past.history
    born = day_of(opened.at, zone)
    before = [it for it in later if day_of(it.at, zone) < max(start, born)]
    case = _at_first(past, workflow, opened, born)
    days = [(at, day) for at, day in past.report_days if at > opened.at and day_of(at, zone) >= start]
    known = past.report_days[: len(past.report_days) - len(days)]
    case = case.evolve(report_due=known[-1][1] if known else None)
    for event in before:
        case = _after(case, event, workflow, register, day_of(event.at, zone))
    notices: tuple[Notice, ...] = ()
    if born >= start:
        tellings = first_letters(workflow, case)
        notices = tuple(notices_of_event(opened, tellings, case, register, opened.at))
    occurrences = tuple(it for it in past.occurrences if day_of(it.decided_at, zone) < max(start, born))
    holds = tuple(it for it in past.holds if day_of(it.at, zone) < max(start, born))
    return Opening(
        case,
        Record.of(occurrences, holds),
        notices,
        1 + len(before),
        occurrences,
        holds,
        deeds=_deeds(later[len(before) :], case, days),
        opened_at=opened.at if born >= start else None,
    )


def _deeds(later: Sequence[Event], case: Case, days: Sequence[tuple[datetime, date | None]]) -> tuple[Event, ...]:
    """What people did to the case, and what it counted by that they did to another one of its plan."""
    moved = [
        Event(ref=case.ref, at=at, by="system", move=REPORT_DAY, through="rule", facts={REPORT_DAY: str(day or "")})
        for at, day in days
    ]
    return tuple(sorted([*(it for it in later if _by_people(it)), *moved], key=attrgetter("at")))


def _by_people(event: Event) -> bool:
    """Whatever a rule did is done again by the rules, if they still do it."""
    return event.through != "rule" and event.move != "rules"


def _at_first(past: Past, workflow: Workflow, opened: Event, born: date) -> Case:
    """As it was opened: what a history has changed since is taken back, latest change first."""
    case = past.case
    version, due = _first_due(past)
    for event in reversed(past.history):
        facts = event.facts
        case = case.evolve(**{name: facts[f"{name} was"] for name in ANSWERING if f"{name} was" in facts})
        if is_handover(event):
            case = case.evolve(owner=facts["from"], coordinator=facts.get("coordinator from", case.coordinator))
    return case.evolve(
        workflow=workflow.key,
        rules=workflow.fingerprint,
        replanned_seq=0,
        state=opened.dest,
        due=due,
        due_version=version,
        entered_on=born,
        entered_seq=opened.seq,
        activity_on=born,
        wake_on=born,
    )


def _first_due(past: Past) -> tuple[int, date | None]:
    """The deadline with which it was opened, and how many there had been."""
    version = past.case.due_version - sum(deadline(event) is not None for event in past.history)
    return version, next((it.value for it in past.deadlines if it.version == version), None)


def _after(case: Case, event: Event, workflow: Workflow, register: Register, day: date) -> Case:
    """What of an event that lies before the simulation the rules count by."""
    case = dated(event, case).evolve(**answering(event))
    if event.move == "rules":
        return case.evolve(replanned_seq=event.seq)
    if event.move == UNDO:
        return restored(event, case)
    if event.move in workflow.asks:
        return case.evolve(activity_on=day)
    if event.move in workflow.moves or event.source != event.dest:
        case = case.evolve(state=event.dest, entered_on=day, entered_seq=event.seq)
        return case if event.through == "rule" else case.evolve(activity_on=day)
    if is_handover(event):
        facts = event.facts
        case = case.evolve(owner=facts["to"], coordinator=facts.get("coordinator to", case.coordinator))
        return case.evolve(activity_on=day) if facts["from"] != facts["to"] else case
    alive = deadline(event) or (not is_hold(event) and says_life(event, case, register, day))
    return case.evolve(activity_on=day) if alive else case
