"""The coordinator's digest: when there is something to say, or every working day when that is asked for."""

from dataclasses import replace
from datetime import date

from engine.case import Errand
from tests.stories.forms import ONE, Form, every_form
from tests.stories.world import World, iom


def asked_for(database: str, every_day: bool, form: Form = ONE) -> World:
    draft = iom()
    assert draft.organisation
    return World(
        replace(draft, organisation=replace(draft.organisation, send_empty_digest=every_day)), database, form=form
    )


def days(world: World, address: str) -> list[date]:
    return [mail.day for mail in world.box.to(address)]


def test_without_news_no_digest_is_sent(database: str) -> None:
    world = asked_for(database, every_day=False)
    world.live_until(date(2011, 9, 7))
    assert days(world, "hum@ud.example") == [date(2011, 9, 1)]
    world.end()


@every_form
def test_who_asks_for_one_gets_a_digest_every_working_day_and_only_then(database: str, form: Form) -> None:
    world = asked_for(database, every_day=True, form=form)
    world.live_until(date(2011, 9, 7))
    assert days(world, "hum@ud.example")[-4:] == [date(2011, 9, day) for day in (2, 5, 6, 7)]
    empty = world.box.to("hum@ud.example")[-1].text
    assert "Ingenting venter på deg i dag" in empty
    assert "PLANEN" in empty
    world.end()


@every_form
def test_a_day_with_news_has_one_digest_and_not_two(database: str, form: Form) -> None:
    world = asked_for(database, every_day=True, form=form)
    world.live_until(date(2011, 9, 9))
    on_the_eighth = [mail for mail in world.box.to("hum@ud.example") if mail.day == date(2011, 9, 8)]
    assert len(on_the_eighth) == 1
    assert "5 saker venter på deg" in on_the_eighth[0].text
    world.end()


def test_a_plan_that_is_at_an_end_has_no_digest(database: str) -> None:
    world = asked_for(database, every_day=True)
    for move in ("distribute", "report", "close"):
        world.service.desk.act(Errand(ref="IOM-2011", move=move, by="unit:GIL", text="Gjort", through="web"))
    world.live_until(date(2011, 8, 29))  # what was said of the closing itself has gone out
    told = len(world.box.to("gil@ud.example"))
    world.live_until(date(2011, 8, 31))
    assert len(world.box.to("gil@ud.example")) == told
    world.end()


def test_what_the_coordinator_was_told_of_before_is_said_again_in_one_line_until_somebody_acts(database: str) -> None:
    world = asked_for(database, every_day=True)
    world.live_until(date(2012, 1, 11))
    text = world.box.to("hum@ud.example")[-1].text
    assert text.startswith("9 saker venter på deg, onsdag 11. januar 2012.")
    assert "VENTER FRA FØR" in text
    assert "[6] Vurdere flerårige avtaler med IOM" in text
    world.act(6, "assign", "unit:HUM", owner="MRDEM")
    world.live_until(date(2012, 1, 13))
    later = world.box.to("hum@ud.example")[-1].text
    assert later.startswith("8 saker venter på deg, fredag 13. januar 2012.")
    assert "[6] Vurdere" not in later.partition("DETTE SKJER")[0]
    world.end()
