"""What stands in the database after a step, read by somebody who takes no part in it."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import select

from engine.case import Case, Hold, Occurrence
from engine.people import Register
from store import reading, registers
from store.database import open_database
from store.sql import SqlStore
from store.statements import CASES, HOLDS, LETTERS, NOTICES, OCCURRENCES


@dataclass(frozen=True)
class NoticeSeen:
    key: str
    ref: str
    to: str
    role: str
    via: str
    rule: str
    step: str
    reason: str
    planned: date
    decided_at: datetime
    ripe_at: datetime
    parcel: str | None
    set_aside: str


@dataclass(frozen=True)
class LetterSeen:
    id: str
    party: str
    address: str
    message_id: str
    status: str
    packed_at: datetime
    not_before: datetime
    attempts: int
    last_reply: str


@dataclass(frozen=True)
class Seen:
    """`cases` are those that can be read."""

    register: Register
    cases: Mapping[str, Case] = field(default_factory=dict)
    occurrences: Mapping[str, Sequence[Occurrence]] = field(default_factory=dict)
    holds: Mapping[str, Sequence[Hold]] = field(default_factory=dict)
    notices: Mapping[str, NoticeSeen] = field(default_factory=dict)
    letters: Mapping[str, LetterSeen] = field(default_factory=dict)
    decided_twice: Sequence[str] = ()


class Inspector:
    def __init__(self, url: str, org: str) -> None:
        self.store = SqlStore(open_database(url), org)
        self.org = org

    def look(self, spoiled: Collection[str]) -> Seen:
        with self.store.engine.connect() as connection:
            every = connection.scalars(select(CASES.c.ref).where(CASES.c.org == self.org)).all()
            refs = sorted(set(every) - set(spoiled))
            cases = reading.grouped(connection, self.org, Case, CASES, refs)
            order = (OCCURRENCES.c.decided_at, OCCURRENCES.c.rule)
            occurrences = reading.grouped(connection, self.org, Occurrence, OCCURRENCES, refs, *order)
            notices = list(self._rows(connection, NoticeSeen, NOTICES))
            return Seen(
                register=registers.register(connection, self.org),
                cases={ref: case for ref, (case,) in cases.items()},
                occurrences=occurrences,
                holds=reading.grouped(connection, self.org, Hold, HOLDS, refs, HOLDS.c.id),
                notices={it.key: it for it in notices},
                letters={it.id: it for it in self._rows(connection, LetterSeen, LETTERS)},
                decided_twice=_twice([it.key for it in notices])
                + _twice([(o.ref, o.rule, o.step, o.key) for of in occurrences.values() for o in of]),
            )

    def sent(self) -> set[str]:
        """The letters that are said to be sent; asked at every moment at which two nodes could cross."""
        query = select(LETTERS.c.id).where(LETTERS.c.org == self.org, LETTERS.c.status == "sent")
        with self.store.engine.connect() as connection:
            return set(connection.scalars(query))

    def tries(self) -> list[datetime]:
        """When each letter that is neither sent nor dead is tried next."""
        query = select(LETTERS.c.not_before).where(LETTERS.c.org == self.org, LETTERS.c.status.not_in(("sent", "dead")))
        with self.store.engine.connect() as connection:
            return list(connection.scalars(query))

    def _rows(self, connection: Any, kind: Any, table: Any) -> Any:
        names = list(kind.__dataclass_fields__)
        query = select(*(table.c[name] for name in names)).where(table.c.org == self.org)
        return (kind(**dict(zip(names, row, strict=True))) for row in connection.execute(query))


def _twice(keys: Sequence[Any]) -> list[str]:
    known: set[Any] = set()
    return [str(key) for key in keys if key in known or known.add(key)]  # type: ignore[func-returns-value]
