"""Gather what one parcel will say: a bounded number of reading queries, whatever it carries."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import partial
from itertools import islice
from typing import Any
from zoneinfo import ZoneInfo

from engine.alive import ALIVE
from engine.answering import choices
from engine.briefing import NOBODY, Answer, Bar, Briefing, Happening, Item, News, Next, Still, Unheard, Vitals
from engine.calendar import day_of, instant
from engine.case import Case, Event
from engine.choosing import chosen
from engine.daily import DAILY
from engine.escalation import Record, has_told
from engine.foresight import Foreseen
from engine.health import Ailment
from engine.inspection import UNHEARD
from engine.link import Shown
from engine.material import Material, understood, why_unread
from engine.notice import Notice, Parcel
from engine.overview import leaves_at
from engine.pass_on import PASS_ON
from engine.people import Register
from engine.ports import Reader
from engine.roles import name_of, recipients, roles_of, unit_on
from engine.telling import case_calendar
from engine.text import Text
from engine.tray import WAITS, Tray, mails, suggested
from engine.trouble import Outage
from engine.undo import UNDOABLE_FOR, undoable
from engine.ward import unheard, vitals
from engine.workflow import Workflows

UNSAID = (DAILY, ALIVE, UNHEARD, WAITS)  # notices that are no item of their own: something else in the letter says it
AHEAD = timedelta(days=366)
MOST_HAPPENINGS = 4
SOON = timedelta(days=60)


def brief(
    reader: Reader,
    workflows: Workflows,
    parcel: Parcel,
    *,
    base_url: str = "",
    reply_to: str = "",
    ailments: Callable[[], Sequence[Ailment]] = tuple,
    tray: Tray | None = None,
) -> Briefing:
    """Everything the letter of this parcel may say, as of the day it was packed."""
    read = partial(briefs, reader, workflows, [parcel], base_url=base_url, reply_to=reply_to)
    return read(ailments=ailments, tray=tray)(parcel)


def briefs(
    reader: Reader,
    workflows: Workflows,
    parcels: Sequence[Parcel],
    *,
    base_url: str,
    reply_to: str,
    ailments: Callable[[], Sequence[Ailment]] = tuple,
    tray: Tray | None = None,
) -> Callable[[Parcel], Briefing]:
    """Read what these parcels speak of, so that any of them can be briefed without asking again."""
    material = Material.of(reader, workflows, parcels, tray)

    def briefing(parcel: Parcel) -> Briefing:
        scene = _Scene.of(material, parcel, base_url)
        operator = parcel.kind == "operator"
        told = vitals(reader, parcel, material.register, ailments()) if operator else None
        return _briefing(scene, reply_to=reply_to, told=told)

    return briefing


def _briefing(scene: "_Scene", *, reply_to: str, told: Vitals | None) -> Briefing:
    parcel, digest = scene.parcel, scene.parcel.kind == "digest"
    news = [it for it in parcel.notices if it.letter == "digest" and it.event_seq and it.ref in scene.cases]
    items = [it for it in parcel.notices if it.rule not in UNSAID and it not in news]
    away = scene.away()
    return Briefing(
        parcel=parcel.id,
        to=parcel.to,
        kind=parcel.kind,
        today=scene.today,
        organisation=scene.register.organisation.name,
        items=tuple(scene.item(notice) if notice.ref in scene.cases else scene.unread(notice) for notice in items),
        still=tuple(scene.still({notice.ref for notice in items})) if digest else (),
        bars=tuple(scene.bars()) if digest else (),
        happens=tuple(scene.happens()) if digest else (),
        news=tuple(scene.news(news)),
        unheard=tuple(scene.unheard()) if digest or told else (),
        mails=tuple(mails(scene.material.mails, scene.plans, scene.register)) if digest else (),
        suggested=tuple(suggested(scene.material.suggestions, scene.register)) if digest else (),
        away=away,
        passed_over=scene.passed_over(away) if away else 0,
        vitals=told,
        reply_to=reply_to or scene.coordinator_mailbox(),
        base_url=scene.base_url,
        **chosen(parcel, scene.register),
    )


@dataclass(frozen=True, slots=True)
class _Scene:
    """The cases of one parcel, their plans, and everybody concerned.

    One that cannot be understood is only among those `mentioned`: it spoils no letter that speaks of others as well.
    """

    parcel: Parcel
    material: Material
    today: date
    base_url: str
    mentioned: Mapping[str, Case]
    cases: Mapping[str, Case]
    plans: Mapping[str, Sequence[Case]]
    outages: Sequence[Outage]
    foreseen: dict[str, list[Foreseen]] = field(default_factory=dict)

    @classmethod
    def of(cls, material: Material, parcel: Parcel, base_url: str) -> "_Scene":
        refs = {notice.ref for notice in parcel.notices}
        mentioned = {ref: material.cases[ref] for ref in sorted(refs) if ref in material.cases}
        above = sorted({case.plan for case in mentioned.values()})
        plans = {ref: material.plans[ref] for ref in above} if parcel.kind == "digest" else {}
        named = [material.cases[ref] for ref in above if ref in material.cases] + list(mentioned.values())
        every = (*plans.values(), understood(named, material.workflows))
        return cls(
            parcel,
            material,
            day_of(parcel.packed_at, material.register.organisation.zone),
            base_url,
            mentioned,
            {case.ref: case for some in every for case in some},
            plans,
            material.missed(parcel),
        )

    @property
    def workflows(self) -> Workflows:
        return self.material.workflows

    @property
    def register(self) -> Register:
        return self.material.register

    def coming(self, case: Case) -> list[Foreseen]:
        """The next things that will be told about a case by themselves, from tomorrow on."""
        if case.ref not in self.foreseen:
            tomorrow = self.today + timedelta(days=1)
            seen = self.material.outlook.case(case, today=tomorrow, until=self.today + AHEAD)
            self.foreseen[case.ref] = list(islice((it for it in seen if it.told), MOST_HAPPENINGS))
        return self.foreseen[case.ref]

    def item(self, notice: Notice) -> Item:
        case = self.cases[notice.ref]
        deadline = next(reversed(self.material.deadlines.get(case.ref, ())), None)
        event = self.material.events.get((notice.ref, notice.event_seq))
        said, said_by = self._said(case, event)
        return Item(
            ref=case.ref,
            number=case.number,
            plan=case.plan,
            plan_title=self._plan_title(case),
            workflow=case.kind,
            title=case.title,
            question=case.question,
            state=self.workflows[case.workflow].states[case.state].label,
            due=case.due,
            due_rule=deadline.rule if deadline else "",
            due_computed=deadline.computed if deadline else None,
            overdue=self._overdue(case),
            left=(case.due - self.today).days if case.due else None,
            owner=self._unit(case.owner),
            owner_as_written=case.owner_as_written,
            letter=notice.letter,
            role=notice.role,
            level=notice.level,
            rule=notice.rule,
            step=notice.step,
            reason=notice.reason,
            planned=notice.planned,
            missed=self._missed(notice),
            asked_by=self._unit(case.coordinator),
            next=self._next(case),
            answers=tuple(self._answers(case, self._right(event) or self.parcel.to.party)),
            for_whom=self._right(event),
            said=said,
            said_by=said_by,
            instead_of=notice.instead_of,
            shown=Shown(
                ref=case.ref, number=case.number, seen=case.version, known=self.material.known.get(case.ref, 0)
            ),
            **self._deed(case, event),
            url=f"{self.base_url.rstrip('/')}/case/{case.ref}" if self.base_url else "",
        )

    def _deed(self, case: Case, event: Event | None) -> dict[str, Any]:
        """What somebody did, that the letter is about."""
        if event is None:
            return {}
        zone, facts = ZoneInfo(self.register.organisation.zone), event.facts
        last = event.seq == self.material.known.get(case.ref)
        can = undoable(event, self.parcel.to.party, last=last, now=self.parcel.packed_at)
        return {
            "move": event.move,
            "did": self._label(case, event.move),
            "did_at": event.at.astimezone(zone),
            "moved": event.source != event.dest,
            "to_decide": self._to_decide(case, event.move),
            "undo_until": (event.at + UNDOABLE_FOR).astimezone(zone) if can else None,
            "wished": date.fromisoformat(facts["wished"]) if "wished" in facts else None,
            "suggests": self._unit(facts.get("unit", "")),
        }

    def _label(self, case: Case, name: str) -> Text:
        """What a move or an ask is called; "" for what is neither."""
        workflow = self.workflows[case.workflow]
        found = workflow.moves.get(name) or workflow.asks.get(name)
        return found.spoken if found else NOBODY

    def _to_decide(self, case: Case, name: str) -> bool:
        ask = self.workflows[case.workflow].asks.get(name)
        return ask is not None and ask.to_decide

    def _missed(self, notice: Notice) -> date | None:
        """The day on which it should have come: of a step that came up, or a letter that might have left, meanwhile."""
        zone = self.register.organisation.zone
        back = {day_of(notice.decided_at, zone), self.today}
        days = (notice.planned, day_of(notice.ripe_at, zone))
        return next((day for it in self.outages if it.ended in back for day in days if it.missed(day)), None)

    def away(self) -> Outage | None:
        """When the service was away, when that is why something in this letter is late."""
        missed = [day for it in self.parcel.notices if (day := self._missed(it))]
        return next((it for it in reversed(self.outages) if any(map(it.missed, missed))), None)

    def passed_over(self, away: Outage) -> int:
        """The steps that a later one of the same rule overtook while the service was away."""
        zone, refs = self.register.organisation.zone, {it.ref for it in self.parcel.notices}
        decided = (it for ref in refs for it in self.material.occurrences.get(ref, ()) if it.outcome == "superseded")
        return sum(day_of(it.decided_at, zone) == away.ended and away.missed(it.planned) for it in decided)

    def unheard(self) -> Iterable[Unheard]:
        numbers = {ref: case.number for ref, case in self.cases.items()}
        return unheard(self.material.troubles, self.parcel, self.register, numbers)

    def unread(self, notice: Notice) -> Item:
        """What can be said of a case that is not understood: that it is there, and why nothing more is said."""
        case = self.mentioned.get(notice.ref)
        return Item(
            ref=notice.ref,
            number=case.number if case else "",
            plan=case.plan if case else "",
            plan_title=self._plan_title(case) if case else "",
            workflow=case.kind if case else "",
            title=case.title if case else notice.ref,
            letter="unreadable" if notice.ref else notice.letter,
            role=notice.role,
            level=notice.level,
            rule=notice.rule,
            step=notice.step,
            reason=notice.reason if notice.letter == "unreadable" or not notice.ref else why_unread(case),
            planned=notice.planned,
        )

    def _plan_title(self, case: Case) -> str:
        return self.cases[case.plan].title if case.plan in self.cases else case.plan

    def _unit(self, code: str) -> Text:
        unit = unit_on(code, self.register, self.today)
        return unit.name if unit else name_of(f"unit:{code}", self.register) if code else NOBODY

    def _overdue(self, case: Case) -> int:
        if case.due is None or case.due >= self.today:
            return 0
        return case_calendar(case, self.register, self.today).workdays_between(case.due, self.today)

    def _said(self, case: Case, event: Event | None) -> tuple[str, Text]:
        if event and event.text:
            return event.text, name_of(event.for_whom or event.by, self.register)
        return case.statement, self._unit(case.owner)

    def _next(self, case: Case) -> Next | None:
        coming = self.coming(case)
        if not coming:
            return None
        step, told = coming[0].firing.planned, [recipient for _, recipient in coming[0].told]
        return Next(
            day=self._leaves(coming[0]),
            letter=step.letter,
            level=step.level,
            whom=tuple(it.name for it in told),
            only_you=[it.party for it in told] == [self.parcel.to.party],
        )

    def _leaves(self, coming: Foreseen) -> date:
        """The day on which what is decided will be in somebody's mailbox."""
        house, (role, first) = self.register.organisation, coming.told[0]
        morning = instant(coming.day, house.window.opens, house.zone)
        return day_of(leaves_at(coming.firing.planned.via, role, first.party, self.register, morning), house.zone)

    def _right(self, event: Event | None) -> str:
        """In whose name the receiver answers: whoever passed the case on to them."""
        given = event and event.move == PASS_ON and event.facts.get("passed to") == self.parcel.to.party
        return (event.for_whom or event.by) if event and given else ""

    def _answers(self, case: Case, party: str) -> Iterable[Answer]:
        """What the party may do or ask for by word."""
        mine = roles_of(party, case, self.register, self.today)
        for it in choices(self.workflows[case.workflow], case.state, mine):
            yield Answer(move=it.name, label=it.spoken, words=it.say)

    def news(self, notices: Iterable[Notice]) -> Iterable[News]:
        """What others did: the events of these notices, oldest first."""
        events = (self.material.events.get((it.ref, it.event_seq)) for it in notices)
        for event in sorted(filter(None, events), key=lambda it: (it.at, it.ref, it.seq)):
            case = self.cases[event.ref]
            facts = event.facts
            coordination = event.move == "hand over" and facts.get("from") == facts.get("to")
            yield News(
                day=day_of(event.at, self.register.organisation.zone),
                ref=case.ref,
                number=case.number,
                title=case.title,
                who=NOBODY if event.through == "rule" else name_of(event.for_whom or event.by, self.register),
                move="coordination" if coordination else event.move,
                label=self._label(case, event.move),
                text=event.text,
                now=name_of(facts["passed to"], self.register)
                if event.move == PASS_ON
                else self._unit(facts.get("coordinator to" if coordination else "to", "")),
                was=name_of(f"unit:{facts['from']}", self.register) if facts.get("ended") else NOBODY,
                ended=date.fromisoformat(facts["ended"]) if facts.get("ended") else None,
            )

    def happens(self) -> Iterable[Happening]:
        """The next things that will be told without anybody doing anything, in all the plans of this digest."""
        mine = self.parcel.to.party
        coming = (it for case in self.cases.values() for it in self.coming(case))
        soon = [it for it in coming if {recipient.party for _, recipient in it.told} != {mine}]
        for it in sorted((it for it in soon if it.day <= self.today + SOON), key=lambda it: it.day)[:MOST_HAPPENINGS]:
            whom = tuple(recipient.name for _, recipient in it.told)
            yield Happening(
                day=self._leaves(it),
                ref=it.case.ref,
                number=it.case.number,
                title=it.case.title,
                letter=it.firing.planned.letter,
                whom=whom,
            )

    def still(self, mentioned: Collection[str]) -> Iterable[Still]:
        """What the reader was told of before as the coordinator, and nobody has acted on."""
        for case in self.cases.values():
            workflow = self.workflows[case.workflow]
            record = self.material.outlook.records.get(case.ref, Record())
            if case.ref in mentioned or workflow.states[case.state].final or not self._coordinates(case):
                continue
            if has_told("coordinator", workflow, case, record):
                yield Still(ref=case.ref, number=case.number, title=case.title)

    def _coordinates(self, case: Case) -> bool:
        mine = self.parcel.to.party
        return any(it.party == mine for it in recipients("coordinator", case, self.register, self.today))

    def bars(self) -> Iterable[Bar]:
        for ref, cases in ((ref, cases) for ref, cases in self.plans.items() if cases):
            actions = [case for case in cases if case.ref != ref]
            report = next((case for case in cases if case.kind == "report"), None)
            due = report.due if report else None
            yield Bar(
                plan=ref,
                title=self._plan_title(cases[0]),
                counts=tuple(self._counts(actions)),
                report_due=due,
                report_left=(due - self.today).days if due else None,
            )

    def _counts(self, actions: Sequence[Case]) -> Iterable[tuple[str, Text, int]]:
        """By state, in the order in which the workflows name them."""
        counted: dict[str, tuple[Text, int]] = {}
        for workflow in {case.workflow: self.workflows[case.workflow] for case in actions}.values():
            for state in workflow.states.values():
                number = sum(case.state == state.name and case.workflow == workflow.key for case in actions)
                label, before = counted.get(state.name, (state.label, 0))
                counted[state.name] = (label, before + number)
        return [(name, label, number) for name, (label, number) in counted.items() if number]

    def coordinator_mailbox(self) -> str:
        """Where a reply is read by a person: the mailbox of the unit that coordinates the first case."""
        case = next((self.cases[it.ref] for it in self.parcel.notices if it.ref in self.cases), None)
        unit = unit_on(case.coordinator, self.register, self.today) if case else None
        return unit.mailbox if unit else self.register.organisation.operator
