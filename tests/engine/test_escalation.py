"""The law of every reminder: due on or before today, and not yet decided for this key."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import islice

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.calendar import Calendar
from engine.case import Case, Hold, Outcome, Ruling
from engine.escalation import (
    Firing,
    Record,
    anchor,
    applies,
    arming_of,
    due,
    forecast,
    has_told,
    key_of,
    planned,
    wake_on,
)
from engine.workflow import Clock, Offset, Repeat, Role, Step, When, Workflow
from tests.engine.cast import DUE, DWELL, MONDAY, NOON, QUIET, WORKFLOW, case, d

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


@pytest.mark.parametrize(
    ("outcome", "told"), [("sent", True), ("digest", True), ("moved", False), ("superseded", False)]
)
def test_only_what_was_told_counts_as_telling(outcome: Outcome, told: bool) -> None:
    record = Record.of([Ruling("due", "2", "due/1", outcome, 1)])
    assert record.decided == {("due", "2", "due/1")}
    assert record.told == ({("due", "due/1"): 1} if told else {})


def test_a_record_keeps_the_highest_level_and_the_longest_pause_whatever_the_order() -> None:
    rulings = [Ruling("due", name, "due/1", "sent", level) for name, level in (("3", 2), ("4", 3), ("2", 1))]
    holds = [held(date(2012, 6, day)).holds for day in (7, 21, 14)]
    pauses = [
        Hold(ref="IOM-2011-3", rule="due", key="due/1", kind="ack", until=until, by="unit:HUM", at=NOON)
        for hold in holds
        for until in hold.values()
    ]
    for order in (1, -1):
        record = Record.of(rulings[::order], pauses[::order])
        assert (record.told, record.holds) == ({("due", "due/1"): 3}, {("due", "due/1"): date(2012, 6, 21)})


def test_a_repeat_counts_as_telling_for_the_arming_it_belongs_to() -> None:
    assert Record.of([Ruling("due", "repeat", "due/1#4", "digest", 3)]).told == {("due", "due/1"): 3}
    assert Record.of([Ruling("due", "repeat", "due/1~7#4", "digest", 3)]).told == {("due", "due/1"): 3}


def test_a_key_says_by_which_rules_a_step_was_decided_once_they_were_changed_under_the_case() -> None:
    assert key_of("due/1", case()) == "due/1"
    assert key_of("due/1", case(replanned_seq=7)) == "due/1~7"
    assert [arming_of(key) for key in ("due/1", "due/1#4", "due/1~7", "due/1~7#4")] == ["due/1"] * 4


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


@pytest.mark.parametrize(
    ("clock", "facts", "armed"),
    [
        ("due", {}, ("due/1", date(2012, 5, 21))),
        ("due", {"due": None}, None),
        ("report_due", {"report_due": date(2012, 8, 25)}, ("report/2012-08-25", date(2012, 8, 25))),
        ("report_due", {}, None),
        ("activity", {"activity_on": date(2011, 9, 1)}, ("activity/2011-09-01", date(2011, 9, 1))),
        ("entered", {"entered_seq": 4, "entered_on": date(2011, 9, 2)}, ("entered/4", date(2011, 9, 2))),
    ],
)
def test_each_clock_counts_from_a_day_of_its_own(
    clock: Clock, facts: dict[str, object], armed: tuple[str, date] | None
) -> None:
    assert anchor(replace(QUIET, clock=clock), case(**facts), Record()) == armed


def test_the_end_of_a_pause_of_its_own_starts_no_clock_and_of_several_the_last_one_counts() -> None:
    rule = replace(QUIET, clock="hold_end")
    pauses = {("due", "due/1"): date(2012, 6, 7), ("dwell", "entered/1"): date(2012, 6, 5)}
    assert anchor(rule, case(), Record(holds={("quiet", "hold/x"): date(2012, 6, 7)})) is None
    assert anchor(rule, case(), Record(holds=pauses)) == ("hold/2012-06-07", date(2012, 6, 7))


EVERY = [
    (Offset(1, "y"), [date(2012, 2, 29), *(date(year, 2, 28) for year in (2013, 2014, 2015)), date(2016, 2, 29)]),
    (Offset(2, "m"), [date(2012, 2, 29), date(2012, 4, 29), date(2012, 6, 29)]),
    (Offset(1, "w"), [date(2012, 2, 29), date(2012, 3, 7), date(2012, 3, 14)]),
    (Offset(1, "wd"), [date(2012, 2, 29), date(2012, 3, 1), date(2012, 3, 2)]),
]


@pytest.mark.parametrize(("every", "days"), EVERY)
def test_a_repeat_counts_on_from_the_last_step(every: Offset, days: list[date]) -> None:
    last = Step(name="1", at=d(0), tell=("responsible",), letter="stalled", level=2)
    rule = replace(QUIET, steps=(last,), repeat=Repeat(every=every, tell=("coordinator",), letter="overdue"))
    first, *again = islice(planned(rule, "entered/1", date(2012, 2, 29), NO), len(days))
    assert [first.day, *(it.day for it in again)] == days
    assert [(it.step, it.key, it.tell, it.letter, it.via, it.level) for it in again] == [
        ("repeat", f"entered/1#{number}", ("coordinator",), "overdue", "digest", 2) for number in range(1, len(days))
    ]


def test_a_repeat_may_stand_higher_than_the_last_step_and_need_no_step_at_all() -> None:
    again = Repeat(every=d(7), tell=("executive",), letter="stalled", level=4)
    (first,) = islice(planned(replace(QUIET, steps=(), repeat=again), "entered/1", MONDAY, NO), 1)
    assert (first.day, first.level) == (MONDAY + timedelta(days=7), 4)
    (flat,) = islice(planned(replace(QUIET, steps=(), repeat=replace(again, level=0)), "entered/1", MONDAY, NO), 1)
    assert flat.level == 0


def test_a_repeat_that_is_decided_is_not_planned_again() -> None:
    decided = frozenset({("dwell", "1", "entered/1"), ("dwell", "repeat", "entered/1#1")})
    assert next(planned(DWELL, "entered/1", MONDAY, NO, decided)).key == "entered/1#2"


def test_every_decision_gives_its_reason() -> None:
    quiet_day = date(2012, 5, 23)
    late = case(activity_on=quiet_day - timedelta(days=30))
    firings = due(replace(WORKFLOW, rules=(DUE, QUIET)), late, Record(), NO, quiet_day)
    assert [it.reason for it in firings] == [
        "a later step of the same rule was due as well",
        "rule due, step 2: 1wd on the clock due",
        "rule due is already telling",
    ]
    july = list(forecast(ONLY_DUE, case(), Record(), NO, today=MONDAY, until=date(2012, 7, 4)))
    assert july[-1].reason == "rule due, every 10wd"


@pytest.mark.parametrize(("told", "level", "outcome"), [(1, 1, "inhibited"), (2, 1, "inhibited"), (1, 2, "sent")])
def test_a_rule_is_kept_quiet_from_the_level_it_names(told: int, level: int, outcome: str) -> None:
    rule = replace(QUIET, inhibited_by=(("absent", 0), ("due", level)))
    record = Record(told={("due", "due/1"): told})
    late = case(due=date(2012, 8, 1))
    (firing,) = due(replace(WORKFLOW, rules=(DUE, rule)), late, record, NO, MONDAY + timedelta(days=30))
    assert firing.outcome == outcome


@pytest.mark.parametrize(("days", "outcome"), [(30, "sent"), (29, "inhibited")])
def test_a_rule_is_paused_up_to_its_last_day(days: int, outcome: str) -> None:
    """The other one speaks on the thirtieth day."""
    until = MONDAY + timedelta(days=days)
    record = Record(told={("due", "due/1"): 1}, holds={("due", "due/1"): until})
    late = case(due=date(2012, 8, 1))
    (firing,) = due(replace(WORKFLOW, rules=(DUE, QUIET)), late, record, NO, MONDAY + timedelta(days=30))
    assert firing.outcome == outcome


STEP_4 = Ruling("due", "4", "due/1", "sent", 3)
AGAIN = Ruling("due", "repeat", "due/1#1", "digest", 3)


@pytest.mark.parametrize(
    ("rulings", "role", "facts", "answer"),
    [
        ([STEP_4], "coordinator", {}, True),
        ([STEP_4], "head", {}, False),
        ([AGAIN], "coordinator", {}, True),
        ([AGAIN], "responsible", {}, False),
        ([STEP_4], "coordinator", {"due_version": 2}, False),  # the clock has begun anew since
        ([STEP_4], "coordinator", {"state": "reported"}, False),  # the rule does not look there
        ([STEP_4._replace(outcome="inhibited")], "coordinator", {}, False),
        ([], "coordinator", {}, False),
    ],
)
def test_who_was_told_and_has_not_acted(
    rulings: list[Ruling], role: Role, facts: dict[str, object], answer: bool
) -> None:
    assert has_told(role, ONLY_DUE, case(**facts), Record.of(rulings)) is answer


def test_a_rule_that_does_not_repeat_has_told_by_its_steps_alone() -> None:
    once = replace(WORKFLOW, rules=(replace(DUE, repeat=None),))
    assert has_told("coordinator", once, case(), Record.of([STEP_4]))
    assert not has_told("coordinator", once, case(), Record.of([AGAIN]))
    assert [it.outcome for it in due(once, case(), Record(), NO, date(2013, 1, 1))][-1] == "sent"


def test_what_comes_late_says_by_how_many_days() -> None:
    assert [it.late for it in due(ONLY_DUE, case(), Record(), NO, date(2012, 5, 24))] == [33, 2]


def test_a_rule_that_does_not_look_at_the_case_any_more_keeps_nobody_quiet() -> None:
    anywhere = replace(QUIET, when=When())
    record = Record(told={("due", "due/1"): 3})
    reported = case(state="reported", due=date(2012, 8, 1))
    (firing,) = due(replace(WORKFLOW, rules=(DUE, anywhere)), reported, record, NO, MONDAY + timedelta(days=30))
    assert firing.outcome == "sent"


def test_a_word_at_level_0_keeps_nobody_quiet_who_asks_for_level_1() -> None:
    soon = case(due=MONDAY + timedelta(days=60))  # on one day the first word about the date, and about the silence
    day = MONDAY + timedelta(days=30)
    workflow = replace(WORKFLOW, rules=(DUE, QUIET))
    assert [it.outcome for it in due(workflow, soon, Record(), NO, day)] == ["digest", "sent"]
    first = due(ONLY_DUE, soon, Record(), NO, day)
    assert Record().after(first).told == {("due", "due/1"): 0}
    assert [it.outcome for it in due(workflow, soon, Record().after(first), NO, day)] == ["sent"]
    low = replace(WORKFLOW, rules=(DUE, replace(QUIET, inhibited_by=(("due", 0),))))
    assert [it.outcome for it in due(low, soon, Record(), NO, day)] == ["digest", "inhibited"]


def test_what_was_decided_since_leaves_the_pauses_as_they_are() -> None:
    hold = Hold(ref="IOM-2011-3", rule="due", key="due/1", kind="ack", until=MONDAY, by="unit:HUM", at=NOON)
    paused = Record.of([], [hold])
    assert paused.after(due(WORKFLOW, case(), Record(), NO, date(2012, 6, 5))).holds == paused.holds


def test_a_case_at_an_end_has_nothing_due_whatever_a_rule_looks_at() -> None:
    anywhere = replace(WORKFLOW, rules=(replace(DUE, when=When()),))
    assert due(anywhere, case(state="closed"), Record(), NO, date(2012, 6, 5)) == []


def test_no_alarm_rings_for_a_rule_that_does_not_look_at_the_case() -> None:
    assert wake_on(ONLY_DUE, case(state="reported"), Record(), NO) is None
