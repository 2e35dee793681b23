"""How seldom an overview may come follows from the rules: the promise is proved anew, or the choice is refused."""

from dataclasses import replace
from datetime import time

import pytest

from engine.people import Organisation, Register, Unit
from engine.rhythm import EVERY, Rhythm
from engine.text import Text
from engine.workflow import Guard, Offset, Workflows
from tiltak.limits import limits_of
from workflows.loading import load

SHIPPED = load()
HOUSE = Organisation(key="ud", name=Text.same("UD"))
GIL = Unit(code="GIL", name=Text.same("GIL"), mailbox="gil@ud.example")
DHAKA = replace(GIL, code="DHAKA", calendar="BD")
REGISTER = Register(organisation=HOUSE, units={"GIL": GIL, "DHAKA": DHAKA}, persons={})


def weekly(day: int) -> Rhythm:
    return Rhythm(every="weekly", weekday=day, at=time(8))


def hurried(days: int) -> Workflows:
    """The request as it is shipped, with a guard that allows no more than so many days."""
    request = next(it for it in SHIPPED.by_key.values() if it.name == "request")
    return Workflows.of(replace(request, guard=Guard(watcher="coordinator", max_silence=Offset(days, "d"))))


def test_by_the_shipped_rules_once_a_week_is_never_silence() -> None:
    limits = limits_of(EVERY, SHIPPED)
    assert limits.weekdays("unit:GIL", REGISTER) == (1, 2, 3, 4, 5)


@pytest.mark.parametrize(("days", "may"), [(51, False), (55, False), (56, True)])
def test_where_the_guard_is_tight_once_a_week_is_refused(days: int, may: bool) -> None:
    """51 days of silence are proved for letters that leave on every working day, 56 for those that leave on Fridays."""
    register = replace(REGISTER, units={"GIL": GIL})
    limits = limits_of(EVERY, hurried(days))
    assert limits.permits("unit:GIL", weekly(5), register) is may
    assert limits.permits("unit:GIL", Rhythm(every="eventful", at=time(14)), register)
    if not may:
        assert limits.objection("unit:GIL", weekly(5), register) == "promise"


def test_a_reader_who_works_on_other_days_is_counted_by_those() -> None:
    limits = limits_of(EVERY, hurried(51))
    eventful = Rhythm(every="eventful", at=time(14))
    assert limits.permits("unit:GIL", eventful, REGISTER)
    assert not limits.permits(
        "unit:DHAKA", eventful, REGISTER
    )  # Friday to Sunday without a letter, beside the holidays
