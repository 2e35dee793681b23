"""Links, sessions, granted roles and buckets: each change one short transaction, safe with many nodes."""

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Engine, Text, delete, insert, or_, select, type_coerce, update

from engine.access import Reach
from engine.people import Grant
from engine.sign_in import IDLE_LASTS, Limit, Session, SignIn
from store import rows
from store.database import WRITING, insert_of
from store.statements import BUCKETS, CASES, GRANTS, SESSIONS, SIGN_INS, Statements

FORGOTTEN_AFTER = timedelta(days=1)


class SqlEntrance:
    def __init__(self, engine: Engine, org: str, statements: Statements) -> None:
        self.engine, self.org, self.statements = engine, org, statements

    @contextmanager
    def _reading(self) -> Iterator[Connection]:
        with self.engine.connect() as connection:
            yield connection

    @contextmanager
    def _writing(self) -> Iterator[Connection]:
        with self.engine.connect().execution_options(**WRITING) as connection, connection.begin():
            yield connection

    def take(self, bucket: str, limit: Limit, now: datetime) -> timedelta | None:
        mine = (BUCKETS.c.org == self.org, BUCKETS.c.key == bucket)
        with self._writing() as connection:
            full = insert_of(self.engine)(BUCKETS).on_conflict_do_nothing()
            connection.execute(full, {"org": self.org, "key": bucket, "level": limit.most, "at": now})
            query = select(BUCKETS.c.level, BUCKETS.c.at).where(*mine).with_for_update()
            before = connection.execute(query).one()
            level = min(limit.most, before.level + max(now - before.at, timedelta()) / limit.pause)
            taken = level >= 1
            connection.execute(update(BUCKETS).where(*mine).values(level=level - taken, at=max(now, before.at)))
        return None if taken else (1 - level) * limit.pause

    def ask(self, sign_in: SignIn) -> None:
        with self._writing() as connection:
            connection.execute(insert(SIGN_INS), rows.values(sign_in, org=self.org))

    def asked(self, now: datetime, *, until: datetime, limit: int) -> Sequence[SignIn]:
        waiting = (SIGN_INS.c.org == self.org, SIGN_INS.c.try_at <= now)
        with self._reading() as connection:  # nearly always nobody waits: then nothing is locked
            if connection.scalar(select(SIGN_INS.c.id).where(*waiting).limit(1)) is None:
                return ()
        free = select(SIGN_INS.c.id).where(*waiting).order_by(SIGN_INS.c.try_at).limit(limit)
        with self._writing() as connection:
            ids = connection.scalars(free.with_for_update(skip_locked=True)).all()
            mine = (SIGN_INS.c.org == self.org, SIGN_INS.c.id.in_(ids))
            connection.execute(update(SIGN_INS).where(*mine).values(try_at=until, attempts=SIGN_INS.c.attempts + 1))
            found = connection.execute(select(*rows.columns(SignIn, SIGN_INS)).where(*mine)).all()
            return sorted(rows.nouns(SignIn, found), key=lambda it: it.asked_at)

    def keep(self, sign_in: SignIn) -> None:
        with self._writing() as connection:
            connection.execute(self.statements.upsert["sign_ins"], rows.values(sign_in, org=self.org))

    def written(self, id: str) -> None:
        with self._writing() as connection:
            mine = (SIGN_INS.c.org == self.org, SIGN_INS.c.id == id)
            connection.execute(update(SIGN_INS).where(*mine).values(try_at=None))

    def sign_in(self, token: str) -> SignIn | None:
        mine = select(*rows.columns(SignIn, SIGN_INS)).where(*self._link(token))
        with self._reading() as connection:
            return next(rows.nouns(SignIn, connection.execute(mine).all()), None)

    def miss(self, token: str) -> None:
        with self._writing() as connection:
            connection.execute(update(SIGN_INS).where(*self._link(token)).values(wrong=SIGN_INS.c.wrong + 1))

    def enter(self, token: str, session: Session, *, instead_of: str) -> bool:
        unused = (*self._link(token), SIGN_INS.c.used_at.is_(None))
        with self._writing() as connection:
            used = {"used_at": session.began_at, "try_at": None}
            if connection.execute(update(SIGN_INS).where(*unused).values(used)).rowcount != 1:
                return False
            if instead_of:
                connection.execute(delete(SESSIONS).where(SESSIONS.c.org == self.org, SESSIONS.c.id == instead_of))
            connection.execute(insert(SESSIONS), rows.values(session, org=self.org))
            return True

    def session(self, id: str) -> Session | None:
        mine = select(*rows.columns(Session, SESSIONS)).where(SESSIONS.c.org == self.org, SESSIONS.c.id == id)
        with self._reading() as connection:
            return next(rows.nouns(Session, connection.execute(mine).all()), None)

    def sessions(self, party: str = "") -> Sequence[Session]:
        mine = select(*rows.columns(Session, SESSIONS)).where(SESSIONS.c.org == self.org)
        mine = mine.where(SESSIONS.c.party == party) if party else mine
        with self._reading() as connection:
            order = (SESSIONS.c.seen_at.desc(), SESSIONS.c.id)
            return list(rows.nouns(Session, connection.execute(mine.order_by(*order)).all()))

    def note(self, id: str, now: datetime) -> None:
        with self._writing() as connection:
            mine = (SESSIONS.c.org == self.org, SESSIONS.c.id == id, SESSIONS.c.seen_at < now)
            connection.execute(update(SESSIONS).where(*mine).values(seen_at=now))

    def end_sessions(self, ids: Sequence[str]) -> int:
        with self._writing() as connection:
            mine = delete(SESSIONS).where(SESSIONS.c.org == self.org, SESSIONS.c.id.in_(ids))
            return connection.execute(mine).rowcount

    def end_all(self, party: str) -> int:
        with self._writing() as connection:
            connection.execute(delete(SIGN_INS).where(SIGN_INS.c.org == self.org, SIGN_INS.c.party == party))
            mine = delete(SESSIONS).where(SESSIONS.c.org == self.org, SESSIONS.c.party == party)
            return connection.execute(mine).rowcount

    def grant(self, grant: Grant) -> None:
        with self._writing() as connection:
            connection.execute(self.statements.upsert["grants"], rows.values(grant, org=self.org))
            connection.execute(self.statements.enrolled, {"org": self.org})  # the register looks different now

    def withdraw(self, grant: Grant) -> bool:
        same = (GRANTS.c.person == grant.person, GRANTS.c.role == grant.role, GRANTS.c.plan == grant.plan)
        with self._writing() as connection:
            known = connection.execute(delete(GRANTS).where(GRANTS.c.org == self.org, *same)).rowcount > 0
            connection.execute(self.statements.enrolled, {"org": self.org})
            return known

    def plans_of(self, reach: Reach) -> frozenset[str]:
        """Each name is found by its index; of lists in a row, those that look like it are read and compared."""
        mine = select(CASES.c.plan).where(CASES.c.org == self.org)
        named = (
            (CASES.c.owner, reach.owners),
            (CASES.c.coordinator, reach.coordinators),
            (CASES.c.executive, reach.parties),
            (CASES.c.responsible, reach.persons),
        )
        with self._reading() as connection:
            found = set(reach.plans)
            for column, names in named:
                if names:
                    found |= set(connection.scalars(mine.where(column.in_(sorted(names))).distinct()))
            return frozenset(found | set(self._listing(connection, reach)))

    def _listing(self, connection: Connection, reach: Reach) -> Iterator[str]:
        lists = ((CASES.c.copies, reach.parties), (CASES.c.contributors, reach.units))
        like = [_holds(column, name) for column, names in lists for name in sorted(names)]
        if not like:
            return
        query = select(CASES.c.plan, CASES.c.copies, CASES.c.contributors).where(CASES.c.org == self.org, or_(*like))
        for plan, copies, contributors in connection.execute(query.distinct()):
            if not (reach.parties.isdisjoint(copies) and reach.units.isdisjoint(contributors)):
                yield plan

    def prune(self, now: datetime) -> None:
        long_ago = now - FORGOTTEN_AFTER
        with self._writing() as connection:
            connection.execute(delete(SIGN_INS).where(SIGN_INS.c.org == self.org, SIGN_INS.c.expires_at < long_ago))
            over = or_(SESSIONS.c.ends_at < now, SESSIONS.c.seen_at < now - IDLE_LASTS)
            connection.execute(delete(SESSIONS).where(SESSIONS.c.org == self.org, over))
            connection.execute(delete(BUCKETS).where(BUCKETS.c.org == self.org, BUCKETS.c.at < long_ago))

    def _link(self, token: str) -> tuple[Any, Any]:
        return SIGN_INS.c.org == self.org, SIGN_INS.c.token == token


def _holds(column: Any, name: str) -> Any:
    return type_coerce(column, Text).contains(json.dumps(name, ensure_ascii=False), autoescape=True)
