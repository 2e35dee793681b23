"""The law of every reminder: due on or before today, and not yet decided for this key."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.calendar import Calendar
from engine.case import Case, Hold
from engine.escalation import Firing, Record, anchor, applies, due, forecast, planned, wake_on
from engine.workflow import When, Workflow
from tests.engine.cast import DUE, DWELL, MONDAY, QUIET, WORKFLOW, case, d

NO = Calendar("NO")
DAY = timedelta(days=1)
ONLY_DUE = replace(WORKFLOW, rules=(DUE,))


def told(firings: list[Firing]) -> list[tuple[str, str, date, str]]:
    return [(it.rule, it.planned.step, it.day, it.outcome) for it in firings]


def test_each_step_comes_on_its_working_day() -> None:
    steps = told(list(forecast(ONLY_DUE, case(), Record(), NO, today=MONDAY, until=date(2012, 7, 20))))
    assert steps == [
        ("due", "1", date(2012, 4, 21), "digest"),
        ("due", "2", date(2012, 5, 22), "sent"),
        ("due", "3", date(2012, 6, 5), "sent"),  # ten working days: Whit Monday is none
        ("due", "4", date(2012, 6, 19), "sent"),
        ("due", "repeat", date(2012, 7, 3), "digest"),
        ("due", "repeat", date(2012, 7, 17), "digest"),
    ]


def test_a_decided_step_is_never_decided_again() -> None:
    day = date(2012, 5, 22)
    first = due(ONLY_DUE, case(), Record(), NO, day)
    assert due(ONLY_DUE, case(), Record().after(first), NO, day) == []


def test_after_downtime_the_latest_missed_step_tells_and_the_older_ones_are_superseded() -> None:
    assert told(due(ONLY_DUE, case(), Record(), NO, date(2012, 6, 8))) == [
        ("due", "1", date(2012, 6, 8), "superseded"),
        ("due", "2", date(2012, 6, 8), "superseded"),
        ("due", "3", date(2012, 6, 8), "sent"),
    ]


def test_a_workflow_may_ask_for_every_missed_step() -> None:
    every = replace(ONLY_DUE, catch_up="all")
    assert [it.outcome for it in due(every, case(), Record(), NO, date(2012, 6, 8))] == ["digest", "sent", "sent"]


def test_moving_the_deadline_rearms_the_rule() -> None:
    decided = Record().after(due(ONLY_DUE, case(), Record(), NO, date(2012, 6, 8)))
    moved = case(due=date(2012, 9, 3), due_version=2)
    assert wake_on(ONLY_DUE, moved, decided, NO) == date(2012, 8, 4)


def test_a_case_without_a_date_is_left_alone_by_the_rule_on_dates() -> None:
    assert wake_on(ONLY_DUE, case(due=None), Record(), NO) is None
    assert wake_on(WORKFLOW, case(due=None), Record(), NO) == MONDAY + timedelta(days=30)


def test_a_case_at_its_end_sleeps_for_ever() -> None:
    closed = case(state="closed")
    assert wake_on(WORKFLOW, closed, Record(), NO) is None
    assert due(WORKFLOW, closed, Record(), NO, date(2030, 1, 1)) == []


def test_a_repeat_by_the_month_does_not_drift_from_the_31st() -> None:
    steps = planned(DWELL, "entered/1", date(2011, 12, 2), NO)
    assert [next(steps).day for _ in range(4)] == [
        date(2012, 1, 31),
        date(2012, 2, 29),
        date(2012, 3, 31),
        date(2012, 4, 30),
    ]


def held(until: date, rule: str = "due") -> Record:
    hold = Hold(
        ref="IOM-2011-3",
        rule=rule,
        key="due/1",
        kind="ack",
        until=until,
        by="unit:HUM",
        at=datetime(2012, 5, 22, tzinfo=UTC),
    )
    return Record.of([], [hold])


def test_a_pause_shifts_the_steps_behind_it_and_ends_by_itself() -> None:
    record = held(date(2012, 6, 7))
    assert due(ONLY_DUE, case(), record, NO, date(2012, 6, 7)) == []
    assert wake_on(ONLY_DUE, case(), record, NO) == date(2012, 6, 8)
    assert told(due(ONLY_DUE, case(), record, NO, date(2012, 6, 8)))[-1] == ("due", "3", date(2012, 6, 8), "sent")


def test_a_rule_that_is_told_already_keeps_another_one_quiet() -> None:
    quiet_day = date(2012, 5, 23)
    late = case(activity_on=quiet_day - timedelta(days=30))
    firings = due(replace(WORKFLOW, rules=(DUE, QUIET)), late, Record(), NO, quiet_day)
    assert [(it.rule, it.outcome) for it in firings if it.rule == "quiet"] == [("quiet", "inhibited")]


def test_a_paused_rule_keeps_nobody_quiet() -> None:
    quiet_day = date(2012, 5, 23)
    late = case(activity_on=quiet_day - timedelta(days=30))
    workflow = replace(WORKFLOW, rules=(DUE, QUIET))
    record = Record().after(due(ONLY_DUE, late, Record(), NO, date(2012, 5, 22)))
    paused = Record(record.decided, record.told, held(date(2012, 6, 7)).holds)
    assert [it.outcome for it in due(workflow, late, paused, NO, quiet_day)] == ["sent"]


@pytest.mark.parametrize(
    ("when", "matches"),
    [
        (When(), True),
        (When(state=frozenset({"assigned"})), True),
        (When(state=frozenset({"closed"})), False),
        (When(kind=frozenset({"plan"})), False),
        (When(tag=frozenset({"money"})), True),
        (When(tag=frozenset({"other"})), False),
        (When(priority=frozenset({"high"})), True),
        (When(priority=frozenset({"low"})), False),
        (When(dated=True), True),
        (When(dated=False), False),
    ],
)
def test_a_rule_looks_only_at_the_cases_it_names(when: When, matches: bool) -> None:
    assert applies(replace(DUE, when=when), case(tags=frozenset({"money"}), priority="high")) is matches


def test_a_rule_can_count_from_the_end_of_a_pause() -> None:
    rule = replace(QUIET, clock="hold_end", inhibited_by=())
    assert anchor(rule, case(), Record()) is None
    assert anchor(rule, case(), held(date(2012, 6, 7))) == ("hold/2012-06-07", date(2012, 6, 7))


def plodding(workflow: Workflow, it: Case, start: date, until: date) -> list[Firing]:
    """The oracle: looks at the case on every single day, and knows no alarm."""
    record, found, day = Record(), [], start
    while day <= until:
        firings = due(workflow, it, record, NO, day)
        record, day = record.after(firings), day + DAY
        found += firings
    return found


cases = st.builds(
    lambda due_in, entered, active: case(
        due=MONDAY + timedelta(days=due_in) if due_in is not None else None,
        entered_on=MONDAY - timedelta(days=entered),
        activity_on=MONDAY - timedelta(days=active),
    ),
    st.none() | st.integers(-400, 400),
    st.integers(0, 400),
    st.integers(0, 400),
)


@given(cases)
def test_the_forecast_equals_looking_every_day(it: Case) -> None:
    until = MONDAY + timedelta(days=200)
    assert list(forecast(WORKFLOW, it, Record(), NO, today=MONDAY, until=until)) == plodding(
        WORKFLOW, it, MONDAY, until
    )


@given(cases, st.integers(0, 200))
def test_waking_only_when_the_alarm_says_so_misses_nothing(it: Case, days: int) -> None:
    until, record = MONDAY + timedelta(days=days), Record()
    found: list[Firing] = []
    day: date | None = MONDAY
    while day and day <= until:
        firings = due(WORKFLOW, it, record, NO, day)
        record, found = record.after(firings), found + firings
        alarm = wake_on(WORKFLOW, it, record, NO)
        assert alarm is None or alarm > day
        day = alarm
    assert found == plodding(WORKFLOW, it, MONDAY, until)


@given(cases, st.lists(st.integers(1, 90), max_size=6))
def test_no_pattern_of_downtime_loses_a_step(it: Case, gaps: list[int]) -> None:
    record, day = Record(), MONDAY
    found: list[Firing] = []
    for gap in gaps:
        firings = due(WORKFLOW, it, record, NO, day)
        record, found, day = record.after(firings), found + firings, day + timedelta(days=gap)
    last = day - timedelta(days=gaps[-1]) if gaps else MONDAY - DAY
    steps = {(f.rule, f.planned.step, f.planned.key) for f in found}
    assert steps == {(f.rule, f.planned.step, f.planned.key) for f in plodding(WORKFLOW, it, MONDAY, last)}


def test_offsets_read_as_rule_files_write_them() -> None:
    assert str(d(-30)) == "-30d"
