"""The one door for answers: done once, receipted, late when others came first, and taken back within a day."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.answering import choices
from engine.case import Case, Errand
from engine.desk import Desk
from engine.draft import CaseDraft, PlanDraft
from engine.errors import Incomplete, NeedsSignIn, NoSuchMove, NotFound, NotUndoable, NotYours, Past
from engine.undo import UNDOABLE_FOR
from engine.workflow import Role
from store.sql import SqlStore, open_store
from tests.engine.cast import REGISTER
from workflows.loading import load

WORKFLOWS = load()
START = datetime(2012, 3, 1, 10, 0, tzinfo=UTC)
REF = "P-2012-1"
DRAFT = PlanDraft(
    ref="P-2012",
    title="En plan",
    decided_on=date(2012, 3, 1),
    coordinator="GIL",
    executive="unit:UR",
    organisation=REGISTER.organisation,
    units=tuple(REGISTER.units.values()),
    persons=tuple(REGISTER.persons.values()),
    cases=(CaseDraft(number="1", title="Ett", owner="HUM", due=date(2012, 9, 3), state="assigned"),),
)


class HandClock:
    def __init__(self) -> None:
        self.at = START

    def now(self) -> datetime:
        return self.at


class Office:
    """One action that HUM answers for, and a clock that is moved by hand."""

    def __init__(self, store: SqlStore) -> None:
        self.store, self.clock = store, HandClock()
        self.desk = Desk(store, store, WORKFLOWS, self.clock)
        self.desk.adopt(DRAFT, by="operator")

    def case(self) -> Case:
        return self.store.case(REF)

    def errand(self, move: str, text: str = "", by: str = "unit:HUM", **more: object) -> Errand:
        """As a letter of this moment would let somebody answer."""
        known = len(self.store.history(REF))
        facts = {"seen": self.case().version, "known": known, "through": "link"} | more
        return Errand(ref=REF, move=move, by=by, text=text, **facts)  # type: ignore[arg-type]

    def receipts(self) -> list[tuple[str, str]]:
        return [(it.to, it.rule) for it in self.store.notices(REF) if it.letter == "receipt"]

    def wait(self, **length: float) -> None:
        self.clock.at += timedelta(**length)


@pytest.fixture
def office(database: str) -> Iterator[Office]:
    store = open_store(database, organisation=REGISTER.organisation)
    yield Office(store)
    store.close()


def on_sqlite(test: object) -> object:
    return pytest.mark.parametrize("database", ["sqlite"], indirect=True)(test)


@pytest.mark.parametrize(
    ("state", "roles", "names"),
    [
        ("assigned", ["responsible"], ["start", "report", "more_time", "not_ours"]),
        ("in_progress", ["head", "responsible"], ["report", "under_way", "more_time", "not_ours"]),
        ("assigned", ["coordinator", "copies"], []),
        ("assigned", [], []),
        ("reported", ["responsible", "coordinator"], []),
    ],
)
def test_what_can_be_answered_is_what_ones_roles_may_do_from_here_and_has_words(
    state: str, roles: list[Role], names: list[str]
) -> None:
    assert [it.name for it in choices(WORKFLOWS["action/1"], state, roles)] == names


def test_an_answer_moves_the_case_and_is_receipted_to_the_one_who_gave_it(office: Office) -> None:
    found = office.desk.answer(office.errand("report", "Brevene er sendt av HUM 1. mars."))
    assert (found.outcome, found.case.state, found.case.statement) == (
        "done",
        "reported",
        "Brevene er sendt av HUM 1. mars.",
    )
    assert office.receipts() == [("unit:HUM", "move:report")]
    receipt = next(it for it in office.store.notices(REF) if it.letter == "receipt")
    assert receipt.ripe_at == START  # at once, whatever the hour


def test_the_same_answer_again_is_done_already_and_changes_nothing(office: Office) -> None:
    errand = office.errand("start")
    first = office.desk.answer(errand)
    office.wait(hours=3)
    again = office.desk.answer(errand)
    assert (again.outcome, again.event) == ("already", first.event)
    assert len(office.receipts()) == 1
    assert office.case() == first.case


def test_an_answer_that_came_late_changes_nothing_and_says_who_was_first(office: Office) -> None:
    errand = office.errand("start")
    office.desk.act(Errand(ref=REF, move="overtake", by="unit:GIL", text="Prosjektet er lagt ned."))
    before = office.case()
    late = office.desk.answer(errand)
    assert (late.outcome, late.event.move, late.event.by) == ("late", "overtake", "unit:GIL")
    assert office.case() == before
    assert office.receipts() == []


def test_whoever_has_handed_the_case_over_meanwhile_is_late(office: Office) -> None:
    errand = office.errand("start", by="unit:HUM")
    office.desk.hand_over(Errand(ref=REF, move="hand over", by="unit:GIL", owner="DHAKA"))
    late = office.desk.answer(errand)
    assert (late.outcome, late.event.move, late.event.facts["to"]) == ("late", "hand over", "DHAKA")


def test_a_word_said_meanwhile_spoils_no_answer(office: Office) -> None:
    errand = office.errand("start")
    office.desk.comment(Errand(ref=REF, move="comment", by="unit:GIL", text="Vi venter spent."))
    assert office.desk.answer(errand).outcome == "done"


def test_in_replies_to_one_letter_ones_own_earlier_answer_is_known(office: Office) -> None:
    first, second = office.errand("start", through="mail"), office.errand("report", "Gjort i mai.", through="mail")
    assert office.desk.answer(first).outcome == "done"
    assert office.desk.answer(second).outcome == "done"
    link = office.errand("start", known=1)
    assert office.desk.answer(link).outcome == "already"
    assert office.desk.answer(replace(link, text="Nå også")).outcome == "late"


@on_sqlite
@pytest.mark.parametrize("through", ["link", "mail"])
def test_an_answer_that_is_still_possible_is_late_all_the_same_when_somebody_else_has_moved_the_case(
    office: Office, through: str
) -> None:
    errand = office.errand("report", "Ferdig.", through=through)
    office.desk.act(Errand(ref=REF, move="start", by="person:officer", text="Jeg begynner."))
    office.desk.comment(Errand(ref=REF, move="comment", by="unit:GIL", text="Fint."))
    late = office.desk.answer(errand)
    assert (late.outcome, late.event.move, late.event.by) == ("late", "start", "person:officer")
    assert office.case().state == "in_progress"


@on_sqlite
def test_ones_own_move_makes_a_link_late_and_a_reply_to_the_same_letter_not(office: Office) -> None:
    link, reply = office.errand("report", "Ferdig."), office.errand("report", "Ferdig.", through="mail")
    office.desk.act(Errand(ref=REF, move="start", by="unit:HUM"))
    office.desk.comment(Errand(ref=REF, move="comment", by="unit:GIL", text="Fint."))
    assert office.desk.answer(link).outcome == "late"
    assert office.desk.answer(reply).outcome == "done"


@on_sqlite
def test_the_same_words_with_another_answer_are_another_answer(office: Office) -> None:
    answers = [office.errand(name, "Ja.", through="mail") for name in ("start", "report", "comment")]
    assert [office.desk.answer(it).outcome for it in answers] == ["done", "done", "done"]


@on_sqlite
def test_somebody_elses_move_after_ones_own_makes_a_reply_late(office: Office) -> None:
    reply = office.errand("more_time", "I juni.", due=date(2012, 10, 1), through="mail")
    office.desk.act(Errand(ref=REF, move="report", by="unit:HUM", text="Ferdig."))
    office.desk.act(Errand(ref=REF, move="return", by="unit:GIL", text="Ikke helt."))
    late = office.desk.answer(reply)
    assert (late.outcome, late.event.move) == ("late", "return")


@on_sqlite
def test_a_wish_is_the_same_by_its_words_its_date_and_its_unit(office: Office) -> None:
    time = office.errand("more_time", "Vi venter\0 på svar. ", due=date(2012, 10, 1))
    other = office.errand("not_ours", "Feil hus.", owner="DHAKA")
    for wish in (time, other):
        assert [office.desk.answer(wish).outcome for _ in range(2)] == ["done", "already"]
    assert office.desk.answer(replace(time, due=date(2012, 11, 1))).outcome == "done"
    assert office.desk.answer(replace(other, owner="GIL")).outcome == "done"
    assert office.desk.answer(replace(time, text="Vi venter.")).outcome == "done"


@on_sqlite
def test_a_wish_without_a_date_or_a_unit_says_nothing_of_them_in_the_history(office: Office) -> None:
    wished = office.desk.answer(office.errand("more_time", "Vi venter.", due=date(2012, 10, 1))).event.facts
    assert wished["wished"] == "2012-10-01"
    assert "unit" not in wished
    assert not {"wished", "unit"} & set(office.desk.answer(office.errand("not_ours", "Feil hus.")).event.facts)


def test_what_is_missing_or_not_ones_own_is_refused_and_nothing_changes(office: Office) -> None:
    before = office.case()
    with pytest.raises(Incomplete, match="statement"):
        office.desk.answer(office.errand("report"))
    with pytest.raises(Incomplete, match="due"):
        office.desk.answer(office.errand("more_time", "Vi trenger en måned."))
    with pytest.raises(NotYours):
        office.desk.answer(office.errand("start", by="person:stranger"))
    with pytest.raises(NoSuchMove):
        office.desk.answer(office.errand("dance"))
    with pytest.raises(NeedsSignIn):
        office.desk.answer(office.errand("decline", "Nei.", by="unit:GIL"))
    with pytest.raises(Past):
        office.desk.answer(office.errand("more_time", "I går.", due=date(2012, 3, 1)))
    with pytest.raises(NotFound, match="NOWHERE"):
        office.desk.answer(office.errand("not_ours", "Feil hus.", owner="NOWHERE"))
    assert office.case() == before
    assert office.receipts() == []


def test_asking_for_more_time_moves_nothing_tells_the_coordinator_at_once_and_is_a_sign_of_life(office: Office) -> None:
    office.wait(days=20)
    before = office.case()
    found = office.desk.answer(office.errand("more_time", "Ambassaden svarer i juli.", due=date(2012, 10, 1)))
    after = office.case()
    assert found.event.facts["wished"] == "2012-10-01"
    assert (after.state, after.due, after.due_version) == (before.state, before.due, before.due_version)
    assert after.activity_on == before.activity_on + timedelta(days=20)
    told = {(it.to, it.letter, it.via) for it in office.store.notices(REF) if it.event_seq == found.event.seq}
    assert told == {("unit:GIL", "asked", "now"), ("unit:HUM", "receipt", "now")}


def test_a_case_that_is_not_ours_may_name_whose_it_is_and_stays_where_it_is(office: Office) -> None:
    found = office.desk.answer(office.errand("not_ours", "Dette er ambassadens.", owner="DHAKA"))
    assert found.event.facts["unit"] == "DHAKA"
    assert office.case().owner == "HUM"


def test_undo_gives_the_case_back_as_it_was_and_the_history_keeps_both(office: Office) -> None:
    office.desk.answer(office.errand("start"))
    office.wait(days=30)
    before = office.case()
    done = office.desk.answer(office.errand("report", "Ferdig."))
    office.wait(hours=23)
    undone = office.desk.undo(office.errand("undo"), of=done.event.seq)
    after = office.case()
    assert undone.outcome == "done"
    assert after.evolve(version=before.version, wake_on=before.wake_on) == before
    assert after.wake_on is not None
    assert [it.move for it in office.store.history(REF)] == ["open", "start", "report", "undo"]
    assert office.store.broken_chains() == []
    heard = [it.rule for it in office.store.notices(REF) if it.to == "unit:GIL" and it.event_seq == undone.event.seq]
    assert heard == ["move:undo"]
    assert office.desk.undo(office.errand("undo"), of=done.event.seq).outcome == "already"


def test_the_dwell_clock_goes_on_from_the_earlier_entry(office: Office) -> None:
    entered = office.case().entered_seq
    done = office.desk.answer(office.errand("start"))
    office.wait(hours=1)
    office.desk.undo(office.errand("undo"), of=done.event.seq)
    assert (office.case().entered_seq, office.case().entered_on) == (entered, date(2012, 3, 1))
    office.wait(days=70)
    office.desk.sweep()
    dwelt = [it for it in office.store.occurrences([REF])[REF] if it.rule == "dwell"]
    assert [(it.key, it.planned) for it in dwelt] == [(f"entered/{entered}", date(2012, 4, 30))]


def test_what_was_undone_can_be_said_again(office: Office) -> None:
    errand = office.errand("start")
    done = office.desk.answer(errand)
    office.desk.undo(office.errand("undo"), of=done.event.seq)
    assert office.desk.answer(errand).outcome == "done"


@on_sqlite
def test_what_stands_cannot_be_undone_and_says_why(office: Office) -> None:
    done = office.desk.answer(office.errand("start"))
    with pytest.raises(NotUndoable, match="nothing of yours"):
        office.desk.undo(office.errand("undo", by="unit:GIL"), of=done.event.seq)
    office.wait(hours=24, seconds=1)
    with pytest.raises(NotUndoable, match="24 hours"):
        office.desk.undo(office.errand("undo"), of=done.event.seq)
    again = office.desk.answer(office.errand("report", "Ferdig."))
    office.desk.act(Errand(ref=REF, move="close", by="unit:GIL"))
    with pytest.raises(NotUndoable, match="close"):
        office.desk.undo(office.errand("undo"), of=again.event.seq)


ANSWERS = st.sampled_from(["start", "report", "more_time", "not_ours", "comment"])


@on_sqlite
@given(st.lists(st.tuples(ANSWERS, st.integers(0, 30), st.booleans()), max_size=6))
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_is_answered_and_undone_the_clocks_are_those_of_the_answers_that_stand(
    office: Office, story: list[tuple[str, int, bool]]
) -> None:
    """A case with undone answers stands as if they had never been given, in the days since as well."""
    for move, days, taken_back in story:
        office.wait(days=days)
        before = office.case()
        try:
            done = office.desk.answer(office.errand(move, f"{move} {office.clock.at}", due=date(2012, 10, 1)))
        except (NoSuchMove, NotYours):
            continue
        if taken_back and move != "comment":
            office.wait(seconds=UNDOABLE_FOR.total_seconds())
            office.desk.undo(office.errand("undo"), of=done.event.seq)
            after = office.case()
            assert after.evolve(version=before.version, wake_on=before.wake_on) == before
        assert office.case().wake_on is not None  # never a stall
    assert office.store.broken_chains() == []
