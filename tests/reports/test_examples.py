"""The two plans that come with Tiltak: read, adopted, written out again, and the same afterwards."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from engine.draft import PlanDraft
from engine.simulation import parcels, simulate
from reports.plan_file import read_plan, write_plan
from tests.stories.world import WORKFLOWS, World, example
from tiltak.rehearsal import openings_of_file
from tiltak.settings import Settings

EXAMPLES = ("iom-2011.yaml", "audit-2025.yaml")


@pytest.mark.parametrize("name", EXAMPLES)
def test_an_example_written_out_reads_as_the_same_plan(name: str) -> None:
    draft = example(name)
    written = write_plan(draft)
    assert read_plan(written, name, workflows=WORKFLOWS) == draft
    assert write_plan(read_plan(written, name, workflows=WORKFLOWS)) == written


@pytest.mark.parametrize("name", EXAMPLES)
def test_an_adopted_plan_exports_as_it_was_imported(name: str, database: str) -> None:
    draft = example(name)
    world = World(draft, database)
    exported = world.service.desk.draft(draft.ref)
    assert read_plan(write_plan(exported), name, workflows=WORKFLOWS) == exported
    assert exported == _filled_in(draft, world)
    world.end()


def _filled_in(draft: PlanDraft, world: World) -> PlanDraft:
    """A file may leave out the state a case begins in; an export says it."""
    cases = {case.number: case for case in world.service.store.cases(draft.ref)}
    filled = (replace(it, state=cases[it.number].state) for it in draft.cases)
    return replace(draft, cases=tuple(filled))


def test_the_plan_of_2011_has_the_holes_it_had() -> None:
    plan = example("iom-2011.yaml")
    assert (len(plan.cases), len(plan.recommendations)) == (8, 9)
    assert [it.number for it in plan.cases if it.due] == ["8"]
    assert [it.number for it in plan.cases if not it.owner and not it.subject] == ["1", "4", "5", "6"]
    assert plan.decided_on == date(2011, 8, 25)


def test_the_audit_has_ten_findings_with_an_action_and_a_date_each() -> None:
    plan = example("audit-2025.yaml")
    answered = {number for it in plan.cases for number in it.recommendations}
    assert {it.number for it in plan.recommendations} == answered == {f"F{n}" for n in range(1, 11)}
    assert all(it.due for it in plan.cases)
    assert [it.number for it in plan.cases if it.owner_as_written] == ["7"]
    assert [it.code for it in plan.units if not it.head] == ["BOARD", "LEGAL"]


def test_the_office_in_cairo_counts_its_own_days() -> None:
    """1 May 2025 is a holiday, and Friday and Saturday are the weekend: the first working day after is the 4th."""
    register, openings, start = openings_of_file(example("audit-2025.yaml"), WORKFLOWS, Settings(), None)
    lived = simulate(WORKFLOWS, register, openings, start=start, until=start + timedelta(days=90))
    (late,) = [it for it in lived if it.case.number == "8" and it.rule == "due" and it.step == "2"]
    assert late.day == date(2025, 5, 4)
    assert parcels(lived)
