"""The year in which nobody answers: it goes up step by step, and the coordinator is never left without word."""

from collections import Counter
from datetime import date, timedelta
from itertools import pairwise

from tests.stories.forms import every_form
from tests.stories.world import World


@every_form
def test_in_the_first_months_the_unit_hears_of_its_silence_then_its_head_and_the_coordinator_all_along(
    world: World,
) -> None:
    world.live_until(date(2011, 10, 26))
    assert [mail.day for mail in world.box.to("rolf.eksempel@ud.example")] == [date(2011, 10, 24)]
    unit = [mail.day for mail in world.box.to("regionalavdelingen@ud.example")]
    assert unit == [date(2011, 8, 25), date(2011, 9, 26), date(2011, 10, 24)]
    coordinator = [mail.day for mail in world.box.to("hum@ud.example")]
    assert max(later - earlier for earlier, later in pairwise(coordinator)) <= timedelta(days=14)
    assert set(Counter(mail.message_id for mail in world.box.mails).values()) == {1}


def test_nobody_answers_and_in_the_end_the_secretary_general_hears(world: World) -> None:
    world.live_until(date(2012, 9, 30))
    mails = {address: [mail.day for mail in world.box.to(address)] for address in {it.to for it in world.box.mails}}
    assert min(mails["regionalavdelingen@ud.example"]) < min(mails["rolf.eksempel@ud.example"])
    assert min(mails["rolf.eksempel@ud.example"]) < date(2012, 2, 21) == _about(world, "utenriksraden@ud.example", "-3")
    assert {world.case(number).state for number in range(1, 8)} == {"proposed", "assigned"}


def _about(world: World, address: str, number: str) -> date:
    store = world.service.store
    letters = reversed(store.letters(ref=f"IOM-2011{number}"))
    return next(
        mail.day for letter in letters for mail in world.box.to(address) if mail.message_id == letter.message_id
    )


def test_nobody_gets_more_than_one_mail_a_day(world: World) -> None:
    world.live_until(date(2012, 9, 30))
    days = Counter((mail.to, mail.day) for mail in world.box.mails if mail.day > date(2011, 8, 25))
    assert max(days.values()) == 1


def test_the_coordinator_is_never_left_without_word_for_long(world: World) -> None:
    world.live_until(date(2012, 9, 30))
    heard = [mail.day for mail in world.box.mails if mail.to in ("gil@ud.example", "hum@ud.example")]
    gaps = [later - earlier for earlier, later in pairwise(heard)]
    assert max(gaps) <= timedelta(days=30)


def test_the_report_is_due_on_the_monday_and_the_sum_is_kept(world: World) -> None:
    (deadline,) = world.service.store.deadlines(["IOM-2011-8"])["IOM-2011-8"]
    assert (deadline.computed, deadline.value) == (date(2012, 8, 25), date(2012, 8, 27))
    assert deadline.rule == "2011-08-25 + 1y, next"


def test_every_letter_says_why_it_came_and_is_found_from_its_case(world: World) -> None:
    world.live_until(date(2011, 12, 1))
    store = world.service.store
    for letter in store.letters():
        parcel = store.parcel(letter.id)
        assert parcel.notices
        assert all(
            notice.reason and letter.id in {it.id for it in store.letters(ref=notice.ref)} for notice in parcel.notices
        )


def test_every_history_is_whole_at_the_end_of_the_year(world: World) -> None:
    world.live_until(date(2012, 9, 30))
    assert world.service.store.broken_chains() == []
