"""The year that `simulate` shows is the year that comes: the same news, to the same people, in the same mails."""

from collections import Counter
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.calendar import day_of
from engine.draft import PlanDraft
from engine.inspection import UNHEARD
from engine.simulation import Behaviour, parcels, simulate
from engine.workflow import Workflows
from store.migrate import migrate
from tests.stories.moving_rules import TAKEN_BACK
from tests.stories.world import WORKFLOWS, World, example
from tiltak.rehearsal import openings_of_file
from tiltak.settings import Settings

Mails = set[tuple[date, str, frozenset[str]]]  # the day it leaves, to whom, and the news in it


def simulated(draft: PlanDraft, until: date, workflows: Workflows = WORKFLOWS) -> Mails:
    register, openings, start = openings_of_file(draft, workflows, Settings(), None)
    lived = simulate(workflows, register, openings, start=start, until=until)
    zone = register.organisation.zone
    return {
        (day_of(leaves, zone), party, frozenset(it.notice.key for it in contents if it.notice))
        for leaves, party, contents in parcels(lived)
        if day_of(leaves, zone) <= until
    }


def lived(world: World, until: date) -> Mails:
    world.live_until(until)
    store, zone = world.service.store, world.service.store.organisation().zone
    letters = store.letters(limit=5_000)
    inside = store.notices_in([letter.id for letter in letters])
    told = {it: frozenset(n.key for n in those if n.rule != UNHEARD) for it, those in inside.items()}
    # a letter in which the service speaks only of itself is no part of a simulated year
    return {(day_of(it.packed_at, zone), it.party, told[it.id]) for it in letters if told[it.id]}


@pytest.mark.parametrize("name", ["iom-2011.yaml", "audit-2025.yaml"])
def test_the_simulated_year_of_an_example_is_the_year_that_comes(name: str, database: str) -> None:
    draft = example(name)
    until = draft.decided_on + timedelta(days=400)
    world = World(draft, database)
    assert lived(world, until) == simulated(draft, until)
    world.end()


def test_a_year_in_which_rules_move_cases_is_the_year_that_comes(database: str) -> None:
    draft = example("iom-2011.yaml")
    until = draft.decided_on + timedelta(days=400)
    world = World(draft, database, TAKEN_BACK)
    assert lived(world, until) == simulated(draft, until, TAKEN_BACK)
    world.end()


@pytest.mark.parametrize("behaviour", ["silent", "prompt", "slow"])
@pytest.mark.parametrize("name", ["iom-2011.yaml", "audit-2025.yaml"])
def test_however_people_answer_nobody_gets_two_mails_on_one_day(name: str, behaviour: Behaviour) -> None:
    register, openings, start = openings_of_file(example(name), WORKFLOWS, Settings(), None)
    until, zone = start + timedelta(days=400), register.organisation.zone
    year = simulate(WORKFLOWS, register, openings, start=start, until=until, behaviour=behaviour)
    mails = Counter((party, day_of(leaves, zone)) for leaves, party, _ in parcels(year))
    assert max(mails.values()) == 1


DUE = st.none() | st.integers(-40, 200).map(lambda days: date(2011, 8, 25) + timedelta(days=days))
OWNERS = st.sampled_from(["", "REG", "HUM", "DHAKA", "GENEVE"])


@settings(max_examples=6, deadline=None)
@given(st.lists(st.tuples(OWNERS, DUE), min_size=7, max_size=7))
def test_whatever_the_plan_says_the_simulated_half_year_is_the_one_that_comes(
    facts: list[tuple[str, date | None]],
) -> None:
    plan = example("iom-2011.yaml")
    cases = tuple(
        replace(it, owner=owner, due=due, subject="", state="assigned" if owner else "proposed")
        for it, (owner, due) in zip(plan.cases[:7], facts, strict=True)
    )
    draft = replace(plan, cases=(*cases, plan.cases[7]))
    until = draft.decided_on + timedelta(days=180)
    with TemporaryDirectory() as folder:
        url = f"sqlite:///{Path(folder) / 'tiltak.db'}"
        migrate(url)
        world = World(draft, url)
        assert lived(world, until) == simulated(draft, until)
        world.end()
