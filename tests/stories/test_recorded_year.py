"""A recorded year: what people really did, lived through once more, gives the mails they really got."""

from datetime import date, timedelta

import pytest

from engine.case import Errand
from engine.people import Absence
from engine.simulation import Decision, simulate
from engine.workflow import Workflows
from tests.stories.test_activation import STRICTER, live, version_2
from tests.stories.world import WORKFLOWS, World
from tiltak.rehearsal import openings_of_year

ON_ONE = pytest.mark.parametrize("database", ["sqlite"], indirect=True)
LAST = date(2012, 3, 30)
News = list[tuple[date, str]]


def a_busy_year(world: World) -> None:
    """Moves, comments, an ask, an undo, pauses, deadlines, hand-overs, an absence: each on its own day."""
    desk = world.service.desk

    def errand(day: date, number: int, move: str, by: str, **more: object) -> Errand:
        live(world, day)
        return Errand(ref=f"IOM-2011-{number}", move=move, by=by, through="mail", **more)  # type: ignore[arg-type]

    desk.act(errand(date(2011, 9, 5), 3, "start", "unit:REG"))
    desk.comment(errand(date(2011, 9, 14), 3, "comment", "person:leder-reg", text="Brevene er skrevet"))
    desk.comment(errand(date(2011, 9, 15), 6, "comment", "unit:HUM", text="Hvordan går det?"))
    desk.move_deadline(errand(date(2011, 9, 20), 3, "deadline", "unit:HUM", due=date(2011, 11, 1), text="Avtalt"))
    desk.hand_over(errand(date(2011, 10, 3), 5, "hand over", "unit:HUM", owner="REG"))
    desk.absent(Absence(person="leder-reg", first=date(2011, 11, 1), last=date(2012, 1, 10), substitute="leder-hum"))
    pause = errand(date(2011, 11, 4), 3, "hold", "unit:REG", text="Tallene kommer")
    desk.pause(pause, rule="due", kind="ack", until=date(2011, 11, 18))
    wish = errand(date(2011, 11, 22), 3, "more_time", "unit:REG", text="Abuja mangler", due=date(2012, 1, 9))
    desk.answer(wish)
    done = desk.answer(errand(date(2011, 11, 29), 3, "report", "unit:REG", text="Gjort"))
    desk.undo(errand(date(2011, 11, 30), 3, "undo", "unit:REG"), of=done.event.seq)
    desk.act(errand(date(2011, 12, 20), 3, "report", "person:leder-hum", text="Gjort i alle brev"))
    desk.act(errand(date(2012, 1, 12), 3, "return", "unit:HUM", text="Si hvor"))
    desk.act(errand(date(2012, 2, 1), 3, "overtake", "unit:HUM", text="Innhentet"))
    desk.act(errand(date(2012, 2, 20), 3, "reopen", "unit:HUM", text="Likevel"))
    live(world, LAST)


def lived_again(world: World, start: date | None, workflows: Workflows = WORKFLOWS) -> list[Decision]:
    register, openings, first = openings_of_year(
        world.service, ["IOM-2011"], start, lambda case: workflows[case.workflow]
    )
    return simulate(workflows, register, openings, start=first, until=LAST, behaviour="recorded")


def told_again(world: World, start: date | None, workflows: Workflows = WORKFLOWS) -> News:
    decisions = lived_again(world, start, workflows)
    return sorted((it.notice.decided_at.date(), it.notice.key) for it in decisions if it.notice)


def told(world: World, since: date) -> News:
    store = world.service.store
    found = [it for case in store.cases("IOM-2011") for it in store.notices(case.ref)]
    notices = [it for it in found if it.letter != "receipt"]  # which says again what somebody has just said
    return sorted((day, it.key) for it in notices if (day := it.decided_at.date()) >= since)


def test_the_year_lived_through_again_is_the_year_that_was(world: World) -> None:
    a_busy_year(world)
    assert [it for it in lived_again(world, None) if it.outcome == "skipped"] == []
    assert told_again(world, None) == told(world, date(2011, 8, 25))


@ON_ONE
def test_so_it_is_from_any_day_on(world: World) -> None:
    a_busy_year(world)
    for days in (1, 20, 41, 75, 97, 120, 165, 183):
        start = date(2011, 8, 25) + timedelta(days=days)
        assert told_again(world, start) == told(world, start)


@ON_ONE
def test_what_other_rules_do_not_allow_is_named_and_the_year_goes_on(world: World) -> None:
    a_busy_year(world)
    begun = ("    from: [assigned]\n    to: in_progress", "    from: [proposed, assigned]\n    to: in_progress")
    without_ack = ("    ack:    {hold: 10wd, times: 2}\n", "")
    others = Workflows({**WORKFLOWS.by_key, "action/1": version_2(*STRICTER[1:], begun, without_ack)})
    skipped = [(it.case.ref, it.rule, it.reason) for it in lived_again(world, None, others) if it.outcome == "skipped"]
    assert skipped == [("IOM-2011-3", "move:hold", "unit:REG: rule due knows no ack")]
    assert told_again(world, None, others) != told(world, date(2011, 8, 25))
