"""A rule may move a case that nobody has begun: once, told to everybody, and never past what somebody has just done."""

from collections.abc import Iterator
from datetime import date

import pytest

from engine.case import Case, Occurrence
from tests.stories.moving_rules import TAKEN_BACK
from tests.stories.world import World, iom

TAKEN = date(2011, 9, 15)  # 15 working days after Thursday 25 August


@pytest.fixture
def moving(database: str) -> Iterator[World]:
    world = World(iom(), database, TAKEN_BACK)
    yield world
    world.end()


def test_what_nobody_begins_is_taken_back_and_both_sides_hear_of_it(moving: World) -> None:
    assert moving.case(3).state == "assigned"
    moving.live_until(TAKEN)
    taken = moving.case(3)
    assert (taken.state, taken.entered_on) == ("proposed", TAKEN)
    assert [it.day for it in moving.box.to("regionalavdelingen@ud.example")][-1] == TAKEN
    assert "ta tilbake" in moving.box.to("hum@ud.example")[-1].text
    last = moving.service.store.history(taken.ref)[-1]
    assert (last.by, last.move, last.source, last.dest, last.through) == (
        "rule:unbegun",
        "take_back",
        "assigned",
        "proposed",
        "rule",
    )
    assert [it.outcome for it in _occurrences(moving, taken) if it.rule == "unbegun"] == ["sent", "moved"]


def test_a_move_by_rule_is_no_sign_of_life_from_anybody(moving: World) -> None:
    before = moving.case(3).activity_on
    moving.live_until(TAKEN)
    assert moving.case(3).activity_on == before


def test_the_rules_of_the_new_state_count_from_the_day_of_the_move(moving: World) -> None:
    moving.live_until(date(2011, 9, 30))
    told = [it for it in moving.service.store.notices(moving.case(3).ref) if it.rule == "unowned"]
    assert [it.planned for it in told] == [date(2011, 9, 29)]  # 10 working days after the move


def test_what_somebody_has_begun_is_left_alone(moving: World) -> None:
    moving.live_until(date(2011, 9, 14))
    moving.act(3, "start", "unit:REG")
    moving.live_until(date(2011, 10, 14))
    assert moving.case(3).state == "in_progress"


def test_after_an_absence_of_the_service_the_move_is_made_on_the_day_it_is_back(moving: World) -> None:
    moving.away_until(date(2011, 10, 3))
    moving.live_until(date(2011, 10, 3))
    taken = moving.case(3)
    assert (taken.state, taken.entered_on) == ("proposed", date(2011, 10, 3))
    assert [it.outcome for it in _occurrences(moving, taken) if it.rule == "unbegun"] == ["superseded", "moved"]


def test_two_sweeps_at_once_move_it_once(moving: World) -> None:
    moving.away_until(TAKEN)
    other = moving.start()
    moving.service.sweep()
    other.sweep()
    assert [it.move for it in moving.service.store.history(moving.case(3).ref)].count("take_back") == 1


def test_the_coming_move_is_foreseen_with_all_that_follows_it(moving: World) -> None:
    coming = moving.service.desk.forecast([moving.case(3)], until=date(2011, 9, 30))
    seen = [(it.day, it.firing.rule, it.firing.outcome, it.case.state) for it in coming if it.told]
    assert seen == [
        (date(2011, 9, 1), "unbegun", "sent", "assigned"),
        (TAKEN, "unbegun", "moved", "assigned"),
        (date(2011, 9, 29), "unowned", "sent", "proposed"),
    ]
    moved = next(it for it in coming if it.firing.moves)
    assert {recipient.party for _, recipient in moved.told} >= {"unit:REG", "unit:HUM"}  # HUM coordinates by then


def _occurrences(world: World, case: Case) -> list[Occurrence]:
    return sorted(world.service.store.occurrences([case.ref])[case.ref], key=lambda it: it.planned)
