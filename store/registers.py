"""The register as it was last read, kept until the count of its changes says that it looks different now."""

from sqlalchemy import Connection, select

from engine.errors import NotFound
from engine.people import Absence, Grant, Organisation, Person, Register, Responsibility
from store import hot, rows
from store.statements import (
    ABSENCES,
    GRANTS,
    ORGANISATIONS,
    PERSONS,
    REFUSALS,
    RESPONSIBILITIES,
    UNITS,
)


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
    )


def granted(connection: Connection, org: str) -> tuple[Grant, ...]:
    mine = select(*rows.columns(Grant, GRANTS)).where(GRANTS.c.org == org)
    order = (GRANTS.c.person, GRANTS.c.plan, GRANTS.c.role)
    return tuple(rows.nouns(Grant, connection.execute(mine.order_by(*order)).all()))


def refused(connection: Connection, org: str) -> dict[str, str]:
    """Addresses to which a mail server has said that nobody is there, with what it said."""
    found = select(REFUSALS.c.address, REFUSALS.c.said).where(REFUSALS.c.org == org).order_by(REFUSALS.c.address)
    return {row.address: row.said for row in connection.execute(found)}


class RegisterKept:
    """One for each store; safe with many threads, for what is kept is replaced as a whole and never changed."""

    def __init__(self) -> None:
        self._kept: tuple[int, Register] | None = None

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
        if keep and count is not None:
            self._kept = (count, found)
        return found
