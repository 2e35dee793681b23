"""Plans with so many actions that every day has something to say, drawn from a seed."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from random import Random

from engine.draft import CaseDraft, PlanDraft
from engine.people import Organisation, Person, Responsibility, Unit
from engine.text import Text

DECIDED_ON = date(2026, 1, 5)
UNITS, PLANS = 8, 12
STATES = ("proposed", "assigned", "assigned", "assigned", "in_progress", "reported")
CALENDARS = ("", "", "", "BD", "CH")
MOVING = "what another unit takes over"


def drawn(rng: Random, *, actions: int, days: int) -> list[PlanDraft]:
    """Deadlines lie within the days that the chaos takes, and one subject changes hands in the middle of them."""
    change = DECIDED_ON + timedelta(days=days // 2)
    everybody = PlanDraft(
        ref="",
        title="Plan that goes through a storm",
        decided_on=DECIDED_ON,
        state="decided",
        executive="unit:U7",
        organisation=organisation(),
        units=tuple(_unit(number) for number in range(UNITS)),
        persons=tuple(_head(number) for number in range(UNITS)),
        responsibilities=(
            Responsibility(subject=MOVING, unit="U2", valid_to=change - timedelta(days=1)),
            Responsibility(subject=MOVING, unit="U3", valid_from=change),
        ),
    )
    cases = [tuple(_actions(rng, actions // PLANS, days)) for _ in range(PLANS)]
    return [
        replace(everybody, ref=f"STORM{number}", coordinator=f"U{number % UNITS}", cases=entries)
        for number, entries in enumerate(cases)
    ]


def organisation() -> Organisation:
    return Organisation(key="chaos", name=Text.same("Agency"), operator="drift@agency.example")


def _unit(number: int) -> Unit:
    return Unit(
        code=f"U{number}",
        name=Text.same(f"Unit {number}"),
        mailbox=f"unit{number}@agency.example",
        head=f"p{number}",
        parent="" if number == 0 else "U0",
        calendar=CALENDARS[number % len(CALENDARS)],
        language=("nb", "nn", "en")[number % 3],
    )


def _head(number: int) -> Person:
    return Person(key=f"p{number}", name=f"Head {number}", address=f"head{number}@agency.example", unit=f"U{number}")


def _actions(rng: Random, actions: int, days: int) -> Iterator[CaseDraft]:
    for number in range(1, actions + 1):
        moving = rng.random() < 0.1
        yield CaseDraft(
            number=str(number),
            title=f"Action {number}",
            question="Has it been done, and where does it say so?",
            state=rng.choice(STATES),
            owner="U2" if moving else f"U{rng.randrange(UNITS)}",
            subject=MOVING if moving else "",
            due=DECIDED_ON + timedelta(days=rng.randrange(-10, days)) if rng.random() < 0.7 else None,
        )
