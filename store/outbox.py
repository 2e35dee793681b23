"""Notices become parcels, parcels become letters, letters leave: each step one transaction, safe with many senders."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Engine, and_, func, or_, select, update

from engine.errors import NotFound
from engine.notice import Arrived, Finished, Letter, Notice, Packing, Parcel
from engine.people import Recipient
from store import hot, rows
from store.database import LOOSELY, WRITING
from store.links import link_values
from store.reading import UNPACKED, letter
from store.statements import LETTERS, LINKS, NOTICES, Statements
from store.tables import UNSENT

FARTHEST_TRY = timedelta(hours=6)  # no wait or lease is longer: such a letter was met by a clock that had leapt
Announce = Callable[[Connection, str], None]


class _Faster(Exception):
    """Another node has packed some of it already; rolls this packing back."""


def _all_or_none(done: int, meant: int) -> None:
    if done != meant:
        raise _Faster


class SqlOutbox:
    """The outbox's side of the store; a mixin, which the store gives an engine, an organisation and statements."""

    engine: Engine
    org: str
    statements: Statements
    announce: Announce | None = None  # what else has to happen in the transaction that packs a letter, told its id

    @contextmanager
    def _writing(self, how: Mapping[str, bool] = WRITING) -> Iterator[Connection]:
        with self.engine.connect().execution_options(**how) as connection, connection.begin():
            yield connection

    def ripe(self, now: datetime, letters: Collection[str] = ()) -> Sequence[str]:
        due = select(NOTICES.c.to).where(NOTICES.c.org == self.org, NOTICES.c.ripe_at <= now, *UNPACKED)
        due = due.where(NOTICES.c.letter.in_(letters)) if letters else due
        with self.engine.connect() as connection:
            return connection.scalars(due.distinct().order_by(NOTICES.c.to)).all()

    def waiting(self, parties: Sequence[str]) -> Mapping[str, Sequence[Notice]]:
        mine = select(NOTICES).where(NOTICES.c.org == self.org, NOTICES.c.to.in_(parties), *UNPACKED)
        found: dict[str, list[Notice]] = {}
        with self.engine.connect() as connection:
            order = (NOTICES.c.to, NOTICES.c.decided_at, NOTICES.c.key)
            for row in connection.execute(mine.order_by(*order)).mappings():
                found.setdefault(row["to"], []).append(rows.noun(Notice, row))
        return found

    def last_packed(self, parties: Sequence[str]) -> Mapping[str, datetime]:
        last = select(LETTERS.c.party, func.max(LETTERS.c.packed_at).label("at"))
        mine = last.where(LETTERS.c.org == self.org, LETTERS.c.party.in_(parties)).group_by(LETTERS.c.party)
        with self.engine.connect() as connection:
            return {row.party: row.at for row in connection.execute(mine)}

    def pack(self, packings: Sequence[Packing]) -> bool:
        try:
            with self._writing() as connection:
                self._pack(connection, [it for it in packings if it.parcel.notices])
                if aside := [key for it in packings for key in it.overtaken]:
                    connection.execute(
                        self.statements.set_aside, [{"the_org": self.org, "the_key": it} for it in aside]
                    )
        except _Faster:
            return False
        return True

    def _pack(self, connection: Connection, packings: Sequence[Packing]) -> None:
        if not packings:
            return
        letters = [_row(self.org, it.parcel, it.message_id) for it in packings]
        _all_or_none(connection.execute(self.statements.pack, letters).rowcount, len(letters))
        inside = [
            {"the_org": self.org, "the_key": notice.key, "the_parcel": it.parcel.id}
            for it in packings
            for notice in it.parcel.notices
        ]
        _all_or_none(connection.execute(self.statements.enclose, inside).rowcount, len(inside))
        if self.announce:
            for it in packings:
                self.announce(connection, it.parcel.id)

    def redirect(self, notices: Sequence[Notice]) -> None:
        with self._writing() as connection:
            for it in notices:
                mine = (NOTICES.c.org == self.org, NOTICES.c.key == it.key, *UNPACKED)
                other = {"to": it.to, "instead_of": it.instead_of}
                connection.execute(update(NOTICES).where(*mine).values(other))

    def claim(self, now: datetime, *, until: datetime, limit: int, party: str = "", kind: str = "") -> Sequence[Letter]:
        waiting = LETTERS.c.status != "leased"
        over = or_(LETTERS.c.lease_until <= now, LETTERS.c.lease_until > now + FARTHEST_TRY)
        left = and_(LETTERS.c.status == "leased", over)
        due = or_(LETTERS.c.not_before <= now, LETTERS.c.not_before > now + FARTHEST_TRY)
        free = select(LETTERS.c.id).where(LETTERS.c.org == self.org, UNSENT, due, or_(waiting, left))
        free = free.order_by(LETTERS.c.not_before)
        free = free.where(LETTERS.c.party == party) if party else free
        free = free.where(LETTERS.c.kind == kind) if kind else free
        with self._writing() as connection:
            ids = connection.scalars(free.limit(limit).with_for_update(skip_locked=True)).all()
            if not ids:
                return []
            mine = and_(LETTERS.c.org == self.org, LETTERS.c.id.in_(ids))
            leased = {"status": "leased", "lease_until": until, "attempts": LETTERS.c.attempts + 1}
            connection.execute(update(LETTERS).where(mine).values(leased))
            found = connection.execute(select(LETTERS).where(mine).order_by(LETTERS.c.not_before)).mappings()
            return [letter(row, raw=row["raw"]) for row in found]

    def parcel(self, letter_id: str) -> Parcel:
        return self.parcels([letter_id])[letter_id]

    def parcels(self, letter_ids: Sequence[str]) -> Mapping[str, Parcel]:
        mine = select(LETTERS).where(LETTERS.c.org == self.org, LETTERS.c.id.in_(letter_ids))
        inside = select(NOTICES).where(NOTICES.c.org == self.org, NOTICES.c.parcel.in_(letter_ids))
        notices: dict[str, list[Notice]] = {}
        with self.engine.connect() as connection:
            found = {row["id"]: row for row in connection.execute(mine).mappings()}
            for row in connection.execute(inside.order_by(NOTICES.c.decided_at, NOTICES.c.key)).mappings():
                notices.setdefault(row["parcel"], []).append(rows.noun(Notice, row))
        if missing := [it for it in letter_ids if it not in found]:
            raise NotFound("letter", missing[0])
        return {it: _parcel(found[it], notices.get(it, ())) for it in letter_ids}

    def write(self, finished: Sequence[Finished]) -> Mapping[str, bytes]:
        ids = [it.id for it in finished]
        mine = select(LETTERS.c.id, LETTERS.c.raw).where(LETTERS.c.org == self.org, LETTERS.c.id.in_(ids))
        with self._writing() as connection:
            found = connection.execute(mine.order_by(LETTERS.c.id).with_for_update()).all()
            stored = {row.id: row.raw for row in found if row.raw is not None}
            fresh = [it for it in finished if it.id not in stored]
            for statement, facts in (
                (hot.WRITTEN, [hot.letter(self.org, it.id, new_raw=it.raw, new_subject=it.subject) for it in fresh]),
                (self.statements.insert["links"], [link_values(it, org=self.org) for f in fresh for it in f.links]),
            ):
                if facts:
                    connection.execute(statement, facts)
        return {it.id: it.raw for it in fresh} | stored

    def settle(self, arrived: Sequence[Arrived]) -> None:
        facts = [hot.letter(self.org, it.id, at=it.at, reply=it.reply, new_raw=it.raw) for it in arrived]
        with self._writing(LOOSELY) as connection:
            connection.execute(hot.ARRIVED, facts)
            if shorter := [it for it in facts if it["new_raw"] is not None]:
                connection.execute(hot.KEPT, shorter)

    def back_off(self, letter: Letter, until: datetime, *, why: str, unknown: bool = False) -> None:
        status = "unknown" if unknown else "queued"
        with self._writing() as connection:
            waits = {"status": status, "not_before": until, "lease_until": None, "last_reply": why}
            connection.execute(update(LETTERS).where(*self._leased(letter)).values(waits))

    def release(self, letters: Sequence[Letter]) -> None:
        with self._writing() as connection:
            for it in letters:
                connection.execute(update(LETTERS).where(*self._leased(it)).values(status="queued", lease_until=None))

    def bury(
        self, letter: Letter, at: datetime, *, why: str, notices: Sequence[Notice] = (), refused: str = ""
    ) -> None:
        with self._writing() as connection:
            dead = {"status": "dead", "sent_at": None, "not_before": at, "lease_until": None, "last_reply": why}
            if not connection.execute(update(LETTERS).where(*self._leased(letter)).values(dead)).rowcount:
                return
            over = update(LINKS).where(LINKS.c.org == self.org, LINKS.c.letter == letter.id)
            connection.execute(over.values(revoked_at=at))
            tell_of_dead(connection, self.statements, self.org, at, why, notices, refused)

    def _leased(self, letter: Letter) -> tuple[Any, ...]:
        """The letter as this node has leased it: each lease counts one try more."""
        of_it = (LETTERS.c.org == self.org, LETTERS.c.id == letter.id)
        return *of_it, LETTERS.c.status == "leased", LETTERS.c.attempts == letter.attempts


def tell_of_dead(
    connection: Connection,
    statements: Statements,
    org: str,
    at: datetime,
    why: str,
    notices: Sequence[Notice],
    refused: str,
) -> None:
    """Queue what others hear of a letter that never arrives, and remember an address at which nobody is."""
    if notices:
        connection.execute(statements.queue, [rows.notice_values(it, org=org) for it in notices])
    if refused:
        connection.execute(statements.refuse, {"org": org, "address": refused, "said": why, "at": at})
        connection.execute(statements.enrolled, {"org": org})  # the register looks different now


def _parcel(row: Any, notices: Sequence[Notice]) -> Parcel:
    return Parcel(
        id=row["id"],
        to=rows.noun(Recipient, row),
        kind=row["kind"],
        notices=tuple(notices),
        packed_at=row["packed_at"],
        since=row["since"],
    )


def _row(org: str, parcel: Parcel, message_id: str) -> rows.Values:
    return rows.values(parcel.to) | {
        "org": org,
        "id": parcel.id,
        "kind": parcel.kind,
        "subject": "",
        "message_id": message_id,
        "raw": None,
        "status": "queued",
        "packed_at": parcel.packed_at,
        "since": parcel.since,
        "not_before": parcel.packed_at,
        "lease_until": None,
        "attempts": 0,
        "sent_at": None,
        "last_reply": "",
    }
