"""One parcel for each person and round, held outside the window, set aside when overtaken; on the real store."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text

from engine.notice import Notice
from notifications.packing import kind_of, pack_ripe, parcel_id, sort_out
from store.migrate import migrate
from store.sql import SqlStore
from tests.store.cast import NOON, a_case, a_notice, a_store
from tests.store.test_queries import counted


@pytest.fixture
def store(tmp_path: Path):  # type: ignore[no-untyped-def]
    url = f"sqlite:///{tmp_path / 'tiltak.db'}"
    migrate(url)
    opened = a_store(url, cases=4)
    yield opened
    opened.close()


def about(number: int, **more: object) -> Notice:
    return replace(a_notice(f"k{number}", f"P-{number}"), state="assigned", **more)  # type: ignore[arg-type]


def queue(store: SqlStore, *notices: Notice) -> None:
    with store.begin() as tx:
        assert tx.queue(notices) == len(notices)


def pack(store: SqlStore, at: datetime = NOON) -> int:
    return pack_ripe(store, store, now=at, host="ud.example")


def test_everything_for_one_person_is_one_parcel(store: SqlStore) -> None:
    queue(store, about(1), about(2), about(3, to="person:leder"))
    assert pack(store) == 2
    letters = {it.party: it for it in store.letters()}
    assert {party: it.kind for party, it in letters.items()} == {"unit:HUM": "bundle", "person:leder": "letter"}
    assert letters["person:leder"].address == "ase@ud.example"
    assert [it.ref for it in store.parcel(letters["unit:HUM"].id).notices] == ["P-1", "P-2"]
    assert letters["unit:HUM"].message_id == f"<t.{letters['unit:HUM'].id}@ud.example>"


def test_packing_again_makes_no_second_letter(store: SqlStore) -> None:
    queue(store, about(1))
    assert (pack(store), pack(store), pack(store, NOON + timedelta(days=9))) == (1, 0, 0)


def test_what_is_not_ripe_waits_until_something_is_and_then_goes_along(store: SqlStore) -> None:
    later = NOON + timedelta(days=2)
    queue(store, about(1, ripe_at=later))
    assert pack(store, later - timedelta(seconds=1)) == 0
    queue(store, about(2))
    assert pack(store) == 1
    (letter,) = store.letters()
    assert {it.ref for it in store.parcel(letter.id).notices} == {"P-1", "P-2"}
    assert store.waiting(["unit:HUM"]) == {}


def test_what_ripened_while_the_service_was_away_is_held_outside_the_hours(store: SqlStore) -> None:
    queue(store, about(1))
    night = NOON + timedelta(hours=12)
    assert (pack(store, night), pack(store, night + timedelta(hours=12))) == (0, 1)


def test_a_reminder_that_was_overtaken_is_set_aside_and_what_people_did_is_still_told(store: SqlStore) -> None:
    with store.begin() as tx:
        tx.save(a_case().evolve(state="reported"), seen=1)
    queue(store, about(1), replace(about(1), key="moved", rule="move:report"), about(2))
    assert pack(store) == 1
    (letter,) = store.letters()
    assert [it.key for it in store.parcel(letter.id).notices] == ["k2", "moved"]
    assert store.waiting(["unit:HUM"]) == {}


def test_when_everything_was_overtaken_no_letter_is_sent_and_nothing_waits(store: SqlStore) -> None:
    with store.begin() as tx:
        tx.save(a_case().evolve(state="closed"), seen=1)
    queue(store, about(1))
    pack(store)
    assert store.letters() == []
    assert store.next_ripe() is None


def test_somebody_who_cannot_be_reached_any_more_is_not_written_to_in_vain(store: SqlStore) -> None:
    with store.begin() as tx:
        register = tx.register()
        left = replace(register.persons["leder"], active=False)
        tx.enrol(
            replace(
                register, persons={"leder": left}, organisation=replace(register.organisation, operator="it@ud.example")
            )
        )
    queue(store, about(1, to="person:leder"))
    pack(store)
    (letter,) = store.letters()
    assert (letter.party, letter.address) == ("unit:HUM", "hum@ud.example")
    assert [it.instead_of for it in store.parcel(letter.id).notices] == ["Åse Eksempel"]


def test_nobody_waits_because_somebody_elses_letter_cannot_be_packed(store: SqlStore) -> None:
    queue(store, about(1, to="person:leder"), about(2), about(3, to="unit:GIL"))
    with store.engine.begin() as connection:
        connection.execute(text("UPDATE notices SET planned = 'broken' WHERE key = 'k1'"))
    with pytest.raises(ValueError, match="broken"):
        pack(store)
    assert {notice.key for it in store.letters() for notice in store.parcel(it.id).notices} == {"k2", "k3"}


def test_everybody_is_packed_for_in_one_round_however_many_there_are(store: SqlStore) -> None:
    many = range(600)
    with store.begin() as tx:
        register = tx.register()
        units = {f"U{n}": replace(register.units["HUM"], code=f"U{n}", mailbox=f"u{n}@ud.example") for n in many}
        tx.enrol(replace(register, units={**register.units, **units}))
    queue(store, *(replace(about(1), key=f"to-{n}", to=f"unit:U{n}") for n in many))
    assert len(store.ripe(NOON)) == len(many)
    with counted(store) as asked:
        assert pack(store) == len(many)
    assert len(asked) < 40


def test_a_parcel_remembers_when_the_one_before_it_was_packed(store: SqlStore) -> None:
    queue(store, about(1))
    pack(store)
    queue(store, about(2))
    pack(store, NOON + timedelta(days=1))
    newest = store.letters()[0]
    assert store.parcel(newest.id).since == NOON


def test_a_coordinators_news_is_a_digest_and_a_single_urgent_word_a_letter() -> None:
    line = about(1, role="coordinator", via="digest")
    urgent = about(2, role="coordinator")
    assert kind_of([line]) == "digest"
    assert kind_of([urgent]) == "letter"
    assert kind_of([urgent, about(3, role="coordinator")]) == "digest"
    assert kind_of([about(1), about(2)]) == "bundle"
    assert kind_of([about(1), replace(about(1), key="other")]) == "letter"


@given(st.lists(st.text(), min_size=1, unique=True), st.randoms())
def test_the_same_contents_are_the_same_parcel_in_any_order(keys: list[str], dice: object) -> None:
    shuffled = list(keys)
    dice.shuffle(shuffled)  # type: ignore[attr-defined]
    assert parcel_id(keys) == parcel_id(shuffled)
    assert len(parcel_id(keys)) == 26
    assert parcel_id(keys) != parcel_id([*keys, "one more"])


def test_a_notice_about_a_case_that_is_gone_still_goes() -> None:
    going, overtaken = sort_out([about(1)], {})
    assert (len(going), overtaken) == (1, [])


def test_instants_are_compared_as_instants(store: SqlStore) -> None:
    oslo = datetime(2011, 9, 1, 12, 0, tzinfo=UTC).astimezone(UTC)
    queue(store, about(1, ripe_at=oslo))
    assert pack(store, NOON) == 0
    assert pack(store, oslo) == 1
