"""What must have been decided and told: worked out from the plan and the histories, without store, sweep or outbox.

A day is never left before everything due on it is decided. What somebody did on a day may have come before or after
that day's sweep; either is right, so a case can have several true pasts.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, time, timedelta

from engine.act import HANDED_OVER
from engine.calendar import day_of, instant
from engine.case import Case, Decided, Event, Hold, Ruling
from engine.escalation import Record, anchor, forecast
from engine.pause import Kind, tellings_of
from engine.people import Register
from engine.roles import roles_of
from engine.simulation import Opening
from engine.telling import case_calendar, notices_of_event, notices_of_firing
from engine.workflow import Telling, Workflow, Workflows

DAY = timedelta(days=1)
ASSIGNED = re.compile(r"to (\w+)$")


@dataclass(frozen=True)
class Past:
    """Everything that was decided about a case, and the keys of the news that came of it."""

    rulings: frozenset[Ruling] = frozenset()
    keys: frozenset[str] = frozenset()

    @property
    def decided(self) -> frozenset[Decided]:
        return frozenset((it.rule, it.step, it.key) for it in self.rulings)


@dataclass(frozen=True)
class Seen:
    """What the database has: the decisions about a case, and the keys of its notices."""

    decided: frozenset[Decided] = frozenset()
    queued: frozenset[str] = frozenset()

    def allows(self, past: Past) -> bool:
        return past.decided <= self.decided and past.keys <= self.queued


@dataclass(frozen=True)
class Oracle:
    workflows: Workflows
    register: Register
    start: date
    until: date

    def pasts(self, opening: Opening, events: Sequence[Event], seen: Seen) -> tuple[Case, list[Past]]:
        """The case as it must be now, and its true pasts; of several only those in which nothing unseen happened."""
        case, day, holds = opening.case, self.start, list[Hold]()
        pasts = [Past(keys=frozenset(it.key for it in opening.notices))]
        for event in events:
            then = self._day(event)
            pasts = self._lived(pasts, case, holds, day, (then - DAY, then), seen)
            case, day = self._after(case, event), then
            holds = [*holds, *self._held(case, event)]
            news = self._news(case, event)
            pasts = [replace(it, keys=it.keys | news) for it in pasts]
        return case, self._lived(pasts, case, holds, day, (self.until,), seen)

    def _day(self, event: Event) -> date:
        return day_of(event.at, self.register.organisation.zone)

    def _lived(
        self,
        pasts: Sequence[Past],
        case: Case,
        holds: Sequence[Hold],
        day: date,
        ends: Iterable[date],
        seen: Seen,
    ) -> list[Past]:
        """Nobody acts from a day until one of the ends: each of these may have been how it was."""
        possible = dict.fromkeys(self._quiet(past, case, holds, day, end) for past in pasts for end in ends)
        return [it for it in possible if seen.allows(it)] or list(possible)

    def _quiet(self, past: Past, case: Case, holds: Sequence[Hold], day: date, end: date) -> Past:
        workflow, calendar = self.workflows[case.workflow], case_calendar(case, self.register, day)
        rulings, keys = set(past.rulings), set(past.keys)
        for it in forecast(workflow, case, Record.of(past.rulings, holds), calendar, today=day, until=end):
            step = it.planned
            rulings.add(Ruling(it.rule, step.step, step.key, it.outcome, step.level))
            if it.tells:
                noon = instant(it.day, time(12), self.register.organisation.zone)
                keys |= {notice.key for notice in notices_of_firing(it, case, self.register, noon)}
        return Past(frozenset(rulings), frozenset(keys))

    def _held(self, case: Case, event: Event) -> Iterator[Hold]:
        if event.move != "hold":
            return
        rule = self.workflows[case.workflow].rule(event.facts["rule"])
        armed = anchor(rule, case, Record())
        assert armed, "what is not running cannot be paused"
        until = date.fromisoformat(event.facts["until"])
        yield Hold(ref=case.ref, rule=rule.id, key=armed[0], kind=_kind(event), until=until, by=event.by, at=event.at)

    def _news(self, case: Case, event: Event) -> frozenset[str]:
        tellings = _tellings(self.workflows[case.workflow], event)
        notices = notices_of_event(event, tellings, case, self.register, event.at)
        return frozenset(it.key for it in notices)

    def _after(self, case: Case, event: Event) -> Case:
        """The case once this has happened, as the history tells it."""
        day, workflow = self._day(event), self.workflows[case.workflow]
        if event.move in workflow.moves:
            assigned = ASSIGNED.search(event.text)
            case = _owned(case, assigned[1], day) if assigned else case
            return case.evolve(state=event.dest, entered_on=day, entered_seq=event.seq, activity_on=day)
        if event.move == "deadline":
            due = date.fromisoformat(event.facts["to"])
            return case.evolve(due=due, due_version=case.due_version + 1, activity_on=day)
        if event.by == "rule:responsibility":
            moved = _owned(case, event.facts["to"], day).evolve(subject=case.subject)
            return moved.evolve(coordinator=event.facts["coordinator to"])
        if event.move == "hand over":
            return _owned(case, event.facts["to"], day)
        if event.move == "hold":
            return case
        alive = roles_of(event.by, case, self.register, day) & {"responsible", "head"}
        return case.evolve(activity_on=day) if alive else case


def _owned(case: Case, owner: str, day: date) -> Case:
    if owner == case.owner:
        return case
    return case.evolve(owner=owner, owner_as_written="", responsible="", subject="", activity_on=day)


def _tellings(workflow: Workflow, event: Event) -> tuple[Telling, ...]:
    if event.move in workflow.moves:
        return workflow.moves[event.move].tell
    if event.move == "hand over" and (event.by != "rule:responsibility" or event.facts["from"] != event.facts["to"]):
        return HANDED_OVER
    if event.move == "hold":
        return tellings_of(workflow.rule(event.facts["rule"]), _kind(event))
    return ()


def _kind(event: Event) -> Kind:
    return "ack" if event.facts["kind"] == "ack" else "snooze"
