"""A digest on every working day, for organisations that ask for one even when there is nothing to say."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from engine.alarm import passed_on
from engine.calendar import day_of
from engine.case import Case
from engine.notice import Notice
from engine.overview import leaves_at
from engine.people import Register
from engine.ports import Reader, Store
from engine.roles import recipients
from engine.window import ripe_at
from engine.workflow import Workflows

DAILY = "system:daily"
MOMENT = timedelta(seconds=1)  # the digest that leaves at this very instant has been queued already


def queue_daily(store: Store, reader: Reader, workflows: Workflows, *, now: datetime) -> int:
    """One notice for each open plan and coming digest of those who get one without news; how many are new.

    Plans are looked at once a digest, and when the register has changed, as it is by every plan that is adopted and
    every rhythm that is chosen.
    """
    inspection, organisation = reader.inspection(), reader.organisation()
    digest = day_of(ripe_at("digest", now + MOMENT, organisation), organisation.zone)
    if inspection.daily == digest:
        return 0
    register = reader.register()
    wanted = organisation.send_empty_digest or any(it.every == "workday" for it in register.rhythms.values())
    open_plans = [it for it in reader.plans() if _is_open(it, workflows)] if wanted else []
    entered = [it for plan in open_plans for it in _notices(plan, register, digest, now)]
    with store.begin() as tx:  # in one order, so that two nodes that queue the same never wait for each other in a ring
        fresh = tx.queue(sorted(entered, key=lambda it: it.key))
        tx.enter_daily(inspection.enrolled, digest)
        return fresh


def wants_all(party: str, register: Register) -> bool:
    """Whether a party gets its overview also when there is nothing to say."""
    own = register.rhythms.get(party)
    every_day = register.organisation.send_empty_digest
    return every_day if own is None else own.every == "workday" or (own.every == "weekly" and every_day)


def _is_open(plan: Case, workflows: Workflows) -> bool:
    known = workflows.know(plan.workflow, plan.state)
    return known and not workflows[plan.workflow].states[plan.state].final


def _notices(plan: Case, register: Register, digest: date, now: datetime) -> Iterator[Notice]:
    """For whoever will coordinate the plan on the day of the digest."""
    for recipient in recipients("coordinator", passed_on(plan, register, digest), register, digest):
        if not wants_all(recipient.party, register):
            continue
        at = leaves_at("digest", "coordinator", recipient.party, register, now + MOMENT)
        day = day_of(at, register.organisation.zone)
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
