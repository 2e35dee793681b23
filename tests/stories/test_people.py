"""What people do in the year, and what follows from it: report, return, hand over, a new deadline, a late click."""

from datetime import date

import pytest

from engine.case import Errand
from engine.errors import Incomplete, NotYours, Stale
from tests.stories.forms import every_form
from tests.stories.world import World


@every_form
def test_a_report_quiets_the_reminders_and_its_return_starts_them_again(world: World) -> None:
    world.live_until(date(2011, 9, 12))
    world.act(3, "report", "unit:REG", "Henvisningen står i alle brevene.")
    assert world.case(3).statement == "Henvisningen står i alle brevene."
    world.live_until(date(2011, 9, 13))
    assert "Henvisningen står i alle brevene." in world.box.to("hum@ud.example")[-1].text
    asked = len(world.box.to("regionalavdelingen@ud.example"))
    world.act(3, "return", "unit:HUM", "Gjelder det også ambassaden i Abuja?")
    world.live_until(date(2011, 9, 14))
    returned = world.box.to("regionalavdelingen@ud.example")[asked]
    assert "Gjelder det også ambassaden i Abuja?" in returned.text
    world.live_until(date(2011, 11, 1))
    assert len(world.box.to("regionalavdelingen@ud.example")) > asked + 1


def test_a_closed_action_is_left_in_peace(world: World) -> None:
    world.live_until(date(2011, 9, 12))
    world.act(3, "report", "unit:REG", "Gjort i alle brev.")
    world.act(3, "close", "unit:HUM")
    world.live_until(date(2011, 9, 15))
    told = len(world.box.to("regionalavdelingen@ud.example"))
    world.live_until(date(2012, 9, 30))
    assert len(world.box.to("regionalavdelingen@ud.example")) == told
    assert world.case(3).wake_on is None


@every_form
def test_on_1_september_2011_the_cases_change_hands_and_both_sections_are_told(world: World) -> None:
    assert {world.case(number).owner for number in (2, 7)} == {"GIL"}
    world.live_until(date(2011, 9, 1))
    assert (world.case(2).owner, world.case(7).owner, world.case(8).owner) == ("HUM", "MRDEM", "HUM")
    assert {world.case(number).coordinator for number in range(1, 9)} == {"HUM"}
    assert [mail.day for mail in world.box.to("mrdem@ud.example")] == [date(2011, 9, 1)]
    (handed,) = [event for event in world.service.store.history("IOM-2011-7") if event.move == "hand over"]
    assert (handed.by, handed.facts["from"], handed.facts["to"]) == ("rule:responsibility", "GIL", "MRDEM")
    assert world.box.to("gil@ud.example")[-1].day < date(2011, 9, 2)


def test_a_unit_named_by_hand_keeps_the_case_when_the_subject_moves(world: World) -> None:
    world.service.desk.hand_over(Errand(ref="IOM-2011-7", move="hand over", by="unit:GIL", owner="REG"))
    world.live_until(date(2011, 10, 1))
    assert world.case(7).owner == "REG"


def test_moving_the_deadline_rearms_the_reminders_and_keeps_the_old_date(world: World) -> None:
    world.live_until(date(2012, 9, 5))
    late = [it for it in world.service.store.notices("IOM-2011-8") if it.letter == "overdue"]
    assert late
    errand = Errand(
        ref="IOM-2011-8", move="deadline", by="unit:HUM", due=date(2012, 12, 3), text="Ett svar mangler ennå"
    )
    world.service.desk.move_deadline(errand)
    world.live_until(date(2013, 1, 31))
    again = [it for it in world.service.store.notices("IOM-2011-8") if it.letter == "overdue" and it not in late]
    assert min(it.planned for it in again) == date(2012, 12, 4)
    dates = [it.value for it in world.service.store.deadlines(["IOM-2011-8"])["IOM-2011-8"]]
    assert dates == [date(2012, 8, 27), date(2012, 12, 3)]


def test_a_second_click_finds_that_the_case_has_moved_on_and_changes_nothing(world: World) -> None:
    seen = world.case(3).version
    world.act(3, "start", "unit:REG", seen=seen)
    with pytest.raises(Stale):
        world.act(3, "report", "unit:REG", "Gjort.", seen=seen)
    assert world.case(3).state == "in_progress"


def test_a_comment_is_a_sign_of_life_only_from_those_who_are_asked(world: World) -> None:
    world.live_until(date(2011, 9, 20))
    for party, since in (("unit:HUM", date(2011, 8, 25)), ("unit:REG", date(2011, 9, 20))):
        errand = Errand(ref="IOM-2011-3", move="comment", by=party, text="Hvordan går det?", through="mail")
        world.service.desk.comment(errand)
        assert world.case(3).activity_on == since
    assert [it.text for it in world.service.store.history("IOM-2011-3")][-2:] == ["Hvordan går det?"] * 2


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_what_a_stranger_says_of_a_case_is_kept_read_by_the_coordinator_and_no_sign_of_life(world: World) -> None:
    world.live_until(date(2011, 9, 20))
    errand = Errand(ref="IOM-2011-3", move="comment", by="unit:DHAKA", text="Vi har sett brevet", through="mail")
    world.service.desk.comment(errand)
    world.live_until(date(2011, 9, 21))
    assert world.case(3).activity_on == date(2011, 8, 25)
    assert "Vi har sett brevet" in " ".join(world.box.to("hum@ud.example")[-1].text.split())


def test_a_stranger_and_an_empty_answer_are_refused_and_leave_no_trace(world: World) -> None:
    before = world.service.store.history("IOM-2011-3")
    for party in ("unit:DHAKA", "person:nobody", "unit:"):
        with pytest.raises(NotYours):
            world.act(3, "start", party)
    with pytest.raises(Incomplete):
        world.act(3, "report", "unit:REG", "   ")
    assert world.service.store.history("IOM-2011-3") == before


def test_an_action_whose_owner_was_never_a_unit_can_be_assigned(world: World) -> None:
    world.live_until(date(2011, 10, 3))
    world.act(6, "assign", "unit:HUM", owner="MRDEM")
    world.live_until(date(2011, 10, 4))
    assert (world.case(6).state, world.case(6).owner, world.case(6).owner_as_written) == ("assigned", "MRDEM", "")
    assert world.case(6).question in world.box.to("mrdem@ud.example")[-1].text.replace("\n", " ")
