"""What can be taken back, by whom and until when; and that the case is then as it was in everything."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from engine.act import act, comment
from engine.case import Errand, Event
from engine.errors import NotUndoable
from engine.undo import UNDOABLE_FOR, as_before, memory, undo, undoable
from engine.workflow import Workflow, Workflows
from store.sql import SqlStore, open_store
from tests.engine.cast import MONDAY, NOON, REGISTER, WORKFLOW, case

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)
REF = "IOM-2011-3"
DAY = UNDOABLE_FOR
SECOND = timedelta(seconds=1)
NEXT_WEEK = NOON + timedelta(days=7)
ACT = Workflows.of(WORKFLOW)


@pytest.fixture
def store(database: str) -> Iterator[SqlStore]:
    opened = open_store(database, organisation=REGISTER.organisation)
    with opened.begin() as tx:
        tx.enrol(REGISTER)
        tx.add(
            case(
                parent="", plan=REF, rules=WORKFLOW.fingerprint, owner_as_written="Humanitær", responsible="officer",
                subject="IOM", statement="Foreløpig", facts={"file number": "2011/1"},
            )
        )  # fmt: skip
    yield opened
    opened.close()


def errand(move: str, by: str = "unit:HUM", **more: object) -> Errand:
    return Errand(**{"ref": REF, "move": move, "by": by, "through": "web", **more})  # type: ignore[arg-type]


def reported(store: SqlStore, at: datetime = NOON, **more: object) -> Event:
    return act(store, ACT, errand("report", "unit:HUM", text="Gjort", **more), now=at)


def undone(store: SqlStore, of: int, by: str = "unit:HUM", at: datetime = NOON, workflow: Workflow = WORKFLOW) -> str:
    return undo(store, Workflows.of(workflow), errand("undo", by), of=of, now=at).outcome


def said(store: SqlStore, by: str = "unit:GIL", at: datetime = NOON) -> Event:
    return comment(store, ACT, errand("comment", by, text="Fint"), now=at)


def refusal(store: SqlStore, of: int, by: str = "unit:HUM", at: datetime = NOON, workflow: Workflow = WORKFLOW) -> str:
    before = (store.case(REF), store.history(REF))
    with pytest.raises(NotUndoable) as refused:
        undone(store, of, by, at, workflow)
    assert (store.case(REF), store.history(REF)) == before
    return str(refused.value)


def test_a_case_that_changed_hands_got_a_number_and_a_statement_is_as_it_was_in_everything(store: SqlStore) -> None:
    before = store.case(REF)
    event = reported(store, NEXT_WEEK, owner="DHAKA", responsible="dhaka-head", file_number="2011/2")
    changed = store.case(REF)
    assert (changed.owner, changed.owner_as_written, changed.subject, changed.facts["file number"]) == (
        "DHAKA", "", "", "2011/2",
    )  # fmt: skip
    assert undone(store, event.seq, at=NEXT_WEEK) == "done"
    assert store.case(REF) == before.evolve(version=3, wake_on=store.case(REF).wake_on)


def test_a_case_without_a_number_of_the_archive_has_none_again(store: SqlStore) -> None:
    with store.begin() as tx:
        tx.save(tx.case(REF).evolve(facts={"else": "stays"}), seen=1)
    event = reported(store, file_number="2011/2")
    assert store.case(REF).facts == {"else": "stays", "file number": "2011/2"}
    undone(store, event.seq)
    assert store.case(REF).facts == {"else": "stays"}


def test_what_else_the_case_knows_stays_when_no_number_was_given(store: SqlStore) -> None:
    undone(store, reported(store).seq)
    assert store.case(REF).facts == {"file number": "2011/1"}


def test_the_history_tells_what_was_taken_back_and_who_answers_again(store: SqlStore) -> None:
    event = reported(store, NEXT_WEEK, owner="DHAKA", responsible="dhaka-head")
    undone(store, event.seq, at=NEXT_WEEK)
    taken_back = store.history(REF)[-1]
    assert (taken_back.move, taken_back.source, taken_back.dest) == ("undo", "reported", "assigned")
    assert taken_back.facts == {
        "of": str(event.seq), "undone": "report",
        "entered_on": str(MONDAY), "entered_seq": "1", "activity_on": str(MONDAY),
        "owner was": "DHAKA", "owner": "HUM",
        "responsible was": "dhaka-head", "responsible": "officer",
        "subject was": "", "subject": "IOM",
    }  # fmt: skip


def test_an_undo_in_which_nobody_comes_or_goes_names_nobody(store: SqlStore) -> None:
    undone(store, reported(store).seq)
    assert set(store.history(REF)[-1].facts) == {"of", "undone", "entered_on", "entered_seq", "activity_on"}


def test_an_event_remembers_what_the_case_needs_to_be_as_it_was(store: SqlStore) -> None:
    before = store.case(REF)
    assert memory(before) == {
        "entered_on was": str(MONDAY), "entered_seq was": "1", "activity_on was": str(MONDAY),
        "statement was": "Foreløpig", "owner_as_written was": "Humanitær",
    }  # fmt: skip
    assert as_before(before.evolve(state="reported", statement="", entered_seq=9), reported(store)) == before


@pytest.mark.parametrize(("passed", "open_"), [(DAY - SECOND, True), (DAY, True), (DAY + SECOND, False)])
def test_a_day_long_it_can_be_undone(store: SqlStore, passed: timedelta, open_: bool) -> None:
    event = reported(store)
    assert undoable(event, "unit:HUM", last=True, now=NOON + passed) == open_
    if open_:
        assert undone(store, event.seq, at=NOON + passed) == "done"
    else:
        assert refusal(store, event.seq, at=NOON + passed) == "it can be undone for 24 hours, and those are over"


def test_it_is_undone_by_who_did_it_as_long_as_nothing_has_happened_since(store: SqlStore) -> None:
    event = reported(store)
    assert not undoable(event, "unit:GIL", last=True, now=NOON)
    assert not undoable(event, "unit:HUM", last=False, now=NOON)
    assert refusal(store, event.seq, "unit:GIL") == "there is nothing of yours to undo"
    said(store)
    said(store, at=NEXT_WEEK)
    act(store, ACT, errand("return", "unit:GIL", text="Ikke helt"), now=NEXT_WEEK + DAY)
    since = "return on 2011-09-06 has come since, so it cannot be undone"
    assert refusal(store, event.seq) == since


def test_what_no_event_remembers_cannot_be_undone(store: SqlStore) -> None:
    event = said(store, "unit:HUM")
    assert not undoable(event, "unit:HUM", last=True, now=NOON)
    assert refusal(store, event.seq) == "there is nothing of yours to undo"


@pytest.mark.parametrize("of", [0, 2, 99])
def test_an_event_that_is_not_there_cannot_be_undone(store: SqlStore, of: int) -> None:
    reported(store)
    assert refusal(store, of) == "there is nothing of yours to undo"


def test_the_same_wish_again_changes_nothing(store: SqlStore) -> None:
    event = reported(store)
    assert [undone(store, event.seq), undone(store, event.seq, at=NEXT_WEEK)] == ["done", "already"]
    assert [it.move for it in store.history(REF)] == ["report", "undo"]


def test_what_was_undone_of_another_event_or_by_somebody_else_is_not_the_same_wish(store: SqlStore) -> None:
    first = act(store, ACT, errand("start"), now=NOON)
    undone(store, reported(store).seq)
    assert refusal(store, first.seq) == "undo on 2011-08-29 has come since, so it cannot be undone"
    again = reported(store)
    returned = act(store, ACT, errand("return", "unit:GIL", text="Ikke helt"), now=NOON)
    undone(store, returned.seq, "unit:GIL")
    assert refusal(store, again.seq) == "undo on 2011-08-29 has come since, so it cannot be undone"
    assert refusal(store, returned.seq) == "there is nothing of yours to undo"


def test_a_state_that_the_rules_have_lost_meanwhile_is_not_gone_back_to(store: SqlStore) -> None:
    event = reported(store)
    lost = replace(WORKFLOW, states={name: it for name, it in WORKFLOW.states.items() if name != "assigned"})
    assert refusal(store, event.seq, workflow=lost) == "the rules know no assigned any more"
