"""The page about plan files is right: its example reads, and it names every key there is."""

import re
from pathlib import Path

import pytest
from pydantic import BaseModel

from engine.errors import Faulty
from reports import shape
from reports.plan_file import read_plan
from tests.stories.world import WORKFLOWS

PAGE = (Path(__file__).parents[2] / "docs" / "plan-files.md").read_text(encoding="utf-8")
ENTRIES = [it for it in vars(shape).values() if isinstance(it, type) and issubclass(it, shape.Entry)]


def test_the_example_on_the_page_is_a_plan() -> None:
    (text,) = re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)
    plan = read_plan(text, "page", workflows=WORKFLOWS)
    assert [(it.number, it.owner) for it in plan.cases] == [("1", "HOUSE"), ("2", "SAFETY")]


@pytest.mark.parametrize("entry", ENTRIES)
def test_every_key_is_on_the_page(entry: type[BaseModel]) -> None:
    missing = [key for key in entry.model_fields if not re.search(rf"\b{key}\b", PAGE)]
    assert missing == []


def test_the_refusals_on_the_page_are_what_one_would_read() -> None:
    (text,) = re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)
    (shown,) = re.findall(r"```\n(plan.yaml.*?)```", PAGE, re.DOTALL)
    spoilt = text.replace("SAFETY\nexec", "SAFTY\nexec").replace("2026-03-02", "2026-02-30")
    with pytest.raises(Faulty) as refused:
        read_plan(spoilt.replace("recommendations: [A]", "recomendations: [A]"), "plan.yaml", workflows=WORKFLOWS)
    assert f"{refused.value}\n" == shown
