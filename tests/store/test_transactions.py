"""What a write transaction promises, the same on both databases."""

from datetime import date, datetime, timedelta
from threading import Barrier, Thread

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError, StatementError

from engine.errors import Crossed, NotFound, Stale, Unreadable
from store.sql import SqlStore, open_store
from tests.postgres_server import PostgresServer
from tests.store.cast import (
    DAY,
    EVALUATION,
    NOON,
    RECOMMENDATIONS,
    REGISTER,
    UD,
    a_case,
    a_deadline,
    a_hold,
    a_notice,
    a_plan,
    a_store,
    an_event,
    an_occurrence,
    claimed,
)


def test_every_noun_comes_back_as_it_went_in(store: SqlStore) -> None:
    with store.begin() as tx:
        event = tx.log(an_event())
        tx.add_deadline(a_deadline())
        tx.add_hold(a_hold())
        tx.decide([an_occurrence()])
        tx.queue([a_notice()])
        tx.add_evaluation(EVALUATION, RECOMMENDATIONS)
        tx.save(a_case().evolve(evaluation="e"), seen=1)
        inside = (tx.case("P-1"), tx.deadlines("P-1"), tx.holds("P-1"), tx.register(), tx.evaluation("e"))
    assert store.case("P-1") == a_case().evolve(evaluation="e", version=2) == inside[0]
    assert store.deadlines(["P-1"]) == {"P-1": [a_deadline()]} == {"P-1": inside[1]}
    assert store.holds(["P-1"]) == {"P-1": [a_hold()]} == {"P-1": inside[2]}
    assert store.register() == REGISTER == inside[3]
    assert store.evaluation("P-1") == (EVALUATION, RECOMMENDATIONS) == inside[4]
    assert store.history("P-1") == [event]
    assert store.occurrences(["P-1"]) == {"P-1": [an_occurrence()]}
    assert store.notices("P-1") == [a_notice()]
    assert store.organisation() == UD


def test_a_case_is_saved_once_for_each_version_that_was_seen(store: SqlStore) -> None:
    with store.begin() as tx:
        saved = tx.save(a_case().evolve(state="reported", due=None), seen=1)
    assert store.case("P-1") == saved
    with pytest.raises(Stale), store.begin() as tx:
        tx.save(a_case().evolve(state="closed"), seen=1)
    assert store.case("P-1").state == "reported"


def test_what_is_decided_or_queued_twice_stays_as_it_was_first(store: SqlStore) -> None:
    with store.begin() as tx:
        assert tx.decide([an_occurrence(), an_occurrence(step="2")]) == 2
        assert tx.decide([an_occurrence(outcome="digest"), an_occurrence(step="3")]) == 1
        assert tx.queue([a_notice()]) == 1
        assert tx.queue([a_notice(to="unit:OTHER"), a_notice(key="k2")]) == 1
        assert (tx.decide([]), tx.queue([])) == (0, 0)
    assert [it.outcome for it in store.occurrences(["P-1"])["P-1"]] == ["sent", "sent", "sent"]
    assert {it.key: it.to for it in store.notices("P-1")} == {"k": "unit:HUM", "k2": "unit:HUM"}


def test_an_alarm_is_moved_and_the_version_stays(store: SqlStore) -> None:
    with store.begin() as tx:
        tx.add(a_case(2))
    later = DAY + timedelta(days=9)
    with store.begin() as tx:
        tx.wake({"P-1": later, "P-2": None})
        tx.wake({})
    assert [store.case(f"P-{n}").wake_on for n in (1, 2)] == [later, None]
    assert store.case("P-1").version == 1


def test_a_transaction_that_fails_leaves_nothing(store: SqlStore) -> None:
    def half_done() -> None:
        with store.begin() as tx:
            tx.log(an_event())
            tx.queue([a_notice()])
            tx.save(a_case().evolve(state="reported"), seen=1)
            tx.case("P-none")

    with pytest.raises(NotFound):
        half_done()
    assert (store.history("P-1"), store.notices("P-1"), store.case("P-1").state) == ([], [], "assigned")


def test_an_instant_without_a_zone_is_refused(store: SqlStore) -> None:
    with pytest.raises(StatementError, match="naive"), store.begin() as tx:
        tx.log(an_event(at=datetime(2011, 9, 1, 12, 0)))  # noqa: DTZ001
    assert store.history("P-1") == []


def test_instants_of_any_zone_are_the_same_instant_afterwards(store: SqlStore) -> None:
    from zoneinfo import ZoneInfo

    with store.begin() as tx:
        tx.queue([a_notice(at=NOON.astimezone(ZoneInfo("Asia/Kathmandu")))])
    (notice,) = store.notices("P-1")
    assert notice.ripe_at == NOON
    assert notice.ripe_at.utcoffset() == timedelta(0)


def test_nothing_can_be_told_about_a_case_that_is_not_there(store: SqlStore) -> None:
    with pytest.raises(IntegrityError), store.begin() as tx:
        tx.decide([an_occurrence(ref="P-none")])
    with pytest.raises(IntegrityError), store.begin() as tx:
        tx.add(a_case(9, plan="NONE"))


def test_two_organisations_in_one_database_never_see_each_other(store: SqlStore, database: str) -> None:
    other = open_store(database, organisation=UD.__class__(key="kd", name=UD.name))
    with other.begin() as tx:
        tx.add(a_case("plan", ref="P", wake_on=DAY, title="Noe annet"))
    with store.begin() as tx:
        tx.log(an_event())
        tx.queue([a_notice()])
    assert [it.title for it in other.plans()] == ["Noe annet"]
    assert claimed(other) == ["P"]
    assert (other.history("P-1"), other.notices("P-1"), other.ripe(NOON)) == ([], [], [])
    with pytest.raises(NotFound):
        other.case("P-1")
    assert other.register().units == {}
    other.close()


def test_a_row_that_cannot_be_read_is_named_and_the_others_are_read(store: SqlStore) -> None:
    with store.begin() as tx:
        tx.add(a_case(2))
    with store.engine.begin() as connection:
        connection.execute(text("UPDATE cases SET facts = '{broken' WHERE ref = 'P-1'"))
    with store.begin() as tx:
        broken, whole = tx.claim(DAY, limit=9)
        assert broken == "P-1"
        assert not isinstance(whole, str)
        assert whole.case.ref == "P-2"
        tx.wake({"P-1": DAY + timedelta(days=1)})
    assert claimed(store) == ["P-2"]


def test_the_oldest_alarm_comes_first_and_only_as_many_as_asked_for(store: SqlStore) -> None:
    with store.begin() as tx:
        tx.add(a_case(2, wake_on=DAY - timedelta(days=3)))
        tx.add(a_case(3, wake_on=DAY + timedelta(days=1)))
        tx.add(a_case(4, wake_on=None))
        tx.decide([an_occurrence(ref="P-2")])
        tx.add_hold(a_hold("P-2"))
    with store.begin() as tx:
        first, second = tx.claim(DAY, limit=9)
        assert len(tx.claim(DAY, limit=1)) == 1
    assert not isinstance(first, str)
    assert not isinstance(second, str)
    assert (first.case.ref, [tuple(it) for it in first.decided]) == ("P-2", [("due", "1", "due/1", "sent", 2)])
    assert ([it.rule for it in first.holds], second.case.ref) == (["due"], "P-1")
    assert store.next_wake() == DAY - timedelta(days=3)


def test_enrolling_again_updates_by_key_and_forgets_nobody(store: SqlStore) -> None:
    renamed = REGISTER.units["HUM"].__class__(code="NY", name=UD.name, mailbox="ny@ud.example")
    with store.begin() as tx:
        tx.enrol(REGISTER.__class__(organisation=UD, units={"NY": renamed}, persons={}, responsibilities=()))
    after = store.register()
    assert set(after.units) == {"HUM", "NY"}
    assert set(after.persons) == {"leder"}
    assert after.responsibilities == ()


def test_a_date_is_a_date_on_both_sides_of_the_calendar(store: SqlStore) -> None:
    with store.begin() as tx:
        for number, day in enumerate((date(1900, 1, 1), date(2400, 2, 29)), 2):
            tx.add(a_case(number, due=day))
    assert [store.case(f"P-{n}").due for n in (2, 3)] == [date(1900, 1, 1), date(2400, 2, 29)]


@pytest.mark.postgres
def test_of_two_who_wait_for_each_other_one_passes_and_the_other_hears_of_it(postgres: PostgresServer) -> None:
    url = postgres.fresh()
    one = a_store(url, cases=2)
    other = open_store(url, organisation=UD)
    outcomes: list[str] = []

    def change(store: SqlStore, first: str, then: str, met: Barrier) -> None:
        try:
            with store.begin() as tx:
                tx.save(tx.case(first), seen=1)
                met.wait()
                tx.save(tx.case(then), seen=1)
            outcomes.append("passed")
        except Crossed:
            outcomes.append("crossed")

    met = Barrier(2)
    threads = [
        Thread(target=change, args=(one, "P-1", "P-2", met)),
        Thread(target=change, args=(other, "P-2", "P-1", met)),
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    one.close()
    other.close()
    assert sorted(outcomes) == ["crossed", "passed"]


def test_what_cannot_be_read_of_a_plan_keeps_nobody_from_dating_the_report_on_it(store: SqlStore) -> None:
    with store.begin() as tx:
        tx.add(a_case(2, kind="report", due=DAY))
    with store.engine.begin() as connection:
        connection.execute(text("UPDATE cases SET tags = '{broken' WHERE ref = 'P'"))
    with store.begin() as tx:
        assert [(it.ref, it.due) for it in tx.reports("P")] == [("P", a_plan().due), ("P-2", DAY)]
        with pytest.raises(Unreadable):
            tx.case("P")
