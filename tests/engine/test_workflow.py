"""Looking things up in the rules, and lengths of time as people write them."""

from dataclasses import replace

import pytest

from engine.errors import NotFound, Unreadable
from engine.text import Text
from engine.workflow import Ask, Offset, Workflows
from tests.engine.cast import DUE, DWELL, WORKFLOW

NEWER, OTHER = replace(WORKFLOW, version=10), replace(WORKFLOW, name="letter")
ALL = Workflows.of(NEWER, WORKFLOW, OTHER)


@pytest.mark.parametrize(
    ("written", "offset"),
    [("-30d", (-30, "d")), ("2w", (2, "w")), ("+1m", (1, "m")), ("1y", (1, "y")), ("10wd", (10, "wd"))],
)
def test_a_length_of_time_is_a_number_and_a_unit(written: str, offset: tuple[int, str]) -> None:
    found = Offset.parse(written)
    assert (found.count, found.unit) == offset
    assert Offset.parse(str(found)) == found


@pytest.mark.parametrize("written", ["", "d", "30", "3 d", "3h", "3wdd", "--3d"])
def test_what_is_no_length_of_time_is_refused_with_examples(written: str) -> None:
    with pytest.raises(ValueError, match="no length of time") as refused:
        Offset.parse(written)
    assert str(refused.value) == f"{written!r} is no length of time such as -30d, 2w, 1m, 1y or 10wd"


def test_a_length_of_time_can_be_taken_several_times() -> None:
    assert Offset(10, "wd").times(3) == Offset(30, "wd")


def test_a_rule_is_found_by_its_name_and_one_that_is_not_there_is_missed() -> None:
    assert (WORKFLOW.rule("due"), WORKFLOW.rule("dwell")) == (DUE, DWELL)
    with pytest.raises(NotFound, match=r"^there is no rule 'gone'$"):
        WORKFLOW.rule("gone")


def test_a_state_has_the_moves_and_asks_that_begin_in_it() -> None:
    ask = Ask(name="more", sources=("assigned",), by=("responsible",), label=Text.same("More"))
    asking = replace(WORKFLOW, asks={"more": ask})
    assert [it.name for it in asking.moves_from("reported")] == ["return", "close"]
    assert (asking.asks_from("assigned"), asking.asks_from("reported")) == ((ask,), ())


def test_of_several_versions_the_one_with_the_highest_number_is_the_latest() -> None:
    assert (ALL.latest("action"), ALL.latest("letter")) == (NEWER, OTHER)
    assert (ALL.newest("action"), ALL.newest("memo")) == (NEWER, None)
    with pytest.raises(NotFound, match=r"^there is no workflow 'memo'$"):
        ALL.latest("memo")


def test_each_version_is_found_by_its_key_and_the_loaded_ones_are_named_when_it_is_not() -> None:
    assert ALL["action/1"] == WORKFLOW
    with pytest.raises(Unreadable) as refused:
        ALL["action/2"]
    assert str(refused.value) == "workflow 'action/2' is not loaded; loaded are action/1, action/10, letter/1"
    assert ALL.names() == ("action", "letter")


def test_a_state_is_known_in_the_version_that_has_it() -> None:
    known = [ALL.know(*it) for it in (("action/1", "assigned"), ("action/1", "lost"), ("action/2", "assigned"))]
    assert known == [True, False, False]
