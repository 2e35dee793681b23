"""Pauses: "we are on it" and a snooze with a reason, bounded in length and number, and never the end of a ladder."""

from datetime import date

import pytest

from engine.case import Errand
from engine.errors import Incomplete, NotYours, Refused, TooMuch
from engine.workflow import Workflows
from tests.stories.world import WORKFLOWS, World, iom
from workflows.loading import SHIPPED, inspect

LATE = date(2012, 9, 3)  # the report was due on 27 August: level 2 is told


def pause(world: World, kind: str, until: date, *, by: str = "unit:HUM", text: str = "") -> None:
    errand = Errand(ref="IOM-2011-8", move="hold", by=by, text=text, through="mail")
    world.service.desk.pause(errand, rule="due", kind=kind, until=until)  # type: ignore[arg-type]


def levels(world: World) -> list[tuple[date, int]]:
    found = world.service.store.occurrences(["IOM-2011-8"])["IOM-2011-8"]
    return [(it.decided_at.date(), it.level) for it in found if it.rule == "due" and it.level]


def test_an_acknowledged_reminder_is_silent_until_the_pause_ends_and_then_goes_on(world: World) -> None:
    world.live_until(LATE)
    pause(world, "ack", date(2012, 9, 10))
    world.live_until(date(2012, 9, 10))
    assert levels(world) == [(date(2012, 8, 28), 1), (date(2012, 9, 3), 2)]
    world.live_until(date(2012, 9, 20))
    assert levels(world)[2:] == [(date(2012, 9, 11), 3), (date(2012, 9, 17), 4)]


def test_a_pause_is_no_longer_and_no_more_often_than_the_rule_allows(world: World) -> None:
    world.live_until(LATE)
    with pytest.raises(TooMuch, match="from today until 2012-09-10 at the longest"):
        pause(world, "ack", date(2012, 9, 11))
    pause(world, "ack", date(2012, 9, 5))
    with pytest.raises(TooMuch, match="has been paused 1 times already"):
        pause(world, "ack", date(2012, 9, 6))
    with pytest.raises(Refused, match="knows no snooze"):
        pause(world, "snooze", date(2012, 9, 6), text="Vi venter på tall")


def test_only_those_who_are_asked_may_ask_for_quiet(world: World) -> None:
    world.live_until(LATE)
    with pytest.raises(NotYours):
        pause(world, "ack", date(2012, 9, 5), by="unit:DHAKA")
    assert world.service.store.holds(["IOM-2011-8"]).get("IOM-2011-8", []) == []


def test_a_rule_that_is_not_running_cannot_be_paused(world: World) -> None:
    errand = Errand(ref="IOM-2011-3", move="hold", by="unit:REG", through="mail")
    with pytest.raises(Refused, match="rule due is not running on IOM-2011-3"):
        world.service.desk.pause(errand, rule="due", kind="ack", until=date(2011, 9, 1))


def test_a_snooze_needs_a_reason_and_the_coordinator_hears(world: World) -> None:
    desk = world.service.desk
    due = Errand(ref="IOM-2011-3", move="deadline", by="unit:GIL", due=date(2011, 10, 3), text="Satt i møte")
    desk.move_deadline(due)
    world.live_until(date(2011, 10, 5))
    errand = Errand(ref="IOM-2011-3", move="hold", by="unit:REG", through="mail")
    with pytest.raises(Incomplete, match="a reason"):
        desk.pause(errand, rule="due", kind="snooze", until=date(2011, 11, 1))
    told = len(world.box.to("hum@ud.example"))
    desk.pause(
        Errand(ref="IOM-2011-3", move="hold", by="unit:REG", text="Brevene går ut i november", through="mail"),
        rule="due",
        kind="snooze",
        until=date(2011, 11, 1),
    )
    world.live_until(date(2011, 10, 7))
    assert "Brevene går ut i november" in world.box.to("hum@ud.example")[-1].text.replace("\n", " ")
    assert len(world.box.to("hum@ud.example")) == told + 1
    asked = len(world.box.to("regionalavdelingen@ud.example"))
    world.live_until(date(2011, 11, 1))
    assert len(world.box.to("regionalavdelingen@ud.example")) == asked
    world.live_until(date(2011, 11, 2))  # two steps have come up meanwhile: the later one, to the coordinator, is told
    told_now = [it for it in world.service.store.notices("IOM-2011-3") if it.planned == date(2011, 10, 31)]
    assert [(it.to, it.level) for it in told_now] == [("unit:HUM", 3)]
    assert world.box.to("hum@ud.example")[-1].day == date(2011, 11, 2)


def test_a_new_deadline_ends_the_pause_with_the_old_one(world: World) -> None:
    world.live_until(LATE)
    pause(world, "ack", date(2012, 9, 10))
    errand = Errand(ref="IOM-2011-8", move="deadline", by="unit:HUM", due=date(2012, 9, 5), text="Avtalt på nytt")
    world.service.desk.move_deadline(errand)
    world.live_until(date(2012, 9, 7))
    assert levels(world)[-1] == (date(2012, 9, 6), 1)


def test_an_ack_is_bounded_by_the_rule_and_the_coordinator_hears_of_it_with_its_words(world: World) -> None:
    desk = world.service.desk
    desk.move_deadline(
        Errand(ref="IOM-2011-3", move="deadline", by="unit:GIL", due=date(2011, 10, 3), text="Satt i møte")
    )
    world.live_until(date(2011, 10, 5))
    told = len(world.box.to("hum@ud.example"))
    errand = Errand(ref="IOM-2011-3", move="hold", by="unit:REG", text="Vi er i gang med brevene", through="mail")
    desk.pause(errand, rule="due", kind="ack", until=date(2011, 10, 10))
    world.live_until(date(2011, 10, 7))
    assert len(world.box.to("hum@ud.example")) == told + 1
    assert "Vi er i gang med brevene" in world.box.to("hum@ud.example")[-1].text.replace("\n", " ")


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_where_a_rule_asks_for_a_reason_nobody_is_on_it_without_one(database: str) -> None:
    text = (SHIPPED / "report.yaml").read_text(encoding="utf-8")
    ack = "ack:    {hold: 5wd, times: 1"
    assert ack in text
    report, verdict = inspect(text.replace(ack, f"{ack}, needs: [reason]"), "report.yaml")
    assert not verdict.faults
    world = World(iom(), database, Workflows({**WORKFLOWS.by_key, "report/1": report}))
    world.service.desk.move_deadline(
        Errand(ref="IOM-2011-8", move="deadline", by="unit:GIL", due=date(2011, 8, 26), text="Avtalt i møte")
    )
    world.live_until(date(2011, 8, 30))
    with pytest.raises(Incomplete, match="to pause the rule, a reason must be given"):
        pause(world, "ack", date(2011, 9, 2), by="unit:GIL", text="  ")
    pause(world, "ack", date(2011, 9, 2), by="unit:GIL", text="Tallene kommer fredag")
    assert [it.reason for it in world.service.store.holds(["IOM-2011-8"])["IOM-2011-8"]] == ["Tallene kommer fredag"]
    world.end()
