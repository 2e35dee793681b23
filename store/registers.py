"""The register as it was last read, kept until the count of its changes says that it looks different now."""

from collections.abc import Callable
from dataclasses import replace

from sqlalchemy import Connection, and_, func, select

from engine.errors import NotFound
from engine.people import Absence, Grant, Organisation, Person, Register, Responsibility
from engine.rhythm import Rhythm
from store import hot, rows
from store.statements import (
    ABSENCES,
    GRANTS,
    ORGANISATIONS,
    PERSONS,
    REFUSALS,
    RESPONSIBILITIES,
    RHYTHMS,
    UNITS,
)

Permits = Callable[[str, Rhythm, Register], bool]  # whether a party may have its overview in a rhythm


def organisation(connection: Connection, org: str) -> Organisation:
    found = connection.execute(select(ORGANISATIONS).where(ORGANISATIONS.c.key == org)).mappings().first()
    if found is None:
        raise NotFound("organisation", org)
    return rows.organisation(found)


def register(connection: Connection, org: str) -> Register:
    units = connection.execute(select(UNITS).where(UNITS.c.org == org).order_by(UNITS.c.position)).mappings()
    persons = connection.execute(select(PERSONS).where(PERSONS.c.org == org).order_by(PERSONS.c.position)).mappings()
    absences = select(ABSENCES).where(ABSENCES.c.org == org).order_by(ABSENCES.c.position)
    answering = select(RESPONSIBILITIES).where(RESPONSIBILITIES.c.org == org).order_by(RESPONSIBILITIES.c.position)
    return Register(
        organisation=organisation(connection, org),
        units={row["code"]: rows.unit(row) for row in units},
        persons={row["key"]: rows.noun(Person, row) for row in persons},
        responsibilities=tuple(rows.noun(Responsibility, row) for row in connection.execute(answering).mappings()),
        absences=tuple(rows.noun(Absence, row) for row in connection.execute(absences).mappings()),
        refused=refused(connection, org),
        grants=granted(connection, org),
        rhythms=rhythms(connection, org),
    )


def granted(connection: Connection, org: str) -> tuple[Grant, ...]:
    mine = select(*rows.columns(Grant, GRANTS)).where(GRANTS.c.org == org)
    order = (GRANTS.c.person, GRANTS.c.plan, GRANTS.c.role)
    return tuple(rows.nouns(Grant, connection.execute(mine.order_by(*order)).all()))


def refused(connection: Connection, org: str) -> dict[str, str]:
    """Addresses to which a mail server has said that nobody is there, with what it said."""
    found = select(REFUSALS.c.address, REFUSALS.c.said).where(REFUSALS.c.org == org).order_by(REFUSALS.c.address)
    return {row.address: row.said for row in connection.execute(found)}


def rhythms(connection: Connection, org: str) -> dict[str, Rhythm]:
    """What each party has chosen last, where that is a rhythm of its own."""
    last = select(RHYTHMS.c.party, func.max(RHYTHMS.c.seq).label("seq")).where(RHYTHMS.c.org == org)
    newest = last.group_by(RHYTHMS.c.party).subquery()
    mine = and_(RHYTHMS.c.org == org, RHYTHMS.c.party == newest.c.party, RHYTHMS.c.seq == newest.c.seq)
    found = connection.execute(select(RHYTHMS.c.party, RHYTHMS.c.rhythm).join(newest, mine))
    return {row.party: own for row in found if (own := Rhythm.parse(row.rhythm))}


class RegisterKept:
    """One for each store; safe with many threads, for what is kept is replaced as a whole and never changed.

    A rhythm that is not permitted any more is as if it had never been chosen.
    """

    def __init__(self) -> None:
        self._kept: tuple[int, Register] | None = None
        self._permits: Permits | None = None  # every one

    def permit(self, permits: Permits) -> None:
        """From now on only such rhythms count; what was read before is read again."""
        self._permits, self._kept = permits, None

    def read(self, connection: Connection, org: str, *, keep: bool = True) -> Register:
        """The organisation's register. A transaction that may roll back keeps nothing (`keep`): others may count alike.

        Raises NotFound for an organisation that the database does not know.
        """
        # the count is read first: a change that comes in between makes this copy newer than its number, never older
        count = connection.scalar(hot.ENROLLED, {"the_org": org})
        kept = self._kept
        if kept is not None and kept[0] == count:
            return kept[1]
        found = register(connection, org)
        if (permits := self._permits) and found.rhythms:
            mine = {party: own for party, own in found.rhythms.items() if permits(party, own, found)}
            found = replace(found, rhythms=mine)
        if keep and count is not None:
            self._kept = (count, found)
        return found
