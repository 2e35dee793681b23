"""What a decision or an event tells: each notice whole, to the right party, once, and not before it may leave."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from engine.calendar import Calendar
from engine.case import Event, Occurrence
from engine.escalation import Record, due
from engine.notice import Notice
from engine.people import Register
from engine.roles import OPERATOR
from engine.telling import case_calendar, notices_of_event, notices_of_firing, occurrence_of, told
from engine.workflow import Telling
from tests.engine.cast import DUE, REGISTER, WORKFLOW, case

NOW = datetime(2012, 6, 5, 10, 0, tzinfo=UTC)
TODAY = date(2012, 6, 5)  # ten working days after the deadline
FIRING = due(replace(WORKFLOW, rules=(DUE,)), case(), Record(), Calendar("NO"), TODAY)[-1]
REASON = "rule due, step 3: 10wd on the clock due"
LATE = case(responsible="gone")


def test_a_step_tells_each_role_by_a_notice_of_its_own() -> None:
    first, second = notices_of_firing(FIRING, LATE, REGISTER, NOW)
    assert first == Notice(
        key="IOM-2011-3|due|3|due/1|unit:HUM",
        ref="IOM-2011-3",
        to="unit:HUM",
        role="responsible",
        letter="overdue",
        via="now",
        rule="due",
        step="3",
        level=2,
        reason=REASON,
        planned=TODAY,
        decided_at=NOW,
        ripe_at=NOW,
        state="assigned",
        instead_of="gone",
    )
    assert (second.to, second.role, second.instead_of) == ("person:hum-head", "head", "")


def test_a_step_by_digest_waits_for_the_digest() -> None:
    soon = due(replace(WORKFLOW, rules=(DUE,)), case(), Record(), Calendar("NO"), date(2012, 4, 21))[-1]
    (notice,) = notices_of_firing(soon, case(), REGISTER, NOW)
    assert (notice.via, notice.ripe_at) == ("digest", datetime(2012, 6, 6, 5, 30, tzinfo=UTC))


def test_every_decision_is_a_row_whatever_it_tells() -> None:
    quiet = replace(FIRING, outcome="inhibited", reason="rule due is already telling")
    assert occurrence_of(quiet, LATE, NOW) == Occurrence(
        ref="IOM-2011-3",
        rule="due",
        step="3",
        key="due/1",
        planned=TODAY,
        decided_at=NOW,
        outcome="inhibited",
        reason="rule due is already telling",
        level=2,
    )


EVENT = Event(ref="IOM-2011-3", seq=7, at=NOW, by="person:officer", move="report", dest="reported", through="web")


def test_an_event_tells_by_its_letters_and_by_a_line_in_the_coordinators_digest() -> None:
    tellings = (Telling(to=("responsible",), letter="returned"),)
    letter, line = notices_of_event(EVENT, tellings, LATE, REGISTER, NOW)
    assert letter == Notice(
        key="IOM-2011-3|report|7|unit:HUM",
        ref="IOM-2011-3",
        to="unit:HUM",
        role="responsible",
        letter="returned",
        via="now",
        rule="move:report",
        reason="report on 2012-06-05",
        planned=TODAY,
        decided_at=NOW,
        ripe_at=NOW,
        state="assigned",
        instead_of="gone",
        event_seq=7,
    )
    assert (line.to, line.role, line.letter, line.via) == ("unit:GIL", "coordinator", "digest", "digest")
    assert line.ripe_at == datetime(2012, 6, 6, 5, 30, tzinfo=UTC)  # half past seven in Oslo, the morning after


def test_who_acts_is_not_told_of_it() -> None:
    by_them = replace(EVENT, by="unit:GIL")
    assert notices_of_event(by_them, (), LATE, REGISTER, NOW) == []


def test_who_hears_of_an_event_by_letter_does_not_read_of_it_in_the_digest_as_well() -> None:
    tellings = (Telling(to=("coordinator",), letter="returned"), Telling(to=("coordinator",), letter="closed"))
    (notice,) = notices_of_event(EVENT, tellings, LATE, REGISTER, NOW)
    assert (notice.letter, notice.via) == ("returned", "now")


def test_an_event_at_midnight_is_on_the_day_of_the_organisation() -> None:
    (line,) = notices_of_event(EVENT, (), LATE, REGISTER, datetime(2012, 6, 5, 22, 30, tzinfo=UTC))
    assert (line.planned, line.reason) == (date(2012, 6, 6), "report on 2012-06-06")


def test_somebody_who_is_meant_twice_is_told_once_by_the_first_role() -> None:
    roles = [(role, it.party) for role, it in told(("head", "coordinator", "head"), case(owner="GIL"), REGISTER, TODAY)]
    assert roles == [("head", "person:gil-head"), ("coordinator", "unit:GIL")]
    nobody: Register = replace(REGISTER, units={}, persons={})
    assert [(role, it.party) for role, it in told(("responsible", "head"), case(), nobody, TODAY)] == [
        ("responsible", OPERATOR)
    ]


@pytest.mark.parametrize(("owner", "country"), [("HUM", "NO"), ("DHAKA", "BD"), ("", "NO"), ("GONE", "NO")])
def test_a_case_counts_by_the_calendar_of_the_unit_that_owns_it(owner: str, country: str) -> None:
    assert case_calendar(case(owner=owner), REGISTER, TODAY).country == country
