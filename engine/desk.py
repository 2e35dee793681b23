"""The one door to follow-up: every errand enters here, and the clock is read once for each."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from engine import absent, act, adopt, answering, choosing, fresh, pass_on, pause, redraft, revoke, sweep, undo
from engine.answered import Answered
from engine.calendar import day_of
from engine.case import Case, Errand, Event
from engine.draft import PlanDraft
from engine.foresight import Foreseen, Outlook
from engine.link import Link
from engine.pause import Kind
from engine.people import Absence
from engine.ports import Clock, Reader, Store
from engine.rhythm import Choice, Rhythm, Through
from engine.sweep import Swept
from engine.workflow import Workflows

YEAR = timedelta(days=366)


@dataclass(frozen=True, slots=True)
class Desk:
    store: Store
    reader: Reader
    workflows: Workflows
    clock: Clock

    def today(self) -> date:
        return day_of(self.clock.now(), self.reader.organisation().zone)

    def act(self, errand: Errand) -> Event:
        return act.act(self.store, self.workflows, errand, now=self.clock.now())

    def answer(self, errand: Errand) -> Answered:
        return answering.answer(self.store, self.workflows, errand, now=self.clock.now())

    def undo(self, errand: Errand, *, of: int) -> Answered:
        return undo.undo(self.store, self.workflows, errand, of=of, now=self.clock.now())

    def pass_on(self, errand: Errand, *, to: str) -> Answered:
        return pass_on.pass_on(self.store, self.workflows, errand, to=to, now=self.clock.now())

    def choose(self, party: str, rhythm: Rhythm | None, *, through: Through) -> Choice | None:
        return choosing.choose(self.store, party, rhythm, through=through, now=self.clock.now())

    def fresh_link(self, link: Link) -> bool:
        return fresh.fresh_link(self.store, link, now=self.clock.now())

    def revoke(self, errand: Errand, links: Sequence[Link]) -> Event:
        return revoke.revoke(self.store, self.workflows, errand, links, now=self.clock.now())

    def comment(self, errand: Errand) -> Event:
        return act.comment(self.store, self.workflows, errand, now=self.clock.now())

    def move_deadline(self, errand: Errand, *, document: str = "") -> Event:
        return act.move_deadline(self.store, self.workflows, errand, now=self.clock.now(), document=document)

    def hand_over(self, errand: Errand) -> Event:
        return act.hand_over(self.store, self.workflows, errand, now=self.clock.now())

    def pause(self, errand: Errand, *, rule: str, kind: Kind, until: date) -> Event:
        return pause.pause(self.store, self.workflows, errand, rule=rule, kind=kind, until=until, now=self.clock.now())

    def absent(self, absence: Absence) -> None:
        absent.absent(self.store, absence)

    def back(self, person: str, on: date) -> None:
        absent.back(self.store, person, on)

    def adopt(self, draft: PlanDraft, *, by: str) -> Case:
        return adopt.adopt(self.store, self.workflows, draft, by=by, now=self.clock.now())

    def draft(self, plan: str) -> PlanDraft:
        """The plan as it stands, as a file would say it."""
        return redraft.redraft(self.reader, plan, today=self.today())

    def sweep(self) -> Swept:
        return sweep.sweep(self.store, self.reader, self.workflows, now=self.clock.now())

    def outlook(self, cases: Sequence[Case]) -> Outlook:
        refs = [case.ref for case in cases]
        return Outlook.of(
            self.workflows, self.reader.register(), self.reader.occurrences(refs), self.reader.holds(refs)
        )

    def forecast(self, cases: Sequence[Case], *, until: date | None = None) -> list[Foreseen]:
        """What will happen to the cases within a year, or until a day, if nobody does anything."""
        today = self.today()
        return self.outlook(cases).cases(cases, today=today, until=until or today + YEAR)
