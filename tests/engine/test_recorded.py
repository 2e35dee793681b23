"""A case as it stood on a day of the past, and what was done to it from then on."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from engine.case import Case, DeadlineVersion, Event, Hold, Occurrence
from engine.escalation import Record
from engine.recorded import Past, as_of, report_days
from engine.report_day import REPORT_DAY
from engine.simulation import Opening
from engine.text import Text
from engine.workflow import Ask
from tests.engine.cast import MONDAY, REGISTER, WORKFLOW, case

MIDNIGHT = datetime(2011, 8, 28, 22, 30, tzinfo=UTC)  # in Oslo half an hour into Monday
GIVEN_AWAY = {
    "from": "HUM", "to": "DHAKA", "owner was": "HUM", "owner": "DHAKA",
    "responsible was": "officer", "responsible": "", "subject was": "", "subject": "",
}  # fmt: skip
CHANGED_HANDS = {
    "from": "DHAKA", "to": "UR", "coordinator from": "GIL", "coordinator to": "HUM",
    "responsible was": "dhaka-head", "responsible": "",
}  # fmt: skip


def on(month: int, day: int) -> datetime:
    return datetime(2011, month, day, 10, 0, tzinfo=UTC)


def done(seq: int, at: datetime, move: str, by: str, source: str, dest: str, **more: object) -> Event:
    facts = {"ref": "IOM-2011-3", "seq": seq, "at": at, "by": by, "move": move, "source": source, "dest": dest}
    return Event(**{"through": "web", **facts, **more})  # type: ignore[arg-type]


HISTORY = (
    done(1, MIDNIGHT, "open", "person:stranger", "", "assigned", through="import"),
    done(2, on(9, 1), "comment", "unit:GIL", "assigned", "assigned"),
    done(3, on(9, 2), "comment", "person:officer", "assigned", "assigned"),
    done(4, on(9, 5), "start", "unit:HUM", "assigned", "in_progress"),
    done(5, on(9, 8), "deadline", "unit:GIL", "in_progress", "in_progress", facts={"from": "x", "to": "2012-06-15"}),
    done(6, on(9, 12), "hold", "unit:HUM", "in_progress", "in_progress", facts={"rule": "due", "until": "2011-09-14"}),
    done(7, on(9, 15), "hand over", "unit:HUM", "in_progress", "in_progress", facts=GIVEN_AWAY),
    done(8, on(9, 19), "hand over", "unit:DHAKA", "in_progress", "in_progress",
         facts={"from": "DHAKA", "to": "DHAKA", "responsible was": "", "responsible": "dhaka-head"}),
    done(9, on(9, 22), "rules", "unit:GIL", "in_progress", "in_progress", through="command"),
    done(10, on(9, 26), "take_back", "rule:unbegun", "in_progress", "assigned", through="rule"),
    done(11, on(9, 29), "hand over", "rule:responsibility", "assigned", "assigned",
         through="rule", facts=CHANGED_HANDS),
    done(12, on(10, 3), "report", "unit:UR", "assigned", "reported"),
)  # fmt: skip
NOW = case(
    state="reported", owner="UR", coordinator="HUM", due=date(2012, 6, 15), due_version=2, entered_on=date(2011, 10, 3),
    entered_seq=12, activity_on=date(2011, 10, 3), replanned_seq=9, wake_on=date(2011, 12, 2), rules="old ones",
)  # fmt: skip
DEADLINES = tuple(
    DeadlineVersion(ref=NOW.ref, version=version, value=value, set_at=MIDNIGHT)
    for version, value in ((1, date(2012, 5, 21)), (2, date(2012, 6, 15)))
)
SAID = Occurrence(
    ref=NOW.ref, rule="due", step="1", key="due/1", planned=MONDAY, decided_at=on(9, 9), outcome="sent", reason="late"
)
HELD = Hold(ref=NOW.ref, rule="due", key="due/2", kind="ack", until=date(2011, 9, 14), by="unit:HUM", at=on(9, 12))
PAST = Past(case=NOW, history=HISTORY, deadlines=DEADLINES, occurrences=(SAID,), holds=(HELD,))


def opening(start: date, past: Past = PAST) -> Opening:
    return as_of(past, WORKFLOW, REGISTER, start)


AT_FIRST = case(
    responsible="officer", entered_on=MONDAY, entered_seq=1, activity_on=MONDAY, wake_on=MONDAY,
    rules=WORKFLOW.fingerprint,
)  # fmt: skip
CHANGES: tuple[dict[str, Any], ...] = (  # what each event after the first one changed, in order
    {},  # the coordinator is not asked, so what it says is no sign of life
    {"activity_on": date(2011, 9, 2)},
    {"state": "in_progress", "entered_on": date(2011, 9, 5), "entered_seq": 4, "activity_on": date(2011, 9, 5)},
    {"due": date(2012, 6, 15), "due_version": 2, "activity_on": date(2011, 9, 8)},
    {},  # whoever pauses a rule has done nothing else
    {"owner": "DHAKA", "responsible": "", "activity_on": date(2011, 9, 15)},
    {"responsible": "dhaka-head"},
    {"replanned_seq": 9},
    {"state": "assigned", "entered_on": date(2011, 9, 26), "entered_seq": 10},  # a rule is nobody's sign of life
    {"owner": "UR", "coordinator": "HUM", "responsible": "", "activity_on": date(2011, 9, 29)},
    {"state": "reported", "entered_on": date(2011, 10, 3), "entered_seq": 12, "activity_on": date(2011, 10, 3)},
)


def stood(events: int) -> Case:
    changes: dict[str, Any] = {}
    for change in CHANGES[: events - 1]:
        changes |= change
    return AT_FIRST.evolve(**changes)


@pytest.mark.parametrize("events", range(2, 13))
def test_a_case_stands_on_the_day_after_an_event_as_that_event_left_it(events: int) -> None:
    then = opening(HISTORY[events - 1].at.date() + timedelta(days=1))
    assert then.case == stood(events)
    assert then.events == events
    assert (then.notices, then.opened_at) == ((), None)


def test_on_the_day_of_an_event_it_is_still_to_come() -> None:
    then = opening(date(2011, 9, 5))
    assert (then.case.state, then.events, then.deeds[0].move) == ("assigned", 3, "start")


def test_what_rules_did_is_left_to_the_rules_and_the_rest_is_done_again() -> None:
    assert [it.seq for it in opening(MONDAY).deeds] == [2, 3, 4, 5, 6, 7, 8, 12]
    assert [it.seq for it in opening(date(2011, 9, 15)).deeds] == [7, 8, 12]


@pytest.mark.parametrize("start", [date(2011, 8, 1), MONDAY])
def test_a_case_that_is_opened_within_the_time_begins_with_its_first_letters(start: date) -> None:
    then = opening(start)
    assert (then.case, then.events, then.opened_at) == (AT_FIRST, 1, MIDNIGHT)
    assert [(it.to, it.letter, it.event_seq) for it in then.notices] == [
        ("person:officer", "assigned", 1),
        ("unit:GIL", "digest", 1),
    ]
    assert {it.decided_at for it in then.notices} == {MIDNIGHT}


def test_what_was_decided_and_paused_before_the_day_is_known_on_it_and_nothing_later() -> None:
    before, between, after = (opening(date(2011, 9, day)) for day in (9, 12, 13))
    assert (before.occurrences, before.holds, before.record) == ((), (), Record())
    assert (between.occurrences, between.holds, between.record) == ((SAID,), (), Record.of([SAID]))
    assert (after.occurrences, after.holds, after.record) == ((SAID,), (HELD,), Record.of([SAID], [HELD]))


def test_what_happened_on_the_day_of_opening_belongs_to_the_time_that_is_lived_again() -> None:
    same_day = replace(HISTORY[3], seq=2, at=on(8, 29))
    decided, paused = replace(SAID, decided_at=on(8, 29)), replace(HELD, at=on(8, 29))
    past = Past(case=NOW, history=(HISTORY[0], same_day), occurrences=(decided,), holds=(paused,))
    then = opening(date(2011, 8, 1), past)
    assert (then.deeds, then.occurrences, then.holds, then.case.state) == ((same_day,), (), (), "assigned")


def test_a_case_that_never_had_a_date_has_none() -> None:
    then = opening(MONDAY, Past(case=case(due=None, due_version=0), history=HISTORY[:1], deadlines=DEADLINES))
    assert (then.case.due, then.case.due_version) == (None, 0)


def test_a_history_that_does_not_tell_of_the_coordinator_leaves_the_present_one() -> None:
    given = Past(case=case(owner="DHAKA"), history=(HISTORY[0], HISTORY[6]))
    assert opening(MONDAY, given).case.coordinator == opening(date(2011, 9, 16), given).case.coordinator == "GIL"


def test_who_answered_before_a_rule_changed_it_answered_at_first() -> None:
    given = Past(case=case(owner="UR", coordinator="HUM"), history=(HISTORY[0], HISTORY[10]))
    first = opening(MONDAY, given).case
    assert (first.owner, first.coordinator, first.responsible) == ("DHAKA", "GIL", "dhaka-head")


def test_a_case_is_lived_again_by_the_rules_that_are_asked_about() -> None:
    newer = replace(WORKFLOW, version=2, rules=())
    then = as_of(PAST, newer, REGISTER, MONDAY).case
    assert (then.workflow, then.rules) == ("action/2", newer.fingerprint)


def test_a_state_that_a_vanished_move_led_to_counts_all_the_same() -> None:
    vanished = done(2, on(9, 5), "vanished", "unit:HUM", "assigned", "reported")
    looped = done(3, on(9, 6), "start", "unit:HUM", "in_progress", "in_progress")
    then = opening(date(2011, 10, 1), Past(case=case(), history=(HISTORY[0], vanished)))
    assert (then.case.state, then.case.entered_seq) == ("reported", 2)
    then = opening(date(2011, 10, 1), Past(case=case(), history=(HISTORY[0], looped)))
    assert (then.case.state, then.case.entered_seq) == ("in_progress", 3)


def test_a_date_that_was_given_with_a_move_came_with_it() -> None:
    dated = replace(HISTORY[3], seq=2, facts={"from": "2012-05-21", "to": "2012-06-15"})
    past = Past(case=NOW, history=(HISTORY[0], dated), deadlines=DEADLINES)
    before, after = opening(date(2011, 9, 5), past).case, opening(date(2011, 9, 6), past).case
    assert (before.due, before.due_version, before.state) == (date(2012, 5, 21), 1, "assigned")
    assert (after.due, after.due_version, after.state) == (date(2012, 6, 15), 2, "in_progress")


def test_an_ask_of_that_time_was_a_sign_of_life_and_what_was_undone_was_as_before() -> None:
    asked = done(2, on(9, 1), "more time", "unit:GIL", "assigned", "assigned")
    start = replace(HISTORY[3], seq=3)
    facts = {"of": "3", "entered_on": "2011-08-29", "entered_seq": "1", "activity_on": "2011-09-01"}
    undo = done(4, on(9, 6), "undo", "unit:HUM", "in_progress", "assigned", facts=facts)
    flow = replace(WORKFLOW, asks={"more time": Ask(name="more time", sources=(), by=(), label=Text.same("Time"))})
    past = Past(case=case(), history=(HISTORY[0], asked, start, undo), deadlines=DEADLINES)
    stood = [as_of(past, flow, REGISTER, date(2011, 9, day)).case for day in (1, 2, 6, 7)]
    assert [(it.state, it.entered_seq, it.entered_on, it.activity_on) for it in stood] == [
        ("assigned", 1, MONDAY, MONDAY),
        ("assigned", 1, MONDAY, date(2011, 9, 1)),
        ("in_progress", 3, date(2011, 9, 5), date(2011, 9, 5)),
        ("assigned", 1, MONDAY, date(2011, 9, 1)),
    ]


def kept(ref: str, due: date | None, *history: Event, kind: str = "action", version: int = 1) -> Past:
    """A case of the plan P whose deadline was 21 May 2012 when it was opened."""
    first = DeadlineVersion(ref=ref, version=version - len(history), value=date(2012, 5, 21), set_at=MIDNIGHT)
    born = replace(HISTORY[0], ref=ref)
    return Past(
        case=case(ref=ref, plan="P", kind=kind, due=due, due_version=version),
        history=(born, *(replace(it, ref=ref) for it in history)),
        deadlines=(first,),
    )


def moved(seq: int, at: datetime, to: str) -> Event:
    return done(seq, at, "deadline", "unit:GIL", "assigned", "assigned", facts={"from": "", "to": to})


JUNE, JULY = date(2012, 6, 15), date(2012, 7, 2)


def test_the_day_of_the_report_is_told_from_the_beginning_and_whenever_it_moves() -> None:
    plan = kept("P", JULY, moved(2, on(9, 8), "2012-06-15"), moved(3, on(9, 20), "2012-07-02"), version=3)
    action = kept("P-1", JUNE, moved(2, on(9, 1), "2012-06-15"), version=2)
    assert report_days([plan, action]) == [(MIDNIGHT, date(2012, 5, 21)), (on(9, 8), JUNE), (on(9, 20), JULY)]
    assert report_days([action]) == []


def test_where_the_plan_has_no_date_that_of_its_report_counts_and_moves() -> None:
    plan = Past(case=case(ref="P", plan="P", due=None, due_version=0), history=HISTORY[:1])
    report = kept("P-9", JUNE, moved(2, on(9, 8), "2012-06-15"), kind="report", version=2)
    assert report_days([plan, report]) == [(MIDNIGHT, date(2012, 5, 21)), (on(9, 8), JUNE)]
    dated = kept("P", date(2012, 5, 21))
    assert report_days([dated, report]) == [(MIDNIGHT, date(2012, 5, 21))]  # the report may move as it likes


DAYS = ((MIDNIGHT, date(2012, 5, 21)), (on(9, 8), JUNE), (on(9, 20), None))


@pytest.mark.parametrize(
    ("start", "stands", "comes"),
    [
        (MONDAY, date(2012, 5, 21), ["2012-06-15", ""]),
        (date(2011, 9, 8), date(2012, 5, 21), ["2012-06-15", ""]),
        (date(2011, 9, 9), JUNE, [""]),
        (date(2011, 9, 21), None, []),
    ],
)
def test_a_case_counts_by_the_day_of_the_report_as_it_stood_and_hears_when_it_moves(
    start: date, stands: date | None, comes: list[str]
) -> None:
    then = opening(start, replace(PAST, history=HISTORY[:3], report_days=DAYS))
    told = [it for it in then.deeds if it.move == REPORT_DAY]
    assert (then.case.report_due, [it.facts for it in told]) == (stands, [{REPORT_DAY: day} for day in comes])
    assert {it.ref for it in told} <= {NOW.ref}
    assert list(then.deeds) == sorted(then.deeds, key=lambda it: it.at)
