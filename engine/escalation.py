"""What is due, when to look again, and what will happen: pure functions of workflow, case, record and day."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import count

from engine.calendar import Calendar, add_months
from engine.case import Case, Decided, Hold, Occurrence, Outcome, Ruling
from engine.machine import step as step_of
from engine.workflow import Offset, Role, Rule, Via, Workflow

DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Record:
    """What was decided about a case so far: the decisions, the level each arming of a rule has told, and the pauses."""

    decided: frozenset[Decided] = frozenset()
    told: Mapping[tuple[str, str], int] = field(default_factory=dict)
    holds: Mapping[tuple[str, str], date] = field(default_factory=dict)

    @classmethod
    def of(cls, rulings: Iterable[Ruling | Occurrence], holds: Iterable[Hold] = ()) -> "Record":
        decided: set[Decided] = set()
        told: dict[tuple[str, str], int] = {}
        for it in rulings:
            decided.add((it.rule, it.step, it.key))
            if it.outcome in ("sent", "digest"):
                arming = (it.rule, arming_of(it.key))
                told[arming] = max(told.get(arming, 0), it.level)
        until: dict[tuple[str, str], date] = {}
        for hold in holds:
            until[hold.rule, hold.key] = max(until.get((hold.rule, hold.key), hold.until), hold.until)
        return cls(frozenset(decided), told, until)

    def after(self, firings: Iterable["Firing"]) -> "Record":
        """The record once these were decided."""
        told, decided = dict(self.told), set(self.decided)
        for firing in firings:
            step = firing.planned
            decided.add((firing.rule, step.step, step.key))
            if firing.tells:
                arming = (firing.rule, arming_of(step.key))
                told[arming] = max(told.get(arming, 0), step.level)
        return Record(frozenset(decided), told, self.holds)


@dataclass(frozen=True, slots=True)
class Planned:
    """A step of a rule on its day. `key` holds the clock's value: a moved deadline re-arms, a restart does not."""

    day: date
    step: str
    key: str
    tell: tuple[Role, ...]
    letter: str
    via: Via
    level: int
    do: str = ""  # the move it makes instead of telling


@dataclass(frozen=True, slots=True)
class Firing:
    """A decision about one planned step. `outcome` says whether it tells anybody, `reason` why it does or does not."""

    rule: str
    planned: Planned
    day: date
    outcome: Outcome
    reason: str

    @property
    def tells(self) -> bool:
        return self.outcome in ("sent", "digest")

    @property
    def moves(self) -> bool:
        return self.outcome == "moved"

    @property
    def late(self) -> int:
        return (self.day - self.planned.day).days


def arming_of(key: str) -> str:
    """The clock's value in a key, without the number of the repeat and of the change of rules."""
    return key.partition("#")[0].partition("~")[0]


def key_of(arming: str, case: Case) -> str:
    """The key of a step: its place on the ladder means something else once the rules have changed under the case."""
    return f"{arming}~{case.replanned_seq}" if case.replanned_seq else arming


def anchor(rule: Rule, case: Case, record: Record) -> tuple[str, date] | None:
    """The arming of a rule's clock on a case and the day it counts from; None while the clock does not run."""
    match rule.clock:
        case "due":
            return (f"due/{case.due_version}", case.due) if case.due else None
        case "report_due":
            return (f"report/{case.report_due}", case.report_due) if case.report_due else None
        case "activity":
            return f"activity/{case.activity_on}", case.activity_on
        case "hold_end":
            ends = [until for (of_rule, _), until in record.holds.items() if of_rule != rule.id]
            return (f"hold/{max(ends)}", max(ends)) if ends else None
        case "entered":
            return f"entered/{case.entered_seq}", case.entered_on


def applies(rule: Rule, case: Case) -> bool:
    when = rule.when
    return (
        (not when.state or case.state in when.state)
        and (not when.kind or case.kind in when.kind)
        and (not when.tag or not when.tag.isdisjoint(case.tags))
        and (not when.priority or case.priority in when.priority)
        and (when.dated is None or when.dated == (case.due is not None))
    )


def has_told(role: Role, workflow: Workflow, case: Case, record: Record) -> bool:
    """Whether a rule that still runs on the case has told somebody in this role, and nobody has acted on it since."""
    armed = ((rule, anchor(rule, case, record)) for rule in workflow.rules if applies(rule, case))
    return any(_told_in(role, rule, found[0], case, record) for rule, found in armed if found)


def _told_in(role: Role, rule: Rule, arming: str, case: Case, record: Record) -> bool:
    if (rule.id, arming) not in record.told:
        return False
    key = key_of(arming, case)
    steps = any(role in step.tell and (rule.id, step.name, key) in record.decided for step in rule.steps)
    again = rule.repeat and role in rule.repeat.tell and (rule.id, "repeat", f"{key}#1") in record.decided
    return bool(steps or again)


def planned(
    rule: Rule, key: str, start: date, calendar: Calendar, decided: frozenset[Decided] = frozenset()
) -> Iterator[Planned]:
    """Every undecided step of one arming in order of day; without end when the rule repeats."""
    for step in rule.steps:
        if (rule.id, step.name, key) not in decided:
            day = calendar.shift(start, step.at)
            yield Planned(day, step.name, key, step.tell, step.letter, step.via, step.level, step.do)
    if rule.repeat:
        again, last = rule.repeat, rule.steps[-1] if rule.steps else None
        level = again.level or (last.level if last else 0)  # a repeat stays as high as it has come
        days = _repeats(calendar.shift(start, last.at) if last else start, again.every, calendar)
        for number, day in enumerate(days, 1):
            again_key = f"{key}#{number}"
            if (rule.id, "repeat", again_key) not in decided:
                yield Planned(day, "repeat", again_key, again.tell, again.letter, again.via, level)


def _repeats(last: date, every: Offset, calendar: Calendar) -> Iterator[date]:
    """Months are counted from the last step, so that the 31st does not drift; all else from the repeat before."""
    if every.unit in ("m", "y"):
        months = every.count * (12 if every.unit == "y" else 1)
        yield from (add_months(last, months * number) for number in count(1))
    while True:
        last = calendar.shift(last, every)
        yield last


def _open(rule: Rule, case: Case, record: Record, calendar: Calendar) -> Iterator[tuple[date, Planned]]:
    """The undecided steps of a rule, each with the day it may be decided: its own, or the one after a pause."""
    armed = anchor(rule, case, record) if applies(rule, case) else None
    if armed is None:
        return
    arming, start = armed
    held = record.holds.get((rule.id, arming))
    for step in planned(rule, key_of(arming, case), start, calendar, record.decided):
        yield (max(step.day, held + DAY) if held else step.day), step


def wake_on(workflow: Workflow, case: Case, record: Record, calendar: Calendar) -> date | None:
    """The earliest day on which any rule has something to say; None when the case is at an end."""
    if workflow.states[case.state].final:
        return None
    firsts = (next(_open(rule, case, record, calendar), None) for rule in workflow.rules)
    return min((first[0] for first in firsts if first), default=None)


def judge(
    workflow: Workflow, case: Case, record: Record, calendar: Calendar, today: date
) -> tuple[list[Firing], date | None]:
    """What is `due` now, and when to look again after that: one walk through the rules instead of two.

    A firing that moves the case is the last one: the rules after it have to judge the case in its new state.
    """
    foresight = _Foresight(workflow, case, record, calendar)
    return list(foresight.decide(today)), foresight.next_day()


def due(workflow: Workflow, case: Case, record: Record, calendar: Calendar, today: date) -> list[Firing]:
    """Every step due on or before today and not yet decided for its key, decided now."""
    return judge(workflow, case, record, calendar, today)[0]


def forecast(
    workflow: Workflow, case: Case, record: Record, calendar: Calendar, *, today: date, until: date
) -> Iterator[Firing]:
    """What will be decided from today until a day (included) if nobody does anything."""
    foresight, passed = _Foresight(workflow, case, record, calendar), list[Firing]()
    day: date | None = today
    while day and day <= until:
        firings = list(foresight.decide(day))
        yield from firings
        passed += firings
        if firings and firings[-1].moves:
            case = moved(workflow, case, firings[-1])
            foresight = _Foresight(workflow, case, record.after(passed), calendar)
        else:
            day = foresight.next_day()


def moved(workflow: Workflow, case: Case, firing: Firing) -> Case:
    """The case after the move that a rule makes, numbered as the history would. It is no sign of life from anybody.

    Raises NoSuchMove when the move does not begin in the state of the case.
    """
    dest = step_of(workflow, case.state, firing.planned.do)
    return case.evolve(state=dest, entered_on=firing.day, entered_seq=case.entered_seq + 1)


@dataclass(slots=True)
class _Queue:
    """One rule's undecided steps, with the next one at hand."""

    rule: Rule
    key: str
    held: date | None
    steps: Iterator[tuple[date, Planned]]
    head: tuple[date, Planned] | None

    def take(self, today: date) -> list[Planned]:
        taken: list[Planned] = []
        while self.head and self.head[0] <= today:
            taken.append(self.head[1])
            self.head = next(self.steps, None)
        return taken


class _Foresight:
    """Walks one case forward in time, each planned step being looked at once."""

    def __init__(self, workflow: Workflow, case: Case, record: Record, calendar: Calendar) -> None:
        self.catch_up = workflow.catch_up
        self.told = dict(record.told)
        self.queues = {} if workflow.states[case.state].final else dict(self._queues(workflow, case, record, calendar))

    @staticmethod
    def _queues(workflow: Workflow, case: Case, record: Record, calendar: Calendar) -> Iterator[tuple[str, _Queue]]:
        for rule in workflow.rules:
            armed = anchor(rule, case, record) if applies(rule, case) else None
            if armed:
                steps = _open(rule, case, record, calendar)
                held = record.holds.get((rule.id, armed[0]))
                yield rule.id, _Queue(rule, armed[0], held, steps, next(steps, None))

    def next_day(self) -> date | None:
        return min((queue.head[0] for queue in self.queues.values() if queue.head), default=None)

    def decide(self, today: date) -> Iterator[Firing]:
        for queue in self.queues.values():
            missed = queue.take(today)
            for place, step in enumerate(missed, 1):
                firing = self._fire(queue.rule, step, today, last=place == len(missed))
                if firing.tells:
                    arming = (queue.rule.id, queue.key)
                    self.told[arming] = max(self.told.get(arming, 0), step.level)
                yield firing
                if firing.moves:
                    return

    def _fire(self, rule: Rule, step: Planned, today: date, *, last: bool) -> Firing:
        if not last and self.catch_up == "latest":
            return Firing(rule.id, step, today, "superseded", "a later step of the same rule was due as well")
        if inhibitor := self._inhibitor(rule, today):
            return Firing(rule.id, step, today, "inhibited", f"rule {inhibitor} is already telling")
        outcome: Outcome = "moved" if step.do else "sent" if step.via == "now" else "digest"
        return Firing(rule.id, step, today, outcome, _reason(rule, step))

    def _inhibitor(self, rule: Rule, today: date) -> str | None:
        """A rule that has told at the named level in its present arming; a paused one inhibits nothing."""
        for other, level in rule.inhibited_by:
            queue = self.queues.get(other)
            paused = queue and queue.held and queue.held >= today
            if queue and not paused and self.told.get((other, queue.key), -1) >= level:
                return other
        return None


def _reason(rule: Rule, step: Planned) -> str:
    if step.step == "repeat":
        assert rule.repeat
        return f"rule {rule.id}, every {rule.repeat.every}"
    at = next(it.at for it in rule.steps if it.name == step.step)
    return f"rule {rule.id}, step {step.step}: {at} on the clock {rule.clock}"
