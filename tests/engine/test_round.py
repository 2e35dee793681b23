"""One round of the sweep: what it counts, which rules it goes by, and what is written when a case changes hands."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from engine.case import Case, Event, Hold, Occurrence
from engine.notice import Notice
from engine.people import Responsibility
from engine.rulebook import Activation
from engine.sweep import Swept, sweep
from engine.text import Text
from engine.window import ripe_at
from engine.workflow import Move, Rule, Step, When, Workflow, Workflows
from store.sql import SqlStore, open_store
from store.transaction import SqlTx, Woken
from tests.engine.cast import DUE, DWELL, MONDAY, REGISTER, WORKFLOW, case, d, unit

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)
NOW = datetime(2012, 5, 22, 10, 0, tzinfo=UTC)  # the day after the deadline
TODAY = date(2012, 5, 22)
REF = "IOM-2011-3"
DATED = replace(WORKFLOW, rules=(DUE,))
NEWER = replace(WORKFLOW, version=2, rules=(replace(DUE, steps=DUE.steps[1:]),))


@pytest.fixture
def store(database: str) -> Iterator[SqlStore]:
    opened = open_store(database, organisation=REGISTER.organisation)
    with opened.begin() as tx:
        tx.enrol(REGISTER)
    yield opened
    opened.close()


def opened(store: SqlStore, ref: str = REF, **facts: object) -> Case:
    new = case(**{"ref": ref, "parent": "", "plan": ref, "rules": DATED.fingerprint, "wake_on": TODAY, **facts})
    with store.begin() as tx:
        tx.add(new)
    return new


def swept(store: SqlStore, *workflows: Workflow, limit: int = 500, now: datetime = NOW) -> Swept:
    return sweep(store, store, Workflows.of(*(workflows or (DATED,))), now=now, limit=limit)


def moves(store: SqlStore) -> list[str]:
    return [it.move for it in store.history(REF)]


@pytest.mark.parametrize("limit", [1, 2, 500])
def test_a_round_counts_every_case_decision_and_notice_once_whatever_the_batch(store: SqlStore, limit: int) -> None:
    refs = [f"IOM-2011-{number}" for number in range(1, 4)]
    for ref in refs:
        opened(store, ref)
    done = swept(store, limit=limit)
    assert (done.woken, done.passed, done.left) == (3, [], False)
    assert done.decided == sum(map(len, store.occurrences(refs).values())) == 6
    assert done.queued == sum(len(store.notices(ref)) for ref in (*refs, ""))
    assert {it.outcome for it in store.occurrences([REF])[REF]} == {"superseded", "sent"}
    assert [(it.to, it.letter) for it in store.notices(REF)] == [("unit:HUM", "overdue")]


def test_who_has_answered_a_rule_is_left_in_peace_until_the_pause_is_over(store: SqlStore) -> None:
    opened(store)
    with store.begin() as tx:
        tx.add_hold(Hold(ref=REF, rule="due", key="due/1", kind="ack", until=TODAY, by="unit:HUM", at=NOW))
    done = swept(store)
    assert (done.woken, done.decided) == (1, 0)
    assert "due" not in {it.rule for it in store.notices(REF)}
    assert store.case(REF).wake_on == TODAY + timedelta(days=1)


def test_the_report_of_the_day_and_the_daily_digest_are_counted_as_well(store: SqlStore) -> None:
    organisation = replace(REGISTER.organisation, send_empty_digest=True)
    with store.begin() as tx:
        tx.enrol(replace(REGISTER, organisation=organisation))
    opened(store, due=None, wake_on=TODAY + timedelta(days=9))
    done = swept(store)
    assert (done.woken, done.decided) == (0, 0)
    assert done.queued == len(store.notices(REF)) + len(store.notices("")) > 0
    assert swept(store).queued == 0


def test_rules_that_were_changed_in_their_place_are_gone_by_in_the_same_round(store: SqlStore) -> None:
    opened(store, rules="older")
    done = swept(store)
    (event,) = store.history(REF)
    assert (event.move, event.by, event.through, event.at) == ("rules", "system", "rule", NOW)
    assert (done.woken, done.decided) == (2, 2)  # planned anew, and then looked at
    after = store.case(REF)
    assert (after.rules, after.replanned_seq) == (DATED.fingerprint, 1)
    assert (after.wake_on or TODAY) > TODAY


def test_each_case_that_is_planned_anew_or_changes_hands_is_looked_at_once_more(store: SqlStore) -> None:
    for number in (1, 2):
        opened(store, f"IOM-2011-{number}", rules="older")
        opened(store, f"IOM-2012-{number}", owner="OLD")
    with store.begin() as tx:
        tx.enrol(replace(REGISTER, units={**REGISTER.units, "OLD": unit("OLD", valid_to=MONDAY, successor="DHAKA")}))
    assert swept(store).woken == 8


@pytest.mark.parametrize("rules", ["", DATED.fingerprint])
def test_a_case_whose_rules_stand_is_not_planned_anew(store: SqlStore, rules: str) -> None:
    opened(store, rules=rules)
    assert (swept(store).woken, moves(store)) == (1, [])


def test_newer_rules_are_gone_by_when_somebody_has_decided_it_and_not_before(store: SqlStore) -> None:
    opened(store, wake_on=TODAY)
    assert (swept(store, DATED, NEWER).woken, moves(store), store.case(REF).workflow) == (1, [], "action/1")
    with store.begin() as tx:
        tx.activate(Activation(workflow="action/2", by="unit:UR", reason="Kortere frister", at=NOW), ["action/1"])
    swept(store, DATED, NEWER)
    (event,) = store.history(REF)
    assert (event.move, event.by, event.text) == ("rules", "unit:UR", "Kortere frister")
    assert store.case(REF).workflow == "action/2"


@pytest.mark.parametrize("facts", [{"workflow": "action/9"}, {"state": "nowhere"}])
def test_what_no_rules_can_read_is_passed_over_and_not_planned_anew(store: SqlStore, facts: dict[str, str]) -> None:
    opened(store, REF, rules="older", **facts)
    done = swept(store)
    assert (done.woken, done.passed, moves(store)) == (0, [REF], [])
    assert store.case(REF).wake_on == TODAY + timedelta(days=1)


def test_whoever_coordinates_is_told_of_a_case_that_was_passed_over_and_why(store: SqlStore) -> None:
    opened(store, state="nowhere")
    swept(store)
    (said,) = (it for it in store.notices(REF) if it.letter == "unreadable")
    assert said == Notice(
        key=f"{REF}|unreadable|{TODAY}|unit:GIL",
        ref=REF,
        to="unit:GIL",
        role="coordinator",
        letter="unreadable",
        via="digest",
        rule="system:sweep",
        reason="workflow action/1 has no state 'nowhere'",
        planned=TODAY,
        decided_at=NOW,
        ripe_at=ripe_at("digest", NOW, REGISTER.organisation),
    )


class Speechless(SqlStore):
    """Counts how often it was asked for cases that are due; cannot write any decision, and does not say why."""

    claims = 0

    @contextmanager
    def begin(self) -> Iterator[SqlTx]:
        with self._writing() as connection:
            tx = SpeechlessTx(connection, self.org, self.statements, self.registers)
            tx.store = self
            yield tx


class SpeechlessTx(SqlTx):
    store: Speechless

    def claim(self, today: date, *, limit: int) -> Sequence[Woken | str]:
        self.store.claims += 1
        return super().claim(today, limit=limit)

    def decide(self, occurrences: Sequence[Occurrence]) -> int:
        if occurrences:
            raise OSError
        return super().decide(occurrences)


def test_of_trouble_that_does_not_say_what_it_is_the_kind_is_told(store: SqlStore) -> None:
    opened(store)
    swept(Speechless(store.engine, store.org))
    assert [it.reason for it in store.notices(REF) if it.letter == "unreadable"] == ["OSError"]


@pytest.mark.parametrize("facts", [{"rules": "older"}, {"owner": "OLD"}])
def test_however_many_are_planned_anew_or_change_hands_one_look_is_enough(
    store: SqlStore, facts: dict[str, str]
) -> None:
    with store.begin() as tx:
        tx.enrol(replace(REGISTER, units={**REGISTER.units, "OLD": unit("OLD", valid_to=MONDAY, successor="DHAKA")}))
    for number in (1, 2, 3):
        opened(store, f"IOM-2011-{number}", due=None, **facts)
    counting = Speechless(store.engine, store.org)
    assert (swept(counting).woken, counting.claims) == (3, 1)


def handed(store: SqlStore) -> Event:
    """The event by which the case has changed hands in one round."""
    assert swept(store).passed == []
    (event,) = store.history(REF)
    assert (event.move, event.by, event.through, event.at) == ("hand over", "rule:responsibility", "rule", NOW)
    return event


def told(store: SqlStore) -> set[tuple[str, str]]:
    return {(it.to, it.letter) for it in store.notices(REF) if it.rule == "move:hand over"}


def test_who_coordinates_anew_is_told_in_the_digest_and_nobody_else(store: SqlStore) -> None:
    opened(store, coordination="IOM")
    with store.begin() as tx:
        tx.enrol(replace(REGISTER, responsibilities=(Responsibility(subject="IOM", unit="DHAKA", valid_from=TODAY),)))
    assert handed(store).facts == {
        "from": "HUM", "to": "HUM", "coordinator from": "GIL", "coordinator to": "DHAKA",
    }  # fmt: skip
    assert told(store) == {("unit:DHAKA", "digest")}


def test_the_successor_of_a_unit_that_is_no_more_takes_the_case_with_the_person_who_has_it(store: SqlStore) -> None:
    opened(store, owner="OLD", responsible="officer")
    old = unit("OLD", valid_to=MONDAY, successor="DHAKA")
    with store.begin() as tx:
        tx.enrol(replace(REGISTER, units={**REGISTER.units, "OLD": old}))
    assert handed(store).facts == {
        "from": "OLD", "to": "DHAKA", "coordinator from": "GIL", "coordinator to": "GIL", "ended": str(MONDAY),
    }  # fmt: skip
    assert store.case(REF).responsible == "officer"
    assert told(store) == {("person:officer", "handed_over"), ("unit:GIL", "digest")}


LAID_DOWN = Move(name="lay", sources=("assigned",), dest="proposed", by=("coordinator",), label=Text.same("lay"))
BY_RULE = Rule(
    id="unbegun",
    when=When(state=frozenset({"assigned"})),
    clock="entered",
    steps=(Step(name="1", at=d(9), tell=("responsible",), letter="returned", do="lay"),),
)


def test_a_case_that_a_rule_moves_is_counted_with_all_that_comes_of_it(store: SqlStore) -> None:
    flow = replace(WORKFLOW, rules=(BY_RULE, DWELL), moves={**WORKFLOW.moves, "lay": LAID_DOWN})
    opened(store, rules=flow.fingerprint)
    done = swept(store, flow)
    assert (done.woken, done.decided) == (1, len(store.occurrences([REF])[REF]))
    assert done.queued == len(store.notices(REF)) + len(store.notices("")) > 0
    assert (moves(store), store.case(REF).state) == (["lay"], "proposed")
