"""An absence that a machine has told of: somebody says yes, or mends it first, or says no; each once."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import text

from engine.absent import accept, decline
from engine.errors import NotFound, Refused
from engine.inbound import Received
from engine.people import Absence
from engine.suggested import Suggestion
from store.sql import SqlStore, open_store
from tests.engine.cast import MONDAY, NOON, REGISTER

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)
FRIDAY, WEEK = MONDAY + timedelta(days=4), timedelta(days=7)
NOTE = Suggestion(id=1, person="officer", first=MONDAY, last=FRIDAY, substitute="hum-head", named="Hum", at=NOON)


@pytest.fixture
def store(database: str) -> Iterator[SqlStore]:
    opened = open_store(database, organisation=REGISTER.organisation)
    opened.keep(Received(source="imap", raw=b"Subject: Ferie\n\nJeg er borte."), NOON)
    with opened.begin() as tx:
        tx.enrol(REGISTER)
        tx.keep_suggestion(NOTE)
    yield opened
    opened.close()


def kept(store: SqlStore) -> tuple[str, str]:
    """What came of the suggestion, and who said so."""
    with store.engine.connect() as connection:
        fate, by = connection.execute(text("SELECT fate, settled_by FROM suggestions")).one()
    return fate, by


def test_a_suggestion_that_is_accepted_is_the_absence_that_it_tells_of(store: SqlStore) -> None:
    assert accept(store, 1, by="gil-head") == NOTE
    assert store.register().absences == (Absence(person="officer", first=MONDAY, last=FRIDAY, substitute="hum-head"),)
    assert kept(store) == ("accepted", "gil-head")


def test_what_is_said_by_hand_is_said_instead_of_what_the_note_says(store: SqlStore) -> None:
    first, last = MONDAY + WEEK, FRIDAY + WEEK
    found = accept(store, 1, by="gil-head", first=first, last=last, substitute="gil-head")
    assert found == replace(NOTE, first=first, last=last, substitute="gil-head")
    assert store.register().absences == (Absence(person="officer", first=first, last=last, substitute="gil-head"),)


def test_what_the_note_leaves_open_stays_open(store: SqlStore) -> None:
    with store.begin() as tx:
        tx.keep_suggestion(replace(NOTE, last=None, substitute=""))
    accept(store, 1, by="gil-head")
    assert store.register().absences == (Absence(person="officer", first=MONDAY),)


def test_a_suggestion_that_is_declined_makes_nobody_absent(store: SqlStore) -> None:
    assert decline(store, 1, by="gil-head") == NOTE
    assert store.register().absences == ()
    assert kept(store) == ("declined", "gil-head")


def test_what_was_dealt_with_is_not_dealt_with_again(store: SqlStore) -> None:
    decline(store, 1, by="gil-head")
    with pytest.raises(Refused, match=r"^the suggestion in mail 1 was declined already$"):
        accept(store, 1, by="hum-head")
    with pytest.raises(Refused, match=r"^the suggestion in mail 1 was declined already$"):
        decline(store, 1, by="hum-head")
    assert kept(store) == ("declined", "gil-head")


def test_an_absence_that_makes_no_sense_leaves_the_suggestion_open(store: SqlStore) -> None:
    with pytest.raises(Refused, match="it begins"):
        accept(store, 1, by="gil-head", last=MONDAY - WEEK)
    with pytest.raises(NotFound, match="nobody"):
        accept(store, 1, by="gil-head", substitute="nobody")
    assert (list(store.suggestions()), store.register().absences) == ([NOTE], ())
