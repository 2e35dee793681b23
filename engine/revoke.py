"""Taking links back: whoever holds one can answer nothing by it any more."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from engine.case import Errand, Event
from engine.errors import Refused
from engine.link import Link
from engine.ports import Store
from engine.roles import OPERATOR
from engine.sitting import sitting
from engine.workflow import Role, Workflows

REVOKING: Final[tuple[Role, ...]] = ("coordinator",)


def revoke(store: Store, workflows: Workflows, errand: Errand, links: Sequence[Link], *, now: datetime) -> Event:
    """Take back links to the page of one case, all of one party. Refused when none of them is good any more.

    A reply address stays as it is: it names a letter, and gives nobody a right.
    """
    with sitting(store, workflows, errand, now=now) as desk:
        if errand.by != OPERATOR:
            desk.allow(REVOKING)
        if not links or not desk.tx.revoke([it.digest for it in links], now):
            raise Refused(f"there is no link to {errand.ref} that could be taken back")
        event = desk.log(facts={"holder": links[0].party, "links": str(len(links))})
        desk.keep(desk.case, event)
        return event


def revocable(links: Sequence[Link], ref: str, now: datetime) -> tuple[Link, ...]:
    """Those by which a case can be answered on a page just now."""
    return tuple(it for it in links if it.purpose == "page" and it.good(now) and it.cases[0].ref == ref)
