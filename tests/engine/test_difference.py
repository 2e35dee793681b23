"""What a change of rules would do: nothing when nothing changed, and every mail accounted for when something did."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.case import Hold, Occurrence
from engine.difference import Difference, by_present, difference, under
from engine.errors import Refused
from engine.escalation import Record
from engine.simulation import Decision, Opening, simulate
from engine.workflow import Rule, Workflow, Workflows
from tests.engine.cast import DUE, DWELL, MONDAY, NOON, QUIET, REGISTER, WORKFLOW, case, d

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


NEWER = Workflows.of(WORKFLOW, replace(WORKFLOW, version=2))
SAID = Occurrence(
    ref="IOM-2011-3",
    rule="due",
    step="1",
    key="due/1",
    planned=MONDAY,
    decided_at=NOON,
    outcome="digest",
    reason="soon",
)
HELD = Hold(ref="IOM-2011-3", rule="due", key="due/1", kind="ack", until=MONDAY, by="unit:HUM", at=NOON)


def going_on(opening: Opening, workflows: Workflows = NEWER) -> Opening:
    (after,) = under(workflows, [opening], register=REGISTER, start=MONDAY)
    return after


def test_a_case_goes_on_with_all_that_was_decided_and_paused_and_what_the_old_rules_had_come_past() -> None:
    it = case(due=MONDAY, wake_on=MONDAY)
    after = going_on(Opening(it, events=4, occurrences=(SAID,), holds=(HELD,)))
    assert (after.case.workflow, after.case.replanned_seq, after.events) == ("action/2", 5, 5)
    assert after.record == Record(
        frozenset({("due", "1", "due/1"), ("due", "1", "due/1~5")}), {("due", "due/1"): 0}, {("due", "due/1"): MONDAY}
    )


def test_a_case_that_is_at_an_end_stays_there() -> None:
    ended = Opening(case(state="closed", wake_on=None))
    assert going_on(ended) is ended


def test_a_state_that_the_newest_rules_do_not_have_is_refused() -> None:
    with pytest.raises(Refused) as refused:
        going_on(Opening(case(state="lost", wake_on=MONDAY)))
    assert str(refused.value) == "IOM-2011-3 is lost, a state that action/2 does not have; give it that state"


@pytest.mark.parametrize("wake_on", [MONDAY, None])
@pytest.mark.parametrize(("rules", "anew"), [("", False), (WORKFLOW.fingerprint, False), ("older", True)])
def test_a_file_that_was_changed_in_its_place_plans_those_anew_that_were_planned_by_it(
    rules: str, anew: bool, wake_on: date | None
) -> None:
    opening = Opening(case(rules=rules, wake_on=wake_on))
    (after,) = by_present(Workflows.of(WORKFLOW), [opening], register=REGISTER, start=MONDAY)
    assert (after is not opening) == anew
    assert after.case.rules == (WORKFLOW.fingerprint if anew else rules)


def test_the_same_news_is_known_again_after_a_case_was_planned_anew() -> None:
    later = replace(WORKFLOW, rules=(replace(DUE, steps=(replace(DUE.steps[0], at=d(-20)), *DUE.steps[1:])),))
    before, after = (
        simulate(rules, REGISTER, going, start=MONDAY, until=date(2012, 5, 20))
        for rules, going in (
            (Workflows.of(replace(WORKFLOW, rules=(DUE,))), OPENINGS),
            (Workflows.of(later), [replace(OPENINGS[0], case=case(replanned_seq=2))]),
        )
    )
    found = difference(before, after)
    assert ([len(it) for it in (found.moved, found.gone, found.new)], found.moved[0][1].day) == (
        [1, 0, 0],
        date(2012, 5, 1),
    )


def sentence(*counts: int) -> str:
    (it, *_) = year(WORKFLOW)
    moved, gone, new = counts
    return Difference(moved=((it, it),) * moved, gone=(it,) * gone, new=(it,) * new).sentence


def test_a_difference_is_said_in_one_sentence() -> None:
    assert sentence(0, 0, 0) == "Nobody hears anything else, or on another day."
    assert sentence(1, 1, 1) == "1 reminder moves, 1 disappears, 1 is new."
    assert sentence(2, 0, 3) == "2 reminders move, 0 disappear, 3 are new."


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
