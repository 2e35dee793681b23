"""A unit that is no more: its cases go to its successor, with a row and a line that say so; or its letters go up."""

from dataclasses import replace
from datetime import date

import pytest

from engine.people import Unit
from tests.stories.world import World

END = date(2011, 9, 5)
REG, HUM, MRDEM = "regionalavdelingen@ud.example", "hum@ud.example", "mrdem@ud.example"


def dissolve(world: World, code: str, successor: str = "", on: date = END) -> None:
    """Somebody enters it in the register, before its day."""
    with world.service.store.begin() as tx:
        register = tx.register()
        unit: Unit = replace(register.units[code], valid_to=on, successor=successor)
        tx.enrol(replace(register, units={**register.units, code: unit}))


def said(world: World, to: str, on: date) -> str:
    return " ".join(" ".join(mail.text.split()) for mail in world.box.to(to) if mail.day == on)


def test_the_successor_owns_the_case_from_the_next_day_and_everybody_hears_why(world: World) -> None:
    dissolve(world, "REG", "MRDEM")
    world.live_until(END)
    assert world.case(3).owner == "REG"
    world.live_until(date(2011, 9, 7))
    assert world.case(3).owner == "MRDEM"
    (handed,) = [
        it for it in world.service.store.history("IOM-2011-3") if it.move == "hand over" and "ended" in it.facts
    ]
    assert (handed.facts["from"], handed.facts["to"], handed.facts["ended"]) == ("REG", "MRDEM", "2011-09-05")
    assert "har MR/DEM-seksjonen ansvaret for" in said(world, MRDEM, date(2011, 9, 6))
    assert "MR/DEM-seksjonen har overtatt etter Regionalavdelingen, som ble nedlagt mandag 5. september 2011" in said(
        world, HUM, date(2011, 9, 6)
    ) + said(world, HUM, date(2011, 9, 7))
    told = len(world.box.to(REG))
    world.live_until(date(2011, 10, 7))  # thirty days after the hand-over: the successor is chased, nobody else
    assert date(2011, 10, 6) in [mail.day for mail in world.box.to(MRDEM)]
    assert len(world.box.to(REG)) == told


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_the_person_who_has_the_case_keeps_it_and_may_go_on(world: World) -> None:
    with world.service.store.begin() as tx:
        case = tx.case("IOM-2011-3")
        tx.save(case.evolve(responsible="leder-reg"), seen=case.version)
    dissolve(world, "REG", "MRDEM")
    world.live_until(date(2011, 9, 7))
    assert (world.case(3).owner, world.case(3).responsible) == ("MRDEM", "leder-reg")
    world.act(3, "start", "person:leder-reg")
    assert world.case(3).state == "in_progress"


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_the_successor_of_the_coordinating_section_coordinates(world: World) -> None:
    dissolve(world, "HUM", "MRDEM")
    world.live_until(date(2011, 9, 9))
    assert {world.case(number).coordinator for number in range(1, 9)} == {"MRDEM"}
    assert world.case(2).owner == "MRDEM"  # HUM answered for its subject
    assert "saker venter på deg" in said(world, MRDEM, date(2011, 9, 8))


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_without_a_successor_the_letters_go_to_the_coordinator_and_the_digest_says_so_at_once(world: World) -> None:
    dissolve(world, "REG")
    world.live_until(date(2011, 9, 7))
    line = "Regionalavdelingen ble nedlagt mandag 5. september 2011 uten etterfølger. Det gjelder 1 sak: [3]."
    assert line in said(world, HUM, date(2011, 9, 6)) + said(world, HUM, date(2011, 9, 7))
    world.live_until(date(2011, 9, 27))
    chased = [it for it in world.service.store.notices("IOM-2011-3") if it.planned == date(2011, 9, 24)]
    assert [(it.to, it.instead_of) for it in chased] == [("unit:HUM", "Regionalavdelingen")]
    assert "Regionalavdelingen ikke kan nås" in said(world, HUM, date(2011, 9, 26))
    assert [mail.day for mail in world.box.to(REG) if mail.day > END] == []
