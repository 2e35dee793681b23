"""A year in advance: who would get which mail, when and why, if people behave in a known way. Stores nothing."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from typing import Literal

from engine.act import HANDED_OVER
from engine.alarm import alarm, answering, passed_on
from engine.calendar import day_of, instant
from engine.case import Case, Event, Hold, Occurrence
from engine.deeds import redo
from engine.errors import Refused
from engine.escalation import Firing, Record, due, moved
from engine.machine import step
from engine.notice import Notice
from engine.people import Register
from engine.report_day import REPORT_DAY
from engine.roles import recipient, roles_of
from engine.telling import case_calendar, notices_of_event, notices_of_firing
from engine.workflow import Move, Offset, Telling, Workflow, Workflows

Behaviour = Literal["silent", "prompt", "slow", "recorded"]
SPEED: dict[Behaviour, Offset | None] = {
    "silent": None,
    "recorded": None,
    "prompt": Offset(1, "wd"),
    "slow": Offset(15, "wd"),
}
SAYABLE = frozenset({"statement", "answer", "evidence"})
SWEPT_AT, ACTED_AT = time(6, 0), time(12, 0)


@dataclass(frozen=True, slots=True)
class Opening:
    """A case at the start of a simulation: what was decided about it, the notices that are under way already, and
    how many events its history has. `occurrences` and `holds` are what the record was made of."""

    case: Case
    record: Record = field(default_factory=Record)
    notices: tuple[Notice, ...] = ()
    events: int = 1
    occurrences: tuple[Occurrence, ...] = ()
    holds: tuple[Hold, ...] = ()
    deeds: tuple[Event, ...] = ()  # what people do to it, in order: a recorded year
    opened_at: datetime | None = None  # where that is not before the simulation begins


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """One thing decided about a case: telling somebody (`notice`), or telling nobody and why."""

    day: date
    case: Case
    rule: str
    step: str
    level: int
    outcome: str
    reason: str
    notice: Notice | None = None
    states: Sequence[tuple[datetime, str]] = field(default=(), compare=False, repr=False)  # the case's, as it lives on

    def overtaken(self, at: datetime) -> bool:
        """A rule's news about a case that has left, by then, the state it spoke of."""
        if self.notice is None or ":" in self.rule:
            return False
        return (
            next((state for since, state in reversed(self.states) if since <= at), self.notice.state)
            != self.notice.state
        )


def simulate(
    workflows: Workflows,
    register: Register,
    openings: Sequence[Opening],
    *,
    start: date,
    until: date,
    behaviour: Behaviour = "silent",
) -> list[Decision]:
    """Every decision from `start` to `until` (both included), by day and then in the order of the cases."""
    lives = (_Life(workflows[it.case.workflow], register, it, SPEED.get(behaviour)) for it in openings)
    return sorted((decision for life in lives for decision in life.live(start, until)), key=lambda it: it.day)


def parcels(decisions: Sequence[Decision]) -> list[tuple[datetime, str, list[Decision]]]:
    """The mails in which the decisions go out: (instant, party, what it carries), in order of time.

    The first notice that ripens takes along everything else that waits for the same party.
    """
    waiting: dict[str, list[tuple[Notice, Decision]]] = {}
    for decision in decisions:
        if decision.notice:
            waiting.setdefault(decision.notice.to, []).append((decision.notice, decision))
    packed = [parcel for party, queue in waiting.items() for parcel in _packed(party, queue)]
    return sorted(packed, key=lambda it: it[0])


def _packed(party: str, queue: list[tuple[Notice, Decision]]) -> Iterator[tuple[datetime, str, list[Decision]]]:
    queue = sorted(queue, key=lambda it: it[0].decided_at)
    while queue:
        leaves = min(notice.ripe_at for notice, _ in queue)
        waiting = [decision for notice, decision in queue if notice.decided_at <= leaves]
        if going := [it for it in waiting if not it.overtaken(leaves)]:
            yield leaves, party, going
        queue = [(notice, decision) for notice, decision in queue if notice.decided_at > leaves]


class _Life:
    """One case living through the year. Cases do not hear of each other, so each lives alone."""

    def __init__(self, workflow: Workflow, register: Register, opening: Opening, speed: Offset | None) -> None:
        self.workflow, self.register, self.speed = workflow, register, speed
        self.case, self.record, self.first = opening.case, opening.record, opening.notices
        self.events, self.deeds = opening.events, list(opening.deeds)
        self.opened_at = opening.opened_at
        self.states: list[tuple[datetime, str]] = []
        self.last = (0, self.case)  # the last deed by its number in the recorded history, and the case before it
        self.intent: tuple[date, Move, str] | None = None  # what somebody means to do, and when

    def live(self, start: date, until: date) -> Iterator[Decision]:
        start = max(start, self._day(self.opened_at)) if self.opened_at else start
        if start > until:
            return
        yield from self._tell(start, self.first, "sent")
        day: date | None = start
        while day and day <= until:
            yield from self._hand_over(day)
            yield from self._sweep(day)
            yield from self._act(day)
            yield from self._redo(day)
            day = self._next_day(day)

    def _next_day(self, today: date) -> date | None:
        wake = alarm(self.workflow, self.case, self.record, self.register, today)
        days = (wake, self.intent[0] if self.intent else None, self._day(self.deeds[0].at) if self.deeds else None)
        return min((max(day, today + timedelta(days=1)) for day in days if day), default=None)

    def _day(self, at: datetime) -> date:
        return day_of(at, self.register.organisation.zone)

    def _at(self, day: date, at: time) -> datetime:
        return instant(day, at, self.register.organisation.zone)

    def _swept_at(self, today: date) -> datetime:
        morning = self._at(today, SWEPT_AT)
        return max(morning, self.opened_at or morning)

    def _sweep(self, today: date, at: datetime | None = None) -> Iterator[Decision]:
        at = at or self._swept_at(today)
        calendar = case_calendar(self.case, self.register, today)
        firings = due(self.workflow, self.case, self.record, calendar, today)
        self.record = self.record.after(firings)
        for firing in firings:
            if not firing.tells:
                yield self._quiet(today, firing)
            notices = notices_of_firing(firing, self.case, self.register, at)
            yield from self._tell(today, notices if firing.tells else (), firing.outcome)
        if firings and firings[-1].moves:
            yield from self._move_on(today, firings[-1], at)
            yield from self._sweep(today, at)

    def _move_on(self, today: date, firing: Firing, at: datetime) -> Iterator[Decision]:
        """A rule moves the case. What somebody meant to do in the state before may have come to nothing."""
        move, after = self.workflow.moves[firing.planned.do], moved(self.workflow, self.case, firing)
        event = self._event(move.name, at)
        self._become(after.evolve(entered_seq=event.seq), at)
        self.intent = self.intent if self.intent and after.state in self.intent[1].sources else None
        yield from self._announce(today, event, move.tell)

    def _become(self, case: Case, at: datetime) -> None:
        if case.state != self.case.state:
            self.states.append((at, case.state))
        self.case = case

    def _quiet(self, today: date, firing: Firing) -> Decision:
        return Decision(
            day=today,
            case=self.case,
            rule=firing.rule,
            step=firing.planned.step,
            level=firing.planned.level,
            outcome=firing.outcome,
            reason=firing.reason,
        )

    def _tell(self, today: date, notices: Sequence[Notice], outcome: str) -> Iterator[Decision]:
        for notice in notices:
            self._stir(notice, today)
            yield Decision(
                day=today,
                case=self.case,
                rule=notice.rule,
                step=notice.step,
                level=notice.level,
                outcome="digest" if notice.via == "digest" else outcome,
                reason=notice.reason,
                notice=notice,
                states=self.states,
            )

    def _stir(self, notice: Notice, today: date) -> None:
        """Somebody who is told means to act, at the speed of the behaviour, by the first move open to them."""
        if self.speed is None or self.intent:
            return
        roles = roles_of(notice.to, self.case, self.register, today)
        for move in self.workflow.moves_from(self.case.state):
            if roles & set(move.by) and set(move.needs) <= SAYABLE:
                calendar = case_calendar(self.case, self.register, today)
                self.intent = calendar.shift(today, self.speed), move, notice.to
                return

    def _act(self, today: date) -> Iterator[Decision]:
        if self.intent is None or self.intent[0] > today:
            return
        (_, move, party), self.intent = self.intent, None
        if roles_of(party, self.case, self.register, today).isdisjoint(move.by):
            return  # the case has changed hands meanwhile
        dest, at = step(self.workflow, self.case.state, move.name), self._at(today, ACTED_AT)
        event = self._event(move.name, at, by=party)
        entered = self.case.evolve(state=dest, entered_on=today, entered_seq=event.seq, activity_on=today)
        self._become(entered, at)
        yield from self._announce(today, event, move.tell)
        yield from self._sweep(today, at)

    def _redo(self, today: date) -> Iterator[Decision]:
        """What people did on this day of a recorded year, as far as these rules allow it."""
        while self.deeds and self._day(self.deeds[0].at) <= today:
            deed = self.deeds.pop(0)
            event = replace(deed, seq=self.events + 1)
            if REPORT_DAY in event.facts:
                day = event.facts[REPORT_DAY]
                self.case = self.case.evolve(report_due=date.fromisoformat(day) if day else None)
                yield from self._sweep(today, event.at)
                continue
            try:
                done = redo(event, self.case, self.record, self.workflow, self.register, today, self._before(deed))
            except Refused as error:
                yield self._skipped(today, event, error)
                continue
            self.events += 1
            self.record, self.last = done.record, (deed.seq, self.case)
            self._become(done.case, event.at)
            yield from self._announce(today, event, done.tellings)
            yield from self._hand_over(today)
            yield from self._sweep(today, event.at)

    def _before(self, deed: Event) -> Case | None:
        """The case as it stood before what an undo takes back, if this life has seen it."""
        number, before = self.last
        return before if deed.facts.get("of") == str(number) else None

    def _skipped(self, today: date, event: Event, error: Refused) -> Decision:
        return Decision(
            day=today,
            case=self.case,
            rule=f"move:{event.move}",
            step="",
            level=0,
            outcome="skipped",
            reason=f"{event.by}: {error}",
        )

    def _hand_over(self, today: date) -> Iterator[Decision]:
        if self.workflow.states[self.case.state].final:
            return  # it sleeps for good
        owner, coordinator = answering(self.case, self.register, today)
        if (owner, coordinator) == (self.case.owner, self.case.coordinator):
            return
        moved, at = owner != self.case.owner, self._swept_at(today)
        event = self._event("hand over", at)
        self.case = passed_on(self.case, self.register, today)
        yield from self._announce(today, event, HANDED_OVER if moved else ())

    def _announce(self, today: date, event: Event, tellings: tuple[Telling, ...]) -> Iterator[Decision]:
        notices = notices_of_event(event, tellings, self.case, self.register, event.at)
        yield from self._tell(today, notices, "sent")

    def _event(self, move: str, at: datetime, by: str = "") -> Event:
        """What those who are told need of it, as the history will number it. Whoever did it is not told."""
        self.events += 1
        return Event(ref=self.case.ref, seq=self.events, at=at, by=by, move=move, through="rule")


def address_of(notice: Notice, register: Register, on: date) -> str:
    """Where a notice would go on a day: "" when the party cannot be reached."""
    found = recipient(notice.to, register, on)
    return found.address if found else ""
