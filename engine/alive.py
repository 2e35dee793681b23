"""The service says that it is alive, to whoever runs it: at the time of digests, on working days or once a week."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from engine.calendar import day_of
from engine.notice import Notice
from engine.people import Organisation
from engine.roles import OPERATOR
from engine.window import ripe_at

ALIVE = "system:alive"
MOMENT = timedelta(seconds=1)  # the digest that leaves at this very instant has been queued already


def alive(organisation: Organisation, now: datetime) -> Iterator[Notice]:
    """One notice for the coming digest, or for the first one of its week."""
    if organisation.operator_digest == "off":
        return
    at = ripe_at("digest", now + MOMENT, organisation)
    day = day_of(at, organisation.zone)
    year, week, _ = day.isocalendar()
    yield Notice(
        key=f"operator|alive|{day if organisation.operator_digest == 'daily' else f'{year}-W{week:02}'}",
        ref="",
        to=OPERATOR,
        role="operator",
        letter="operator",
        via="digest",
        rule=ALIVE,
        reason="the service is alive",
        planned=day,
        decided_at=now,
        ripe_at=at,
    )
