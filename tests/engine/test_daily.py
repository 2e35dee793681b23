"""A digest on every working day, for those who ask for one."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from engine.daily import DAILY, queue_daily
from engine.notice import Notice
from engine.workflow import Workflows
from store.sql import SqlStore, open_store
from tests.engine.cast import REGISTER as EVERYBODY
from tests.engine.cast import WORKFLOW, case

REGISTER = replace(EVERYBODY, organisation=replace(EVERYBODY.organisation, send_empty_digest=True))
WORKFLOWS = Workflows.of(WORKFLOW)
PLANS = {"A": "assigned", "B": "proposed", "OVER": "closed", "LOST": "nowhere"}
MORNING = datetime(2011, 9, 7, 5, 30, tzinfo=UTC)  # half past seven in Oslo, a Wednesday


@pytest.fixture
def store(database: str) -> Iterator[SqlStore]:
    opened = open_store(database, organisation=REGISTER.organisation)
    with opened.begin() as tx:
        tx.enrol(REGISTER)
        for ref, state in PLANS.items():
            tx.add(case(ref=ref, plan=ref, number="", state=state))
    yield opened
    opened.close()


def queued(store: SqlStore, now: datetime) -> int:
    return queue_daily(store, store, WORKFLOWS, now=now)


def test_every_open_plan_asks_for_the_coming_digest_once(store: SqlStore) -> None:
    before = MORNING - timedelta(hours=2)
    assert queued(store, before) == 2
    assert queued(store, before + timedelta(minutes=1)) == 0
    assert {ref: len(store.notices(ref)) for ref in PLANS} == {"A": 1, "B": 1, "OVER": 0, "LOST": 0}
    assert list(store.notices("A")) == [
        Notice(
            key="A|daily|2011-09-07|unit:GIL",
            ref="A",
            to="unit:GIL",
            role="coordinator",
            letter="digest",
            via="digest",
            rule=DAILY,
            reason="a digest on every working day",
            planned=date(2011, 9, 7),
            decided_at=before,
            ripe_at=MORNING,
            state="assigned",
        )
    ]


@pytest.mark.parametrize(
    ("now", "comes"),
    [
        (MORNING - timedelta(seconds=2), date(2011, 9, 7)),
        (MORNING, date(2011, 9, 8)),  # the digest of this very moment has been queued already
        (datetime(2011, 9, 9, 20, 0, tzinfo=UTC), date(2011, 9, 12)),  # over the weekend
    ],
)
def test_the_digest_that_is_asked_for_is_the_next_one(store: SqlStore, now: datetime, comes: date) -> None:
    queued(store, now)
    assert {it.planned for it in store.notices("A")} == {comes}


def test_a_coordinator_who_cannot_be_reached_is_told_in_whose_place(store: SqlStore) -> None:
    with store.begin() as tx:
        mute = replace(REGISTER.units["GIL"], mailbox="")
        tx.enrol(replace(REGISTER, units={**REGISTER.units, "GIL": mute}))
    queued(store, MORNING)
    assert [(it.to, it.instead_of) for it in store.notices("A")] == [("person:gil-head", "GIL")]


def test_a_plan_that_comes_after_the_others_are_entered_is_entered_as_well(store: SqlStore) -> None:
    assert queued(store, MORNING) == 2
    with store.begin() as tx:
        tx.enrol(REGISTER)  # as an adoption does
        tx.add(case(ref="NEW", plan="NEW", number=""))
    assert queued(store, MORNING + timedelta(minutes=1)) == 1
    assert queued(store, MORNING + timedelta(minutes=2)) == 0


def test_a_digest_is_for_whoever_coordinates_on_its_day(store: SqlStore) -> None:
    with store.begin() as tx:
        plan = tx.case("A")
        tx.save(plan.evolve(coordination="IOM"), seen=plan.version)
    queued(store, datetime(2011, 8, 31, 6, 0, tzinfo=UTC))  # on the next day HUM answers for the subject
    assert [(it.planned, it.to) for it in store.notices("A")] == [(date(2011, 9, 1), "unit:HUM")]


def test_a_house_without_plans_asks_for_nothing(store: SqlStore) -> None:
    assert queue_daily(store, store, Workflows.of(replace(WORKFLOW, version=2)), now=MORNING) == 0
