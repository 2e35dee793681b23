"""Which rules may be snoozed just now, and until when at the longest."""

from dataclasses import replace
from datetime import date
from typing import Literal

from engine.case import Case, Hold
from engine.escalation import Record
from engine.pause import snoozable
from engine.telling import case_calendar
from engine.workflow import Snooze, When
from tests.engine.cast import DUE, MONDAY, NOON, QUIET, REGISTER, WORKFLOW, case, d

TWICE = replace(DUE, id="twice", snooze=Snooze(longest=d(10), times=2))
ELSEWHERE = replace(DUE, id="elsewhere", when=When(state=frozenset({"reported"})))
FLOW = replace(WORKFLOW, rules=(DUE, QUIET, TWICE, ELSEWHERE))
SIXTIETH, TENTH = date(2011, 10, 28), date(2011, 9, 8)


def held(rule: str, kind: Literal["ack", "snooze"] = "snooze", key: str = "due/1") -> Hold:
    return Hold(ref="IOM-2011-3", rule=rule, key=key, kind=kind, until=MONDAY, by="unit:GIL", at=NOON)


def open_(*holds: Hold, it: Case | None = None) -> list[tuple[str, date]]:
    about = it or case()
    found = snoozable(FLOW, about, Record.of((), holds), holds, case_calendar(about, REGISTER, MONDAY), MONDAY)
    return [(rule.id, last) for rule, last in found]


def test_the_rules_that_run_and_know_a_snooze_may_be_snoozed_each_with_its_last_day() -> None:
    assert open_() == [("due", SIXTIETH), ("twice", TENTH)]
    assert open_(it=case(state="reported")) == [("elsewhere", SIXTIETH)]
    assert open_(it=case(due=None)) == []


def test_a_rule_is_snoozed_so_often_and_no_more_until_its_clock_begins_anew() -> None:
    assert open_(held("due"), held("twice")) == [("twice", TENTH)]
    assert open_(held("twice"), held("twice")) == [("due", SIXTIETH)]
    assert open_(held("due", key="due/0")) == [("due", SIXTIETH), ("twice", TENTH)]


def test_to_be_on_it_is_no_snooze() -> None:
    assert open_(held("due", "ack")) == [("due", SIXTIETH), ("twice", TENTH)]
