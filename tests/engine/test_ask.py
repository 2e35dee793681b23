"""What may be asked for, from where, with what; and what the history keeps of the wish."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

import pytest

from engine.answering import answer
from engine.case import Errand, Event
from engine.errors import Incomplete, NoSuchMove, NotFound, NotYours, Past
from engine.text import Text
from engine.workflow import Ask, Telling, Workflows
from store.sql import SqlStore, open_store
from tests.engine.cast import MONDAY, NOON, REGISTER, WORKFLOW, case

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)
REF = "IOM-2011-3"
TUESDAY = MONDAY + timedelta(days=1)


def asking(name: str, *needs: str, sources: tuple[str, ...] = ("assigned",)) -> Ask:
    telling = Telling(to=("executive",), letter="asked")
    return Ask(
        name=name, sources=sources, by=("responsible",), label=Text.same(name), needs=needs, takes=("owner", "due"),
        say={"nb": (name,)}, tell=(telling,),
    )  # fmt: skip


ASKS = (
    asking("other", "owner"),
    asking("time", "due"),
    asking("word", "reason"),
    asking("late", sources=("reported",)),
)
WORKFLOWS = Workflows.of(replace(WORKFLOW, asks={it.name: it for it in ASKS}))


@pytest.fixture
def store(database: str) -> Iterator[SqlStore]:
    opened = open_store(database, organisation=REGISTER.organisation)
    with opened.begin() as tx:
        tx.enrol(REGISTER)
        tx.add(case(parent="", plan=REF))
    yield opened
    opened.close()


def asked(store: SqlStore, move: str, by: str = "unit:HUM", **more: object) -> Event:
    errand = Errand(**{"ref": REF, "move": move, "by": by, "through": "link", **more})  # type: ignore[arg-type]
    return answer(store, WORKFLOWS, errand, now=NOON).event


def test_the_history_keeps_the_day_and_the_unit_that_were_wished_for_and_the_case_as_it_was(store: SqlStore) -> None:
    before = store.case(REF)
    said = asked(store, "time", due=TUESDAY, owner="DHAKA", text="Ambassaden svarer.").facts
    assert (said["wished"], said["unit"], said["entered_on was"]) == ("2011-08-30", "DHAKA", str(before.entered_on))
    after = store.case(REF)
    assert (after.state, after.due, after.owner) == (before.state, before.due, before.owner)


def test_what_was_not_wished_for_is_not_in_the_history(store: SqlStore) -> None:
    assert not {"wished", "unit"} & set(asked(store, "word", text="Vi trenger hjelp.").facts)


def test_those_are_told_whom_the_ask_names(store: SqlStore) -> None:
    asked(store, "word", text="Vi trenger hjelp.")
    assert ("unit:UR", "asked") in {(it.to, it.letter) for it in store.notices(REF)}


@pytest.mark.parametrize(
    ("move", "said", "missing"),
    [
        ("other", {"text": "DHAKA"}, "owner"),
        ("time", {"text": "i morgen", "owner": "DHAKA"}, "due"),
        ("word", {"due": TUESDAY, "text": " "}, "reason"),
    ],
)
def test_what_an_ask_needs_is_given_as_what_it_is(
    store: SqlStore, move: str, said: dict[str, object], missing: str
) -> None:
    with pytest.raises(Incomplete) as refused:
        asked(store, move, "unit:HUM", **said)
    assert str(refused.value) == f"to {move}, {missing} must be given"
    assert store.history(REF) == []


@pytest.mark.parametrize(("move", "said"), [("other", {"owner": "DHAKA"}), ("time", {"due": TUESDAY})])
def test_an_ask_with_all_it_needs_is_put_without_a_word(store: SqlStore, move: str, said: dict[str, object]) -> None:
    assert asked(store, move, "unit:HUM", **said).move == move


def test_who_asks_from_elsewhere_hears_what_can_be_asked_from_here(store: SqlStore) -> None:
    with pytest.raises(NoSuchMove) as refused:
        asked(store, "late")
    assert str(refused.value) == "cannot late from assigned; from here one can other, time, word"


@pytest.mark.parametrize("day", [MONDAY, date(2011, 8, 1)])
def test_a_day_that_does_not_lie_ahead_cannot_be_wished_for(store: SqlStore, day: date) -> None:
    with pytest.raises(Past):
        asked(store, "time", due=day)


def test_nobody_wishes_for_others_or_for_a_unit_that_nobody_knows(store: SqlStore) -> None:
    with pytest.raises(NotYours):
        asked(store, "word", "unit:GIL", text="Vi trenger hjelp.")
    with pytest.raises(NotFound, match="there is no unit 'HUMM'"):
        asked(store, "other", owner="HUMM")
