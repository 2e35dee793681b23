"""The 2011 plan as the tests of pages know it: its units, its holes, and a year in which not everybody answers."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta

from engine.adopt import adopt
from engine.calendar import calendar_of, day_of
from engine.case import Errand, Evaluation, Event, Recommendation
from engine.desk import Desk
from engine.draft import CaseDraft, DueRule, PastDeadline, PlanDraft
from engine.health import Ailment
from engine.people import Organisation, Person, Responsibility, Unit
from engine.text import Text
from engine.workflow import Offset
from tests.web.shelf import Shelf
from workflows.loading import load

ADOPTED = datetime(2011, 8, 25, 10, 0, tzinfo=UTC)


def _unit(code: str, nb: str, nn: str, en: str, **more: object) -> Unit:
    return Unit(code=code, name=Text(nb, nn, en), mailbox=f"{code.lower()}@ud.example", **more)  # type: ignore[arg-type]


UNITS = (
    _unit("GIL", "GIL-seksjonen", "GIL-seksjonen", "GIL section", head="head-gil"),
    _unit("HUM", "HUM-seksjonen", "HUM-seksjonen", "HUM section", head="head-hum"),
    _unit("MRDEM", "MR/DEM-seksjonen", "MR/DEM-seksjonen", "MR/DEM section"),
    _unit("REG", "Regionalavdelingen", "Regionalavdelinga", "Regional department", head="head-reg"),
    _unit("GEN", "Delegasjonen i Genève", "Delegasjonen i Genève", "Geneva delegation"),
    _unit("UR", "Utenriksråden", "Utanriksråden", "Secretary General"),
)
PERSONS = (
    Person(key="kari", name="Kari Eksempel", address="kari@ud.example", unit="HUM", language="nb"),
    Person(key="head-gil", name="Nils Prøve", address="nils@ud.example", unit="GIL"),
    Person(key="head-hum", name="Berit Prøve", address="berit@ud.example", unit="HUM"),
    Person(key="head-reg", name="Ola Prøve", address="ola@ud.example", unit="REG"),
)
SUBJECTS = (
    Responsibility(subject="iom", unit="GIL", valid_to=date(2011, 8, 31)),
    Responsibility(subject="iom", unit="HUM", valid_from=date(2011, 9, 1)),
    Responsibility(subject="trafficking", unit="GIL", valid_to=date(2011, 8, 31)),
    Responsibility(subject="trafficking", unit="MRDEM", valid_from=date(2011, 9, 1)),
)
RECOMMENDATIONS = tuple(
    Recommendation(evaluation="iom", number=number, text=text, addressee=addressee, response=response)
    for number, text, addressee, response in (
        ("R1", "Bygg prosjektene på behovsanalyser og mål resultatene", "IOM", "accepted"),
        ("R2", "Lag faste rutiner for å ta lærdommer i bruk", "IOM", "accepted"),
        ("R3", "Utarbeid en egen strategi mot menneskehandel", "IOM", ""),
        ("R4", "Samarbeid mer med andre organisasjoner", "IOM", "accepted"),
        ("R5", "Legg større vekt på menneskerettighetene", "IOM", "accepted"),
        ("R6", "Overlat opplæring av politiet til andre", "IOM", "partly"),
        ("U1", "Vurder avtaler over flere år", "own", "accepted"),
        ("U2", "Bruk funn og behovsanalyser systematisk", "own", "accepted"),
        ("U3", "Styrk kravene til resultatrammer", "own", ""),
    )
)
ACTIONS = (
    CaseDraft(number="1", title="Anbefalingene legges til grunn i det videre samarbeidet med IOM", subject="iom"),
    CaseDraft(
        number="2",
        title="Evalueringen tas opp i IOMs styremøter",
        subject="iom",
        contributors=("GEN",),
        recommendations=("R1", "R2", "R3"),
        due=date(2011, 11, 15),
    ),
    CaseDraft(
        number="3",
        title="Referanse til evalueringen i tildelingsskrivene til ambassadene",
        question="Er referansen lagt inn i tildelingsskrivene for 2012?",
        owner="REG",
        due=date(2012, 3, 1),
        earlier_deadlines=(PastDeadline(value=None, reason="Avklaring med økonomiseksjonen"),),
    ),
    CaseDraft(number="4", title="Referanse til planen i virksomhetsplanene", owner_as_written="stasjoner og seksjoner"),
    CaseDraft(
        number="5",
        title="Rapport og plan brukes som referanse i dialogen om støtte",
        subject="iom",
        responsible="kari",
        due=date(2012, 6, 29),
        recommendations=("U2",),
    ),
    CaseDraft(
        number="6", title="Giverne vurderer avtaler over flere år", owner_as_written="Giverne", recommendations=("U1",)
    ),
    CaseDraft(
        number="7",
        title="Initiativ til bedre samarbeid mellom organisasjonene, og til vekt på menneskerettighetene",
        subject="trafficking",
        recommendations=("R4", "R5"),
        due=date(2012, 5, 31),
    ),
    CaseDraft(
        number="8",
        title="Rapport til utenriksråden om hvordan planen er fulgt opp",
        subject="iom",
        due=DueRule(anchor=date(2011, 8, 25), offset=Offset(1, "y")),
    ),
)
PLAN = PlanDraft(
    ref="iom-2011",
    title="Oppfølgingsplan: IOMs innsats mot menneskehandel",
    decided_on=date(2011, 8, 25),
    state="distributed",
    due=DueRule(anchor=date(2011, 8, 25), offset=Offset(1, "y")),
    coordination="iom",
    executive="unit:UR",
    organisation=Organisation(key="ud", name=Text.same("UD"), operator="drift@ud.example"),
    units=UNITS,
    persons=PERSONS,
    responsibilities=SUBJECTS,
    evaluation=Evaluation(key="iom", title="Evaluering av IOMs innsats"),
    recommendations=RECOMMENDATIONS,
    cases=ACTIONS,
)


WORKFLOWS = load()


@dataclass
class HandClock:
    at: datetime = ADOPTED

    def now(self) -> datetime:
        return self.at


@dataclass
class Year:
    """A plan that lives in memory: a demo whose clock goes forward day by day, sweeping and delivering."""

    shelf: Shelf = field(default_factory=Shelf)
    clock: HandClock = field(default_factory=HandClock)
    doubted: list[Ailment] = field(default_factory=list)

    def __post_init__(self) -> None:
        adopt(self.shelf, WORKFLOWS, PLAN, by="unit:GIL", now=self.clock.now())
        self.desk = Desk(self.shelf, self.shelf, WORKFLOWS, self.clock)

    def today(self) -> date:
        return day_of(self.clock.now(), "Europe/Oslo")

    def until(self, day: date) -> "Year":
        while self.today() < day:
            self.clock.at = datetime.combine(self.today() + timedelta(days=1), time(6, 0), UTC)
            self.desk.sweep()
            self.shelf.deliver(self.clock.now())
        return self

    def act(self, number: str, move: str, by: str, text: str = "", owner: str = "") -> Event:
        errand = Errand(ref=f"iom-2011-{number}", move=move, by=by, text=text, owner=owner, through="link")
        return self.desk.act(errand)

    def last_sweep(self) -> datetime | None:
        return self.clock.now()

    def doubts(self) -> list[Ailment]:
        return self.doubted

    def next_event(self) -> date | None:
        return self.shelf.next_wake()

    def forward_workday(self) -> None:
        self.until(
            calendar_of(PLAN.organisation or self.shelf.everybody.organisation).next_workday(
                self.today() + timedelta(days=1)
            )
        )

    def forward_week(self) -> None:
        self.until(self.today() + timedelta(days=7))

    def forward_event(self) -> None:
        self.until(self.next_event() or self.today())

    def settle(self) -> None:
        self.shelf.deliver(self.clock.now())


def june_2012() -> Year:
    """12 June 2012: some have answered, some have not, and two actions belong to nobody."""
    year = Year().until(date(2011, 9, 5))
    for number in ("1", "2", "3", "5", "7", "8"):
        year.act(number, "assign", "unit:HUM")
    year.act("2", "start", "unit:HUM")
    year.act("8", "start", "unit:HUM")
    year.act("1", "start", "unit:HUM")
    year.until(date(2011, 12, 5)).act("2", "report", "unit:HUM", "Tatt opp i styremøtet i november av delegasjonen.")
    year.until(date(2011, 12, 6)).act("2", "close", "unit:HUM")
    year.until(date(2012, 1, 10))
    year.desk.move_deadline(
        Errand(
            ref="iom-2011-3",
            move="deadline",
            by="unit:HUM",
            due=date(2012, 5, 21),
            text="Skrivene kommer i mai",
            through="web",
        )
    )
    year.until(date(2012, 3, 1)).act("7", "start", "unit:MRDEM")
    year.until(date(2012, 6, 7)).act(
        "5", "report", "unit:HUM", "Rapporten og planen lå ved i dialogen om tre søknader."
    )
    return year.until(date(2012, 6, 21))
