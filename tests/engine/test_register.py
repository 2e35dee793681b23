"""Who is away, who stands in, and from which day somebody else answers."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

import pytest

from engine.absent import absent, back
from engine.errors import NotFound, Refused
from engine.people import Absence, Responsibility, Unit
from store.sql import SqlStore, open_store
from tests.engine.cast import MONDAY, REGISTER, unit

DAY = timedelta(days=1)
FRIDAY = MONDAY + 4 * DAY
LEAVE = Absence(person="officer", first=MONDAY, last=FRIDAY, substitute="hum-head")


@pytest.fixture
def store(database: str) -> Iterator[SqlStore]:
    opened = open_store(database, organisation=REGISTER.organisation)
    with opened.begin() as tx:
        tx.enrol(REGISTER)
    yield opened
    opened.close()


def test_absences_are_added_to_those_that_are_known(store: SqlStore) -> None:
    later = replace(LEAVE, first=MONDAY + 30 * DAY, last=None, substitute="")
    absent(store, LEAVE)
    absent(store, later)
    assert set(store.register().absences) == {LEAVE, later}
    assert set(store.register().persons) == set(REGISTER.persons)


REFUSED: list[tuple[dict[str, object], type[Exception], str]] = [
    ({"person": "nobody"}, NotFound, "there is no person 'nobody'"),
    ({"substitute": "nobody"}, NotFound, "there is no person 'nobody'"),
    ({"last": MONDAY - DAY}, Refused, "the absence ends on 2011-08-28, before it begins on 2011-08-29"),
    ({"substitute": "officer"}, Refused, "nobody stands in for themselves; name somebody else, or nobody"),
]


@pytest.mark.parametrize(("facts", "kind", "sentence"), REFUSED)
def test_an_absence_that_makes_no_sense_is_refused(
    store: SqlStore, facts: dict[str, object], kind: type[Exception], sentence: str
) -> None:
    with pytest.raises(kind) as refused:
        absent(store, replace(LEAVE, **facts))  # type: ignore[arg-type]
    assert str(refused.value) == sentence
    assert store.register().absences == ()


def test_an_absence_of_one_day_makes_sense(store: SqlStore) -> None:
    absent(store, replace(LEAVE, last=MONDAY))
    assert [(it.first, it.last) for it in store.register().absences] == [(MONDAY, MONDAY)]


@pytest.mark.parametrize(
    ("on", "kept"),
    [
        (MONDAY, []),  # as if it had never been
        (MONDAY + DAY, [(MONDAY, MONDAY)]),
        (FRIDAY, [(MONDAY, FRIDAY - DAY)]),
    ],
)
def test_who_is_back_is_there_from_that_day(store: SqlStore, on: date, kept: list[tuple[date, date]]) -> None:
    others = replace(LEAVE, person="gil-head", substitute="")
    for absence in (LEAVE, others, replace(LEAVE, first=MONDAY + 30 * DAY, last=None)):
        absent(store, absence)
    back(store, "officer", on)
    absences = store.register().absences
    assert [(it.first, it.last) for it in absences if it.person == "officer"] == kept
    assert [it for it in absences if it.person == "gil-head"] == [others]


def test_who_was_not_away_cannot_be_back(store: SqlStore) -> None:
    absent(store, LEAVE)
    for person, on in (("officer", FRIDAY + DAY), ("hum-head", MONDAY)):
        with pytest.raises(Refused) as refused:
            back(store, person, on)
        assert str(refused.value) == f"{person} is not known to be away on {on}"
    assert store.register().absences == (LEAVE,)


SPELL = (None, MONDAY, FRIDAY)


@pytest.mark.parametrize("first", SPELL)
@pytest.mark.parametrize("last", SPELL)
@pytest.mark.parametrize("days", [-1, 0, 1, 3, 4, 5])
def test_a_term_includes_both_ends_and_is_open_where_none_is_named(
    first: date | None, last: date | None, days: int
) -> None:
    on = MONDAY + days * DAY
    holds = (first is None or first <= on) and (last is None or on <= last)
    assert unit("X", valid_from=first, valid_to=last).valid(on) is holds
    assert Responsibility(subject="IOM", unit="X", valid_from=first, valid_to=last).valid(on) is holds
    if first:
        assert Absence(person="officer", first=first, last=last).covers(on) is holds


def test_of_several_units_the_one_that_began_last_answers() -> None:
    terms = (
        Responsibility(subject="IOM", unit="UR"),
        Responsibility(subject="IOM", unit="HUM", valid_from=MONDAY),
        Responsibility(subject="IOM", unit="GIL", valid_from=FRIDAY),
        Responsibility(subject="UNHCR", unit="DHAKA", valid_from=FRIDAY),
    )
    register = replace(REGISTER, responsibilities=terms)
    days = (MONDAY - DAY, MONDAY, FRIDAY)
    assert [register.answering("IOM", on) for on in days] == ["UR", "HUM", "GIL"]
    assert register.answering("WFP", FRIDAY) == ""
    changes = [register.next_change(frozenset({"IOM"}), after) for after in days]
    assert changes == [MONDAY, FRIDAY, None]
    assert register.next_change(frozenset({"WFP"}), MONDAY) is None


@pytest.mark.parametrize(("last", "change"), [(FRIDAY, FRIDAY + DAY), (date.max, None), (None, None)])
def test_the_end_of_a_term_is_a_change_on_the_day_after(last: date | None, change: date | None) -> None:
    register = replace(REGISTER, responsibilities=(Responsibility(subject="IOM", unit="HUM", valid_to=last),))
    assert register.next_change(frozenset({"IOM"}), MONDAY) == change
    ends = replace(REGISTER, units={"HUM": unit("HUM", valid_to=last)})
    assert ends.next_succession("HUM", MONDAY) == change


def test_a_line_of_units_ends_where_nobody_follows_and_never_goes_in_a_circle() -> None:
    def line(*units: Unit) -> list[str]:
        return [it.code for it in replace(REGISTER, units={it.code: it for it in units}).line("A")]

    assert line(unit("A", successor="B"), unit("B", successor="C")) == ["A", "B"]
    assert line(unit("A", successor="B"), unit("B", successor="A")) == ["A", "B"]
    assert line(unit("B")) == []
