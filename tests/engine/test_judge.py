"""One walk through the rules says the same as two: what is due, and when to look again."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from engine.case import Occurrence, Ruling
from engine.escalation import Record, judge, wake_on
from tests.engine.cast import MONDAY, NOON, WORKFLOW, case
from tests.engine.test_escalation import NO, cases

DAYS = st.integers(0, 900).map(lambda days: MONDAY + timedelta(days=days))


@given(cases, DAYS, DAYS)
def test_the_next_look_is_the_alarm_of_the_record_afterwards(it, first: date, second: date) -> None:  # type: ignore[no-untyped-def]
    record = Record()
    for day in sorted((first, second)):
        firings, again = judge(WORKFLOW, it, record, NO, day)
        record = record.after(firings)
        assert again == wake_on(WORKFLOW, it, record, NO)
        assert again is None or again > day


@given(cases, DAYS)
def test_nothing_is_decided_twice_and_a_look_on_the_same_day_is_silent(it, day: date) -> None:  # type: ignore[no-untyped-def]
    firings, _ = judge(WORKFLOW, it, Record(), NO, day)
    keys = [(firing.rule, firing.planned.step, firing.planned.key) for firing in firings]
    assert len(keys) == len(set(keys))
    assert judge(WORKFLOW, it, Record().after(firings), NO, day)[0] == []


def test_a_record_is_the_same_from_occurrences_and_from_rulings() -> None:
    firings, _ = judge(WORKFLOW, case(), Record(), NO, date(2012, 8, 1))
    stored = [
        Occurrence(
            ref="x",
            rule=firing.rule,
            step=firing.planned.step,
            key=firing.planned.key,
            planned=firing.planned.day,
            decided_at=NOON,
            outcome=firing.outcome,
            reason=firing.reason,
            level=firing.planned.level,
        )
        for firing in firings
    ]
    rulings = [Ruling(it.rule, it.step, it.key, it.outcome, it.level) for it in stored]
    assert Record.of(stored) == Record.of(rulings) == Record().after(firings)
