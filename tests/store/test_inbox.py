"""Mail that came in is kept once, read by one at a time, and settled in the transaction of its effects."""

from dataclasses import replace
from datetime import timedelta

import pytest

from engine.absent import accept, decline
from engine.errors import NotFound, Refused
from engine.inbound import Inbound, Received
from engine.suggested import Suggestion
from store.sql import SqlStore
from tests.store.cast import DAY, NOON, an_event

MAIL = b"Message-ID: <a@x.example>\r\nFrom: hum@ud.example\r\nSubject: SV: 3\r\n\r\ngjort\r\n"
SOON = NOON + timedelta(minutes=10)


def kept(store: SqlStore, raw: bytes = MAIL, rcpt: str = "") -> str:
    return store.keep(Received(source="imap", raw=raw, rcpt=rcpt), NOON)


def claimed(store: SqlStore) -> list[Inbound]:
    return list(store.claim_inbound(NOON, until=SOON, limit=10))


def test_the_same_mail_by_two_ways_is_kept_once(store: SqlStore) -> None:
    traced = b"Received: from a by b;\r\n\tMon, 1 Jan 2012\r\nDelivered-To: svar@ud.example\r\n" + MAIL
    assert [kept(store), kept(store, MAIL.replace(b"\r\n", b"\n")), kept(store, traced)] == ["new", "known", "known"]
    assert len(store.inbounds()) == 1


def test_a_mail_to_two_of_our_addresses_is_two_mails(store: SqlStore) -> None:
    assert [kept(store, rcpt="svar+a@ud.example"), kept(store, rcpt="svar+b@ud.example")] == ["new", "new"]


def test_other_words_under_a_known_message_id_are_kept_and_flagged(store: SqlStore) -> None:
    assert [kept(store), kept(store, MAIL + b"og mer\r\n")] == ["new", "twin"]
    second, first = store.inbounds()
    assert (first.twin, second.twin) == (0, first.id)


def test_mails_without_a_message_id_are_told_apart_by_what_they_say(store: SqlStore) -> None:
    assert [kept(store, b"Subject: a\n\nx"), kept(store, b"Subject: a\n\ny"), kept(store, b"Subject: a\n\nx")] == [
        "new",
        "new",
        "known",
    ]


def test_zero_bytes_and_half_characters_are_no_hindrance(store: SqlStore) -> None:
    assert store.keep(Received(source="pipe", raw=b"\0\xff", rcpt="a\0@\udcff", envelope_from="\0"), NOON) == "new"
    assert store.inbounds()[0].rcpt == "a@?"


def test_a_mail_is_claimed_by_one_until_its_lease_runs_out(store: SqlStore) -> None:
    kept(store)
    [mine] = claimed(store)
    assert (mine.raw, mine.attempts, mine.message_id) == (MAIL, 1, "<a@x.example>")
    assert claimed(store) == []
    [again] = store.claim_inbound(SOON, until=SOON + timedelta(minutes=10), limit=10)
    assert again.attempts == 2


def test_what_came_of_a_mail_is_written_with_its_effects_or_not_at_all(store: SqlStore) -> None:
    kept(store)
    [mine] = claimed(store)
    done = replace(mine, state="done", kind="reply", ref="P-1", outcome="done", settled_at=NOON)

    def settle(ref: str) -> None:
        with store.begin() as tx:
            tx.log(an_event())
            assert tx.settle_inbound(mine, done)
            tx.case(ref)

    with pytest.raises(NotFound):
        settle("P-99")
    assert (store.inbound(mine.id).state, store.history("P-1")) == ("leased", [])
    settle("P-1")
    assert store.inbound(mine.id) == done
    with store.begin() as tx:
        assert not tx.settle_inbound(mine, done)  # it is settled already


def test_whoever_was_too_slow_settles_nothing(store: SqlStore) -> None:
    kept(store)
    [mine] = claimed(store)
    store.claim_inbound(SOON, until=SOON + timedelta(minutes=10), limit=10)
    with store.begin() as tx:
        assert not tx.settle_inbound(mine, replace(mine, state="done"))


def test_the_tray_holds_what_somebody_must_look_at_and_bytes_are_forgotten_only_of_what_is_settled(
    store: SqlStore,
) -> None:
    for number in range(3):
        kept(store, b"Subject: %d\n\nx" % number)
    first, second, _third = claimed(store)
    with store.begin() as tx:
        tx.settle_inbound(first, replace(first, state="held", error="who is it?"))
        tx.settle_inbound(second, replace(second, state="done", settled_at=NOON))
    assert [(it.id, it.raw, it.waits) for it in store.tray()] == [(first.id, None, True)]
    assert (store.forget_bytes(NOON), store.forget_bytes(SOON), store.forget_bytes(SOON)) == (0, 1, 0)
    assert [store.inbound(it.id).raw is None for it in (first, second)] == [False, True]
    assert [it.id for it in store.inbounds(before=second.id)] == [first.id]
    with pytest.raises(NotFound):
        store.inbound(99)


def test_how_far_a_mailbox_was_read_is_remembered(store: SqlStore) -> None:
    assert store.last_read("imap:a") is None
    store.read_up_to("imap:a", 4_294_967_295, 7, NOON)
    store.read_up_to("imap:a", 2, 9, SOON)
    assert store.last_read("imap:a") == (2, 9, SOON)


def suggested(store: SqlStore) -> Suggestion:
    kept(store)
    [mine] = claimed(store)
    note = Suggestion(id=mine.id, person="leder", first=DAY, last=DAY, at=NOON)
    with store.begin() as tx:
        tx.enrol(replace(tx.register(), absences=()))
        tx.keep_suggestion(note)
    return note


def test_an_absence_that_a_machine_tells_of_is_one_when_somebody_accepts_it(store: SqlStore) -> None:
    note = suggested(store)
    assert (store.suggestions(), store.register().absences) == ([note], ())
    accept(store, note.id, by="operator", last=DAY + timedelta(days=7))
    [absence] = store.register().absences
    assert (absence.person, absence.first, absence.last) == ("leder", DAY, DAY + timedelta(days=7))
    assert store.suggestions() == []
    with pytest.raises(Refused, match="accepted already"):
        decline(store, note.id, by="operator")


def test_a_suggestion_that_makes_no_sense_stays_open_and_one_that_is_declined_changes_nothing(store: SqlStore) -> None:
    note = suggested(store)
    with pytest.raises(NotFound):
        accept(store, note.id, by="operator", substitute="nobody")
    assert store.suggestions() == [note]
    decline(store, note.id, by="operator")
    assert (store.suggestions(), store.register().absences) == ([], ())
    with pytest.raises(NotFound):
        accept(store, 99, by="operator")
