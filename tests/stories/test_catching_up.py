"""After the service was away: one parcel each, which says when it was away, what is late and why."""

from dataclasses import replace
from datetime import date, time

import pytest

from engine.briefing import Briefing
from engine.trouble import Outage
from notifications.letters import write
from tests.stories.world import World, iom

BACK = date(2011, 11, 1)
AWAY = "Tjenesten var borte fra torsdag 1. september 2011 til tirsdag 1. november 2011."


def away(world: World) -> None:
    """From the evening of 1 September until the morning of 1 November."""
    world.live_until(date(2011, 9, 1), time(20, 0))
    world.away_until(BACK, time(6, 30))
    world.live_until(BACK)


def flat(text: str) -> str:
    return " ".join(text.split())


def test_everybody_hears_once_when_it_was_away_and_what_should_have_come(world: World) -> None:
    away(world)
    mails = {mail.to: flat(mail.text) for mail in world.box.mails if mail.day == BACK}
    assert len(mails) == len([mail for mail in world.box.mails if mail.day == BACK])
    coordinator, section = mails["hum@ud.example"], mails["regionalavdelingen@ud.example"]
    assert coordinator.startswith(f"8 saker venter på deg, tirsdag 1. november 2011. {AWAY}")
    assert "påminnelser er utelatt, for en senere om det samme er med" in coordinator
    assert coordinator.count("Det skulle ha kommet") >= 4
    assert AWAY in section
    assert "Det skulle ha kommet mandag 24. oktober 2011." in section
    assert world.service.store.outages(BACK) == [Outage(date(2011, 9, 1), BACK)]


def test_the_mail_after_that_says_no_more_of_it(world: World) -> None:
    away(world)
    world.live_until(date(2011, 12, 30))
    later = [mail for mail in world.box.mails if mail.day > BACK]
    assert later
    assert not [mail for mail in later if "var borte" in mail.text or "skulle ha kommet" in mail.text]


def test_a_pause_that_ended_is_not_called_an_absence_of_the_service(world: World) -> None:
    world.live_until(date(2012, 9, 30))
    assert not [mail for mail in world.box.mails if "var borte" in mail.text or "skulle ha kommet" in mail.text]
    assert world.service.store.outages(date(2011, 1, 1)) == []


def test_a_letter_that_waited_for_monday_while_the_service_was_away_says_so(world: World) -> None:
    world.live_until(date(2011, 10, 23), time(20, 0))
    world.away_until(date(2011, 10, 24), time(6, 0))
    world.service.sweep()  # decided on Monday, and then the machine stops before letters leave
    world.away_until(date(2011, 10, 27), time(9, 0))
    world.service.tick()
    world.live_until(date(2011, 10, 28))
    (mail,) = [it for it in world.box.to("rolf.eksempel@ud.example") if it.day >= date(2011, 10, 27)]
    assert mail.day == date(2011, 10, 27)


@pytest.mark.parametrize(("language", "said"), [("nn", "Tenesta var borte frå"), ("en", "The service was away from")])
def test_it_is_said_in_the_language_of_the_reader_as_text_and_as_html(database: str, language: str, said: str) -> None:
    draft = iom()
    assert draft.organisation
    world = World(replace(draft, organisation=replace(draft.organisation, language=language)), database)
    away(world)
    parcel = world.service.store.parcel(world.service.store.letters()[0].id)
    delivery = world.service._delivery(world.box, world.service.store.organisation())
    briefing: Briefing = delivery.writing.briefs([parcel])(parcel)
    written = write(briefing)
    assert said in flat(written.text)
    assert said in flat(written.html)
    world.end()
