"""A mail in the tray is put on a case, or said to be of no interest: by one person, once, all or nothing."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from engine.attachment import document_of
from engine.errors import NotFound, Refused
from engine.inbound import Inbound, Received
from engine.tidying import attach, drop
from engine.workflow import Workflows
from store.sql import SqlStore, open_store
from tests.engine.cast import NOON, REGISTER, WORKFLOW, case

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)
REF = "IOM-2011-3"
WORKFLOWS = Workflows.of(WORKFLOW)
LATER = datetime(2011, 9, 7, 10, 0, tzinfo=UTC)


@pytest.fixture
def store(database: str) -> Iterator[SqlStore]:
    """A case, and one mail that waits in the tray."""
    opened = open_store(database, organisation=REGISTER.organisation)
    with opened.begin() as tx:
        tx.enrol(REGISTER)
        tx.add(case(parent="", plan=REF, rules=WORKFLOW.fingerprint))
    opened.keep(Received(source="imap", raw=b"Subject: Hei\n\nDet er gjort."), NOON)
    came = opened.inbound(1)
    told = {"state": "held", "sender": "x@y.example", "subject": "Hei", "text": "Det er gjort.", "error": "Hvem?"}
    with opened.begin() as tx:
        tx.settle_inbound(came, replace(came, **told))  # type: ignore[arg-type]
    yield opened
    opened.close()


def waiting(store: SqlStore, **facts: str) -> Inbound:
    before = store.inbound(1)
    with store.begin() as tx:
        tx.settle_inbound(before, replace(before, **facts))  # type: ignore[arg-type]
    return store.inbound(1)


def attached(store: SqlStore, ref: str = REF) -> str:
    return attach(store, WORKFLOWS, 1, ref, by="unit:GIL", now=LATER).text


def test_what_a_mail_says_is_a_comment_on_the_case_that_names_its_sender_and_who_put_it_there(store: SqlStore) -> None:
    before = store.inbound(1)
    assert attached(store) == "x@y.example: Det er gjort."
    (event,) = store.history(REF)
    assert (event.move, event.by, event.through, event.at, event.dest) == (
        "comment", "unit:GIL", "mail", LATER, "assigned",
    )  # fmt: skip
    after = replace(before, state="done", outcome="attached", ref=REF, settled_at=LATER, settled_by="unit:GIL")
    assert store.inbound(1) == after
    assert store.tray() == []


@pytest.mark.parametrize(
    ("facts", "words"),
    [({"text": ""}, "x@y.example: Hei"), ({"sender": ""}, "?: Det er gjort."), ({"sender": "", "text": ""}, "?: Hei")],
)
def test_of_a_mail_without_words_or_sender_there_is_what_there_is(
    store: SqlStore, facts: dict[str, str], words: str
) -> None:
    waiting(store, **facts)
    assert attached(store) == words


def test_what_came_along_with_a_mail_is_attached_to_the_case(store: SqlStore) -> None:
    brief = document_of("brev.txt", b"Det er gjort.")
    event = attach(store, WORKFLOWS, 1, REF, by="unit:GIL", now=LATER, documents=[brief])
    assert event.facts == {"documents": f"{brief.id} brev.txt"}
    assert [it.name for it in store.documents(REF)] == ["brev.txt"]


def test_a_mail_of_no_interest_leaves_the_tray_with_the_name_of_who_said_so(store: SqlStore) -> None:
    before = store.inbound(1)
    after = drop(store, 1, by="unit:GIL", now=LATER)
    assert after == replace(before, state="dropped", settled_at=LATER, settled_by="unit:GIL")
    assert store.inbound(1) == after
    assert store.history(REF) == []


def test_what_waits_for_nobody_is_not_dealt_with_again(store: SqlStore) -> None:
    drop(store, 1, by="unit:GIL", now=LATER)
    with pytest.raises(Refused, match=r"^mail 1 waits for nobody: it is dropped$"):
        attached(store)
    with pytest.raises(Refused, match=r"^mail 1 waits for nobody: it is dropped$"):
        drop(store, 1, by="unit:GIL", now=LATER)


def test_a_mail_for_a_case_that_is_not_there_stays_in_the_tray(store: SqlStore) -> None:
    with pytest.raises(NotFound, match="X-1"):
        attached(store, "X-1")
    assert store.inbound(1).state == "held"


class Slow(SqlStore):
    """Somebody else deals with the mail between the look at it and the deed."""

    meanwhile: Callable[[], object]

    def inbound(self, number: int) -> Inbound:
        found = super().inbound(number)
        self.meanwhile()
        return found


@pytest.mark.parametrize("deed", [attached, lambda store: drop(store, 1, by="unit:HUM", now=LATER)])
def test_of_two_who_deal_with_a_mail_at_once_the_second_leaves_nothing_behind(
    store: SqlStore, deed: Callable[[SqlStore], object]
) -> None:
    slow = Slow(store.engine, store.org)
    slow.meanwhile = lambda: drop(store, 1, by="unit:GIL", now=LATER)
    with pytest.raises(Refused, match=r"^somebody else has dealt with mail 1 just now$"):
        deed(slow)
    assert (store.inbound(1).settled_by, store.history(REF), store.notices(REF)) == ("unit:GIL", [], [])
