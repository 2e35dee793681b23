"""Somebody always hears: who cannot be reached is found by the sweep, told, told again, and told when it is mended."""

from dataclasses import replace
from datetime import date, time, timedelta

import pytest

from engine.people import Absence, Person, Unit
from notifications.post import SendError
from tests.stories.world import Box, World

NOBODY = SendError("550 5.1.1 no such mailbox", nobody=True)
REG, ROLF, HUM = "regionalavdelingen@ud.example", "rolf.eksempel@ud.example", "hum@ud.example"


class Closed(Box):
    """A post office that knows of some addresses that nobody is there."""

    closed: frozenset[str] = frozenset()

    async def send(self, raw: bytes, *, sender: str, recipient: str) -> str:
        if recipient in self.closed:
            raise NOBODY
        return await super().send(raw, sender=sender, recipient=recipient)


@pytest.fixture
def shut(world: World) -> Closed:
    """The post office of the world, with doors that can be shut."""
    office = Closed(world.clock)
    office.mails, world.box = world.box.mails, office
    world.service.post = office
    return office


def change(world: World, *, person: Person | None = None, unit: Unit | None = None) -> None:
    """The register is changed, and a minute later it is looked at."""
    with world.service.store.begin() as tx:
        register = tx.register()
        persons = {**register.persons, **({person.key: person} if person else {})}
        units = {**register.units, **({unit.code: unit} if unit else {})}
        tx.enrol(replace(register, persons=persons, units=units))
    world.service.sweep()


def live(world: World, until: date) -> None:
    """Day by day, as a service does that looks every minute: before and after the hour at which letters leave."""
    while world.today < until:
        day = world.today + timedelta(days=1)
        world.live_until(day, time(6, 0))
        world.live_until(day)


def flat(text: str) -> str:
    return " ".join(text.split())


def about(world: World, words: str, to: str = HUM) -> list[date]:
    """The days on which somebody read these words."""
    return [mail.day for mail in world.box.to(to) if words in flat(mail.text)]


def test_a_head_who_left_is_found_by_the_sweep_and_told_again_until_somebody_is_named(world: World) -> None:
    world.live_until(date(2011, 9, 5))
    store, head = world.service.store, world.service.store.register().persons["leder-reg"]
    change(world, person=replace(head, active=False))
    live(world, date(2011, 9, 6))  # no letter to the head is due for weeks
    said = "Rolf Eksempel har sluttet. Det gjelder 1 sak: [3]. Brevene går til Regionalavdelingen i stedet."
    assert about(world, said) == [date(2011, 9, 6)]
    live(world, date(2011, 9, 20))
    told = [it for it in store.notices("IOM-2011-3") if it.instead_of == "person:leder-reg"]
    assert [(it.step, it.planned) for it in told] == [("found", date(2011, 9, 5)), ("again", date(2011, 9, 19))]
    assert about(world, said)[-1] == date(2011, 9, 19)
    change(world, person=head)
    live(world, date(2011, 9, 21))
    assert about(world, "Rolf Eksempel kan nås igjen.") == [date(2011, 9, 21)]
    world.live_until(date(2011, 10, 20))
    assert about(world, "Rolf Eksempel kan nås igjen.") == [date(2011, 9, 21)]
    (trouble,) = [it for it in store.troubles() if it.party == "person:leder-reg"]
    assert (trouble.to, trouble.cause, trouble.mended_on) == ("unit:HUM", "left", date(2011, 9, 20))


def test_what_a_refused_letter_said_goes_up_the_ladder_and_no_second_one_dies(world: World, shut: Closed) -> None:
    world.live_until(date(2011, 9, 23))
    shut.closed = frozenset({REG})
    live(world, date(2011, 9, 26))
    store = world.service.store
    (dead,) = [letter for letter in store.letters() if letter.status == "dead"]
    assert (dead.address, dead.party) == (REG, "unit:REG")
    (instead,) = world.box.to(ROLF)
    assert "fordi Regionalavdelingen ikke kan nås" in flat(instead.text)
    assert about(world, f"{REG}: 550 5.1.1 no such mailbox")
    live(world, date(2011, 9, 28))
    assert about(world, "Regionalavdelingen får ikke brev: e-postserveren avviser adressen")
    world.live_until(date(2011, 11, 30))
    assert [letter.id for letter in store.letters(limit=500) if letter.status == "dead"] == [dead.id]
    assert len(world.box.to(ROLF)) > 1
    shut.closed = frozenset()
    assert [store.trust(REG), store.trust(REG)] == [True, False]
    assert store.register().refused == {}
    live(world, date(2011, 12, 1))
    assert about(world, "Regionalavdelingen kan nås igjen.") == [date(2011, 12, 1)]


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_in_virtual_time_what_comes_of_a_refused_letter_has_its_own_instant_and_so_has_all_that_follows(
    world: World, shut: Closed
) -> None:
    shut.closed = frozenset({REG})
    world.live_until(date(2011, 10, 26))  # in one go
    days = {mail.day for mail in world.box.mails}
    assert {date(2011, 9, 1), date(2011, 9, 8), date(2011, 9, 22), date(2011, 9, 26), date(2011, 10, 24)} <= days
    assert date(2011, 10, 24) in [mail.day for mail in world.box.to(ROLF)]


def test_another_address_ends_the_trouble_by_itself(world: World, shut: Closed) -> None:
    shut.closed = frozenset({REG})
    world.live_until(date(2011, 9, 25))
    live(world, date(2011, 9, 27))
    store = world.service.store
    change(world, unit=replace(store.register().units["REG"], mailbox="reg@ud.example"))
    live(world, date(2011, 9, 28))
    assert about(world, "Regionalavdelingen kan nås igjen.") == [date(2011, 9, 28)]
    live(world, date(2011, 10, 26))
    assert world.box.to("reg@ud.example")


def test_a_coordinating_section_that_is_no_more_is_told_to_the_leadership(world: World) -> None:
    world.live_until(date(2011, 9, 5))
    store = world.service.store
    change(world, unit=replace(store.register().units["HUM"], valid_to=date(2011, 9, 5)))
    live(world, date(2011, 9, 8))
    told = about(
        world, "HUM-seksjonen ble nedlagt mandag 5. september 2011 uten etterfølger", "utenriksraden@ud.example"
    )
    assert told[0] == date(2011, 9, 6)
    assert about(world, "saker venter på deg", "utenriksraden@ud.example")


def test_when_nobody_at_all_can_be_reached_the_operator_hears_and_is_never_given_up(world: World, shut: Closed) -> None:
    world.live_until(date(2011, 9, 7))
    register = world.service.store.register()
    everybody = {it.mailbox for it in register.units.values()} | {it.address for it in register.persons.values()}
    shut.closed = frozenset({*everybody, "drift@ud.example"})
    live(world, date(2011, 9, 12))
    waiting = [it for it in world.service.store.letters() if it.party == "operator"]
    assert waiting
    assert {it.status for it in waiting} == {"queued"}
    assert "550 5.1.1" in world.service.store.operator_waits(world.clock.now())
    shut.closed = frozenset(everybody)
    for hour in (8, 13):  # four hours and a quarter at most between two tries, and only while letters may leave
        world.away_until(date(2011, 9, 13), time(hour, 0))
        world.service.tick()
    operators = world.box.to("drift@ud.example")
    assert operators
    assert world.service.store.operator_waits(world.clock.now()) == ""
    assert not [it for it in world.service.store.letters(limit=500) if it.status not in ("sent", "dead")]


def test_an_absence_that_begins_while_a_letter_waits_takes_it_along_in_the_same_mail(world: World) -> None:
    world.live_until(date(2011, 10, 21))
    world.away_until(date(2011, 10, 24), time(6, 0))
    world.service.sweep()  # the head's letter waits for the hour at which letters leave
    away = Absence(person="leder-reg", first=date(2011, 10, 24), substitute="leder-gil")
    world.service.desk.absent(away)
    live(world, date(2011, 10, 25))
    assert world.box.to(ROLF) == []
    (letter,) = world.box.to("geir.eksempel@ud.example")
    assert "fordi Rolf Eksempel ikke kan nås" in flat(letter.text)
    (notice,) = [it for it in world.service.store.notices("IOM-2011-3") if it.to == "person:leder-gil"]
    assert notice.instead_of == "Rolf Eksempel"


def test_two_who_cover_for_each_other_are_found_and_the_unit_hears_instead(world: World) -> None:
    world.live_until(date(2011, 10, 3))
    for one, other in (("leder-reg", "leder-gil"), ("leder-gil", "leder-reg")):
        world.service.desk.absent(Absence(person=one, first=date(2011, 10, 4), substitute=other))
    live(world, date(2011, 10, 5))
    assert about(world, "Rolf Eksempel er borte, og vikaren kan heller ikke nås. Det gjelder 1 sak: [3].")
    world.live_until(date(2011, 10, 26))
    assert world.box.to(ROLF) == world.box.to("geir.eksempel@ud.example") == []
    assert world.box.to(REG)[-1].day == date(2011, 10, 24)


def test_a_look_at_the_register_is_taken_once_a_day_and_when_it_changes(world: World) -> None:
    world.live_until(date(2011, 9, 5))
    store = world.service.store
    seen = store.inspection()
    assert not seen.stale(date(2011, 9, 5))
    assert seen.stale(date(2011, 9, 6))
    store.trust("nobody@ud.example")
    assert store.inspection() == seen
    with store.begin() as tx:
        tx.enrol(tx.register())
    assert store.inspection().stale(date(2011, 9, 5))
    world.service.sweep()
    assert store.inspection() == replace(seen, enrolled=seen.enrolled + 1, seen=seen.seen + 1)


def test_a_name_that_nobody_knows_is_found_among_the_cases(world: World) -> None:
    world.live_until(date(2011, 9, 5))
    store = world.service.store
    case = store.case("IOM-2011-3")
    with store.begin() as tx:
        tx.save(case.evolve(owner="GHOST", responsible="phantom"), seen=case.version)
    assert {"unit:GHOST", "person:phantom", "unit:HUM", "unit:UR"} <= store.named()
    world.clock.forward(days=1)
    world.service.sweep()
    causes = {it.party: it.cause for it in store.troubles()}
    assert causes["person:phantom"] == "unknown"
    assert [it.ref for it in store.needing("person:phantom", [])] == ["IOM-2011-3"]
    assert store.troubles()[0].since >= date(2011, 9, 1) - timedelta(days=14)
