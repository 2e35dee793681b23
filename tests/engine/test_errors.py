"""An error says in one sentence what is wrong and what to do, and carries the facts for whoever words it anew."""

from collections.abc import Callable

import pytest

from engine.errors import (
    Fault,
    Faulty,
    Incomplete,
    NoSuchMove,
    NotFound,
    NotYours,
    OffTheCalendar,
    OtherRules,
    Stale,
    TiltakError,
)

SENTENCES: dict[str, Callable[[], TiltakError]] = {
    "there is no unit 'HUMM'": lambda: NotFound("unit", "HUMM"),
    "cannot close from assigned; from here one can start, report": lambda: NoSuchMove(
        "close", "assigned", ["start", "report"]
    ),
    "cannot close from closed": lambda: NoSuchMove("close", "closed"),
    "unit:HUM may not close: that is for coordinator or executive": lambda: NotYours(
        "unit:HUM", "close", ["coordinator", "executive"]
    ),
    "to assign, owner and due must be given": lambda: Incomplete("assign", ["owner", "due"]),
    "2011-05-21 + 9000y is not within the years 1 to 9999; choose a nearer day": lambda: OffTheCalendar(
        "2011-05-21 + 9000y"
    ),
    "P-1 has changed since version 2; look at it again and decide anew": lambda: Stale("P-1", 2),
    "the service works by other rule files, or by another version of the program, than this process: "
    "start whichever has the older ones again": OtherRules,
}


@pytest.mark.parametrize("sentence", SENTENCES)
def test_an_error_says_what_is_wrong_and_what_to_do(sentence: str) -> None:
    assert str(SENTENCES[sentence]()) == sentence


def facts(error: TiltakError) -> dict[str, object]:
    return {name: value for name, value in vars(error).items() if not name.startswith("_")}


def test_an_error_carries_its_facts_for_whoever_words_it_anew() -> None:
    assert facts(NotFound("unit", "HUMM")) == {"noun": "unit", "ref": "HUMM"}
    assert facts(NoSuchMove("close", "new", ["start"])) == {"move": "close", "state": "new", "open_moves": ("start",)}
    assert facts(NotYours("unit:HUM", "close", ["head"])) == {"party": "unit:HUM", "move": "close", "roles": ("head",)}
    assert facts(Incomplete("assign", ["owner"])) == {"move": "assign", "missing": ("owner",)}
    assert facts(Stale("P-1", 2)) == {"ref": "P-1", "seen": 2}
    assert facts(OffTheCalendar("that day")) == {"what": "that day"}


LATE, EARLY = Fault("b.yaml", 3, "no such letter", "use overdue"), Fault("a.yaml", 0, "it is empty")


def test_a_fault_says_where_it_stands_what_it_is_and_what_to_do() -> None:
    assert str(LATE) == "b.yaml:3: no such letter (use overdue)"
    assert str(EARLY) == "a.yaml: it is empty"  # of the file as a whole, with no remedy but to write one


def test_a_faulty_file_names_every_fault_in_the_order_of_the_lines() -> None:
    second = Fault("b.yaml", 9, "no such role")
    faulty = Faulty([second, LATE, EARLY])
    assert faulty.faults == (EARLY, LATE, second)
    assert str(faulty) == "a.yaml: it is empty\nb.yaml:3: no such letter (use overdue)\nb.yaml:9: no such role"
