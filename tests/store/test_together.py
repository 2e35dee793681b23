"""A transaction for several mails does what one that writes at once would do, and asks the database far less."""

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from engine.case import Document
from engine.errors import NotFound, Stale
from engine.inbound import Inbound, Received
from store.sql import SqlStore
from store.statements import CASES, DOCUMENTS, EVENTS, HOLDS, INBOUND, NOTICES, OCCURRENCES
from store.transaction import SqlTx
from tests.store.cast import DAY, NOON, a_hold, a_notice, a_store, an_event, an_occurrence
from tests.store.test_queries import counted

SOON = NOON + timedelta(minutes=10)
REFS = ("P-1", "P-2", "P-3")
TABLES = {
    EVENTS: (EVENTS.c.ref, EVENTS.c.seq),
    CASES: (CASES.c.ref,),
    NOTICES: (NOTICES.c.key,),
    DOCUMENTS: (DOCUMENTS.c.ref, DOCUMENTS.c.id),
    OCCURRENCES: (OCCURRENCES.c.ref, OCCURRENCES.c.step),
    HOLDS: (HOLDS.c.ref, HOLDS.c.until),
    INBOUND: (INBOUND.c.id,),
}
FILE = Document(id="0" * 64, name="brev.pdf", type="application/pdf", size=3, content=b"abc")


class _Enough(Exception):
    """Ends a transaction without a trace."""


def _settle(tx: SqlTx, mail: Inbound, number: int) -> object:
    outcome = ("comment", "done")[number % 2]
    return tx.settle_inbound(mail, replace(mail, state="done", outcome=outcome, party="unit:HUM", settled_at=NOON))


def _save(tx: SqlTx, ref: str, number: int) -> object:
    case = tx.case(ref)
    try:
        return tx.save(case.evolve(title=f"Tittel {number}"), seen=case.version - (number == 0))
    except Stale as stale:
        return str(stale)


STEPS = (
    *("case", "save", "log", "since", "decided", "decide", "holds", "hold"),
    *("tell", "queue", "attach", "settle", "outcomes", "register"),
)


def done(tx: SqlTx, name: str, ref: str, number: int, mails: Sequence[Inbound]) -> object:
    match name:
        case "save":
            return _save(tx, ref, number)
        case "log":
            return tx.log(an_event(ref, f"Sagt {number}"))
        case "since" | "decided" | "holds":
            return list(tx.since(ref, number) if name == "since" else getattr(tx, name)(ref))
        case "decide":
            return tx.decide([an_occurrence(ref, str(number))])
        case "hold":
            tx.add_hold(replace(a_hold(ref), until=DAY + timedelta(days=number)))
        case "tell" | "queue":
            return getattr(tx, name)([a_notice(f"{ref}|{number}", ref)])
        case "attach":
            tx.attach(ref, [FILE], by="unit:HUM", at=NOON)
        case "settle":
            return _settle(tx, mails[number % len(mails)], number)
        case "outcomes":
            return tx.outcomes("unit:HUM", ("comment",), NOON)
    return tx.register() if name == "register" else tx.case(ref)


step = st.tuples(st.sampled_from(STEPS), st.sampled_from(REFS), st.integers(0, 3))
tree = st.recursive(step, lambda inside: st.tuples(st.just("within"), st.booleans(), st.lists(inside, max_size=4)))


def lived(tx: SqlTx, script: Sequence[Any], mails: Sequence[Inbound]) -> list[object]:
    """What each step of a script answers. Whatever is within a savepoint may be taken back."""
    found: list[object] = []
    for name, this, more in script:
        if name != "within":
            found.append(done(tx, name, this, more, mails))
            continue
        with suppress(_Enough), tx.savepoint():
            found.extend(lived(tx, more, mails))
            if not this:
                raise _Enough
    return found


def remains(tx: SqlTx) -> list[Any]:
    found: list[Any] = []
    for table, order in TABLES.items():
        columns = [it for it in table.c if (table.name, it.name) != ("holds", "id")]  # a number used up stays used up
        found += map(tuple, tx._connection.execute(select(*columns).order_by(*order)))
    return found


def claimed(store: SqlStore) -> Sequence[Inbound]:
    """Mails to a store of three cases, each with something in its history."""
    with store.begin() as tx:
        for ref in REFS:
            tx.log(an_event(ref))
    for number in range(2):
        store.keep(Received(source="test", raw=b"Subject: %d\n\nx" % number), NOON)
    return store.claim_inbound(NOON, until=SOON, limit=9)


@pytest.fixture
def three(database: str) -> Iterator[SqlStore]:
    store = a_store(database, cases=3)
    yield store
    store.close()


def test_it_answers_and_leaves_what_one_that_writes_at_once_would(three: SqlStore) -> None:
    mails = claimed(three)

    @settings(max_examples=60)
    @given(st.lists(tree, max_size=8))
    def holds(script: list[Any]) -> None:
        kept: list[Any] = []
        for begin in (three.begin, lambda: three.together(mails, REFS[:2])):
            with suppress(_Enough), begin() as tx:
                kept.append((lived(tx, script, mails), remains(tx)))
                raise _Enough  # leaves the rows to the next one as they were
        assert kept[0] == kept[1]

    holds()


def test_what_waits_is_written_at_the_end_in_a_bounded_number_of_statements(three: SqlStore) -> None:
    mails = claimed(three)
    with counted(three) as asked, three.together(mails, REFS) as tx:
        for ref in REFS:
            assert len(tx.decided(ref)) == len(tx.holds(ref)) == len(tx.since(ref, 1)) == 0
            tx.log(an_event(ref))
            tx.save(tx.case(ref).evolve(state="reported"), seen=1)
            tx.tell([a_notice(ref, ref)])
        for mail in mails:
            assert tx.settle_inbound(mail, replace(mail, state="done", ref="P-1"))
    assert len(asked) == 8  # mails, cases, decisions and holds are read; cases, events, notices and mails written
    assert [three.case(ref).state for ref in REFS] == ["reported"] * 3
    assert [len(three.history(ref)) for ref in REFS] == [2, 2, 2]
    assert three.broken_chains() == []
    assert {it.state for it in three.inbounds()} == {"done"}


def test_a_failure_at_the_end_leaves_nothing_behind(three: SqlStore) -> None:
    mails = claimed(three)

    def spoilt() -> None:
        with three.together(mails, REFS) as tx:
            tx.log(an_event("P-1"))
            tx.settle_inbound(mails[0], replace(mails[0], state="done"))
            tx.tell([replace(a_notice("k"), to=None)])  # type: ignore[arg-type]  # a row that no database takes

    with pytest.raises(IntegrityError):
        spoilt()
    assert [len(three.history("P-1")), three.inbound(mails[0].id).state] == [1, "leased"]


def test_a_mail_that_another_process_has_claimed_meanwhile_is_not_settled(three: SqlStore) -> None:
    mails = claimed(three)
    three.claim_inbound(SOON, until=SOON + timedelta(minutes=10), limit=1)
    with three.together(mails, ()) as tx:
        assert [tx.settle_inbound(it, replace(it, state="done")) for it in mails] == [False, True]


def test_a_case_that_nobody_knows_is_not_found(three: SqlStore) -> None:
    with three.together((), ["P-99"]) as tx, pytest.raises(NotFound):
        tx.log(an_event("P-99"))
