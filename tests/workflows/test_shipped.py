"""What the shipped workflows do to people in a year in which nobody answers."""

from collections.abc import Iterable
from datetime import date, timedelta

import pytest

from engine.calendar import day_of
from engine.simulation import Decision, Opening, parcels, simulate
from engine.text import LANGUAGES
from engine.workflow import Workflow
from tests.engine.cast import MONDAY, REGISTER, case
from workflows.loading import load

SHIPPED = load()
UNTIL = MONDAY + timedelta(days=365)
DUE = MONDAY + timedelta(days=60)


def year(name: str, state: str, due: date | None) -> list[Decision]:
    flow = SHIPPED.latest(name)
    opened = case(workflow=flow.key, kind=name, state=state, due=due)
    return simulate(SHIPPED, REGISTER, [Opening(opened)], start=MONDAY, until=UNTIL)


def told(lived: Iterable[Decision], role: str) -> list[date]:
    return [it.day for it in lived if it.notice and it.notice.role == role]


@pytest.mark.parametrize(("name", "state"), [("action", "assigned"), ("action", "in_progress"), ("request", "asked")])
def test_a_case_without_a_date_is_chased_as_well(name: str, state: str) -> None:
    lived = year(name, state, None)
    firsts = [told(lived, role)[0] for role in ("responsible", "head", "coordinator")]
    assert firsts == sorted(firsts)
    assert firsts[0] < MONDAY + timedelta(days=45)


def test_an_action_goes_up_to_the_executive_with_a_date_and_without() -> None:
    for due in (DUE, None):
        assert told(year("action", "assigned", due), "executive")


@pytest.mark.parametrize(
    ("name", "state", "roles"),
    [
        ("action", "assigned", ["responsible", "responsible", "head", "coordinator", "executive"]),
        ("request", "asked", ["responsible", "responsible", "head", "coordinator"]),
        ("report", "awaited", ["responsible", "responsible", "head", "coordinator", "executive"]),
    ],
)
def test_a_missed_date_climbs_the_ladder_in_order(name: str, state: str, roles: list[str]) -> None:
    lived = [it for it in year(name, state, DUE) if it.rule == "due" and it.day > DUE and it.notice and it.level]
    firsts = {role: told(lived, role)[0] for role in dict.fromkeys(roles)}
    assert list(firsts) == sorted(firsts, key=lambda role: firsts[role])
    assert firsts["responsible"] == date(2011, 10, 31)  # the working day after Friday 28 October


@pytest.mark.parametrize(("name", "state"), [("action", "assigned"), ("request", "asked"), ("report", "awaited")])
@pytest.mark.parametrize("due", [DUE, None], ids=["dated", "undated"])
def test_the_officer_is_not_nagged(name: str, state: str, due: date | None) -> None:
    mails = parcels(year(name, state, due))
    days = [day_of(at, "Europe/Oslo") for at, party, _ in mails if party == "unit:HUM"]
    assert len(days) == len(set(days)), "two mails on one day"
    assert len(days) <= 14, "more than about one a month"
    assert max((sum(day <= it < day + timedelta(days=14) for it in days) for day in days), default=0) <= 3


@pytest.mark.parametrize(
    ("name", "state", "letter"),
    [
        ("action", "assigned", "assigned"),
        ("action", "in_progress", "digest"),
        ("request", "asked", "assigned"),
        ("report", "awaited", "assigned"),
        ("receipt", "pending", "handed_over"),
    ],
)
def test_a_case_opens_with_a_friendly_letter(name: str, state: str, letter: str) -> None:
    """The first move of the file that tells something on its way into the state decides."""
    moves = SHIPPED.latest(name).moves.values()
    assert next(move.tell for move in moves if move.dest == state and move.tell)[0].letter == letter


@pytest.mark.parametrize("flow", SHIPPED.by_key.values(), ids=lambda it: it.key)
def test_what_ends_or_rejects_cannot_be_asked_for_by_mail(flow: Workflow) -> None:
    for move in flow.moves.values():
        if "coordinator" in move.by and flow.states[move.dest].final and "responsible" not in move.by:
            assert not move.say


@pytest.mark.parametrize("flow", SHIPPED.by_key.values(), ids=lambda it: it.key)
def test_every_move_that_a_reply_may_ask_for_has_words_in_every_language(flow: Workflow) -> None:
    for move in flow.moves.values():
        assert not move.say or all(move.say[language] for language in LANGUAGES)


@pytest.mark.parametrize("flow", SHIPPED.by_key.values(), ids=lambda it: it.key)
def test_every_end_can_be_undone_or_is_a_receipt(flow: Workflow) -> None:
    reopened = {source for move in flow.moves.values() for source in move.sources}
    ends = {name for name, state in flow.states.items() if state.final}
    assert ends <= reopened or flow.name == "receipt"
