"""A newer version of the rules is activated: open cases go on under it, and only what lies ahead is planned anew."""

from datetime import date, datetime, time, timedelta

import pytest

from engine.activation import Behind, activate, behind
from engine.difference import under
from engine.errors import Refused
from engine.simulation import simulate
from engine.workflow import Workflow, Workflows
from tests.stories.world import WORKFLOWS, World
from tiltak.rehearsal import openings_of_plans
from workflows.loading import SHIPPED, inspect

ON_ONE = pytest.mark.parametrize("database", ["sqlite"], indirect=True)
STRICTER = (
    ("version: 1", "version: 2"),
    ("{at: 60d,  tell: [responsible, head], level: 2", "{at: 45d,  tell: [responsible, head], level: 2"),
    ("{at: 90d,  tell: [coordinator], level: 3", "{at: 70d,  tell: [coordinator], level: 3"),
)
MONDAY = date(2011, 10, 17)


def version_2(*changes: tuple[str, str]) -> Workflow:
    words = (SHIPPED / "action.yaml").read_text(encoding="utf-8")
    for old, new in changes:
        assert old in words
        words = words.replace(old, new)
    workflow, verdict = inspect(words, "action.yaml")
    assert not verdict.faults
    return workflow


def with_version_2(world: World, *changes: tuple[str, str], on: date = MONDAY) -> None:
    """On a day of the autumn the service is started with a newer version beside the old one."""
    live(world, on)
    world.workflows = Workflows({**WORKFLOWS.by_key, "action/2": version_2(*(changes or STRICTER))})
    world.service = world.start()
    world.service.take_up()


def live(world: World, day: date) -> None:
    """Let everything be decided that falls due; nobody has to read the letters."""
    store = world.service.store
    while (wake := store.next_wake()) and (then := world.at(wake, time(6, 0))) <= world.at(day, time(12, 0)):
        world.clock.move_to(max(then, world.clock.now()))
        world.service.desk.sweep()
    world.clock.move_to(world.at(day, time(12, 0)))


def activated(world: World) -> list[Behind]:
    store = world.service.store
    return activate(
        store, store, world.workflows, by="unit:HUM", reason="Kortere frister fra nå", now=world.clock.now()
    )


def told_since(world: World, then: datetime) -> list[tuple[str, date]]:
    """What rules have told since an instant: the key of each notice, and its day."""
    store = world.service.store
    notices = [it for case in store.cases("IOM-2011") for it in store.notices(case.ref)]
    return sorted((it.key, it.decided_at.date()) for it in notices if it.decided_at >= then and ":" not in it.rule)


def test_open_cases_go_on_under_the_newest_version_and_nobody_hears_anything_twice(world: World) -> None:
    world.act(5, "decline", "unit:GIL", "Ikke aktuelt")
    with_version_2(world)
    before = world.clock.now()
    assert activated(world) == [Behind("action/1", "action/2", 6)]
    live(world, MONDAY)
    assert [world.case(n).workflow for n in (3, 5, 8)] == ["action/2", "action/1", "report/1"]
    (changed,) = [it for it in world.service.store.history("IOM-2011-3") if it.move == "rules"]
    assert (changed.by, changed.text, dict(changed.facts)) == (
        "unit:HUM",
        "Kortere frister fra nå",
        {"from": "action/1", "to": "action/2"},
    )
    assert {(key.split("|")[:3][1], day) for key, day in told_since(world, before)} == {("quiet", MONDAY)}  # 45 days
    live(world, date(2011, 11, 3))
    assert [key for key, _ in told_since(world, before) if "IOM-2011-3|quiet|3" in key] != []  # 70 days, not 90
    assert world.service.store.broken_chains() == []
    assert behind(world.service.store, world.workflows) == []


@ON_ONE
def test_the_year_that_comes_after_it_is_the_one_that_was_foretold(world: World) -> None:
    with_version_2(world)
    last = MONDAY + timedelta(days=200)
    register, openings, first = openings_of_plans(world.service, ["IOM-2011"], None)
    coming = under(world.workflows, openings, register=register, start=first)
    foretold = [it.notice for it in simulate(world.workflows, register, coming, start=first, until=last) if it.notice]
    waiting = {it.key for opening in openings for it in opening.notices}
    before = world.clock.now()
    activated(world)
    live(world, last)
    rules = sorted((it.key, it.decided_at.date()) for it in foretold if ":" not in it.rule and it.key not in waiting)
    assert told_since(world, before) == rules


@ON_ONE
def test_an_errand_that_comes_before_the_sweep_is_dealt_with_by_the_new_rules(world: World) -> None:
    begun = ("    from: [assigned, in_progress]\n    to: reported", "    from: [in_progress]\n    to: reported")
    with_version_2(world, STRICTER[0], begun)
    activated(world)
    with pytest.raises(Refused, match="cannot report from assigned"):
        world.act(3, "report", "unit:REG", "Gjort")
    assert world.case(3).workflow == "action/1"  # nothing of it was kept
    world.act(3, "start", "unit:REG")
    assert world.case(3).workflow == "action/2"
    assert [it.move for it in world.service.store.history("IOM-2011-3")][-2:] == ["rules", "start"]


def test_a_state_that_is_gone_is_refused_by_name_and_nothing_is_touched(world: World) -> None:
    words = (SHIPPED / "action.yaml").read_text(encoding="utf-8")
    renamed = words.replace("assigned", "given").replace("letter: given", "letter: assigned")
    with_version_2(world, (words, renamed), STRICTER[0])
    with pytest.raises(Refused, match=r"IOM-2011-3.*: the state 'assigned' does not exist in action/2; move them on"):
        activated(world)
    live(world, date(2011, 10, 31))
    assert {it.workflow for it in world.service.store.cases("IOM-2011")} == {"plan/1", "action/1", "report/1"}
    assert not any(
        it.move == "rules"
        for case in world.service.store.cases("IOM-2011")
        for it in world.service.store.history(case.ref)
    )


def test_a_process_that_is_killed_after_the_decision_leaves_it_to_the_next_one(world: World) -> None:
    with_version_2(world)
    activated(world)
    world.service = world.start()
    world.service.desk.sweep()
    assert {it.workflow for it in world.service.store.cases("IOM-2011") if it.kind == "action"} == {"action/2"}


@ON_ONE
def test_only_those_asked_for_are_activated(world: World) -> None:
    with_version_2(world)
    store = world.service.store
    assert behind(store, world.workflows, ["plan"]) == []
    assert behind(store, world.workflows, ["action"]) == behind(store, world.workflows)
