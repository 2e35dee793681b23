"""Parcels are packed once, letters are leased to one sender at a time, and bytes are written once."""

from datetime import datetime, timedelta
from threading import Barrier, Thread

import pytest

from engine.errors import NotFound
from engine.notice import Arrived, Finished, Letter, Packing
from store.sql import SqlStore, open_store
from tests.store.cast import NOON, UD, a_notice, a_parcel, packed

LEASE = timedelta(minutes=10)


def queue(store: SqlStore, *keys: str, at: datetime = NOON) -> None:
    with store.begin() as tx:
        tx.queue([a_notice(key, at=at) for key in keys])


def pack(store: SqlStore, *keys: str, at: datetime = NOON) -> bool:
    return packed(store, a_parcel(f"letter-{keys[0]}", *map(a_notice, keys), at=at), f"<{keys[0]}@ud.example>")


def claim(store: SqlStore, at: datetime = NOON, limit: int = 9) -> list[Letter]:
    return list(store.claim(at, until=at + LEASE, limit=limit))


def test_a_notice_is_ripe_from_its_instant_until_it_is_packed(store: SqlStore) -> None:
    queue(store, "a", "b")
    queue(store, "late", at=NOON + timedelta(hours=1))
    assert store.ripe(NOON - timedelta(seconds=1)) == []
    assert store.ripe(NOON) == ["unit:HUM"]
    assert [it.key for it in store.waiting(["unit:HUM"])["unit:HUM"]] == ["a", "b", "late"]
    assert store.next_ripe() == NOON
    assert pack(store, "a", "b")
    assert store.ripe(NOON) == []
    assert store.next_ripe() == NOON + timedelta(hours=1)
    assert store.last_packed(["unit:HUM"]) == {"unit:HUM": NOON}
    assert {ref: [it.key for it in those] for ref, those in store.waiting_notices(["P-1"]).items()} == {"P-1": ["late"]}


def test_what_is_packed_cannot_be_packed_again_nor_half_of_it(store: SqlStore) -> None:
    queue(store, "a", "b")
    assert pack(store, "a")
    assert not pack(store, "b", "a")
    assert [it.key for it in store.waiting(["unit:HUM"])["unit:HUM"]] == ["b"]
    assert store.letters_count() == 1


def test_of_several_parcels_all_are_packed_or_none(store: SqlStore) -> None:
    queue(store, "a", "b")
    assert pack(store, "a")
    two = [Packing(parcel=a_parcel(f"two-{key}", a_notice(key)), message_id=f"<two-{key}@x>") for key in ("b", "a")]
    assert not store.pack(two)
    assert [it.key for it in store.waiting(["unit:HUM"])["unit:HUM"]] == ["b"]
    assert store.pack(two[:1])


def test_overtaken_notices_are_set_aside_and_stay_on_record(store: SqlStore) -> None:
    queue(store, "a", "b")
    assert packed(store, a_parcel("l", a_notice("a")), "<l@x>", overtaken=("b",))
    assert store.waiting(["unit:HUM"]) == {}
    assert [it.key for it in store.notices("P-1")] == ["a", "b"]
    assert [it.key for it in store.notices_in(["l"])["l"]] == ["a"]


def test_a_parcel_comes_back_as_it_was_packed(store: SqlStore) -> None:
    queue(store, "a", "b")
    assert pack(store, "a", "b")
    assert store.parcel("letter-a") == a_parcel("letter-a", a_notice("a"), a_notice("b"))
    with pytest.raises(NotFound):
        store.parcel("none")


def test_a_letter_is_leased_to_one_and_free_again_when_the_lease_runs_out(store: SqlStore) -> None:
    queue(store, "a")
    pack(store, "a")
    (first,) = claim(store)
    assert (first.attempts, first.status, first.raw) == (1, "leased", None)
    assert claim(store, NOON + LEASE - timedelta(seconds=1)) == []
    (again,) = claim(store, NOON + LEASE)
    assert (again.id, again.attempts) == (first.id, 2)


def test_a_letter_that_is_given_back_is_free_at_once_unless_it_is_somebody_elses_by_now(store: SqlStore) -> None:
    queue(store, "a", "b")
    pack(store, "a")
    pack(store, "b")
    mine = claim(store)
    store.settle([Arrived(id=mine[1].id, at=NOON, reply="250 ok")])
    store.release(mine)
    (again,) = claim(store, at=NOON + timedelta(seconds=1))
    assert (again.id, again.attempts) == (mine[0].id, 2)
    store.release(mine)  # too late: another node has it now
    assert claim(store, at=NOON + timedelta(seconds=2)) == []
    assert store.letter(mine[1].id).status == "sent"


def test_senders_at_the_same_time_never_get_the_same_letter(store: SqlStore, database: str) -> None:
    keys = [f"k{number:02d}" for number in range(24)]
    queue(store, *keys)
    for key in keys:
        pack(store, key)
    got: list[str] = []
    together = Barrier(4)

    def send() -> None:
        mine = open_store(database, organisation=UD)
        together.wait(10)
        while letters := claim(mine, limit=2):
            got.extend(letter.id for letter in letters)
        mine.close()

    senders = [Thread(target=send) for _ in range(4)]
    for sender in senders:
        sender.start()
    for sender in senders:
        sender.join(30)
    assert sorted(got) == [f"letter-{key}" for key in keys]


def test_the_first_bytes_written_are_the_bytes_for_good(store: SqlStore) -> None:
    queue(store, "a")
    pack(store, "a")
    assert store.write([Finished(id="letter-a", raw=b"first", subject="Emne")]) == {"letter-a": b"first"}
    assert store.write([Finished(id="letter-a", raw=b"second", subject="Annet")]) == {"letter-a": b"first"}
    letter = store.letter("letter-a")
    assert (letter.raw, letter.subject) == (b"first", "Emne")
    (claimed,) = claim(store)
    assert claimed.raw == b"first"
    assert [it.raw for it in store.letters()] == [None]


def test_a_settled_letter_is_never_claimed_again(store: SqlStore) -> None:
    queue(store, "a")
    pack(store, "a")
    claim(store)
    store.settle([Arrived(id="letter-a", at=NOON, reply="250 OK")])
    assert claim(store, NOON + timedelta(days=365)) == []
    assert (store.letter("letter-a").status, store.letter("letter-a").last_reply) == ("sent", "250 OK")


def test_a_letter_that_waits_comes_back_at_its_time_and_keeps_what_is_known(store: SqlStore) -> None:
    queue(store, "a")
    pack(store, "a")
    (letter,) = claim(store)
    later = NOON + timedelta(hours=2)
    store.back_off(letter, later, why="451 busy", unknown=True)
    assert claim(store, later - timedelta(seconds=1)) == []
    assert store.letter("letter-a").status == "unknown"
    (again,) = claim(store, later)
    assert (again.attempts, again.last_reply) == (2, "451 busy")


def test_a_letter_put_off_by_a_clock_that_had_leapt_does_not_wait_for_that_day(store: SqlStore) -> None:
    queue(store, "a")
    pack(store, "a")
    (letter,) = claim(store)
    store.back_off(letter, NOON + timedelta(days=400, minutes=1), why="451 busy")
    assert [it.id for it in claim(store, NOON + timedelta(minutes=1))] == ["letter-a"]
    (leapt,) = store.claim(NOON + timedelta(hours=1), until=NOON + timedelta(days=400), limit=9)
    assert [it.id for it in claim(store, NOON + timedelta(hours=2))] == [leapt.id]


def test_a_dead_letter_and_the_notice_about_it_are_one_transaction(store: SqlStore) -> None:
    queue(store, "a")
    pack(store, "a")
    (letter,) = claim(store)
    for _ in range(2):
        store.bury(letter, NOON, why="550", notices=[a_notice("dead", to="unit:GIL")], refused="a@b")
    assert store.letter("letter-a").status == "dead"
    assert store.register().refused == {"a@b": "550"}
    assert [it.key for it in store.waiting(["unit:GIL"])["unit:GIL"]] == ["dead"]
    assert claim(store, NOON + timedelta(days=9)) == []


def test_letters_that_have_arrived_are_noted_together_each_with_its_own_facts(store: SqlStore) -> None:
    queue(store, "a", "b")
    pack(store, "a")
    pack(store, "b")
    claim(store)
    store.write([Finished(id=f"letter-{it}", raw=b"secret", subject=it) for it in "ab"])
    store.settle(
        [
            Arrived(id="letter-a", at=NOON, reply="250 first", raw=b"shorter"),
            Arrived(id="letter-b", at=NOON + timedelta(seconds=1), reply="250 second"),
        ]
    )
    found = [store.letter(f"letter-{it}") for it in "ab"]
    assert [(it.status, it.last_reply, it.raw, it.subject) for it in found] == [
        ("sent", "250 first", b"shorter", "a"),
        ("sent", "250 second", b"secret", "b"),
    ]
    assert [it.sent_at for it in found] == [NOON, NOON + timedelta(seconds=1)]


def test_a_node_that_was_too_slow_takes_nothing_back_from_the_one_that_sent_the_letter(store: SqlStore) -> None:
    queue(store, "a")
    pack(store, "a")
    (slow,) = claim(store)
    later = NOON + timedelta(hours=1)
    (quick,) = claim(store, later)
    store.back_off(slow, later, why="451 busy")
    assert (store.letter("letter-a").status, claim(store, later)) == ("leased", [])
    store.settle([Arrived(id=quick.id, at=later, reply="250 OK")])
    store.back_off(slow, later, why="no answer", unknown=True)
    store.bury(slow, later, why="550 no such mailbox", notices=[a_notice("dead", to="unit:GIL")])
    assert (store.letter("letter-a").status, store.letter("letter-a").last_reply) == ("sent", "250 OK")
    assert store.waiting(["unit:GIL"]) == {}


def test_letters_are_paged_newest_first_and_found_by_case(store: SqlStore) -> None:
    for number in range(5):
        queue(store, f"k{number}")
        pack(store, f"k{number}", at=NOON + timedelta(hours=number // 2))  # some at the same instant
    pages: list[str] = []
    while page := store.letters(limit=2, before=pages[-1] if pages else ""):
        pages += [it.id for it in page]
    assert pages == ["letter-k4", "letter-k3", "letter-k2", "letter-k1", "letter-k0"]
    assert len(store.letters(ref="P-1")) == 5
    assert store.letters(ref="P") == []
