"""Looks at a case on every single day and knows no shortcut: no alarm, no batch, no walk ahead, nothing remembered
but what was decided. Days are counted one by one. Only who a role means is asked of the engine."""

from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cache

import holidays

from engine.case import Case
from engine.people import Register
from engine.roles import recipients, roles_of, unit_on
from engine.workflow import Offset, Role, Rule, Telling, Workflow

DAY = timedelta(days=1)
News = tuple[date, str, str, str, str]  # the day, the case, the rule or the move, the step, whom it tells
HANDED_OVER = Telling(to=("responsible",), letter="handed_over")


@cache
def days_off(country: str, year: int) -> tuple[frozenset[date], frozenset[int]]:
    found = holidays.country_holidays(country, years=year)
    return frozenset(found), frozenset(found.weekend)


@dataclass(frozen=True)
class Deed:
    """Something a person does to a case at noon."""

    day: date
    ref: str
    kind: str  # a move's name, or comment, deadline, hand over, ack, snooze
    by: str
    due: date | None = None
    owner: str = ""
    rule: str = ""


@dataclass
class Oracle:
    workflow: Workflow
    register: Register
    case: Case
    speed: int | None = None  # in so many working days people do the first thing they may, once they are told
    deeds: list[Deed] = field(default_factory=list)
    opens: bool = True  # on the first day, with what that tells
    news: list[News] = field(default_factory=list)
    acts: list[Deed] = field(default_factory=list)
    decided: set[tuple[object, ...]] = field(default_factory=set)
    told: dict[tuple[object, ...], int] = field(default_factory=dict)
    held: dict[tuple[object, ...], date] = field(default_factory=dict)
    entered: int = 0
    intent: tuple[date, str, str] | None = None

    def live(self, start: date, until: date) -> "Oracle":
        if self.opens:
            self.open(start)
        for number in range((until - start).days + 1):
            day = start + number * DAY
            self.hand_over(day)
            self.look(day)
            if self.intent and self.intent[0] <= day:
                self.carry_out(day)
            for deed in [it for it in self.deeds if it.day == day]:
                self.do(deed)
                self.hand_over(day)
                self.look(day)
        return self

    def open(self, day: date) -> None:
        first = next((it for it in self.workflow.moves.values() if it.dest == self.case.state and it.tell), None)
        tells = first.tell if first and not self.workflow.states[self.case.state].final else ()
        for party in sorted(self.listeners("operator", tells, day)):
            self.tell(day, "move:open", "", party)

    def listeners(self, by: str, tellings: tuple[Telling, ...], day: date) -> list[str]:
        digest = Telling(to=("coordinator",), letter="digest", via="digest")
        found = [party for it in (*tellings, digest) for party in self.parties(it.to, day)]
        return [party for party in dict.fromkeys(found) if party != by]

    def parties(self, roles: tuple[Role, ...], day: date) -> list[str]:
        meant = [it.party for role in roles for it in recipients(role, self.case, self.register, day)]
        return list(dict.fromkeys(meant))

    def tell(self, day: date, rule: str, step: str, party: str) -> None:
        self.news.append((day, self.case.ref, rule, step, party))
        if self.speed is None or self.intent:
            return
        for move in self.workflow.moves.values():
            able = roles_of(party, self.case, self.register, day) & set(move.by)
            if self.case.state in move.sources and able and not {"reason", "owner", "due"} & set(move.needs):
                self.intent = self.shift(day, Offset(self.speed, "wd"), day), move.name, party
                return

    def announce(self, day: date, by: str, move: str, tellings: tuple[Telling, ...]) -> None:
        for party in self.listeners(by, tellings, day):
            self.tell(day, f"move:{move}", "", party)

    # what rules do

    def look(self, day: date) -> None:
        if self.workflow.states[self.case.state].final:
            return
        for rule in self.workflow.rules:
            if self.moved_by(rule, day):
                self.look(day)
                return

    def moved_by(self, rule: Rule, day: date) -> bool:
        missed = list(self.missed(rule, day))
        for place, (step, tell, level, do) in enumerate(missed):
            arming = self.arming(rule)
            self.decided.add((rule.id, arming, step))
            if place < len(missed) - 1 and self.workflow.catch_up == "latest":
                continue
            if any(self.silences(other, least, day) for other, least in rule.inhibited_by):
                continue
            if do:
                self.enter(self.workflow.moves[do].dest, day)
                if self.intent and self.case.state not in self.workflow.moves[self.intent[1]].sources:
                    self.intent = None
                self.announce(day, f"rule:{rule.id}", do, self.workflow.moves[do].tell)
                return True
            self.told[rule.id, arming] = max(level, self.told.get((rule.id, arming), 0))
            for party in self.parties(tell, day):
                self.tell(day, rule.id, "repeat" if isinstance(step, int) else step, party)
        return False

    def silences(self, name: str, level: int, day: date) -> bool:
        rule = next(it for it in self.workflow.rules if it.id == name)
        arming = self.arming(rule)
        if arming is None or self.held.get((name, arming), date.min) >= day:
            return False
        return self.told.get((name, arming), -1) >= level

    def missed(self, rule: Rule, day: date) -> Iterator[tuple[str | int, tuple[Role, ...], int, str]]:
        """Every step whose day has come and that was not decided; a pause puts its day off until it is over."""
        arming = self.arming(rule)
        if arming is None or self.held.get((rule.id, arming), date.min) >= day:
            return
        start = self.start(rule)
        for step in rule.steps:
            if (rule.id, arming, step.name) not in self.decided and self.shift(start, step.at, day) <= day:
                yield step.name, step.tell, step.level, step.do
        if rule.repeat:
            level = rule.repeat.level or (rule.steps[-1].level if rule.steps else 0)
            last = self.shift(start, rule.steps[-1].at, day) if rule.steps else start
            for number in range(1, 10_000):
                months = rule.repeat.every.unit in ("m", "y")
                again = self.shift(last, rule.repeat.every.times(number if months else 1), day)
                if again > day:
                    return
                if (rule.id, arming, number) not in self.decided:
                    yield number, rule.repeat.tell, level, ""
                last = last if months else again

    def arming(self, rule: Rule) -> object | None:
        case, when = self.case, rule.when
        if (when.state and case.state not in when.state) or (when.kind and case.kind not in when.kind):
            return None
        if (when.tag and not when.tag & case.tags) or (when.priority and case.priority not in when.priority):
            return None
        if when.dated is not None and when.dated != (case.due is not None):
            return None
        ends = [until for (name, _), until in self.held.items() if name != rule.id]
        return {
            "due": case.due_version if case.due else None,
            "report_due": case.report_due,
            "activity": case.activity_on,
            "entered": self.entered,
            "hold_end": max(ends, default=None),
        }[rule.clock]

    def start(self, rule: Rule) -> date:
        ends = [until for (name, _), until in self.held.items() if name != rule.id]
        case = self.case
        starts = {
            "due": case.due,
            "report_due": case.report_due,
            "activity": case.activity_on,
            "entered": case.entered_on,
        }
        start = starts.get(rule.clock, max(ends, default=None))
        assert start
        return start

    # how days are counted

    def shift(self, start: date, offset: Offset, today: date) -> date:
        count, way = abs(offset.count), DAY if offset.count > 0 else -DAY
        if offset.unit in ("m", "y"):
            months = start.year * 12 + start.month - 1 + offset.count * (12 if offset.unit == "y" else 1)
            year, month = months // 12, months % 12 + 1
            return date(year, month, min(start.day, monthrange(year, month)[1]))
        for _ in range(count * (7 if offset.unit == "w" else 1)):
            start += way
            while offset.unit == "wd" and not self.works(start, today):
                start += way
        return start

    def works(self, day: date, today: date) -> bool:
        unit, organisation = unit_on(self.case.owner, self.register, today), self.register.organisation
        country = (unit.calendar if unit else "") or organisation.country
        closed = {*(unit.closed_days if unit else ())} | (
            {*organisation.closed_days} if country == organisation.country else set()
        )
        off, weekend = days_off(country, day.year)
        return day not in off and day.weekday() not in weekend and day not in closed

    # what people do

    def hand_over(self, day: date) -> None:
        case, register = self.case, self.register
        owner = self.heir((register.answering(case.subject, day) if case.subject else "") or case.owner, day)
        coordinator = (register.answering(case.coordination, day) if case.coordination else "") or case.coordinator
        coordinator = self.heir(coordinator, day)
        if self.workflow.states[case.state].final or (owner, coordinator) == (case.owner, case.coordinator):
            return
        changed = owner != case.owner
        self.case = case.evolve(owner=owner, coordinator=coordinator)
        if changed:
            keeps = case.responsible if owner == self.heir(case.owner, day) else ""
            self.case = self.case.evolve(responsible=keeps, activity_on=day)
        self.announce(day, "rule:responsibility", "hand over", (HANDED_OVER,) if changed else ())

    def heir(self, code: str, day: date) -> str:
        """A unit that is no more is followed by the one after it, however many have come and gone."""
        found, seen = code, {""}
        while found not in seen and found in self.register.units:
            seen.add(found)
            unit = self.register.units[found]
            if (unit.valid_from or day) <= day <= (unit.valid_to or day):
                return found
            found = unit.successor
        return code

    def enter(self, state: str, day: date) -> None:
        self.entered += 1
        self.case = self.case.evolve(state=state, entered_on=day)

    def carry_out(self, day: date) -> None:
        assert self.intent
        (_, name, party), self.intent = self.intent, None
        if roles_of(party, self.case, self.register, day) & set(self.workflow.moves[name].by):
            self.acts.append(Deed(day, self.case.ref, name, party))
            self.do(self.acts[-1])
            self.look(day)

    def do(self, deed: Deed) -> None:
        day = deed.day
        tells: tuple[Telling, ...] = ()
        if move := self.workflow.moves.get(deed.kind):
            self.enter(move.dest, day)
            self.case, tells = self.case.evolve(activity_on=day), move.tell
        elif deed.kind == "comment":
            if roles_of(deed.by, self.case, self.register, day) & {"responsible", "head"}:
                self.case = self.case.evolve(activity_on=day)
        elif deed.kind == "deadline":
            self.case = self.case.evolve(due=deed.due, due_version=self.case.due_version + 1, activity_on=day)
        elif deed.kind == "hand over":
            self.case, tells = self._given_to(deed.owner, day), (HANDED_OVER,)
        else:
            tells = self.pause(deed)
        self.announce(day, deed.by, "hold" if deed.kind in ("ack", "snooze") else deed.kind, tells)

    def _given_to(self, owner: str, day: date) -> Case:
        if owner == self.case.owner:
            return self.case
        return self.case.evolve(owner=owner, responsible="", subject="", activity_on=day)

    def pause(self, deed: Deed) -> tuple[Telling, ...]:
        rule = next(it for it in self.workflow.rules if it.id == deed.rule)
        key = (rule.id, self.arming(rule))
        assert deed.due
        self.held[key] = max(deed.due, self.held.get(key, deed.due))
        if deed.kind == "snooze" and rule.snooze:
            return (Telling(to=rule.snooze.tell, letter="digest", via="digest"),)
        return ()
