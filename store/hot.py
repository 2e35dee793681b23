"""The statements of one errand, built once: building one anew costs more than running it."""

from typing import Any, Final

from sqlalchemy import Table, bindparam, func, select, update

from engine.case import Case, Event, Hold, Ruling
from engine.inbound import SETTLED
from store import rows
from store.statements import CASES, EVENTS, HOLDS, INBOUND, INSPECTIONS, LETTERS, LINKS, OCCURRENCES


def _mine(table: Table) -> tuple[Any, Any]:
    return table.c.org == bindparam("the_org"), table.c.ref == bindparam("the_ref")


def of(org: str, ref: str, **more: object) -> dict[str, object]:
    """What these statements are run with."""
    return {"the_org": org, "the_ref": ref, **more}


def letter(org: str, id: str, **more: object) -> dict[str, object]:
    return {"the_org": org, "the_id": id, **more}


_CASE = tuple(rows.names(Case))
# the row is locked until the end: events of one case never race for the next place in its chain
CASE: Final = select(*rows.columns(Case, CASES)).where(*_mine(CASES)).with_for_update()
LAST: Final = select(CASES.c.last_seq, CASES.c.last_digest).where(*_mine(CASES)).with_for_update()
END: Final = update(CASES).where(*_mine(CASES)).values(last_seq=bindparam("seq"), last_digest=bindparam("digest"))
_SAVED: Final = {name: bindparam(f"new_{name}", type_=CASES.c[name].type) for name in _CASE}
SAVE: Final = update(CASES).where(*_mine(CASES), CASES.c.version == bindparam("seen")).values(_SAVED)
KEEP: Final = SAVE.values(last_seq=bindparam("seq"), last_digest=bindparam("digest"))
SINCE: Final = (
    select(*rows.columns(Event, EVENTS)).where(*_mine(EVENTS), EVENTS.c.seq > bindparam("seq")).order_by(EVENTS.c.seq)
)
HOLDING: Final = select(*rows.columns(Hold, HOLDS)).where(*_mine(HOLDS)).order_by(HOLDS.c.id)
RULED: Final = select(*rows.columns(Ruling, OCCURRENCES)).where(*_mine(OCCURRENCES))
ENROLLED: Final = select(INSPECTIONS.c.enrolled).where(INSPECTIONS.c.org == bindparam("the_org"))
LINK: Final = select(LINKS).where(LINKS.c.org == bindparam("the_org"), LINKS.c.digest == bindparam("the_digest"))
LINKED: Final = select(LINKS).where(
    LINKS.c.org == bindparam("the_org"), LINKS.c.digest.in_(bindparam("digests", expanding=True))
)
OUTCOMES: Final = (
    select(func.count())
    .select_from(INBOUND)
    .where(
        INBOUND.c.org == bindparam("the_org"),
        INBOUND.c.party == bindparam("the_party"),
        INBOUND.c.received_at >= bindparam("since"),
        INBOUND.c.outcome.in_(bindparam("those", expanding=True)),
    )
)
_LETTER: Final = update(LETTERS).where(LETTERS.c.org == bindparam("the_org"), LETTERS.c.id == bindparam("the_id"))
WRITTEN: Final = _LETTER.values(raw=bindparam("new_raw"), subject=bindparam("new_subject"))
KEPT: Final = _LETTER.values(raw=bindparam("new_raw"))
ARRIVED: Final = _LETTER.values(status="sent", sent_at=bindparam("at"), lease_until=None, last_reply=bindparam("reply"))
SETTLE: Final = (
    update(INBOUND)
    .where(
        INBOUND.c.org == bindparam("the_org"),
        INBOUND.c.id == bindparam("number"),
        INBOUND.c.state == bindparam("was_state"),
        INBOUND.c.attempts == bindparam("was_attempts"),
    )
    .values({name: bindparam(f"new_{name}", type_=INBOUND.c[name].type) for name in (*SETTLED, "lease_until")})
)
