"""The plan of 2011 through its year: some have answered, one too late, one not at all; reports taken on the way."""

from dataclasses import dataclass, field
from datetime import date, time, timedelta

from engine.case import Errand
from reports.yearly.as_json import as_json
from reports.yearly.facts import YearReport
from reports.yearly.reckoning import year_report
from tests.stories.world import World, iom

LAST = date(2012, 8, 25)
DEEDS = {
    date(2011, 9, 20): ("3", "start", "unit:REG", ""),
    date(2011, 10, 3): ("3", "comment", "person:leder-reg", "Vi spør ambassadene."),
    date(2011, 12, 20): ("3", "report", "person:leder-reg", "Henvisningen står i brevene til Dhaka og Abuja."),
    date(2012, 1, 10): ("3", "close", "unit:HUM", ""),
    date(2012, 3, 1): ("6", "decline", "unit:HUM", "Giverne ble ikke enige."),
    date(2012, 6, 12): ("2", "report", "unit:HUM", "Tatt opp i styret 15. november."),
    date(2012, 8, 13): ("8", "deadline", "unit:HUM", "Ferien tok tid."),
}


@dataclass
class Lived:
    world: World
    taken: dict[date, str] = field(default_factory=dict)  # what the report said on the evening of a day

    def report(self, on: date = LAST) -> YearReport:
        service = self.world.service
        return year_report(service.store, service.workflows, "IOM-2011", on=on, today=self.world.today)


def lived(database: str) -> Lived:
    """Swept every fortnight: what is told and to whom is for other tests."""
    year = Lived(World(iom(), database))
    day = date(2011, 9, 1)
    while day <= LAST:
        year.world.away_until(day)
        if day in DEEDS or day.day in (1, 15):
            year.world.service.sweep()
        if deed := DEEDS.get(day):
            _do(year.world, *deed)
            year.world.away_until(day, time(22, 0))
            year.taken[day] = as_json(year.report(day))
        day += timedelta(days=1)
    return year


def _do(world: World, number: str, move: str, by: str, text: str) -> None:
    errand = Errand(ref=f"IOM-2011-{number}", move=move, by=by, text=text, through="mail")
    desk = world.service.desk
    if move == "deadline":
        desk.move_deadline(Errand(ref=errand.ref, move=move, by=by, text=text, due=date(2012, 9, 14)))
    elif move == "comment":
        desk.comment(errand)
    else:
        desk.act(errand)
