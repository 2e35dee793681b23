"""Plans that nobody wrote: an office with the usual gaps, and cases of every kind, begun near a difficult date."""

from dataclasses import replace
from datetime import date, time, timedelta

from engine.draft import CaseDraft, PlanDraft
from engine.people import Absence, Organisation, Person, Responsibility, SendWindow, Unit
from engine.text import Text
from engine.workflow import Workflows
from tests.simulation.dice import Dice
from tests.stories.moving_rules import TAKEN_BACK
from tests.stories.world import WORKFLOWS, example

DIFFICULT = (
    date(2026, 10, 22),  # the clocks go back on the 25th
    date(2027, 3, 23),  # forward on the 28th, which is Easter
    date(2028, 2, 24),  # a leap day
    date(2026, 12, 18),  # year end
    date(2027, 4, 28),  # 1 and 17 May
    date(2011, 8, 25),
)
KINDS = {"action": 8, "request": 2, "report": 1, "receipt": 1}
WINDOWS = (
    SendWindow(),
    SendWindow(days=frozenset({7, 1, 2, 3, 4}), opens=time(8), closes=time(15)),
    SendWindow(days=frozenset(range(1, 8)), opens=time(0), closes=time(23, 59)),
    SendWindow(days=frozenset({2, 4}), opens=time(9), closes=time(11)),
)
ZONES = ("Europe/Oslo", "Europe/Oslo", "America/New_York", "Africa/Cairo", "Pacific/Auckland")
DIGESTS = (time(7, 30), time(8), time(2, 30), time(14), time(18))


def a_draft(dice: Dice) -> PlanDraft:
    if dice.chance(0.2):
        return _reachable(example(dice.one(("iom-2011.yaml", "audit-2025.yaml"))))
    day = dice.one(DIFFICULT) + timedelta(days=dice.number(-2, 4))
    return PlanDraft(
        ref="P",
        title="A plan",
        decided_on=day,
        state="decided",
        coordinator="COORD",
        coordination="follow-up" if dice.chance(0.5) else "",
        executive=dice.one(("unit:BOARD", "person:chief")),
        copies=tuple(dice.some(("unit:FAR", "person:officer"), 1)),
        organisation=_organisation(dice),
        units=_units(dice, day),
        persons=_persons(dice),
        responsibilities=_responsibilities(dice, day),
        absences=_absences(dice, day),
        cases=tuple(_case(dice, number, day) for number in range(1, dice.number(3, 9))),
    )


def _reachable(draft: PlanDraft) -> PlanDraft:
    assert draft.organisation
    return replace(draft, organisation=replace(draft.organisation, operator="operator@office.example"))


def some_workflows(dice: Dice) -> Workflows:
    """The shipped ones, with a rule that moves cases, or telling every step that was missed."""
    files = TAKEN_BACK if dice.chance(0.3) else WORKFLOWS
    if dice.chance(0.8):
        return files
    return Workflows({key: replace(workflow, catch_up="all") for key, workflow in files.by_key.items()})


def _organisation(dice: Dice) -> Organisation:
    return Organisation(
        key="office",
        name=Text.same("Office"),
        zone=dice.one(ZONES),
        window=dice.one(WINDOWS) if dice.chance(0.5) else WINDOWS[0],
        digest_at=dice.one(DIGESTS) if dice.chance(0.5) else DIGESTS[0],
        send_empty_digest=dice.chance(0.3),
        operator="operator@office.example",
    )


def _unit(code: str, **more: object) -> Unit:
    return Unit(code=code, name=Text.same(code), mailbox=f"{code.lower()}@office.example", **more)  # type: ignore[arg-type]


def _units(dice: Dice, day: date) -> tuple[Unit, ...]:
    ends = day + timedelta(days=dice.number(10, 200))
    return (
        _unit("BOARD"),
        _unit("COORD", head="coordinator", parent="BOARD"),
        _unit("NEAR", head="near", parent="COORD", valid_to=ends if dice.chance(0.3) else None, successor="NEXT"),
        _unit("NEXT", head="next", parent="COORD"),
        _unit("FAR", head="far", parent="NEAR", calendar=dice.one(("EG", "BD", "NO"))),
        _unit("ENDS", head="gone", parent="COORD", valid_to=ends if dice.chance(0.5) else None),
        replace(_unit("MUTE", parent="FAR"), mailbox=""),
    )


def _persons(dice: Dice) -> tuple[Person, ...]:
    home = {
        "chief": "BOARD", "coordinator": "COORD", "near": "NEAR", "next": "NEXT", "far": "FAR", "officer": "NEAR",
    }  # fmt: skip
    here = [Person(key=key, name=key.title(), address=f"{key}@office.example", unit=unit) for key, unit in home.items()]
    return (*here, Person(key="gone", name="Gone", address="gone@office.example", unit="ENDS", active=dice.chance(0.5)))


def _responsibilities(dice: Dice, day: date) -> tuple[Responsibility, ...]:
    turn = day + timedelta(days=dice.number(1, 90))
    return (
        Responsibility(subject="follow-up", unit="COORD", valid_to=turn - timedelta(days=1)),
        Responsibility(subject="follow-up", unit="NEXT", valid_from=turn),
        Responsibility(subject="grants", unit="NEAR", valid_to=turn - timedelta(days=1)),
        Responsibility(subject="grants", unit="FAR", valid_from=turn),
    )


def _absences(dice: Dice, day: date) -> tuple[Absence, ...]:
    if dice.chance(0.6):
        return ()
    first = day + timedelta(days=dice.number(0, 40))
    last = first + timedelta(days=dice.number(0, 60)) if dice.chance(0.7) else None
    person, substitute = dice.one(("near", "far", "chief")), dice.one(("officer", "coordinator", ""))
    return (Absence(person=person, first=first, last=last, substitute=substitute),)


def _case(dice: Dice, number: int, day: date) -> CaseDraft:
    kind = dice.weighted(KINDS)
    states = [state.name for state in WORKFLOWS.latest(kind).states.values() if not state.final]
    due = day + timedelta(days=dice.number(-30, 120)) if dice.chance(0.6) else None
    return CaseDraft(
        number=str(number),
        workflow=kind,
        state=dice.one(states),
        title=f"Case {number}",
        owner=dice.one(("NEAR", "FAR", "ENDS", "MUTE", "COORD", "")),
        owner_as_written="whoever it may concern",
        responsible=dice.one(("officer", "gone")) if dice.chance(0.2) else "",
        subject="grants" if dice.chance(0.3) else "",
        due=due,
        priority=dice.one(("", "high")),
        statement="Begun." if dice.chance(0.3) else "",
    )
