"""What the letters of some parcels speak of: read for all of them at once, with a bounded number of questions."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from engine.calendar import day_of
from engine.case import Case, DeadlineVersion, Event, Occurrence
from engine.foresight import Outlook
from engine.inbound import Inbound
from engine.notice import Parcel
from engine.people import Register
from engine.ports import Reader
from engine.suggested import Suggestion
from engine.tray import Tray
from engine.trouble import Outage, Trouble
from engine.workflow import Workflows


@dataclass(frozen=True, slots=True)
class Material:
    """`cases` are those that notices name and the plans they belong to, `plans` all of what a digest looks at.

    `known` counts the events of each case that is named; `mails` and `suggestions` wait for somebody to look at them.
    """

    workflows: Workflows
    register: Register
    cases: Mapping[str, Case]
    plans: Mapping[str, Sequence[Case]]
    deadlines: Mapping[str, Sequence[DeadlineVersion]]
    events: Mapping[tuple[str, int], Event]
    occurrences: Mapping[str, Sequence[Occurrence]]
    outlook: Outlook
    outages: Sequence[Outage]
    troubles: Sequence[Trouble]
    known: Mapping[str, int]
    mails: Sequence[Inbound]
    suggestions: Sequence[Suggestion]

    @classmethod
    def of(
        cls, reader: Reader, workflows: Workflows, parcels: Sequence[Parcel], tray: Tray | None = None
    ) -> "Material":
        register, notices = reader.register(), [it for parcel in parcels for it in parcel.notices]
        named = sorted({it.ref for it in notices})
        mentioned = reader.cases_by_ref(named)
        plans = {ref: understood(reader.cases(ref), workflows) for ref in _looked_through(parcels, mentioned)}
        beside = {case.plan for case in mentioned.values()} - plans.keys() - mentioned.keys()
        cases = {**mentioned, **reader.cases_by_ref(sorted(beside))}
        refs = sorted({*cases, *(case.ref for plan in plans.values() for case in plan)})
        occurrences = reader.occurrences(refs)
        numbered = sorted({(it.ref, it.event_seq) for it in notices if it.event_seq})
        kinds = {parcel.kind for parcel in parcels}
        looked_into = tray if "digest" in kinds else None
        return cls(
            workflows=workflows,
            register=register,
            cases=cases,
            plans=plans,
            deadlines=reader.deadlines(named),
            events={(event.ref, event.seq): event for event in reader.events(numbered)},
            occurrences=occurrences,
            outlook=Outlook.of(workflows, register, occurrences, reader.holds(refs)),
            outages=reader.outages(min((_first_day(it, register) for it in parcels), default=date.max)),
            troubles=reader.troubles() if kinds & {"digest", "operator"} else (),
            known=reader.events_count(named),
            mails=looked_into.tray() if looked_into else (),
            suggestions=looked_into.suggestions() if looked_into else (),
        )

    def missed(self, parcel: Parcel) -> list[Outage]:
        """The times without service that may be why something in the parcel is late."""
        first = _first_day(parcel, self.register)
        return [it for it in self.outages if it.ended >= first]


def understood(cases: Iterable[Case], workflows: Workflows) -> list[Case]:
    """Those whose workflow and state are loaded."""
    return [case for case in cases if workflows.know(case.workflow, case.state)]


def why_unread(case: Case | None) -> str:
    """Why nothing more can be said of a case than that it is there."""
    if case is None:
        return "its row in the database cannot be read"
    return f"workflow {case.workflow} with a state {case.state!r} is not loaded"


def _looked_through(parcels: Iterable[Parcel], mentioned: Mapping[str, Case]) -> list[str]:
    """A digest speaks of all that is in its plans, any other letter of what it was sent for."""
    refs = {it.ref for parcel in parcels if parcel.kind == "digest" for it in parcel.notices}
    return sorted({mentioned[ref].plan for ref in refs if ref in mentioned})


def _first_day(parcel: Parcel, register: Register) -> date:
    first = min((notice.decided_at for notice in parcel.notices), default=parcel.packed_at)
    return day_of(first, register.organisation.zone)
