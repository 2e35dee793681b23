"""Where open cases are under older rules, what must be mended first, and who decided that they go on by newer ones."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from engine.activation import Behind, activate, behind
from engine.errors import Refused
from engine.rulebook import Activation
from engine.text import Text
from engine.workflow import State, Workflow, Workflows
from store.sql import SqlStore, open_store
from tests.engine.cast import MONDAY, NOON, REGISTER, WORKFLOW, case


def version(number: int, name: str = "action", **changes: object) -> Workflow:
    return replace(WORKFLOW, name=name, version=number, **changes)  # type: ignore[arg-type]


LETTERS = [version(number, "letter") for number in (1, 2)]
ALL = Workflows.of(WORKFLOW, version(2), version(3), *LETTERS)
STANDING: dict[str, dict[str, object]] = {
    "A": {"workflow": "action/2", "state": "reported"},
    "B": {"workflow": "action/1"},
    "C": {"workflow": "action/1", "state": "proposed"},
    "D": {"workflow": "action/3"},
    "E": {"workflow": "letter/1", "kind": "letter"},
    "F": {"workflow": "memo/1", "kind": "memo"},
    "G": {"workflow": "action/1", "state": "closed", "wake_on": None},
}


@pytest.fixture
def store(database: str) -> Iterator[SqlStore]:
    opened = open_store(database, organisation=REGISTER.organisation)
    with opened.begin() as tx:
        tx.enrol(REGISTER)
        for ref, facts in STANDING.items():
            tx.add(case(**{"ref": ref, "plan": ref, "parent": "", "wake_on": MONDAY, **facts}))
    yield opened
    opened.close()


ONE, TWO, LETTER = (
    Behind("action/1", "action/3", 2),
    Behind("action/2", "action/3", 1),
    Behind("letter/1", "letter/2", 1),
)


def test_it_is_counted_how_many_open_cases_are_under_which_older_rules(store: SqlStore) -> None:
    assert behind(store, ALL) == [ONE, TWO, LETTER]
    assert behind(store, ALL, ["letter", "memo"]) == [LETTER]
    assert behind(store, Workflows.of(LETTERS[0])) == []


def test_an_activation_is_kept_for_each_workflow_with_who_decided_it_and_why(store: SqlStore) -> None:
    assert activate(store, store, ALL, names=["action"], by="unit:UR", reason="Kortere", now=NOON) == [ONE, TWO]
    assert set(store.activated()) == {"action/3"}
    with store.begin() as tx:
        assert tx.activation("action/3") == Activation(workflow="action/3", by="unit:UR", reason="Kortere", at=NOON)
    activate(store, store, ALL, by="unit:UR", reason="Alle", now=NOON)
    assert set(store.activated()) == {"action/3", "letter/2"}


@pytest.mark.parametrize("names", [(), ("action",)])
def test_cases_of_every_older_version_are_woken(store: SqlStore, names: tuple[str, ...]) -> None:
    activate(store, store, ALL, names=names, by="unit:UR", reason="Kortere", now=NOON)
    with store.begin() as tx:
        woken = {it.case.ref for it in tx.claim(MONDAY, limit=99) if not isinstance(it, str)}
    assert {"A", "B", "C"} <= woken


def refusal(store: SqlStore, workflows: Workflows) -> str:
    with pytest.raises(Refused) as refused:
        activate(store, store, workflows, by="unit:UR", reason="Kortere", now=NOON)
    assert set(store.activated()) == set()
    return str(refused.value)


def without(state: str) -> Workflow:
    return version(3, states={name: it for name, it in WORKFLOW.states.items() if name != state})


def test_a_state_that_the_newest_rules_do_not_have_is_named_with_the_cases_that_are_in_it(store: SqlStore) -> None:
    with store.begin() as tx:
        tx.add(case(ref="H", plan="H", wake_on=MONDAY))
    assert refusal(store, Workflows.of(WORKFLOW, version(2), without("assigned"))) == (
        "B, H: the state 'assigned' does not exist in action/3; "
        "move them on first, or give action/3 that state as an open one"
    )


def test_a_state_that_has_become_an_end_is_no_place_to_go_on_from(store: SqlStore) -> None:
    end = State(name="assigned", label=Text.same("assigned"), final=True)
    ended = version(3, states={**WORKFLOW.states, "assigned": end})
    assert refusal(store, Workflows.of(WORKFLOW, version(2), ended)).startswith(
        "B: the state 'assigned' is an end in action/3; "
    )


def test_every_such_state_is_named_and_of_many_cases_the_first_ten(store: SqlStore) -> None:
    with store.begin() as tx:
        for number in range(10, 21):
            tx.add(case(ref=f"N-{number}", plan=f"N-{number}", wake_on=MONDAY))
    fewer = version(3, states={"proposed": WORKFLOW.states["proposed"]})
    first, second = sorted(refusal(store, Workflows.of(WORKFLOW, version(2), fewer)).splitlines())
    assert first.startswith("A: the state 'reported' does not exist in action/3; ")
    assert second.startswith(
        f"B, {', '.join(f'N-{number}' for number in range(10, 19))} and 2 more: the state 'assigned'"
    )
