"""What breaks in the field: double sweeps, crashes, downtime, a mail server in trouble, a row that cannot be read."""

from collections import Counter
from datetime import date, time, timedelta

import pytest
from sqlalchemy import text

from engine.errors import Unreadable
from engine.simulation import Opening, parcels, simulate
from notifications.post import SendError
from tests.stories.forms import every_form
from tests.stories.world import WORKFLOWS, World, iom


def test_sweeping_twice_decides_nothing_twice(world: World) -> None:
    world.live_until(date(2011, 11, 30))
    world.clock.move_to(world.at(date(2011, 12, 1), time(6, 0)))
    first, second = world.service.desk.sweep(), world.service.desk.sweep()
    assert first.decided > 0
    assert (second.woken, second.decided, second.queued) == (0, 0, 0)


def test_two_services_on_one_database_tell_everybody_once(world: World) -> None:
    world.live_until(date(2011, 12, 15))
    before = len(world.box.mails)
    other = world.start()
    world.away_until(date(2012, 1, 31), time(6, 0))
    swept = [world.service.sweep(), other.sweep()]
    assert [it.decided > 0 for it in swept] == [True, False]
    world.away_until(date(2012, 1, 31), time(9, 0))
    for service in (world.service, other):
        service.tick()
    later = Counter(mail.to for mail in world.box.mails[before:])
    assert later
    assert max(later.values()) == 1


@every_form
def test_a_crash_between_claim_and_settle_sends_the_same_letter_again(world: World) -> None:
    world.away_until(date(2011, 9, 26))
    world.service.sweep()
    world.box.failures = [MemoryError("the process was killed")]
    try:
        world.service.tick()
    except MemoryError:
        world.service = world.start()
    world.clock.forward(minutes=11)
    world.service.tick()
    copies = Counter(mail.message_id for mail in world.box.mails)
    assert copies
    assert world.service.store.letters_count() == len(copies)
    assert all(letter.status == "sent" for letter in world.service.store.letters())


@every_form
def test_a_lost_acknowledgement_is_tried_again_with_the_same_bytes(world: World) -> None:
    world.box.failures = [SendError("no answer after the dot", unknown=True)]
    world.live_until(date(2011, 8, 26))
    copies = Counter(mail.message_id for mail in world.box.mails)
    (twice,) = [message_id for message_id, count in copies.items() if count == 2]
    assert len({mail.raw for mail in world.box.mails if mail.message_id == twice}) == 1


@every_form
def test_a_server_that_is_away_for_a_day_loses_nothing(world: World) -> None:
    world.box.failures = [SendError("connection refused", lost=True)] * 20
    for _ in range(120):
        world.clock.forward(hours=1)
        world.service.tick()
    assert all(letter.status == "sent" for letter in world.service.store.letters())
    assert max(Counter(mail.message_id for mail in world.box.mails).values()) == 1


@every_form
def test_a_letter_that_no_server_takes_is_told_to_the_coordinator(world: World) -> None:
    world.live_until(date(2011, 9, 23))
    world.away_until(date(2011, 9, 26), time(6, 0))
    world.service.sweep()
    world.away_until(date(2011, 9, 26), time(9, 0))
    world.box.failures = [SendError("550 no such mailbox", permanent=True)]
    world.service.tick()
    world.service.tick()
    (dead,) = [letter for letter in world.service.store.letters() if letter.status == "dead"]
    assert dead.address == "regionalavdelingen@ud.example"
    assert "regionalavdelingen@ud.example" in world.box.to("hum@ud.example")[-1].text


def test_downtime_in_august_2012_ends_in_one_parcel_each_and_no_lost_step(world: World) -> None:
    world.live_until(date(2012, 8, 10), time(5, 0))
    before = len(world.box.mails)
    world.away_until(date(2012, 8, 20), time(9, 0))
    world.service = world.start()
    world.live_until(date(2012, 8, 21), time(12, 0))  # back after the digests' hour: they leave the next morning
    mails = world.box.mails[before:]
    assert mails
    assert max(Counter(mail.to for mail in mails).values()) == 1
    late = [
        it for it in world.service.store.occurrences(["IOM-2011-8"])["IOM-2011-8"] if it.planned == date(2012, 8, 13)
    ]
    assert [it.outcome for it in late] == ["digest"]


def test_no_step_is_lost_whatever_the_downtime(world: World) -> None:
    for day in (date(2011, 9, 20), date(2011, 12, 30), date(2012, 3, 1), date(2012, 8, 20), date(2012, 9, 30)):
        world.away_until(day)
        world.service.tick()
    decided = {
        (it.ref, it.rule, it.step, it.key)
        for ref in (f"IOM-2011-{n}" for n in (1, 4, 5, 6))
        for it in world.service.store.occurrences([ref]).get(ref, ())
    }
    steady = _steady_year()
    assert decided == steady


def _steady_year() -> set[tuple[str, str, str, str]]:
    """What a service that is never down decides about the actions nobody owns, as the simulation tells it."""
    from tiltak.rehearsal import openings_of_file
    from tiltak.settings import Settings

    register, openings, start = openings_of_file(iom(), WORKFLOWS, Settings(), None)
    of_nobody: list[Opening] = [it for it in openings if it.case.number in ("1", "4", "5", "6")]
    lived = simulate(WORKFLOWS, register, of_nobody, start=start, until=date(2012, 9, 30))
    assert parcels(lived)
    found = set()
    for it in lived:
        if ":" not in it.rule:
            key = it.notice.key.split("|")[3] if it.notice else ""
            found.add((it.case.ref, it.rule, it.step, key))
    return found


def test_a_row_that_cannot_be_read_is_stepped_over_and_the_operator_hears(world: World) -> None:
    with world.service.store.engine.begin() as connection:
        connection.execute(text("UPDATE cases SET tags = '{broken' WHERE ref = 'IOM-2011-4'"))
    world.away_until(date(2011, 9, 8), time(6, 30))
    swept = world.service.desk.sweep()
    assert swept.passed == ["IOM-2011-4"]
    assert {it.ref for it in world.service.store.notices("IOM-2011-5")} == {"IOM-2011-5"}
    assert "operator" in {it.to for it in world.service.store.notices("IOM-2011-4")}


def test_a_case_whose_workflow_is_gone_sleeps_a_day_and_the_coordinator_hears(world: World) -> None:
    with world.service.store.engine.begin() as connection:
        connection.execute(text("UPDATE cases SET workflow = 'action/99' WHERE ref = 'IOM-2011-4'"))
    world.away_until(date(2011, 9, 8), time(6, 30))
    assert world.service.desk.sweep().passed == ["IOM-2011-4"]
    told = [it for it in world.service.store.notices("IOM-2011-4") if it.letter == "unreadable"]
    assert [(it.to, "action/99" in it.reason) for it in told] == [("unit:GIL", True)]
    assert world.service.store.next_wake() is not None
    assert world.case(4).wake_on == date(2011, 9, 8) + timedelta(days=1)


def test_a_letter_that_speaks_of_a_case_nobody_can_read_leaves_all_the_same(world: World) -> None:
    world.live_until(date(2011, 9, 7))
    for change in ("workflow = 'action/99' WHERE ref = 'IOM-2011-4'", "tags = '{broken' WHERE ref = 'IOM-2011-6'"):
        with world.service.store.engine.begin() as connection:
            connection.execute(text(f"UPDATE cases SET {change}"))
    world.live_until(date(2011, 9, 8))
    coordinators, operators = world.box.to("hum@ud.example")[-1], world.box.to("drift@ud.example")[-1]
    assert coordinators.day == operators.day == date(2011, 9, 8)
    assert "workflow 'action/99' is not loaded" in " ".join(coordinators.text.split())
    assert "[1] " in coordinators.text
    assert "IOM-2011-6" in operators.text
    assert {letter.status for letter in world.service.store.letters()} == {"sent"}


def test_pages_and_digests_do_without_a_row_that_cannot_be_read(world: World) -> None:
    with world.service.store.engine.begin() as connection:
        connection.execute(text("UPDATE cases SET tags = '{broken' WHERE ref = 'IOM-2011-4'"))
    store = world.service.store
    assert "IOM-2011-4" not in {it.ref for it in store.cases("IOM-2011")}
    assert len(store.cases("IOM-2011")) == 8
    with pytest.raises(Unreadable, match="the row of IOM-2011-4"):
        store.case("IOM-2011-4")


def test_what_happened_to_a_case_nobody_can_read_any_more_spoils_no_digest(world: World) -> None:
    world.live_until(date(2011, 9, 12))
    world.act(3, "start", "unit:REG")
    with world.service.store.engine.begin() as connection:
        connection.execute(text("UPDATE cases SET tags = '{broken' WHERE ref = 'IOM-2011-3'"))
    world.live_until(date(2011, 9, 13))
    digest = world.box.to("hum@ud.example")[-1]
    assert digest.day == date(2011, 9, 13)
    assert "IOM-2011-3" in digest.text


def test_a_service_that_is_back_at_night_writes_to_nobody_before_the_morning(world: World) -> None:
    world.live_until(date(2011, 9, 22))
    world.away_until(date(2011, 9, 24), time(6, 0))  # a Saturday: what is decided ripens on Monday
    world.service.sweep()
    before = len(world.box.mails)
    world.away_until(date(2011, 9, 26), time(22, 0))
    world.service.tick()
    assert len(world.box.mails) == before
    world.away_until(date(2011, 9, 27), time(7, 30))
    world.service.tick()
    assert len(world.box.mails) > before


def test_a_letter_that_the_server_puts_off_until_the_evening_leaves_in_the_morning(world: World) -> None:
    world.away_until(date(2011, 8, 26), time(15, 59))
    world.box.failures = [SendError("451 greylisted")] * 20
    world.service.tick()
    waiting = [it for it in world.service.store.letters() if it.status != "sent"]
    assert waiting
    world.box.failures.clear()
    for day, at in ((26, time(18, 0)), (27, time(12, 0)), (29, time(7, 29))):  # until Monday
        world.away_until(date(2011, 8, day), at)
        world.service.tick()
        assert [it for it in world.service.store.letters() if it.status != "sent"] == waiting
    world.away_until(date(2011, 8, 29), time(7, 30))
    world.service.tick()
    assert all(it.status == "sent" for it in world.service.store.letters())
