"""The 2011 plan as the tests of pages know it: its units, its holes, and a year in which not everybody answers."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta

from engine.adopt import adopt
from engine.calendar import calendar_of, day_of
from engine.case import Errand, Evaluation, Event, Recommendation
from engine.desk import Desk
from engine.draft import CaseDraft, DueRule, PastDeadline, PlanDraft
from engine.people import Organisation, Person, Responsibility, Unit
from engine.text import Text
from engine.workflow import (
    Guard,
    Move,
    Offset,
    Repeat,
    Role,
    Rule,
    State,
    Step,
    Telling,
    Via,
    When,
    Workflow,
    Workflows,
)
from tests.web.shelf import Shelf

ADOPTED = datetime(2011, 8, 25, 10, 0, tzinfo=UTC)
OPEN = frozenset({"assigned", "in_progress"})


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
        due=date(2012, 5, 21),
        earlier_deadlines=(PastDeadline(value=date(2012, 3, 1)),),
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


def _wd(count: int) -> Offset:
    return Offset(count, "wd")


def _step(name: str, at: Offset, tell: tuple[Role, ...], letter: str, level: int = 0, via: Via = "now") -> Step:
    return Step(name=name, at=at, tell=tell, letter=letter, level=level, via=via)


def _move(
    name: str, sources: str, dest: str, by: Role, label: Text, needs: tuple[str, ...] = (), letter: str = ""
) -> Move:
    tell = (Telling(to=("responsible",), letter=letter),) if letter else ()
    return Move(name=name, sources=tuple(sources.split()), dest=dest, by=(by,), label=label, needs=needs, tell=tell)


DUE = Rule(
    id="due",
    when=When(state=OPEN),
    clock="due",
    steps=(
        _step("1", Offset(-30, "d"), ("responsible",), "due_soon", via="digest"),
        _step("2", _wd(1), ("responsible",), "overdue", 1),
        _step("3", _wd(10), ("responsible", "head"), "overdue", 2),
        _step("4", _wd(20), ("coordinator",), "stalled", 3),
    ),
    repeat=Repeat(every=_wd(10), tell=("coordinator",), letter="stalled"),
)
QUIET = Rule(
    id="quiet",
    when=When(state=OPEN),
    clock="activity",
    steps=(
        _step("1", Offset(60, "d"), ("responsible",), "stalled", 1),
        _step("2", Offset(90, "d"), ("responsible", "head"), "stalled", 2),
    ),
    repeat=Repeat(every=Offset(30, "d"), tell=("responsible",), letter="stalled"),
    inhibited_by=(("due", 1),),
)
DWELL = Rule(
    id="dwell",
    when=When(state=frozenset({"proposed", "reported"})),
    clock="entered",
    steps=(_step("1", _wd(10), ("coordinator",), "stalled", via="digest"),),
    repeat=Repeat(every=Offset(1, "m"), tell=("coordinator",), letter="stalled"),
)
ACTION = Workflow(
    name="action",
    version=1,
    label=Text("Tiltak", "Tiltak", "Action"),
    initial="proposed",
    states={
        state.name: state
        for state in (
            State(name="proposed", label=Text("Foreslått", "Føreslått", "Proposed")),
            State(name="assigned", label=Text("Tildelt", "Tildelt", "Assigned")),
            State(name="in_progress", label=Text("Pågår", "I gang", "In progress")),
            State(name="reported", label=Text("Rapportert", "Rapportert", "Reported")),
            State(name="closed", label=Text("Lukket", "Lukka", "Closed"), final=True),
            State(name="declined", label=Text("Avslått", "Avslått", "Declined"), final=True),
        )
    },
    moves={
        move.name: move
        for move in (
            _move(
                "assign", "proposed", "assigned", "coordinator",
                Text("Tildel", "Tildel", "Assign"), ("owner",), "assigned",
            ),
            _move("start", "assigned", "in_progress", "responsible", Text("Sett i gang", "Set i gang", "Start")),
            _move(
                "report", "assigned in_progress", "reported", "responsible",
                Text("Rapporter", "Rapporter", "Report"), ("statement",),
            ),
            _move(
                "return", "reported", "in_progress", "coordinator",
                Text("Send tilbake", "Send tilbake", "Send back"), ("reason",), "returned",
            ),
            _move("close", "reported", "closed", "coordinator", Text("Lukk", "Lukk", "Close"), (), "closed"),
            _move(
                "decline", "proposed assigned in_progress reported", "declined", "coordinator",
                Text("Følg ikke opp", "Følg ikkje opp", "Do not pursue"), ("reason",),
            ),
        )
    },
    rules=(DUE, QUIET, DWELL),
    guard=Guard(watcher="coordinator", max_silence=Offset(120, "d")),
FOLLOW_UP = Workflow(
    name="plan",
    version=1,
    label=Text("Plan", "Plan", "Plan"),
    initial="adopted",
    states={
        "adopted": State(name="adopted", label=Text("Vedtatt", "Vedteken", "Adopted")),
        "ended": State(name="ended", label=Text("Avsluttet", "Avslutta", "Ended"), final=True),
    },
    moves={"end": _move("end", "adopted", "ended", "coordinator", Text("Avslutt", "Avslutt", "End"))},
    rules=(
        Rule(
            id="report",
            when=When(),
            clock="due",
            steps=(
                _step("1", Offset(-60, "d"), ("coordinator",), "due_soon"),
                _step("2", Offset(0, "d"), ("coordinator", "executive"), "overdue", 2),
            ),
        ),
    ),
    guard=Guard(watcher="coordinator", max_silence=Offset(400, "d")),
)
WORKFLOWS = Workflows.of(ACTION, FOLLOW_UP)


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
