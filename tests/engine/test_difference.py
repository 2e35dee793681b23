"""What a change of rules would do: nothing when nothing changed, and every mail accounted for when something did."""

from dataclasses import replace
from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st

from engine.difference import difference, under
from engine.simulation import Decision, Opening, simulate
from engine.workflow import Rule, Workflow, Workflows
from tests.engine.cast import DUE, DWELL, MONDAY, QUIET, REGISTER, WORKFLOW, case, d

UNTIL = date(2012, 8, 27)
OPENINGS = [Opening(case(wake_on=MONDAY)), Opening(case(ref="IOM-2011-4", due=None, wake_on=MONDAY))]


def year(workflow: Workflow) -> list[Decision]:
    rules = Workflows.of(workflow)
    return simulate(rules, REGISTER, under(rules, OPENINGS, register=REGISTER, start=MONDAY), start=MONDAY, until=UNTIL)


def test_the_same_rules_change_nothing() -> None:
    found = difference(year(WORKFLOW), year(WORKFLOW))
    assert (found.moved, found.gone, found.new) == ((), (), ())


def test_an_earlier_step_moves_its_mails_and_no_others() -> None:
    later = replace(DUE, steps=(replace(DUE.steps[0], at=d(-20)), *DUE.steps[1:]))
    found = difference(year(WORKFLOW), year(replace(WORKFLOW, rules=(later, QUIET, DWELL))))
    assert [(was.step, was.day, becomes.day) for was, becomes in found.moved] == [
        ("1", date(2012, 4, 21), date(2012, 5, 1))
    ]
    assert (found.gone, found.new) == ((), ())


def test_a_step_that_is_dropped_disappears_and_one_that_is_added_is_new() -> None:
    fewer = replace(DUE, steps=DUE.steps[:-1])
    found = difference(year(WORKFLOW), year(replace(WORKFLOW, rules=(fewer, QUIET, DWELL))))
    assert {it.step for it in found.gone} >= {DUE.steps[-1].name}
    back = difference(year(replace(WORKFLOW, rules=(fewer, QUIET, DWELL))), year(WORKFLOW))
    assert {it.step for it in back.new} >= {DUE.steps[-1].name}


def test_another_letter_on_the_same_day_is_a_change_as_well() -> None:
    other = replace(DUE, steps=(replace(DUE.steps[0], letter="stalled"), *DUE.steps[1:]))
    found = difference(year(WORKFLOW), year(replace(WORKFLOW, rules=(other, QUIET, DWELL))))
    assert [it.notice.letter for pair in found.moved for it in pair if it.notice] == ["due_soon", "stalled"]


def test_cases_are_compared_under_the_newest_version_of_the_rules() -> None:
    newer = Workflows.of(WORKFLOW, replace(WORKFLOW, version=WORKFLOW.version + 1))
    assert {it.case.workflow for it in under(newer, OPENINGS, register=REGISTER, start=MONDAY)} == {
        f"action/{WORKFLOW.version + 1}"
    }


RULES = st.lists(st.sampled_from([DUE, QUIET, DWELL]), min_size=1, unique_by=lambda rule: rule.id)


@settings(max_examples=25, deadline=None)
@given(RULES, st.integers(-60, -5))
def test_every_mail_is_accounted_for_once(rules: list[Rule], days: int) -> None:
    earlier = replace(DUE, steps=(replace(DUE.steps[0], at=d(days)), *DUE.steps[1:]))
    changed = tuple(earlier if it is DUE else it for it in rules)
    before, after = year(WORKFLOW), year(replace(WORKFLOW, rules=changed))
    found = difference(before, after)
    mails = [sum(it.notice is not None for it in lived) for lived in (before, after)]
    kept = mails[0] - len(found.gone)
    assert kept == mails[1] - len(found.new)
    assert len(found.moved) <= kept
