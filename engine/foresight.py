"""What will happen to which case, and who will hear of it, if nobody does anything."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from engine.alarm import passed_on
from engine.case import Case, Hold, Occurrence
from engine.escalation import Firing, Record, forecast, moved
from engine.people import Recipient, Register
from engine.telling import case_calendar, told
from engine.workflow import Role, Workflows


@dataclass(frozen=True, slots=True)
class Foreseen:
    """One coming decision about a case as it will be then, and everybody it will tell (nobody for an inhibited one)."""

    case: Case
    firing: Firing
    told: tuple[tuple[Role, Recipient], ...]

    @property
    def day(self) -> date:
        return self.firing.day


@dataclass(frozen=True, slots=True)
class Outlook:
    """Looks ahead for cases of one register. Holds what was decided about them so far."""

    workflows: Workflows
    register: Register
    records: Mapping[str, Record]

    @classmethod
    def of(
        cls,
        workflows: Workflows,
        register: Register,
        occurrences: Mapping[str, Sequence[Occurrence]],
        holds: Mapping[str, Sequence[Hold]],
    ) -> "Outlook":
        refs = set(occurrences) | set(holds)
        return cls(workflows, register, {ref: Record.of(occurrences.get(ref, ()), holds.get(ref, ())) for ref in refs})

    def case(self, case: Case, *, today: date, until: date) -> Iterator[Foreseen]:
        """The coming decisions about one case in order of day, with the units that will answer for it by then."""
        workflow = self.workflows[case.workflow]
        record = self.records.get(case.ref, Record())
        for firing in forecast(
            workflow, case, record, case_calendar(case, self.register, today), today=today, until=until
        ):
            then = self.on(case, firing.day)
            tells = firing.tells or firing.moves
            whom = told(firing.planned.tell, then, self.register, firing.day) if tells else ()
            yield Foreseen(then, firing, tuple(whom))
            case = moved(workflow, case, firing) if firing.moves else case

    def on(self, case: Case, day: date) -> Case:
        """The case as responsibilities will have moved it by a day."""
        return passed_on(case, self.register, day)

    def cases(self, cases: Iterable[Case], *, today: date, until: date) -> list[Foreseen]:
        """The coming decisions about many cases, by day and then in the order of the cases."""
        found = [seen for case in cases for seen in self.case(case, today=today, until=until)]
        return sorted(found, key=lambda seen: seen.day)

    def next(self, case: Case, *, today: date, until: date) -> Foreseen | None:
        """The next decision that will tell somebody."""
        return next((seen for seen in self.case(case, today=today, until=until) if seen.told), None)
