"""The cast of the engine's tests: GIL coordinates, HUM owns, an embassy is silent, a stranger has no access."""

from datetime import UTC, date, datetime

from engine.case import Case
from engine.people import Organisation, Person, Register, Responsibility, Unit
from engine.text import Text
from engine.workflow import Ack, Guard, Move, Offset, Repeat, Rule, Snooze, State, Step, Telling, When, Workflow

MONDAY = date(2011, 8, 29)
NOON = datetime(2011, 8, 29, 10, 0, tzinfo=UTC)


def unit(code: str, **more: object) -> Unit:
    return Unit(code=code, name=Text.same(code), mailbox=f"{code.lower()}@ud.example", **more)  # type: ignore[arg-type]


def person(key: str, unit_code: str, **more: object) -> Person:
    return Person(key=key, name=key.title(), address=f"{key}@ud.example", unit=unit_code, **more)  # type: ignore[arg-type]


REGISTER = Register(
    organisation=Organisation(key="ud", name=Text.same("Department"), operator="drift@ud.example"),
    units={
        "GIL": unit("GIL", head="gil-head"),
        "HUM": unit("HUM", head="hum-head"),
        "DHAKA": unit("DHAKA", calendar="BD", head="dhaka-head"),
        "UR": unit("UR"),
    },
    persons={
        "gil-head": person("gil-head", "GIL"),
        "hum-head": person("hum-head", "HUM"),
        "dhaka-head": person("dhaka-head", "DHAKA"),
        "officer": person("officer", "HUM"),
        "stranger": person("stranger", ""),
    },
    responsibilities=(
        Responsibility(subject="IOM", unit="GIL", valid_to=date(2011, 8, 31)),
        Responsibility(subject="IOM", unit="HUM", valid_from=date(2011, 9, 1)),
    ),
)


def wd(count: int) -> Offset:
    return Offset(count, "wd")


def d(count: int) -> Offset:
    return Offset(count, "d")


DUE = Rule(
    id="due",
    when=When(state=frozenset({"assigned", "in_progress"})),
    clock="due",
    steps=(
        Step(name="1", at=d(-30), tell=("responsible",), letter="due_soon", via="digest"),
        Step(name="2", at=wd(1), tell=("responsible",), letter="overdue", level=1),
        Step(name="3", at=wd(10), tell=("responsible", "head"), letter="overdue", level=2),
        Step(name="4", at=wd(20), tell=("coordinator",), letter="stalled", level=3),
    ),
    repeat=Repeat(every=wd(10), tell=("coordinator",), letter="stalled"),
    ack=Ack(wd(10), 2),
    snooze=Snooze(longest=d(60), times=1),
)
QUIET = Rule(
    id="quiet",
    when=When(state=frozenset({"assigned", "in_progress"})),
    clock="activity",
    steps=(Step(name="1", at=d(30), tell=("responsible",), letter="stalled"),),
    inhibited_by=(("due", 1),),
)
DWELL = Rule(
    id="dwell",
    when=When(state=frozenset({"proposed", "assigned", "in_progress", "reported"})),
    clock="entered",
    steps=(Step(name="1", at=d(60), tell=("coordinator",), letter="stalled", via="digest"),),
    repeat=Repeat(every=Offset(1, "m"), tell=("coordinator",), letter="stalled"),
)


def _state(name: str, *, final: bool = False) -> State:
    return State(name=name, label=Text.same(name), final=final)


def _move(name: str, sources: tuple[str, ...], dest: str, by: tuple[str, ...], **more: object) -> Move:
    return Move(name=name, sources=sources, dest=dest, by=by, label=Text.same(name), **more)  # type: ignore[arg-type]


WORKFLOW = Workflow(
    name="action",
    version=1,
    label=Text.same("Action"),
    initial="proposed",
    states={
        it.name: it
        for it in (
            _state("proposed"),
            _state("assigned"),
            _state("in_progress"),
            _state("reported"),
            _state("closed", final=True),
        )
    },
    moves={
        it.name: it
        for it in (
            _move(
                "assign",
                ("proposed",),
                "assigned",
                ("coordinator",),
                needs=("owner",),
                tell=(Telling(to=("responsible",), letter="assigned"),),
            ),
            _move("start", ("assigned",), "in_progress", ("responsible",)),
            _move("report", ("assigned", "in_progress"), "reported", ("responsible",), needs=("statement",)),
            _move("return", ("reported",), "in_progress", ("coordinator",), needs=("reason",)),
            _move("close", ("reported",), "closed", ("coordinator",)),
        )
    },
    rules=(DUE, QUIET, DWELL),
    guard=Guard(watcher="coordinator", max_silence=d(120)),
)


def case(**changes: object) -> Case:
    """An action that HUM owns and GIL coordinates, due on Monday 21 May 2012."""
    return Case(
        ref="IOM-2011-3",
        number="3",
        plan="IOM-2011",
        workflow="action/1",
        kind="action",
        state="assigned",
        title="Refer to the report in the allocation letters",
        owner="HUM",
        coordinator="GIL",
        executive="unit:UR",
        due=date(2012, 5, 21),
        due_version=1,
        opened_on=MONDAY,
        entered_on=MONDAY,
        entered_seq=1,
        activity_on=MONDAY,
    ).evolve(**changes)
