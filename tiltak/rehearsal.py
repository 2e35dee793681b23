"""What a simulation begins with: the cases of a plan file as if adopted, or those of a plan in the database."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, time
from pathlib import Path
from tempfile import TemporaryDirectory

from engine.adopt import adopt
from engine.calendar import day_of, instant
from engine.case import Case
from engine.draft import PlanDraft
from engine.escalation import Record
from engine.people import Register
from engine.ports import Reader
from engine.recorded import Past, as_of, report_days
from engine.simulation import Opening
from engine.workflow import Workflow, Workflows
from store.migrate import migrate
from store.sql import open_store
from tiltak.settings import Settings
from tiltak.wiring import Service

ADOPTED_AT = time(5, 0)


def openings_of_file(
    draft: PlanDraft, workflows: Workflows, settings: Settings, first: date | None
) -> tuple[Register, Sequence[Opening], date]:
    """Adopt the draft in a database that is thrown away, on the first day or the day it was decided."""
    day = first or draft.decided_on
    draft = replace(draft, organisation=draft.organisation or settings.as_organisation())
    assert draft.organisation
    with TemporaryDirectory(prefix="tiltak-") as folder:
        url = f"sqlite:///{Path(folder) / 'rehearsal.db'}"
        migrate(url)
        store = open_store(url, organisation=draft.organisation)
        now = instant(day, ADOPTED_AT, draft.organisation.zone)
        adopt(store, workflows, draft, by="operator", now=now)
        register, openings = store.register(), _openings(store, store.cases(draft.ref))
        store.close()
    return register, openings, day


def openings_of_plans(
    service: Service, plans: Sequence[str], first: date | None
) -> tuple[Register, Sequence[Opening], date]:
    """The cases of plans as they stand, with what was decided about them so far. NotFound for a plan that is not."""
    cases = [case for ref in plans for case in service.store.cases(service.store.case(ref).ref)]
    return service.store.register(), _openings(service.store, cases), first or service.desk.today()


def openings_of_year(
    service: Service, plans: Sequence[str], first: date | None, rules: Callable[[Case], Workflow]
) -> tuple[Register, Sequence[Opening], date]:
    """The cases of plans as they stood on a day, or when they were opened, with all that people have done since.

    `rules` says under which ones a case is to live through the year again, from its first day on.
    """
    store = service.store
    cases = [case for ref in plans for case in store.cases(store.case(ref).ref)]
    refs, register = [case.ref for case in cases], store.register()
    deadlines, occurrences, holds = store.deadlines(refs), store.occurrences(refs), store.holds(refs)
    pasts = [
        Past(
            case=case,
            history=store.history(case.ref),
            deadlines=deadlines.get(case.ref, ()),
            occurrences=occurrences.get(case.ref, ()),
            holds=holds.get(case.ref, ()),
        )
        for case in cases
    ]
    days = {ref: report_days([it for it in pasts if it.case.plan == ref]) for ref in plans}
    pasts = [replace(it, report_days=days[it.case.plan]) for it in pasts]
    opened = [day_of(it.history[0].at, register.organisation.zone) for it in pasts]
    start = first or min(opened, default=service.desk.today())
    return register, [as_of(it, rules(it.case), register, start) for it in pasts], start


def _openings(reader: Reader, cases: Sequence[Case]) -> list[Opening]:
    refs = [case.ref for case in cases]
    occurrences, holds, waiting = reader.occurrences(refs), reader.holds(refs), reader.waiting_notices(refs)
    events = reader.events_count(refs)
    return [
        Opening(
            case,
            Record.of(occurrences.get(case.ref, ()), holds.get(case.ref, ())),
            tuple(waiting.get(case.ref, ())),
            events[case.ref],
            tuple(occurrences.get(case.ref, ())),
            tuple(holds.get(case.ref, ())),
        )
        for case in cases
    ]
