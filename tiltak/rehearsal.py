"""What a simulation begins with: the cases of a plan file as if adopted, or those of a plan in the database."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, time
from pathlib import Path
from tempfile import TemporaryDirectory

from engine.adopt import adopt
from engine.calendar import instant
from engine.case import Case
from engine.draft import PlanDraft
from engine.escalation import Record
from engine.people import Register
from engine.ports import Reader
from engine.simulation import Opening
from engine.workflow import Workflows
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
