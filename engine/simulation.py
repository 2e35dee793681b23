"""A year in advance: who would get which mail, when and why, if people behave in a known way. Stores nothing."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Literal

from engine.act import HANDED_OVER
from engine.alarm import alarm, answering
from engine.calendar import instant
from engine.case import Case, Event, Hold, Occurrence
from engine.escalation import Firing, Record, due, moved
from engine.machine import step
from engine.notice import Notice
from engine.people import Register
from engine.roles import recipient, roles_of
from engine.telling import case_calendar, notices_of_event, notices_of_firing
from engine.workflow import Move, Offset, Telling, Workflow, Workflows

Behaviour = Literal["silent", "prompt", "slow"]
SPEED: dict[Behaviour, Offset | None] = {"silent": None, "prompt": Offset(1, "wd"), "slow": Offset(15, "wd")}
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
    lives = (_Life(workflows[it.case.workflow], register, it, SPEED[behaviour]) for it in openings)
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
        yield leaves, party, [decision for notice, decision in queue if notice.decided_at <= leaves]
        queue = [(notice, decision) for notice, decision in queue if notice.decided_at > leaves]


class _Life:
    """One case living through the year. Cases do not hear of each other, so each lives alone."""

    def __init__(self, workflow: Workflow, register: Register, opening: Opening, speed: Offset | None) -> None:
        self.workflow, self.register, self.speed = workflow, register, speed
        self.case, self.record, self.first = opening.case, opening.record, opening.notices
        self.events = opening.events
        self.intent: tuple[date, Move, str] | None = None  # what somebody means to do, and when

    def live(self, start: date, until: date) -> Iterator[Decision]:
        yield from self._tell(start, self.first, "sent")
        day: date | None = start
        while day and day <= until:
            yield from self._hand_over(day)
            yield from self._sweep(day)
            yield from self._act(day)
            day = self._next_day(day)

    def _next_day(self, today: date) -> date | None:
        wake = alarm(self.workflow, self.case, self.record, self.register, today)
        days = (wake, self.intent[0] if self.intent else None)
        return min((max(day, today + timedelta(days=1)) for day in days if day), default=None)

    def _at(self, day: date, at: time) -> datetime:
        return instant(day, at, self.register.organisation.zone)

    def _sweep(self, today: date) -> Iterator[Decision]:
        calendar = case_calendar(self.case, self.register, today)
        firings = due(self.workflow, self.case, self.record, calendar, today)
        self.record = self.record.after(firings)
        for firing in firings:
            if not firing.tells:
                yield self._quiet(today, firing)
            notices = notices_of_firing(firing, self.case, self.register, self._at(today, SWEPT_AT))
            yield from self._tell(today, notices if firing.tells else (), firing.outcome)
        if firings and firings[-1].moves:
            yield from self._move_on(today, firings[-1])
            yield from self._sweep(today)

    def _move_on(self, today: date, firing: Firing) -> Iterator[Decision]:
        """A rule moves the case. What somebody meant to do in the state before may have come to nothing."""
        move, after = self.workflow.moves[firing.planned.do], moved(self.workflow, self.case, firing)
        event = self._event(today, f"rule:{firing.rule}", move.name, after.state)
        self.case = after.evolve(entered_seq=event.seq)
        self.intent = self.intent if self.intent and after.state in self.intent[1].sources else None
        yield from self._announce(today, event, move.tell, at=SWEPT_AT)

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
        dest = step(self.workflow, self.case.state, move.name)
        event = self._event(today, party, move.name, dest)
        self.case = self.case.evolve(state=dest, entered_on=today, entered_seq=event.seq, activity_on=today)
        yield from self._announce(today, event, move.tell)

    def _hand_over(self, today: date) -> Iterator[Decision]:
        owner, coordinator = answering(self.case, self.register, today)
        if (owner, coordinator) == (self.case.owner, self.case.coordinator):
            return
        event, moved = self._event(today, "rule:responsibility", "hand over", self.case.state), owner != self.case.owner
        self.case = self.case.evolve(owner=owner, coordinator=coordinator)
        if moved:
            self.case = self.case.evolve(responsible="", activity_on=today)
        yield from self._announce(today, event, HANDED_OVER if moved else (), at=SWEPT_AT)

    def _announce(
        self, today: date, event: Event, tellings: tuple[Telling, ...], at: time = ACTED_AT
    ) -> Iterator[Decision]:
        notices = notices_of_event(event, tellings, self.case, self.register, self._at(today, at))
        yield from self._tell(today, notices, "sent")

    def _event(self, today: date, by: str, move: str, dest: str) -> Event:
        """As the history will number it."""
        self.events += 1
        return Event(
            ref=self.case.ref,
            seq=self.events,
            at=self._at(today, ACTED_AT),
            by=by,
            move=move,
            source=self.case.state,
            dest=dest,
            through="rule",
        )


def address_of(notice: Notice, register: Register, on: date) -> str:
    """Where a notice would go on a day: "" when the party cannot be reached."""
    found = recipient(notice.to, register, on)
    return found.address if found else ""
