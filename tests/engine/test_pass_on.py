"""A colleague gets the case by a letter of their own; and whoever has lost a link gets a fresh one, once an hour."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from engine.case import Case, Errand
from engine.errors import NotFound, NotYours, Refused
from engine.fresh import fresh_link
from engine.link import Link, Shown
from engine.notice import Notice
from engine.pass_on import pass_on
from engine.workflow import Workflows
from store.sql import SqlStore, open_store
from tests.engine.cast import REGISTER, WORKFLOW, case, person

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)
NOW = datetime(2011, 9, 7, 10, 30, tzinfo=UTC)
TODAY = date(2011, 9, 7)
REF, OTHER = "IOM-2011-3", "IOM-2011-4"
WORKFLOWS = Workflows.of(WORKFLOW)
PERSONS = {
    **REGISTER.persons,
    "left": person("left", "HUM", active=False),
    "mute": replace(person("mute", "HUM"), address=""),
}


@pytest.fixture
def store(database: str) -> Iterator[SqlStore]:
    opened = open_store(database, organisation=REGISTER.organisation)
    with opened.begin() as tx:
        tx.enrol(replace(REGISTER, persons=PERSONS))
        for ref in (REF, OTHER):
            tx.add(case(ref=ref, parent="", plan=ref, rules=WORKFLOW.fingerprint))
    yield opened
    opened.close()


def passed(store: SqlStore, to: str = "stranger", by: str = "unit:HUM", **more: object) -> Case:
    errand = Errand(**{"ref": REF, "move": "", "by": by, "through": "link", "text": "Kan du?", **more})  # type: ignore[arg-type]
    found = pass_on(store, WORKFLOWS, errand, to=to, now=NOW)
    assert (found.outcome, found.event) == ("done", store.history(REF)[-1])
    return found.case


def test_a_case_that_is_passed_on_moves_nowhere_and_both_hear_of_it_at_once(store: SqlStore) -> None:
    before = store.case(REF)
    after = passed(store)
    assert after == before.evolve(activity_on=TODAY, version=2, wake_on=after.wake_on) == store.case(REF)
    assert after.wake_on is not None
    (event,) = store.history(REF)
    assert (event.move, event.by, event.text, event.facts) == (
        "pass on", "unit:HUM", "Kan du?", {"passed to": "person:stranger"},
    )  # fmt: skip
    told = {(it.to, it.letter, it.role, it.event_seq, it.decided_at) for it in store.notices(REF)}
    assert told == {
        ("person:stranger", "passed_on", "copies", 1, NOW),
        ("unit:HUM", "receipt", "responsible", 1, NOW),
        ("unit:GIL", "digest", "coordinator", 1, NOW),
    }


@pytest.mark.parametrize("to", ["officer", "officer@ud.example", " Officer@UD.example \n"])
def test_a_colleague_is_found_by_key_or_address(store: SqlStore, to: str) -> None:
    passed(store, to)
    assert store.history(REF)[-1].facts == {"passed to": "person:officer"}


def test_it_is_a_sign_of_life_from_those_who_are_asked_and_from_nobody_else(store: SqlStore) -> None:
    before = store.case(REF).activity_on
    assert passed(store, by="unit:GIL").activity_on == before
    assert passed(store, by="person:hum-head").activity_on == TODAY


@pytest.mark.parametrize(
    ("to", "by", "kind", "sentence"),
    [
        ("nobody", "unit:HUM", NotFound, "there is no colleague 'nobody'"),
        ("", "unit:HUM", NotFound, "there is no colleague ''"),
        ("left", "unit:HUM", NotFound, "there is no colleague 'left'"),
        ("mute", "unit:HUM", Refused, "Mute has no address that a letter reaches"),
        ("officer", "person:officer", Refused, "that is yourself"),
        ("officer", "unit:DHAKA", NotYours, "unit:DHAKA may not pass on: that is for responsible or head"),
    ],
)
def test_to_whom_it_cannot_be_passed_and_by_whom_it_is_said(
    store: SqlStore, to: str, by: str, kind: type[Exception], sentence: str
) -> None:
    with pytest.raises(kind) as refused:
        passed(store, to, by)
    assert str(refused.value).startswith(sentence)
    assert (store.history(REF), store.notices(REF)) == ([], [])


def link(party: str = "unit:HUM", **more: object) -> Link:
    shown = tuple(Shown(ref=ref, number=ref[-1], seen=1, known=0) for ref in (REF, OTHER))
    facts: dict[str, object] = {"digest": "d", "purpose": "page", "letter": "l", "made_at": NOW, "expires_at": NOW}
    return Link(party=party, cases=shown, **(facts | more))  # type: ignore[arg-type]


def test_a_fresh_link_is_a_letter_at_once_for_every_case_of_the_old_one(store: SqlStore) -> None:
    assert fresh_link(store, link(), now=NOW)
    assert [*store.notices(REF), *store.notices(OTHER)] == [
        Notice(
            key=f"{ref}|fresh_link|2011-09-07T10|unit:HUM", ref=ref, to="unit:HUM", role="responsible",
            letter="fresh_link", via="now", rule="system:link", reason="a fresh link was asked for", planned=TODAY,
            decided_at=NOW, ripe_at=NOW, state="assigned",
        )
        for ref in (REF, OTHER)
    ]  # fmt: skip


def test_however_often_somebody_asks_one_letter_leaves_within_the_hour(store: SqlStore) -> None:
    assert [fresh_link(store, link(), now=NOW + timedelta(minutes=minutes)) for minutes in (0, 29, 30)] == [
        True, False, True,
    ]  # fmt: skip
    assert fresh_link(store, link("person:officer"), now=NOW)


def test_for_a_link_that_was_revoked_there_is_no_fresh_one(store: SqlStore) -> None:
    assert not fresh_link(store, link(revoked_at=NOW), now=NOW)
    assert store.notices(REF) == []


def test_a_fresh_link_is_good_for_as_much_as_the_one_by_which_the_case_was_passed_on(store: SqlStore) -> None:
    passed(store, "officer")
    passed(store, "stranger")
    passed(store, "stranger")
    passed(store, "dhaka-head")
    fresh_link(store, link("person:stranger", for_whom="unit:HUM"), now=NOW)
    fresh_link(store, link("person:officer"), now=NOW)
    assert {it.to: it.event_seq for it in store.notices(REF) if it.letter == "fresh_link"} == {
        "person:stranger": 3,
        "person:officer": 0,
    }
    assert [it.event_seq for it in store.notices(OTHER)] == [0, 0]
    fresh_link(store, link("person:officer", for_whom="unit:HUM"), now=NOW + timedelta(hours=1))
    assert store.notices(REF)[-1].event_seq == 1
