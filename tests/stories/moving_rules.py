"""An organisation that takes back what nobody has begun: a rule moves the case, and another goes on from there."""

from engine.workflow import Workflow, Workflows
from tests.stories.world import WORKFLOWS
from workflows.loading import SHIPPED, inspect

MOVE = """moves:
  take_back:
    label: {nb: Ta tilbake, nn: Ta tilbake, en: Take back}
    from: [assigned]
    to: proposed
    by: [coordinator]
    tell: [{to: [responsible], letter: returned}]
"""
RULE = """rules:
  - id: unbegun
    when: {state: [assigned]}
    clock: entered
    steps:
      - {at: 5wd, tell: [responsible], letter: stalled}
      - {at: 15wd, do: take_back}
"""


def taken_back() -> Workflow:
    text = (SHIPPED / "action.yaml").read_text(encoding="utf-8")
    workflow, verdict = inspect(text.replace("moves:\n", MOVE).replace("rules:\n", RULE), "action.yaml")
    assert not verdict.faults
    return workflow


TAKEN_BACK = Workflows({**WORKFLOWS.by_key, "action/1": taken_back()})
