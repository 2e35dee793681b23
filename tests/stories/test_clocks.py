"""The clocks that no shipped file uses: the end of a pause and the day of the report, from a rule file to a mail."""

from collections.abc import Iterator
from datetime import date

import pytest

from engine.case import Errand
from engine.simulation import simulate
from engine.workflow import Workflow, Workflows
from tests.stories.world import WORKFLOWS, World, iom
from tiltak.rehearsal import openings_of_year
from workflows.loading import SHIPPED, inspect

RULES = """rules:
  - id: resumed  # whoever asked for quiet is asked what came of it
    when: {state: [assigned, in_progress]}
    clock: hold_end
    steps:
      - {at: 3wd, tell: [responsible], level: 1, letter: stalled}
      - {at: 8wd, tell: [coordinator], level: 2, letter: stalled}
  - id: gathering  # what every action has to say in the report
    when: {state: [proposed, assigned, in_progress]}
    clock: report_due
    steps:
      - {at: -47w, tell: [responsible], letter: due_soon}
      - {at: -46w, tell: [coordinator], level: 1, letter: stalled}
"""
REG, HUM = "regionalavdelingen@ud.example", "hum@ud.example"


def chased() -> Workflow:
    text = (SHIPPED / "action.yaml").read_text(encoding="utf-8")
    workflow, verdict = inspect(text.replace("rules:\n", RULES), "action.yaml")
    assert not verdict.faults
    return workflow


@pytest.fixture
def chasing(database: str) -> Iterator[World]:
    world = World(iom(), database, Workflows({**WORKFLOWS.by_key, "action/1": chased()}))
    yield world
    world.end()


def told(world: World, rule: str, number: int = 3) -> list[tuple[date, str, int]]:
    notices = world.service.store.notices(f"IOM-2011-{number}")
    return [(it.planned, it.to, it.level) for it in notices if it.rule == rule]


def mailed(world: World, to: str, number: int = 3) -> list[date]:
    """The days on which somebody got a mail that is about this case."""
    about = {letter.message_id for letter in world.service.store.letters(ref=f"IOM-2011-{number}")}
    return [mail.day for mail in world.box.to(to) if mail.message_id in about]


def paused(world: World, until: date) -> None:
    desk = world.service.desk
    errand = Errand(ref="IOM-2011-3", move="hold", by="unit:REG", text="Vi er i gang", through="mail")
    desk.pause(errand, rule="due", kind="ack", until=until)


def test_when_a_pause_is_over_the_rule_on_its_end_asks_and_then_tells_the_coordinator(chasing: World) -> None:
    due = Errand(ref="IOM-2011-3", move="deadline", by="unit:GIL", due=date(2011, 8, 26), text="Avtalt i møte")
    chasing.service.desk.move_deadline(due)
    chasing.live_until(date(2011, 8, 30))
    assert told(chasing, "resumed") == []
    paused(chasing, date(2011, 9, 1))
    chasing.live_until(date(2011, 9, 14))
    assert told(chasing, "resumed") == [(date(2011, 9, 6), "unit:REG", 1), (date(2011, 9, 13), "unit:HUM", 2)]
    assert date(2011, 9, 6) in mailed(chasing, REG)
    assert date(2011, 9, 13) in mailed(chasing, HUM)


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_the_next_pause_starts_the_clock_anew(chasing: World) -> None:
    due = Errand(ref="IOM-2011-3", move="deadline", by="unit:GIL", due=date(2011, 8, 26), text="Avtalt i møte")
    chasing.service.desk.move_deadline(due)
    chasing.live_until(date(2011, 8, 30))
    paused(chasing, date(2011, 9, 1))
    chasing.live_until(date(2011, 9, 5))
    paused(chasing, date(2011, 9, 9))
    chasing.live_until(date(2011, 9, 15))
    assert told(chasing, "resumed") == [(date(2011, 9, 14), "unit:REG", 1)]


def test_a_rule_on_the_day_of_the_report_speaks_of_every_action_of_the_plan(chasing: World) -> None:
    assert {it.report_due for it in chasing.service.store.cases("IOM-2011")} == {date(2012, 8, 27)}
    chasing.live_until(date(2011, 10, 11))
    assert told(chasing, "gathering") == [(date(2011, 10, 3), "unit:REG", 0), (date(2011, 10, 10), "unit:HUM", 1)]
    assert date(2011, 10, 3) in mailed(chasing, REG)
    assert date(2011, 10, 10) in mailed(chasing, HUM, number=6)


def test_when_the_report_is_put_off_every_action_counts_anew_and_the_recorded_year_agrees(chasing: World) -> None:
    chasing.live_until(date(2011, 10, 4))
    report = Errand(ref="IOM-2011-8", move="deadline", by="unit:HUM", due=date(2012, 9, 17), text="Ett svar mangler")
    chasing.service.desk.move_deadline(report)
    assert {it.report_due for it in chasing.service.store.cases("IOM-2011")} == {date(2012, 9, 17)}
    chasing.live_until(date(2011, 11, 1))
    lived = [
        (date(2011, 10, 3), "unit:REG", 0),
        (date(2011, 10, 24), "unit:REG", 0),
        (date(2011, 10, 31), "unit:HUM", 1),
    ]
    assert told(chasing, "gathering") == lived
    register, openings, start = openings_of_year(
        chasing.service, ["IOM-2011"], None, lambda case: chasing.workflows[case.workflow]
    )
    again = simulate(chasing.workflows, register, openings, start=start, until=date(2011, 11, 1), behaviour="recorded")
    of_case = [it.notice for it in again if it.case.ref == "IOM-2011-3" and it.rule == "gathering" and it.notice]
    assert [(it.planned, it.to, it.level) for it in of_case] == lived


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_a_date_for_the_plan_itself_goes_before_that_of_its_report(chasing: World) -> None:
    plan = Errand(ref="IOM-2011", move="deadline", by="unit:GIL", due=date(2012, 8, 20), text="Ferien")
    chasing.service.desk.move_deadline(plan)
    report = Errand(ref="IOM-2011-8", move="deadline", by="unit:GIL", due=date(2012, 9, 17), text="Ett svar mangler")
    chasing.service.desk.move_deadline(report)
    assert {it.report_due for it in chasing.service.store.cases("IOM-2011")} == {date(2012, 8, 20)}
