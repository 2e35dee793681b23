"""What happens when nobody does anything: a rule moves the case, and all that follows on the same day comes with it."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from engine.act import comment
from engine.case import Case, Errand, Hold
from engine.errors import NoSuchMove, Stale
from engine.escalation import Record, forecast, moved
from engine.foresight import Foreseen, Outlook
from engine.people import Absence
from engine.telling import case_calendar
from engine.text import Text
from engine.unaided import move_on
from engine.workflow import Move, Rule, Step, Telling, When, Workflow, Workflows
from store.sql import SqlStore, open_store
from tests.engine.cast import DUE, MONDAY, NOON, REGISTER, WORKFLOW, case, d

NOW = datetime(2011, 9, 7, 10, 0, tzinfo=UTC)
TODAY = date(2011, 9, 7)
REF = "IOM-2011-3"
BACK = Move(
    name="take_back",
    sources=("assigned",),
    dest="proposed",
    by=("coordinator",),
    label=Text.same("take back"),
    tell=(Telling(to=("responsible",), letter="returned"),),
)
UNBEGUN = Rule(
    id="unbegun",
    when=When(state=frozenset({"assigned"})),
    clock="entered",
    steps=(
        Step(name="1", at=d(5), tell=("responsible",), letter="stalled", level=1),
        Step(name="2", at=d(9), tell=("responsible",), letter="returned", do="take_back"),
    ),
)
NOBODY = Rule(
    id="nobody",
    when=When(state=frozenset({"proposed"})),
    clock="entered",
    steps=(
        Step(name="1", at=d(0), tell=("executive",), letter="stalled"),
        Step(name="2", at=d(30), tell=("coordinator",), letter="stalled"),
    ),
)
HUSHED = replace(NOBODY, id="hushed", inhibited_by=(("nobody", 0),))
FLOW = replace(WORKFLOW, rules=(UNBEGUN, NOBODY, HUSHED), moves={**WORKFLOW.moves, "take_back": BACK})
WORKFLOWS = Workflows.of(FLOW)
OPENED = case(parent="", plan=REF, due=None, entered_seq=0, rules=FLOW.fingerprint)


@pytest.fixture
def store(database: str) -> Iterator[SqlStore]:
    opened = open_store(database, organisation=REGISTER.organisation)
    with opened.begin() as tx:
        tx.enrol(REGISTER)
        tx.add(OPENED)
    yield opened
    opened.close()


def moved_on(store: SqlStore, seen: Case, flow: Workflow = FLOW) -> tuple[int, int]:
    with store.begin() as tx:
        done = move_on(tx, Workflows.of(flow), seen, now=NOW)
    return done.decided, done.queued


def test_a_move_by_rule_brings_along_what_is_due_in_the_new_state(store: SqlStore) -> None:
    assert moved_on(store, store.case(REF)) == (4, 3)
    decided = {(it.rule, it.step): (it.outcome, it.planned) for it in store.occurrences([REF])[REF]}
    assert decided == {
        ("unbegun", "1"): ("superseded", date(2011, 9, 3)),
        ("unbegun", "2"): ("moved", TODAY),
        ("nobody", "1"): ("sent", TODAY),
        ("hushed", "1"): ("inhibited", TODAY),
    }
    told = {(it.to, it.letter, it.via, it.state) for it in store.notices(REF)}
    assert told == {
        ("unit:HUM", "returned", "now", "proposed"),
        ("unit:GIL", "digest", "digest", "proposed"),
        ("unit:UR", "stalled", "now", "proposed"),
    }


def test_a_move_by_rule_needs_no_other_step_beside_it(store: SqlStore) -> None:
    flow = replace(FLOW, rules=(replace(UNBEGUN, steps=UNBEGUN.steps[1:]), NOBODY))
    with store.begin() as tx:
        tx.save(tx.case(REF).evolve(rules=flow.fingerprint), seen=1)
    assert moved_on(store, store.case(REF), flow) == (2, 3)
    assert store.case(REF).state == "proposed"


def test_who_was_told_on_the_day_of_the_move_is_counted_with_those_whom_the_move_tells(store: SqlStore) -> None:
    telling = replace(NOBODY, id="telling", when=UNBEGUN.when)
    flow = replace(FLOW, rules=(telling, UNBEGUN))
    with store.begin() as tx:
        tx.save(tx.case(REF).evolve(rules=flow.fingerprint), seen=1)
    done = moved_on(store, store.case(REF), flow)
    assert [it.outcome for it in store.occurrences([REF])[REF]].count("sent") == 1
    assert done == (len(store.occurrences([REF])[REF]), len(store.notices(REF))) == (3, 3)


def test_the_history_says_which_step_of_which_rule_it_was(store: SqlStore) -> None:
    moved_on(store, store.case(REF))
    (event,) = store.history(REF)
    assert (event.move, event.by, event.through, event.at) == ("take_back", "rule:unbegun", "rule", NOW)
    assert (event.source, event.dest, event.facts) == ("assigned", "proposed", {"rule": "unbegun", "step": "2"})


def test_a_move_by_rule_is_no_sign_of_life(store: SqlStore) -> None:
    moved_on(store, store.case(REF))
    after = store.case(REF)
    assert (after.state, after.entered_on, after.entered_seq, after.activity_on) == ("proposed", TODAY, 1, MONDAY)
    assert after.wake_on == date(2011, 10, 7)


def test_somebody_who_acts_on_the_same_day_goes_first(store: SqlStore) -> None:
    seen = store.case(REF)
    comment(store, WORKFLOWS, Errand(ref=REF, move="comment", by="unit:HUM", text="Vi er i gang"), now=NOW)
    with pytest.raises(Stale):
        moved_on(store, seen)
    assert store.case(REF).state == "assigned"


def ahead(it: Case, until: date, record: Record | None = None) -> list[Foreseen]:
    outlook = Outlook(WORKFLOWS, REGISTER, {REF: record} if record else {})
    return list(outlook.case(it, today=MONDAY, until=until))


def told(seen: list[Foreseen]) -> list[tuple[date, str, str, str, list[str]]]:
    return [
        (it.day, it.firing.rule, it.firing.outcome, it.case.state, [whom.party for _, whom in it.told]) for it in seen
    ]


def test_the_outlook_follows_the_case_through_the_moves_of_rules() -> None:
    assert told(ahead(OPENED, date(2011, 10, 7))) == [
        (date(2011, 9, 3), "unbegun", "sent", "assigned", ["unit:HUM"]),
        (TODAY, "unbegun", "moved", "assigned", ["unit:HUM"]),
        (TODAY, "nobody", "sent", "proposed", ["unit:UR"]),
        (TODAY, "hushed", "inhibited", "proposed", []),
        (date(2011, 10, 7), "nobody", "sent", "proposed", ["unit:GIL"]),
        (date(2011, 10, 7), "hushed", "inhibited", "proposed", []),
    ]


def test_what_was_told_before_a_move_is_not_told_again_after_it() -> None:
    anywhere = replace(DUE, when=When())
    flow = Workflows.of(replace(FLOW, rules=(UNBEGUN, anywhere)))
    dated = OPENED.evolve(due=date(2011, 10, 1))  # thirty days after the first of September
    seen = list(Outlook(flow, REGISTER, {}).case(dated, today=MONDAY, until=date(2011, 9, 30)))
    assert [(it.day, it.firing.rule) for it in seen] == [
        (date(2011, 9, 1), "due"),
        (date(2011, 9, 3), "unbegun"),
        (TODAY, "unbegun"),
    ]


def test_what_was_decided_lies_behind() -> None:
    calendar = case_calendar(OPENED, REGISTER, MONDAY)
    first = list(forecast(FLOW, OPENED, Record(), calendar, today=MONDAY, until=date(2011, 9, 3)))
    assert [it.day for it in ahead(OPENED, TODAY, Record().after(first))] == [TODAY, TODAY, TODAY]


def test_by_then_other_units_may_answer() -> None:
    ours = OPENED.evolve(owner="GIL", subject="IOM", responsible="gil-head", coordination="IOM")
    seen = ahead(ours, TODAY)
    assert [(it.case.owner, it.case.coordinator, it.case.responsible) for it in seen][:2] == [("HUM", "HUM", "")] * 2
    kept = ahead(OPENED.evolve(responsible="officer", coordination="IOM"), TODAY)[0].case
    assert (kept.owner, kept.coordinator, kept.responsible) == ("HUM", "HUM", "officer")
    outlook = Outlook(WORKFLOWS, REGISTER, {})
    assert outlook.on(ours, MONDAY) == ours
    assert outlook.on(OPENED, TODAY) == OPENED


def test_of_many_cases_what_comes_first_stands_first() -> None:
    later = OPENED.evolve(ref="IOM-2011-4", entered_on=date(2011, 9, 1))
    seen = Outlook(WORKFLOWS, REGISTER, {}).cases([later, OPENED], today=MONDAY, until=TODAY)
    assert [(it.day, it.case.ref) for it in seen[:3]] == [
        (date(2011, 9, 3), REF),
        (date(2011, 9, 6), "IOM-2011-4"),
        (TODAY, REF),
    ]


def test_the_next_is_the_first_that_tells_somebody() -> None:
    outlook = Outlook(WORKFLOWS, REGISTER, {})
    proposed = OPENED.evolve(state="proposed")
    following = outlook.next(proposed, today=MONDAY, until=TODAY)
    assert following is not None
    assert (following.firing.rule, following.day) == ("nobody", MONDAY)
    assert outlook.next(OPENED, today=MONDAY, until=date(2011, 9, 2)) is None


def test_an_outlook_gathers_what_was_decided_and_what_is_paused(store: SqlStore) -> None:
    moved_on(store, store.case(REF))
    gathered = Outlook.of(WORKFLOWS, REGISTER, store.occurrences([REF]), {"X": ()})
    assert set(gathered.records) == {REF, "X"}
    assert ("nobody", "1") in {(rule, step) for rule, step, _ in gathered.records[REF].decided}
    assert gathered.records["X"] == Record()


def test_an_outlook_knows_pauses_where_nothing_was_decided_yet() -> None:
    hold = Hold(ref=REF, rule="due", key="due/1", kind="ack", until=TODAY, by="unit:HUM", at=NOON)
    gathered = Outlook.of(WORKFLOWS, REGISTER, {}, {REF: [hold]})
    assert gathered.records == {REF: Record.of([], [hold])}


def test_who_stands_in_by_then_is_foreseen_as_well() -> None:
    leave = Absence(person="officer", first=date(2011, 9, 5), substitute="hum-head")
    outlook = Outlook(WORKFLOWS, replace(REGISTER, absences=(leave,)), {})
    seen = list(outlook.case(OPENED.evolve(responsible="officer"), today=MONDAY, until=TODAY))
    assert [[whom.party for _, whom in it.told] for it in seen[:2]] == [["person:officer"], ["person:hum-head"]]


def test_a_move_that_does_not_begin_where_the_case_stands_is_refused() -> None:
    firing = next(it.firing for it in ahead(OPENED, TODAY) if it.firing.moves)
    with pytest.raises(NoSuchMove):
        moved(FLOW, OPENED.evolve(state="reported"), firing)
    after = moved(FLOW, OPENED.evolve(entered_seq=3), firing)
    assert (after.state, after.entered_on, after.entered_seq) == ("proposed", TODAY, 4)
