"""The statements that are run again and again, built once for a database, so that each is compiled once."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Engine, Table, bindparam, delete, update
from sqlmodel import SQLModel

from store import entrance_tables, inbound_tables, link_tables, tables, watch_tables
from store.database import insert_of


def _table(row: type[SQLModel]) -> Table:
    return SQLModel.metadata.tables[str(row.__tablename__)]


CASES, EVENTS, DEADLINES = _table(tables.CaseRow), _table(tables.EventRow), _table(tables.DeadlineRow)
OCCURRENCES, HOLDS = _table(tables.OccurrenceRow), _table(tables.HoldRow)
NOTICES, LETTERS = _table(tables.NoticeRow), _table(tables.LetterRow)
ORGANISATIONS, UNITS, PERSONS = _table(tables.OrganisationRow), _table(tables.UnitRow), _table(tables.PersonRow)
RESPONSIBILITIES, EVALUATIONS = _table(tables.ResponsibilityRow), _table(tables.EvaluationRow)
RECOMMENDATIONS = _table(tables.RecommendationRow)
ABSENCES = _table(tables.AbsenceRow)
HEARTBEATS = _table(tables.HeartbeatRow)
INSPECTIONS, OUTAGES = _table(watch_tables.InspectionRow), _table(watch_tables.OutageRow)
REFUSALS, TROUBLES = _table(watch_tables.RefusalRow), _table(watch_tables.TroubleRow)
RULEBOOKS, ACTIVATIONS = _table(tables.RulebookRow), _table(tables.ActivationRow)
SUGGESTIONS = _table(inbound_tables.SuggestionRow)
INBOUND, MAILBOXES = _table(inbound_tables.InboundRow), _table(inbound_tables.MailboxRow)
LINKS, DOCUMENTS = _table(link_tables.LinkRow), _table(link_tables.DocumentRow)
RHYTHMS = _table(link_tables.RhythmRow)
SIGN_INS, SESSIONS = _table(entrance_tables.SignInRow), _table(entrance_tables.SessionRow)
GRANTS, BUCKETS = _table(entrance_tables.GrantRow), _table(entrance_tables.BucketRow)
UPSERTED = (
    *(ORGANISATIONS, UNITS, PERSONS, HEARTBEATS, RULEBOOKS, ACTIVATIONS),
    *(MAILBOXES, SUGGESTIONS, SIGN_INS, GRANTS),
)


@dataclass(frozen=True, slots=True)
class Statements:
    """`decide`, `queue`, `pack`, `keep` and `attach` insert unless the key is there; the row count tells which.

    `enclose` and `set_aside` change a notice that is in no parcel yet.
    """

    insert: dict[str, Any]
    upsert: dict[str, Any]
    decide: Any
    queue: Any
    pack: Any
    enclose: Any
    set_aside: Any
    keep: Any
    attach: Any
    wake: Any
    enrolled: Any
    refuse: Any
    forget: dict[str, Any]

    @classmethod
    def of(cls, engine: Engine) -> "Statements":
        insert = insert_of(engine)
        mine = (CASES.c.org == bindparam("the_org"), CASES.c.ref == bindparam("the_ref"))
        loose = update(NOTICES).where(
            NOTICES.c.org == bindparam("the_org"),
            NOTICES.c.key == bindparam("the_key"),
            NOTICES.c.parcel.is_(None),
            NOTICES.c.set_aside == "",
        )
        return cls(
            insert={table.name: insert(table) for table in SQLModel.metadata.sorted_tables},
            upsert={table.name: _upsert(insert(table), table) for table in UPSERTED},
            decide=_unless_there(insert(OCCURRENCES)),
            queue=_unless_there(insert(NOTICES)),
            pack=_unless_there(insert(LETTERS)),
            enclose=loose.values(parcel=bindparam("the_parcel")),
            set_aside=loose.values(set_aside="overtaken"),
            keep=_unless_there(insert(INBOUND)),
            attach=_unless_there(insert(DOCUMENTS)),
            wake=update(CASES).where(*mine).values(wake_on=bindparam("day")),
            enrolled=_enrolled(insert(INSPECTIONS)),
            refuse=_unless_there(insert(REFUSALS)),
            forget={table.name: _forget(table) for table in (RESPONSIBILITIES, ABSENCES)},
        )


def _forget(table: Table) -> Any:
    return delete(table).where(table.c.org == bindparam("the_org"))


def _unless_there(insert: Any) -> Any:
    # the row count of an insert is forgotten on PostgreSQL unless asked for, and -1 would read as "added"
    return insert.on_conflict_do_nothing().execution_options(preserve_rowcount=True)


def _enrolled(insert: Any) -> Any:
    """Count one more change of the register; one that was never looked at begins at nought."""
    more = {"enrolled": INSPECTIONS.c.enrolled + 1, "daily": None}
    first = insert.values(org=bindparam("org"), enrolled=0, seen=-1, day=None, daily=None)
    return first.on_conflict_do_update(index_elements=["org"], set_=more)


def _upsert(insert: Any, table: Table) -> Any:
    keys = [column.name for column in table.primary_key]
    changed = {column.name: insert.excluded[column.name] for column in table.columns if column.name not in keys}
    return insert.on_conflict_do_update(index_elements=keys, set_=changed)
