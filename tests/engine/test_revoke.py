"""Links are taken back by whoever coordinates or runs the service; the history says whose they were, and how many."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from engine.case import Errand, Event
from engine.errors import NotYours, Refused
from engine.fresh import fresh_link
from engine.link import Link, Purpose, Shown
from engine.notice import Finished, Packing, Parcel
from engine.revoke import revocable, revoke
from engine.roles import recipient
from engine.workflow import Workflows
from store.sql import SqlStore, open_store
from tests.engine.cast import MONDAY, NOON, REGISTER, WORKFLOW, case

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)
REF = "IOM-2011-3"
DAY = timedelta(days=1)


def link(digest: str, purpose: Purpose = "page", refs: tuple[str, ...] = (REF,), days: int = 9) -> Link:
    cases = tuple(Shown(ref=ref, number="3", seen=1, known=0) for ref in refs)
    return Link(
        digest=digest, purpose=purpose, party="unit:HUM", letter="l", cases=cases, made_at=NOON,
        expires_at=NOON + days * DAY,
    )  # fmt: skip


ONE, TWO = link("1"), link("2")


@pytest.fixture
def store(database: str) -> Iterator[SqlStore]:
    opened = open_store(database, organisation=REGISTER.organisation)
    with opened.begin() as tx:
        tx.enrol(REGISTER)
        tx.add(case(parent="", plan=REF, rules=WORKFLOW.fingerprint))
    fresh_link(opened, ONE, now=NOON)
    to = recipient("unit:HUM", REGISTER, MONDAY)
    assert to
    parcel = Parcel(id="l", to=to, kind="letter", notices=tuple(opened.notices(REF)), packed_at=NOON)
    opened.pack([Packing(parcel=parcel, message_id="<l@ud.example>")])
    opened.write([Finished(id="l", raw=b"", subject="", links=(ONE, TWO))])
    yield opened
    opened.close()


def revoked(store: SqlStore, *links: Link, by: str = "unit:GIL") -> Event:
    errand = Errand(ref=REF, move="revoke", by=by, text="På avveie", through="web")
    return revoke(store, Workflows.of(WORKFLOW), errand, links, now=NOON)


def good(store: SqlStore) -> list[str]:
    return [it.digest for it in map(store.link, ("1", "2")) if it and it.good(NOON)]


NEWS = {("unit:GIL", "digest")}


@pytest.mark.parametrize(("by", "told"), [("unit:GIL", set()), ("person:gil-head", NEWS), ("operator", NEWS)])
def test_links_that_are_taken_back_are_good_no_more_and_the_history_says_whose_they_were(
    store: SqlStore, by: str, told: set[tuple[str, str]]
) -> None:
    event = revoked(store, ONE, TWO, by=by)
    assert (event.move, event.by, event.text, event.facts) == (
        "revoke", by, "På avveie", {"holder": "unit:HUM", "links": "2"},
    )  # fmt: skip
    assert (good(store), store.case(REF).state) == ([], "assigned")
    assert {(it.to, it.letter) for it in store.notices(REF) if it.event_seq} == told


def test_others_go_on_as_they_were(store: SqlStore) -> None:
    revoked(store, ONE)
    assert good(store) == ["2"]


@pytest.mark.parametrize("by", ["unit:HUM", "unit:UR", "person:stranger"])
def test_nobody_else_takes_a_link_back(store: SqlStore, by: str) -> None:
    with pytest.raises(NotYours):
        revoked(store, ONE, by=by)
    assert good(store) == ["1", "2"]


def test_what_was_taken_back_before_or_never_was_there_is_not_taken_back(store: SqlStore) -> None:
    revoked(store, ONE)
    for links in ((), (ONE,), (link("3"),)):
        with pytest.raises(Refused) as refused:
            revoked(store, *links)
        assert str(refused.value) == f"there is no link to {REF} that could be taken back"
    assert len(store.history(REF)) == 1


def test_a_page_that_still_opens_can_be_taken_back_and_a_reply_address_cannot(store: SqlStore) -> None:
    others = (link("3", "reply"), link("4", days=0), link("5", refs=("IOM-2011-4",)), link("6", refs=("X", REF)))
    assert revocable((ONE, *others, TWO), REF, NOON) == (ONE, TWO)
    assert store.link("1") == ONE
