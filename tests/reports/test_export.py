"""Any plan, adopted and written out again, is the plan that was read."""

from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import HealthCheck, given, settings

from engine.draft import CaseDraft, DueRule, PlanDraft
from engine.workflow import Offset
from reports.plan_file import read_plan, write_plan
from store.migrate import migrate
from tests.reports.drafts import drafts
from tests.stories.world import WORKFLOWS, World


@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much])
@given(drafts().filter(lambda draft: draft.organisation is not None))
def test_any_plan_exports_as_it_was_adopted(draft: PlanDraft) -> None:
    exported = _export(draft)
    assert read_plan(write_plan(exported), "plan.yaml", workflows=WORKFLOWS) == exported
    assert exported == _filled_in(draft)


def _export(draft: PlanDraft) -> PlanDraft:
    with TemporaryDirectory() as folder:
        url = f"sqlite:///{Path(folder) / 'tiltak.db'}"
        migrate(url)
        world = World(draft, url)
        exported = world.service.desk.draft(draft.ref)
        world.end()
    return exported


def _filled_in(draft: PlanDraft) -> PlanDraft:
    """An export says where a case begins and what its regime made of it, and sorts the tags."""
    state = draft.state or WORKFLOWS.latest("plan").initial
    by_rules = DueRule(anchor=draft.decided_on, offset=Offset(1, "y")) if draft.regime else None
    return replace(draft, state=state, due=draft.due or by_rules, cases=tuple(_begun(it) for it in draft.cases))


def _begun(case: CaseDraft) -> CaseDraft:
    return replace(case, state=case.state or WORKFLOWS.latest("action").initial, tags=tuple(sorted(case.tags)))
