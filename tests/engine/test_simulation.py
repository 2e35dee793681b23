"""A simulated year: every mail before it is sent, with the behaviour of people as an assumption that can be named."""

from collections import Counter
from datetime import date, timedelta

from engine.calendar import day_of
from engine.simulation import Behaviour, Decision, Opening, parcels, simulate
from engine.workflow import Workflows
from tests.engine.cast import MONDAY, REGISTER, WORKFLOW, case

WORKFLOWS = Workflows.of(WORKFLOW)
UNTIL = date(2012, 8, 27)


def year(behaviour: Behaviour = "silent", **changes: object) -> list[Decision]:
    return simulate(WORKFLOWS, REGISTER, [Opening(case(**changes))], start=MONDAY, until=UNTIL, behaviour=behaviour)


def test_when_nobody_answers_it_goes_all_the_way_up() -> None:
    told = [(it.rule, it.step, it.notice.to) for it in year() if it.notice and it.rule == "due"]
    assert told[:5] == [
        ("due", "1", "unit:HUM"),
        ("due", "2", "unit:HUM"),
        ("due", "3", "unit:HUM"),
        ("due", "3", "person:hum-head"),
        ("due", "4", "unit:GIL"),
    ]
    assert {it.case.state for it in year()} == {"assigned"}


def test_prompt_people_are_done_before_anything_is_late() -> None:
    lived = year("prompt", due=date(2011, 12, 1))
    assert lived[-1].rule == "move:report"  # closed by the coordinator the day after; then it is quiet for good
    assert {it.rule for it in lived if it.level} == set()


BEHAVIOURS: tuple[Behaviour, Behaviour] = ("slow", "prompt")


def test_slow_people_get_there_after_more_mails_than_prompt_ones() -> None:
    slow, prompt = (year(behaviour, due=date(2011, 12, 1)) for behaviour in BEHAVIOURS)
    assert slow[-1].day > prompt[-1].day
    assert any(it.case.state in ("reported", "closed") for it in slow)


def test_a_hand_over_on_1_september_moves_the_mail_from_that_day() -> None:
    lived = year(subject="IOM", owner="GIL", due=date(2011, 9, 1))
    assert [(it.day, it.notice.to) for it in lived if it.notice and it.notice.letter == "handed_over"] == [
        (date(2011, 9, 1), "unit:HUM")
    ]
    assert {it.notice.to for it in lived if it.notice and it.rule == "due" and it.notice.role == "responsible"} == {
        "unit:GIL",  # the reminder before the date
        "unit:HUM",
    }


def test_nobody_gets_two_parcels_on_one_day() -> None:
    openings = [Opening(case(ref=f"IOM-2011-{n}", due=MONDAY + timedelta(days=17 * n))) for n in range(1, 12)]
    lived = simulate(WORKFLOWS, REGISTER, openings, start=MONDAY, until=UNTIL)
    mails = Counter((party, day_of(leaves, "Europe/Oslo")) for leaves, party, _ in parcels(lived))
    assert max(mails.values()) == 1


def test_every_telling_decision_is_in_exactly_one_parcel() -> None:
    lived = year("slow")
    carried = [id(it) for _, _, contents in parcels(lived) for it in contents]
    assert sorted(carried) == sorted(id(it) for it in lived if it.notice)


def test_what_is_not_told_stands_there_with_its_reason() -> None:
    lived = year(due=date(2011, 6, 1), entered_on=date(2011, 3, 1))
    quiet = [it for it in lived if it.notice is None]
    assert {it.outcome for it in quiet} == {"superseded", "inhibited"}
    assert all(it.reason for it in quiet)
