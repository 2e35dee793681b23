"""Whoever runs the service hears on working days that it is alive, what needs a look, and when its clock leaps."""

import asyncio
import os
import time as clock_time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest

from engine.health import Ailment
from engine.people import Pulse
from tests.stories.world import World, iom

OPERATOR = "drift@ud.example"


def told(database: str, rhythm: Pulse) -> World:
    draft = iom()
    assert draft.organisation
    return World(replace(draft, organisation=replace(draft.organisation, operator_digest=rhythm)), database)


def flat(text: str) -> str:
    return " ".join(text.split())


def live(world: World, until: date) -> None:
    while world.today < until:
        day = world.today + timedelta(days=1)
        world.live_until(day, time(6, 0))
        world.live_until(day)


def test_on_every_working_day_one_mail_says_that_all_is_well(database: str) -> None:
    world = told(database, "daily")
    live(world, date(2011, 9, 2))
    mails = world.box.to(OPERATOR)
    assert [mail.day for mail in mails] == [date(2011, 8, day) for day in (26, 29, 30, 31)] + [
        date(2011, 9, day) for day in (1, 2)
    ]
    last = flat(mails[-1].text)
    assert last.startswith("Tiltak lever, og alt er i orden, fredag 2. september 2011.")
    assert "9 saker følges." in last
    assert "Siden torsdag 1. september 2011 kl. 07:30: 3 brev sendt, 0 kunne ikke leveres. Nå venter 0." in last
    assert "Neste gang en regel har noe å si: torsdag 8. september 2011." in last
    world.end()


@pytest.mark.parametrize(("rhythm", "days"), [("weekly", [date(2011, 8, 26), date(2011, 8, 29)]), ("off", [])])
def test_it_comes_once_a_week_or_not_at_all_when_that_is_asked_for(
    database: str, rhythm: Pulse, days: list[date]
) -> None:
    world = told(database, rhythm)
    live(world, date(2011, 9, 1))
    assert [mail.day for mail in world.box.to(OPERATOR)] == days
    world.end()


def test_what_needs_a_look_is_said_first(database: str) -> None:
    world = told(database, "daily")
    world.live_until(date(2011, 8, 29))
    with world.service.store.begin() as tx:
        register = tx.register()
        gone = replace(register.persons["leder-reg"], active=False)
        tx.enrol(replace(register, persons={**register.persons, "leder-reg": gone}))
    world.service.ailments = lambda: [Ailment(what="late", loop="sweep", at=datetime(2011, 8, 29, 4, 0, tzinfo=UTC))]
    live(world, date(2011, 8, 30))
    said = flat(world.box.to(OPERATOR)[-1].text)
    assert said.startswith("Tiltak lever, men 2 ting må ses på, tirsdag 30. august 2011.")
    assert "Runden «sweep» gikk sist ferdig mandag 29. august 2011 kl. 06:00." in said
    assert "Rolf Eksempel har sluttet. Det gjelder 1 sak: [IOM-2011-3]." in said
    world.end()


def test_a_clock_that_leaps_is_asked_about_once_and_nothing_else_leaves(world: World) -> None:
    world.away_until(date(2011, 9, 8), time(3, 0))  # decided, and waiting for the hours
    world.service.sweep()
    doubt = Ailment(what="ahead", at=world.clock.now(), swept=world.at(date(2011, 8, 25), time(10, 0)), said="Look")
    for _ in range(2):
        asyncio.run(world.service.ask(doubt))
    (mail,) = world.box.mails
    assert mail.to == OPERATOR
    assert "tiltak clock accept" in flat(mail.text)
    assert "viser torsdag 8. september 2011, men siste gjennomgang var torsdag 25. august 2011" in flat(mail.text)


@pytest.fixture
def far_away() -> Iterator[None]:
    """A server on the other side of the earth, where it is another day for half of the time."""
    before = os.environ.get("TZ")
    os.environ["TZ"] = "Pacific/Auckland"
    clock_time.tzset()
    yield
    if before is None:
        del os.environ["TZ"]
    else:
        os.environ["TZ"] = before
    clock_time.tzset()


@pytest.mark.usefixtures("far_away")
def test_a_server_in_another_zone_keeps_the_days_and_hours_of_the_organisation(world: World) -> None:
    world.live_until(date(2011, 9, 9))
    store = world.service.store
    assert [mail.day for mail in world.box.to("hum@ud.example")] == [date(2011, 9, 1), date(2011, 9, 8)]
    hours = {letter.packed_at.astimezone(UTC).strftime("%H:%M") for letter in store.letters()}
    assert hours == {"08:00", "05:30"}  # adopted at ten in Oslo, digests at half past seven in summer
