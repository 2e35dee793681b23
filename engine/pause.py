"""Pausing one rule on one case: "we are on it", or a snooze with a reason. Bounded in length and number."""

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from typing import Literal

from engine.calendar import Calendar
from engine.case import Case, Errand, Event, Hold
from engine.errors import Incomplete, Refused, TooMuch
from engine.escalation import Record, anchor, applies
from engine.ports import Store
from engine.sitting import Sitting, sitting
from engine.telling import case_calendar
from engine.workflow import Offset, Rule, Telling, Workflow, Workflows

Kind = Literal["ack", "snooze"]


def pause(
    store: Store, workflows: Workflows, errand: Errand, *, rule: str, kind: Kind, until: date, now: datetime
) -> Event:
    """Hold a rule until a day (included). TooMuch when the rule allows no more, Refused when it is not running."""
    with sitting(store, workflows, errand, now=now) as desk:
        desk.allow(("responsible", "head", "coordinator"))
        held = _hold(desk, desk.workflow.rule(rule), kind, until)
        desk.tx.add_hold(held)
        event = desk.log(facts={"rule": rule, "kind": kind, "until": str(until)})
        desk.keep(desk.case, event, tellings_of(desk.workflow.rule(rule), kind))
        return event


def _hold(desk: Sitting, rule: Rule, kind: Kind, until: date) -> Hold:
    armed = anchor(rule, desk.case, desk.record())
    if armed is None:
        raise Refused(f"rule {rule.id} is not running on {desk.case.ref}, so there is nothing to pause")
    longest, times = terms(rule, kind)
    if _needs_reason(rule, kind) and not desk.errand.text:
        raise Incomplete("snooze" if kind == "snooze" else "pause the rule", ["a reason"])
    latest = case_calendar(desk.case, desk.register, desk.today).shift(desk.today, longest)
    if not desk.today <= until <= latest:
        raise TooMuch(f"rule {rule.id} can be paused from today until {latest} at the longest")
    earlier = [it for it in desk.tx.holds(desk.case.ref) if (it.rule, it.key, it.kind) == (rule.id, armed[0], kind)]
    if len(earlier) >= times:
        raise TooMuch(f"rule {rule.id} has been paused {len(earlier)} times already, and may not be again")
    return Hold(
        ref=desk.case.ref,
        rule=rule.id,
        key=armed[0],
        kind=kind,
        until=until,
        by=desk.errand.by,
        reason=desk.errand.text,
        at=desk.now,
    )


def snoozable(
    workflow: Workflow, case: Case, record: Record, holds: Iterable[Hold], calendar: Calendar, today: date
) -> Iterator[tuple[Rule, date]]:
    """The rules that run on a case and may be snoozed once more, each with the last day of it."""
    taken = Counter((it.rule, it.key) for it in holds if it.kind == "snooze")
    for rule in workflow.rules:
        armed = anchor(rule, case, record) if rule.snooze and applies(rule, case) else None
        if armed and rule.snooze and taken[rule.id, armed[0]] < rule.snooze.times:
            yield rule, calendar.shift(today, rule.snooze.longest)


def terms(rule: Rule, kind: Kind) -> tuple[Offset, int]:
    """How long at the longest, and how often. Refused where the rule knows no such pause."""
    if kind == "ack" and rule.ack:
        return rule.ack.hold, rule.ack.times
    if kind == "snooze" and rule.snooze:
        return rule.snooze.longest, rule.snooze.times
    raise Refused(f"rule {rule.id} knows no {kind}")


def _needs_reason(rule: Rule, kind: Kind) -> bool:
    pause = rule.ack if kind == "ack" else rule.snooze
    return pause is not None and "reason" in pause.needs


def tellings_of(rule: Rule, kind: Kind) -> tuple[Telling, ...]:
    """What a pause tells."""
    if kind == "snooze" and rule.snooze:
        return (Telling(to=rule.snooze.tell, letter="digest", via="digest"),)
    return ()
