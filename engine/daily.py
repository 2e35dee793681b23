"""A digest on every working day, for organisations that ask for one even when there is nothing to say."""

from collections.abc import Iterator
from datetime import datetime, timedelta

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
    """One notice for each open plan and coming digest, once; how many are new. Two reading queries when none is."""
    plans = [it for it in reader.plans() if _is_open(it, workflows)]
    register = reader.register()
    waiting = reader.waiting_notices([plan.ref for plan in plans])
    known = {notice.key for notices in waiting.values() for notice in notices}
    fresh = [it for plan in plans for it in _notices(plan, register, now) if it.key not in known]
    if not fresh:
        return 0
    with store.begin() as tx:  # in one order, so that two nodes that queue the same never wait for each other in a ring
        return tx.queue(sorted(fresh, key=lambda it: it.key))


def _is_open(plan: Case, workflows: Workflows) -> bool:
    known = workflows.know(plan.workflow, plan.state)
    return known and not workflows[plan.workflow].states[plan.state].final


def _notices(plan: Case, register: Register, now: datetime) -> Iterator[Notice]:
    organisation = register.organisation
    today, at = day_of(now, organisation.zone), ripe_at("digest", now + MOMENT, organisation)
    for recipient in recipients("coordinator", plan, register, today):
        yield Notice(
            key=f"{plan.ref}|daily|{day_of(at, organisation.zone)}|{recipient.party}",
            ref=plan.ref,
            to=recipient.party,
            role="coordinator",
            letter="digest",
            via="digest",
            rule=DAILY,
            reason="a digest on every working day",
            planned=day_of(at, organisation.zone),
            decided_at=now,
            ripe_at=at,
            state=plan.state,
            instead_of=recipient.instead_of,
        )
