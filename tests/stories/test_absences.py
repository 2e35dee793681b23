"""A summer in which the head is away: somebody stands in, acts for them, and the record says so."""

from datetime import date

import pytest

from engine.case import Errand
from engine.errors import NotFound, NotYours, Refused
from engine.people import Absence
from tests.stories.world import World

AWAY = Absence(person="leder-reg", first=date(2011, 10, 1), last=date(2011, 12, 1), substitute="leder-gil")


def test_the_letter_for_an_absent_head_goes_to_the_substitute_who_may_act(world: World) -> None:
    with pytest.raises(NotYours):
        world.act(3, "start", "person:leder-gil")
    world.service.desk.absent(AWAY)
    world.live_until(date(2011, 10, 26))
    assert world.box.to("rolf.eksempel@ud.example") == []
    (letter,) = world.box.to("geir.eksempel@ud.example")
    assert "fordi Rolf Eksempel ikke kan nås" in letter.text.replace("\n", " ")
    event = world.act(3, "report", "person:leder-gil", "Henvisningen står i brevene")
    assert (event.by, event.for_whom) == ("person:leder-gil", "person:leder-reg")
    assert world.case(3).state == "reported"


def test_who_is_back_is_written_to_again(world: World) -> None:
    world.service.desk.absent(AWAY)
    world.service.desk.back("leder-reg", date(2011, 10, 10))
    world.live_until(date(2011, 10, 26))
    assert len(world.box.to("rolf.eksempel@ud.example")) == 1
    with pytest.raises(Refused, match="is not known to be away"):
        world.service.desk.back("leder-reg", date(2011, 10, 10))


def test_an_absence_that_makes_no_sense_is_refused(world: World) -> None:
    for wrong, error in (
        (Absence(person="ingen", first=AWAY.first), NotFound),
        (Absence(person="leder-reg", first=AWAY.first, substitute="ingen"), NotFound),
        (Absence(person="leder-reg", first=AWAY.first, substitute="leder-reg"), Refused),
        (Absence(person="leder-reg", first=AWAY.first, last=date(2011, 1, 1)), Refused),
    ):
        with pytest.raises(error):
            world.service.desk.absent(wrong)
    assert world.service.store.register().absences == ()
    errand = Errand(ref="IOM-2011-3", move="start", by="person:leder-gil", through="mail")
    with pytest.raises(NotYours):
        world.service.desk.act(errand)
