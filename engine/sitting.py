"""One errand being dealt with: the case it is about, everybody concerned, and the transaction it all happens in."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, datetime

from engine.alarm import alarm
from engine.calendar import day_of
from engine.case import Case, Errand, Event
from engine.errors import NotYours, Stale
from engine.escalation import Record
from engine.people import Register
from engine.ports import Store, Tx
from engine.replan import newer_rules, replan, settled
from engine.roles import acting_for, roles_of
from engine.telling import case_calendar, notices_of_event
from engine.workflow import Role, Telling, Workflow, Workflows


@dataclass(frozen=True, slots=True)
class Sitting:
    tx: Tx
    errand: Errand
    case: Case
    workflow: Workflow
    register: Register
    now: datetime

    @property
    def today(self) -> date:
        return day_of(self.now, self.register.organisation.zone)

    def record(self) -> Record:
        return Record.of(self.tx.decided(self.case.ref), self.tx.holds(self.case.ref))

    def allow(self, roles: Iterable[Role]) -> None:
        """NotYours unless the one who asks (or the one asked for) has one of the roles on this case."""
        roles = tuple(roles)
        if not self.has_role(roles):
            raise NotYours(self.errand.for_whom or self.errand.by, self.errand.move, roles)

    def has_role(self, roles: Iterable[Role]) -> bool:
        party = self.errand.for_whom or self.errand.by
        return not roles_of(party, self.case, self.register, self.today).isdisjoint(roles)

    def log(self, dest: str = "", facts: Mapping[str, str] | None = None) -> Event:
        """Append the errand to the case's history."""
        errand, case = self.errand, self.case
        return self.tx.log(
            Event(
                ref=case.ref,
                at=self.now,
                by=errand.by,
                for_whom=errand.for_whom or acting_for(errand.by, case, self.register, self.today),
                move=errand.move,
                source=case.state,
                dest=dest or case.state,
                text=errand.text,
                through=errand.through,
                facts=facts or {},
            )
        )

    def by_present_rules(self) -> "Sitting":
        """The same, once the case has been planned anew if its rules were changed in their place."""
        rules = self.workflow.fingerprint
        if self.case.rules in ("", rules):
            return replace(self, case=self.case.evolve(rules=rules))
        changed = Errand(ref=self.case.ref, move="rules", by="system", through="rule")
        return replace(self.anew(changed), errand=self.errand)

    def anew(self, errand: Errand) -> "Sitting":
        """Plan the case anew by the rules: an event in its history, and a line in the coordinator's next digest."""
        desk = replace(self, errand=errand)
        event = desk.log(facts={"from": self.case.workflow, "to": self.workflow.key})
        case = replan(self.case, self.workflow, seq=event.seq)
        over = settled(
            case,
            self.workflow,
            occurrences=self.tx.occurrences(case.ref),
            holds=self.tx.holds(case.ref),
            calendar=case_calendar(case, self.register, self.today),
            now=self.now,
        )
        self.tx.decide(over)
        self.tx.tell(notices_of_event(event, (), case, self.register, self.now))
        return replace(desk, case=case)

    def rest(self) -> Case:
        """Save the case as it is, with the alarm that follows from its rules."""
        wake_on = alarm(self.workflow, self.case, self.record(), self.register, self.today)
        return self.tx.save(self.case.evolve(wake_on=wake_on), seen=self.case.version)

    def keep(self, after: Case, event: Event, tellings: Iterable[Telling] = ()) -> Case:
        """Save the case with its new alarm and queue what the event tells."""
        wake_on = alarm(self.workflow, after, self.record(), self.register, self.today)
        kept = self.tx.save(after.evolve(wake_on=wake_on), seen=self.case.version)
        self.tx.tell(notices_of_event(event, tellings, kept, self.register, self.now))
        return kept


@contextmanager
def sitting(store: Store, workflows: Workflows, errand: Errand, *, now: datetime) -> Iterator[Sitting]:
    """Open the case of an errand in a write transaction. NotFound; Stale when it has changed since it was seen."""
    with store.begin() as tx:
        yield seat(tx, workflows, errand, now=now)


def seat(tx: Tx, workflows: Workflows, errand: Errand, *, now: datetime) -> Sitting:
    """The same in a transaction that has begun already."""
    case = tx.case(errand.ref)
    if errand.seen is not None and errand.seen != case.version:
        raise Stale(case.ref, errand.seen)
    said = replace(errand, text=errand.text.replace("\0", "").strip())  # PostgreSQL stores no zero byte
    newer = newer_rules(case, workflows)
    if newer and (decision := tx.activation(newer.key)):
        activated = Errand(ref=case.ref, move="rules", by=decision.by, text=decision.reason)
        return replace(Sitting(tx, said, case, newer, tx.register(), now).anew(activated), errand=said)
    return Sitting(tx, said, case, workflows[case.workflow], tx.register(), now).by_present_rules()
