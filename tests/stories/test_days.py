"""The days of the year that trip a program up: leap day, Easter, 1 and 17 May, year end, and a weekend on Friday."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date

import pytest

from engine.draft import CaseDraft, DueRule, PlanDraft
from engine.workflow import Offset, Workflows
from tests.stories.world import WORKFLOWS, World, iom
from workflows.loading import SHIPPED, inspect

SQLITE = pytest.mark.parametrize("database", ["sqlite"], indirect=True)
REG, ROLF, DHAKA, HUM = (
    "regionalavdelingen@ud.example",
    "rolf.eksempel@ud.example",
    "dhaka@ud.example",
    "hum@ud.example",
)
MONTHLY = """rules:
  - id: monthly
    when: {state: [assigned, in_progress]}
    clock: entered
    steps:
      - {at: 1d, tell: [responsible], letter: stalled}
    repeat: {every: 1m, tell: [responsible], via: now}
"""


def a_plan(decided_on: date, due: date | DueRule | None, owner: str = "REG") -> PlanDraft:
    """One action, that somebody owes by a day."""
    case = CaseDraft(number="1", title="Skriv brevene", state="assigned", owner=owner, due=due)
    return replace(iom(), decided_on=decided_on, cases=(case,), coordination="", coordinator="HUM", recommendations=())


@contextmanager
def living(draft: PlanDraft, database: str, workflows: Workflows = WORKFLOWS) -> Iterator[World]:
    world = World(draft, database, workflows)
    yield world
    world.end()


def steps(world: World, rule: str = "due") -> list[tuple[date, int]]:
    """The days on which a rule spoke up, with its levels."""
    found = world.service.store.notices("IOM-2011-1")
    return sorted({(it.planned, it.level) for it in found if it.rule == rule and it.level})


def mailed(world: World, to: str) -> list[date]:
    return [mail.day for mail in world.box.to(to)]


def test_a_year_from_leap_day_is_28_february_and_the_reminder_comes_on_1_march(database: str) -> None:
    draft = a_plan(date(2012, 2, 29), DueRule(anchor=date(2012, 2, 29), offset=Offset(1, "y")))
    with living(draft, database) as world:
        (deadline,) = world.service.store.deadlines(["IOM-2011-1"])["IOM-2011-1"]
        assert (deadline.computed, deadline.value) == (date(2013, 2, 28), date(2013, 2, 28))
        world.live_until(date(2013, 3, 1))
        assert steps(world) == [(date(2013, 3, 1), 1)]
        assert mailed(world, REG)[-1] == date(2013, 3, 1)


@SQLITE
def test_every_month_from_31_january_ends_on_leap_day_and_does_not_drift_and_keeps_the_hour(database: str) -> None:
    text = (SHIPPED / "action.yaml").read_text(encoding="utf-8")
    monthly, verdict = inspect(text.replace("rules:\n", MONTHLY), "action.yaml")
    assert not verdict.faults
    draft = a_plan(date(2012, 1, 30), None)
    with living(draft, database, Workflows({**WORKFLOWS.by_key, "action/1": monthly})) as world:
        world.live_until(date(2012, 5, 31))
        store = world.service.store
        of_rule = [it for it in store.notices("IOM-2011-1") if it.rule == "monthly"]
        ends = [date(2012, 1, 31), date(2012, 2, 29), date(2012, 3, 31), date(2012, 4, 30), date(2012, 5, 31)]
        assert [it.planned for it in of_rule] == ends
        saturday_waits = [date(2012, 4, 2) if day == date(2012, 3, 31) else day for day in ends]
        assert set(saturday_waits) <= set(mailed(world, REG))
        hours = {
            it.packed_at.month: f"{it.packed_at.astimezone(UTC):%H:%M}"
            for it in store.letters()
            if it.party == "unit:REG"
        }
        assert (hours[2], hours[5]) == ("06:30", "05:30")  # half past seven in Oslo, in winter and in summer


@SQLITE
def test_steps_walk_around_easter_and_1_and_17_may_and_whit_monday(database: str) -> None:
    with living(a_plan(date(2012, 3, 26), date(2012, 4, 4)), database) as world:  # the Wednesday before Easter
        world.live_until(date(2012, 6, 7))
        ladder = [(date(2012, 4, 10), 1), (date(2012, 4, 23), 2), (date(2012, 5, 8), 3), (date(2012, 6, 7), 4)]
        assert [it for it in steps(world) if it[1] < 4] + steps(world)[-1:] == ladder
        assert {date(2012, 4, 10), date(2012, 4, 23)} <= set(mailed(world, REG))
        off = {date(2012, 4, day) for day in range(5, 10)} | {date(2012, 5, 1), date(2012, 5, 17), date(2012, 5, 28)}
        assert not off & {mail.day for mail in world.box.mails}


@SQLITE
def test_steps_over_christmas_count_no_closed_day_and_no_mail_leaves_between(database: str) -> None:
    with living(a_plan(date(2012, 12, 10), date(2012, 12, 21)), database) as world:
        world.live_until(date(2013, 1, 11))
        assert steps(world) == [(date(2012, 12, 27), 1), (date(2013, 1, 11), 2)]
        assert mailed(world, REG)[-2:] == [date(2012, 12, 27), date(2013, 1, 11)]
        assert mailed(world, ROLF) == [date(2013, 1, 11)]


@SQLITE
def test_a_deadline_by_rule_that_falls_in_the_new_year_is_rolled_over_the_days_off(database: str) -> None:
    rule = DueRule(anchor=date(2011, 12, 31), offset=Offset(1, "y"))
    with living(a_plan(date(2012, 12, 10), rule), database) as world:
        (deadline,) = world.service.store.deadlines(["IOM-2011-1"])["IOM-2011-1"]
        assert (deadline.computed, deadline.value) == (date(2012, 12, 31), date(2013, 1, 2))
        world.live_until(date(2013, 1, 3))
        assert steps(world) == [(date(2013, 1, 3), 1)]


@SQLITE
def test_in_dhaka_sunday_is_a_working_day_but_the_letter_waits_for_monday_in_oslo(database: str) -> None:
    thursday = date(2012, 1, 5)
    with living(a_plan(date(2012, 1, 2), thursday, owner="DHAKA"), database) as world:
        world.live_until(date(2012, 1, 19))
        assert steps(world) == [(date(2012, 1, 8), 1), (date(2012, 1, 19), 2)]  # Friday and Saturday are off
        assert mailed(world, DHAKA)[-2:] == [date(2012, 1, 9), date(2012, 1, 19)]
        assert all(mail.day.isoweekday() <= 5 for mail in world.box.mails)
