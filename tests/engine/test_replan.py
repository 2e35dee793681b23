"""The rules change under a case: what they had come past is over, what reaches higher or lies ahead is not."""

from dataclasses import replace
from datetime import date

import pytest

from engine.case import Case, Hold, Occurrence, Outcome
from engine.replan import COME_PAST, newer_rules, replan, settled
from engine.telling import case_calendar
from engine.workflow import Repeat, Rule, Step, Workflow, Workflows
from tests.engine.cast import DUE, MONDAY, NOON, QUIET, REGISTER, WORKFLOW, case, d

NEWER = replace(WORKFLOW, version=2)


def test_newer_rules_are_those_of_a_newer_version_that_knows_the_state() -> None:
    assert newer_rules(case(), Workflows.of(WORKFLOW, NEWER)) == NEWER
    assert newer_rules(case(workflow="action/2"), Workflows.of(WORKFLOW, NEWER)) is None
    assert newer_rules(case(state="lost"), Workflows.of(WORKFLOW, NEWER)) is None
    assert newer_rules(case(kind="letter"), Workflows.of(WORKFLOW, NEWER)) is None


def test_a_case_goes_on_under_the_rules_as_they_are_now() -> None:
    after = replan(case(), NEWER, seq=9)
    assert after == case(workflow="action/2", rules=NEWER.fingerprint, replanned_seq=9)


LADDER = Rule(
    id="ladder",
    when=DUE.when,
    clock="due",
    steps=tuple(
        Step(name=str(number), at=d(10 * number), tell=("responsible",), letter="overdue", level=number)
        for number in (1, 2, 3)
    ),
    repeat=Repeat(every=d(10), tell=("responsible",), letter="overdue"),
)
DATED = case(due=MONDAY, replanned_seq=5)


def said(step: str, day: date, level: int, *, key: str = "due/1", outcome: Outcome = "sent") -> Occurrence:
    return Occurrence(
        ref=DATED.ref, rule="ladder", step=step, key=key, planned=day, decided_at=NOON, outcome=outcome,
        reason="late", level=level,
    )  # fmt: skip


def over(*before: Occurrence, rule: Rule = LADDER, it: Case = DATED, holds: tuple[Hold, ...] = ()) -> list[Occurrence]:
    workflow: Workflow = replace(WORKFLOW, rules=(QUIET, rule))
    calendar = case_calendar(it, REGISTER, MONDAY)
    return settled(it, workflow, occurrences=before, holds=holds, calendar=calendar, now=NOON)


TENTH, TWENTIETH, THIRTIETH = date(2011, 9, 8), date(2011, 9, 18), date(2011, 9, 28)


def test_what_the_old_rules_had_come_past_is_decided_and_tells_nobody() -> None:
    assert over(said("old", TENTH, 1)) == [
        Occurrence(
            ref=DATED.ref, rule="ladder", step="1", key="due/1~5", planned=TENTH, decided_at=NOON,
            outcome="superseded", reason=COME_PAST, level=1,
        )
    ]  # fmt: skip
    assert COME_PAST == "the rules had come this far when they were changed"


def steps(found: list[Occurrence]) -> list[tuple[str, date]]:
    return [(it.step, it.planned) for it in found]


def test_a_step_on_an_earlier_day_that_reaches_higher_than_anything_before_is_still_to_come() -> None:
    assert steps(over(said("old", THIRTIETH, 1))) == [("1", TENTH)]
    assert steps(over(said("old", THIRTIETH, 1), said("older", TENTH, 2))) == [("1", TENTH), ("2", TWENTIETH)]


def test_repeats_that_lie_behind_are_over_and_those_that_lie_ahead_are_not() -> None:
    assert steps(over(said("repeat", date(2011, 10, 17), 3, key="due/1#2"))) == [
        ("1", TENTH), ("2", TWENTIETH), ("3", THIRTIETH), ("repeat", date(2011, 10, 8)),
    ]  # fmt: skip


def test_what_was_decided_under_yet_older_rules_counts_as_well() -> None:
    assert steps(over(said("old", TENTH, 1, key="due/1~3"))) == [("1", TENTH)]


def test_what_was_decided_of_another_date_or_rule_does_not_count() -> None:
    assert over(said("old", TENTH, 3, key="due/0")) == []
    assert over(replace(said("old", TENTH, 3), rule="due")) == []
    assert over() == []


@pytest.mark.parametrize("it", [DATED.evolve(state="closed"), DATED.evolve(due=None)])
def test_a_rule_that_does_not_run_has_come_past_nothing(it: Case) -> None:
    assert over(said("old", THIRTIETH, 3), it=it) == []


@pytest.mark.parametrize(("outcome", "found"), [("moved", [("1", TENTH)]), ("sent", [])])
def test_a_move_is_over_if_a_move_was_made(outcome: Outcome, found: list[tuple[str, date]]) -> None:
    moving = replace(LADDER, steps=(replace(LADDER.steps[0], do="report", tell=()),), repeat=None)
    assert steps(over(said("old", TENTH, 1, outcome=outcome), rule=moving)) == found


def test_the_end_of_a_pause_is_the_beginning_of_the_clock_that_counts_from_it() -> None:
    after_pause = replace(LADDER, clock="hold_end")
    hold = Hold(ref=DATED.ref, rule="due", key="due/1", kind="ack", until=MONDAY, by="unit:HUM", at=NOON)
    decided = said("old", TENTH, 1, key=f"hold/{MONDAY}")
    assert steps(over(decided, rule=after_pause, holds=(hold,))) == [("1", TENTH)]
    assert over(decided, rule=after_pause) == []
