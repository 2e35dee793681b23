"""One case that lives day by day through the engine, and people who mean to keep the watcher from hearing of it.

Knows nothing of how the checker counts: it asks the engine every day what is due, and the window when a letter leaves.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field, replace
from datetime import date, time, timedelta

from engine.calendar import Calendar, calendar_of, day_of, instant
from engine.case import Case
from engine.escalation import Firing, Record, anchor, judge, moved
from engine.machine import step
from engine.people import Organisation, Unit
from engine.text import Text
from engine.window import ripe_at
from engine.workflow import Move, Offset, Rule, Via, Workflow
from workflows.horizon import EVES
from workflows.plot import Pause, Plot

DAY = timedelta(days=1)
MORNING, NIGHT = time(6, 0), time(23, 50)  # before the first letters of the day leave, and after the last
OFFICE = Organisation(key="ud", name=Text.same("UD"), closed_days=EVES)


@dataclass(frozen=True)
class Circumstances:
    """What a case may be like, whatever people do with it afterwards."""

    due: date | None = None
    report_due: date | None = None
    tags: frozenset[str] = frozenset()
    priority: str = ""


@dataclass
class Life:
    """`silences` has, for every state the case has been in, each stretch of days without a word from a rule."""

    workflow: Workflow
    state: str
    today: date
    circumstances: Circumstances = Circumstances()
    office: Organisation = OFFICE
    unit: Unit | None = None
    calendar: Calendar = field(init=False)

    def __post_init__(self) -> None:
        self.calendar, self.record = calendar_of(self.office, self.unit), Record()
        self.taken: defaultdict[tuple[str, str, str], int] = defaultdict(int)
        it, started = self.circumstances, self.today
        self.case = Case(
            ref="X-1", plan="X", workflow=self.workflow.key, kind=self.workflow.name, state=self.state, title="x",
            owner="A", coordinator="B", due=it.due, due_version=1 if it.due else 0, report_due=it.report_due,
            tags=it.tags, priority=it.priority, opened_on=started, entered_on=started, activity_on=started,
        )  # fmt: skip
        self.last_heard = started
        self.silences: defaultdict[str, list[int]] = defaultdict(list)

    def live(self, days: int, at: time = MORNING) -> None:
        for _ in range(days):
            self.sweep(at)
            self.today += DAY

    def sweep(self, at: time = MORNING) -> None:
        while True:
            firings, _ = judge(self.workflow, self.case, self.record, self.calendar, self.today)
            self.record = self.record.after(firings)
            for firing in firings:
                self._tell(firing, at)
            if not (firings and firings[-1].moves):
                return
            self._enter(self.workflow.moves[firings[-1].planned.do], moved(self.workflow, self.case, firings[-1]), at)

    def _tell(self, firing: Firing, at: time) -> None:
        if firing.tells and self.workflow.guard.watcher in firing.planned.tell:
            self._hear(firing.planned.via, at)

    def _hear(self, via: Via, at: time) -> None:
        leaves = day_of(ripe_at(via, instant(self.today, at, self.office.zone), self.office), self.office.zone)
        self.silences[self.case.state].append((leaves - self.last_heard).days)
        self.last_heard = max(leaves, self.last_heard)

    def silent(self) -> dict[str, int]:
        """The longest stretch in each state, up to today."""
        until_now = (self.today - DAY - self.last_heard).days
        return {it: max([*self.silences[it], until_now if it == self.case.state else 0]) for it in self.workflow.states}

    def move(self, move: Move, at: time) -> None:
        """By somebody who may; the coordinator's digest lists it. In the new state the silence is counted anew."""
        dest = step(self.workflow, self.case.state, move.name)
        after = self.case.evolve(
            state=dest, entered_on=self.today, entered_seq=self.case.entered_seq + 1, activity_on=self.today
        )
        self._enter(move, after, at)

    def _enter(self, move: Move, after: Case, at: time) -> None:
        watcher = self.workflow.guard.watcher
        vias: list[Via] = [it.via for it in move.tell if watcher in it.to]
        vias += ["digest"] if watcher == "coordinator" else []
        if vias:
            self._hear(vias[0], at)
            self.last_heard = self.today
        self.case = after

    def comment(self) -> None:
        self.case = self.case.evolve(activity_on=self.today)

    def move_deadline(self, by: int | None) -> None:
        due = self.today + timedelta(days=by) if by is not None else None
        self.case = self.case.evolve(due=due, due_version=self.case.due_version + 1, activity_on=self.today)

    def pause(self, rule: Rule, kind: str, until: date | None = None) -> bool:
        """Until a day, or as long as the rule allows; False when it allows no more."""
        armed = anchor(rule, self.case, self.record)
        terms = dict(_terms(rule))
        if armed is None or kind not in terms:
            return False
        length, times = terms[kind]
        latest, key = self.calendar.shift(self.today, length), (rule.id, armed[0])
        if self.taken[*key, kind] >= times:
            return False
        self.taken[*key, kind] += 1
        held = max(self.today, min(until or latest, latest))
        self.record = replace(
            self.record, holds={**self.record.holds, key: max(held, self.record.holds.get(key, held))}
        )
        return True

    def hush(self, rules: Collection[Rule]) -> None:
        """Pause every one of these rules that is about to tell the watcher."""
        firings, _ = judge(self.workflow, self.case, self.record, self.calendar, self.today)
        about = {it.rule for it in firings if it.tells and self.workflow.guard.watcher in it.planned.tell}
        for rule in (it for it in rules if it.id in about):
            any(self.pause(rule, kind) for kind, _ in _terms(rule))


def _terms(rule: Rule) -> Iterator[tuple[str, tuple[Offset, int]]]:
    if rule.ack:
        yield "ack", (rule.ack.hold, rule.ack.times)
    if rule.snooze:
        yield "snooze", (rule.snooze.longest, rule.snooze.times)


@dataclass(frozen=True)
class Manner:
    """How somebody goes about it: says a word every day or none; asks for the next pause on the last day of the one
    before, lest a rule on the clock `hold_end` speaks, or the day after, which makes it longest."""

    chatty: bool = False
    eager: bool = False


def replay(life: Life, plot: Plot, manner: Manner) -> int:
    """Do what the checker says can be done, pause all else that is about to tell the watcher, and return how long the
    watcher really heard nothing."""
    rules = {rule.id: rule for rule in life.workflow.rules}
    asked = list(_asked(plot, manner))
    others = [rules[it] for it in sorted(rules.keys() - {pause.rule for pause in asked})]
    while life.today <= plot.spoken:
        if manner.chatty:
            life.comment()
        for pause in (it for it in asked if it.day == life.today):
            life.pause(rules[pause.rule], pause.kind, pause.until)
        if plot.heard < life.today < plot.spoken or not plot.word:
            life.hush(others)
        life.sweep(NIGHT if life.today == plot.spoken else MORNING)
        life.today += DAY
    return max(life.silences[life.state], default=0)


def _asked(plot: Plot, manner: Manner) -> Iterator[Pause]:
    seen: Counter[str] = Counter()
    for pause in plot.pauses:
        sooner = timedelta(days=seen[pause.rule] if manner.eager else 0)
        seen[pause.rule] += 1
        yield replace(pause, day=pause.day - sooner, until=pause.until - sooner)
