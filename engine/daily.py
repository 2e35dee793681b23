"""A digest on every working day, for organisations that ask for one even when there is nothing to say."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from engine.alarm import passed_on
from engine.calendar import day_of
from engine.case import Case
from engine.notice import Notice
from engine.people import Register
from engine.ports import Reader, Store
from engine.roles import recipients
from engine.window import ripe_at
from engine.workflow import Workflows

DAILY = "system:daily"
MOMENT = timedelta(seconds=1)  # the digest that leaves at this very instant has been queued already


def queue_daily(store: Store, reader: Reader, workflows: Workflows, *, now: datetime) -> int:
    """One notice for each open plan and coming digest; how many are new.

    Plans are looked at once a digest, and when the register has changed, as it is by every plan that is adopted.
    """
    inspection, organisation = reader.inspection(), reader.organisation()
    at = ripe_at("digest", now + MOMENT, organisation)
    digest = day_of(at, organisation.zone)
    if inspection.daily == digest:
        return 0
    register = reader.register()
    entered = [it for plan in reader.plans() if _is_open(plan, workflows) for it in _notices(plan, register, now, at)]
    with store.begin() as tx:  # in one order, so that two nodes that queue the same never wait for each other in a ring
        fresh = tx.queue(sorted(entered, key=lambda it: it.key))
        tx.enter_daily(inspection.enrolled, digest)
        return fresh


def _is_open(plan: Case, workflows: Workflows) -> bool:
    known = workflows.know(plan.workflow, plan.state)
    return known and not workflows[plan.workflow].states[plan.state].final


def _notices(plan: Case, register: Register, now: datetime, at: datetime) -> Iterator[Notice]:
    """For whoever will coordinate the plan on the day of the digest."""
    day = day_of(at, register.organisation.zone)
    for recipient in recipients("coordinator", passed_on(plan, register, day), register, day):
        yield Notice(
            key=f"{plan.ref}|daily|{day}|{recipient.party}",
            ref=plan.ref,
            to=recipient.party,
            role="coordinator",
            letter="digest",
            via="digest",
            rule=DAILY,
            reason="a digest on every working day",
            planned=day,
            decided_at=now,
            ripe_at=at,
            state=plan.state,
            instead_of=recipient.instead_of,
        )
