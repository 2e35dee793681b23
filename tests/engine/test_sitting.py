"""Whoever opens a case deals with it by its present rules; what they say is kept as they said it, with its alarm."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from engine.act import act, comment
from engine.case import Case, Errand, Event
from engine.errors import NoSuchMove, Stale
from engine.pause import pause
from engine.people import Absence
from engine.rulebook import Activation
from engine.sitting import sitting
from engine.text import Text
from engine.workflow import Move, Rule, Step, Workflow, Workflows
from store.sql import SqlStore, open_store
from tests.engine.cast import DUE, DWELL, MONDAY, NOON, REGISTER, WORKFLOW, case, d

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)
NOW = datetime(2012, 4, 23, 10, 0, tzinfo=UTC)  # less than thirty days before the deadline
TODAY = date(2012, 4, 23)
REF = "IOM-2011-3"
SKIP = Move(name="skip", sources=("assigned",), dest="reported", by=("responsible",), label=Text.same("skip"))
NEWER = replace(WORKFLOW, version=2, rules=(DUE, DWELL), moves={**WORKFLOW.moves, "skip": SKIP})


@pytest.fixture
def store(database: str) -> Iterator[SqlStore]:
    opened = open_store(database, organisation=REGISTER.organisation)
    with opened.begin() as tx:
        tx.enrol(REGISTER)
    yield opened
    opened.close()


def opened(store: SqlStore, **facts: object) -> Case:
    new = case(**{"parent": "", "plan": REF, "rules": WORKFLOW.fingerprint, **facts})
    with store.begin() as tx:
        tx.add(new)
    return new


def errand(move: str = "comment", by: str = "unit:HUM", text: str = "Vi er i gang", **more: object) -> Errand:
    return Errand(**{"ref": REF, "move": move, "by": by, "text": text, "through": "web", **more})  # type: ignore[arg-type]


def remarked(store: SqlStore, workflow: Workflow = WORKFLOW, **more: object) -> list[Event]:
    """The history once somebody has said something."""
    comment(store, Workflows.of(WORKFLOW, workflow), errand(**more), now=NOW)  # type: ignore[arg-type]
    return list(store.history(REF))


def test_what_is_said_is_kept_without_what_no_database_keeps(store: SqlStore) -> None:
    opened(store)
    (said,) = remarked(store, text=" \0Ett\0 svar\nmangler \n")
    assert said.text == "Ett svar\nmangler"


def test_who_stands_in_for_somebody_acts_on_their_behalf(store: SqlStore) -> None:
    opened(store, responsible="officer")
    leave = Absence(person="officer", first=TODAY, substitute="stranger")
    with store.begin() as tx:
        tx.enrol(replace(REGISTER, absences=(leave,)))
    (event,) = remarked(store, by="person:stranger")
    assert (event.by, event.for_whom) == ("person:stranger", "person:officer")


def test_who_says_on_whose_behalf_they_act_acts_on_that_behalf(store: SqlStore) -> None:
    opened(store)
    event = act(store, Workflows.of(WORKFLOW), errand("start", "unit:GIL", for_whom="unit:HUM"), now=NOW)
    assert (event.by, event.for_whom) == ("unit:GIL", "unit:HUM")


def test_who_acts_in_their_own_right_acts_on_nobodys_behalf(store: SqlStore) -> None:
    opened(store)
    assert [it.for_whom for it in remarked(store)] == [""]


def test_a_case_that_never_asked_its_rules_goes_by_the_present_ones_without_a_word(store: SqlStore) -> None:
    opened(store, rules="")
    assert [it.move for it in remarked(store)] == ["comment"]
    assert store.case(REF).rules == WORKFLOW.fingerprint


def test_under_rules_that_have_not_changed_nothing_is_planned_anew(store: SqlStore) -> None:
    opened(store, replanned_seq=3)
    assert [it.move for it in remarked(store)] == ["comment"]
    assert (store.case(REF).rules, store.case(REF).replanned_seq) == (WORKFLOW.fingerprint, 3)


def test_rules_that_were_changed_in_their_place_are_in_the_history_before_what_is_said_next(store: SqlStore) -> None:
    opened(store, rules="older")
    rules, said = remarked(store, responsible="officer")
    assert (rules.move, rules.by, rules.through, rules.at) == ("rules", "system", "rule", NOW)
    assert (rules.text, rules.facts) == ("", {"from": "action/1", "to": "action/1"})
    assert (said.move, said.by, said.through, said.text) == ("comment", "unit:HUM", "web", "Vi er i gang")
    after = store.case(REF)
    assert (after.rules, after.replanned_seq) == (WORKFLOW.fingerprint, 1)
    assert {(it.to, it.rule, it.via) for it in store.notices(REF)} == {
        ("unit:GIL", "move:rules", "digest"),
        ("unit:GIL", "move:comment", "digest"),
    }


def activated(store: SqlStore) -> None:
    with store.begin() as tx:
        tx.activate(Activation(workflow=NEWER.key, by="unit:UR", reason="Kortere frister", at=NOON), [WORKFLOW.key])


def test_newer_rules_hold_once_somebody_has_decided_it_and_the_history_says_who_and_why(store: SqlStore) -> None:
    opened(store)
    activated(store)
    rules, said = remarked(store, NEWER)
    assert (rules.move, rules.by, rules.text, rules.facts) == (
        "rules", "unit:UR", "Kortere frister", {"from": "action/1", "to": "action/2"},
    )  # fmt: skip
    assert (said.move, said.by, said.text) == ("comment", "unit:HUM", "Vi er i gang")
    after = store.case(REF)
    assert (after.workflow, after.rules, after.replanned_seq) == ("action/2", NEWER.fingerprint, 1)


def test_what_only_the_newer_rules_know_can_be_done_at_once(store: SqlStore) -> None:
    opened(store)
    both = Workflows.of(WORKFLOW, NEWER)
    with pytest.raises(NoSuchMove):
        act(store, both, errand("skip"), now=NOW)
    activated(store)
    assert act(store, both, errand("skip"), now=NOW).dest == "reported"


def test_newer_rules_that_nobody_has_decided_on_do_not_hold(store: SqlStore) -> None:
    opened(store)
    assert [it.move for it in remarked(store, NEWER)] == ["comment"]
    assert store.case(REF).workflow == "action/1"


def test_who_has_seen_another_version_is_refused(store: SqlStore) -> None:
    opened(store)
    with pytest.raises(Stale, match=f"{REF} has changed since version 2"):
        remarked(store, seen=2)
    assert [it.move for it in remarked(store, seen=1)] == ["comment"]


AFTER_PAUSE = Rule(
    id="after",
    when=DUE.when,
    clock="hold_end",
    steps=(Step(name="1", at=d(3), tell=("responsible",), letter="stalled"),),
)


def test_whatever_is_said_the_alarm_remembers_the_pause_from_whose_end_a_rule_counts(store: SqlStore) -> None:
    opened(store, due=TODAY + timedelta(days=90))
    flow, until = Workflows.of(replace(WORKFLOW, rules=(DUE, AFTER_PAUSE))), TODAY + timedelta(days=5)
    pause(store, flow, errand("hold"), rule="due", kind="ack", until=until, now=NOW)
    comment(store, flow, errand(), now=NOW)
    assert store.case(REF).wake_on == until + timedelta(days=3)


def test_a_case_that_nothing_is_done_with_rests_until_its_rules_have_something_to_say(store: SqlStore) -> None:
    opened(store, entered_on=TODAY, wake_on=MONDAY)
    with sitting(store, Workflows.of(replace(WORKFLOW, rules=(DWELL,))), errand(), now=NOW) as desk:
        rested = desk.rest()
    assert rested.wake_on == TODAY + timedelta(days=60)
    assert store.case(REF) == rested
