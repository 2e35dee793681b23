"""What people answer by and what they attach: found by a digest, never by reading through."""

import json
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, delete, select, update

from engine.case import Document
from engine.errors import NotFound
from engine.link import Link, Shown
from store import hot, rows
from store.reading import SqlReader, slices
from store.statements import DOCUMENTS, LINKS, NOTICES, Statements

FACTS = [DOCUMENTS.c[name] for name in ("id", "name", "type", "size")]


class SqlLinks(SqlReader):
    """A mixin of the store that reads."""

    def link(self, digest: str) -> Link | None:
        with self._reading() as connection:
            found = connection.execute(hot.LINK, {"the_org": self.org, "the_digest": digest}).mappings().first()
            return _link(found) if found else None

    def links(self, digests: Collection[str]) -> Mapping[str, Link]:
        """Those that are known of many, by their digests."""
        found: dict[str, Link] = {}
        with self._reading() as connection:
            for some in slices(sorted(digests)):
                those = connection.execute(hot.LINKED, {"the_org": self.org, "digests": some}).mappings()
                found |= {row["digest"]: _link(row) for row in those}
        return found

    def reply_link(self, letter_id: str) -> Link | None:
        """What the reply address of a letter is good for; None when it has none."""
        mine = select(LINKS).where(LINKS.c.org == self.org, LINKS.c.letter == letter_id, LINKS.c.purpose == "reply")
        with self._reading() as connection:
            found = connection.execute(mine).mappings().first()
            return _link(found) if found else None

    def links_to(self, ref: str) -> Sequence[Link]:
        """By the letters in which the case is spoken of, for which there is an index."""
        letters = select(NOTICES.c.parcel).where(NOTICES.c.org == self.org, NOTICES.c.ref == ref)
        theirs = select(LINKS).where(LINKS.c.org == self.org, LINKS.c.letter.in_(letters))
        with self._reading() as connection:
            found = connection.execute(theirs.order_by(LINKS.c.made_at.desc(), LINKS.c.digest)).mappings()
            return [it for it in map(_link, found) if ref in {shown.ref for shown in it.cases}]

    def documents(self, ref: str) -> Sequence[Document]:
        mine = select(*FACTS).where(DOCUMENTS.c.org == self.org, DOCUMENTS.c.ref == ref)
        with self._reading() as connection:
            found = connection.execute(mine.order_by(DOCUMENTS.c.at, DOCUMENTS.c.name)).mappings()
            return [Document(**row) for row in found]

    def document(self, ref: str, document_id: str) -> Document:
        mine = select(*FACTS, DOCUMENTS.c.content).where(DOCUMENTS.c.org == self.org, DOCUMENTS.c.ref == ref)
        with self._reading() as connection:
            found = connection.execute(mine.where(DOCUMENTS.c.id == document_id)).mappings().first()
        if found is None:
            raise NotFound("document", document_id)
        return Document(**found)


class LinksTx:
    """The side of a write transaction that gives and takes links; a mixin, which the transaction gives a connection."""

    _connection: Connection
    _org: str
    _sql: Statements

    def attach(self, ref: str, documents: Sequence[Document], *, by: str, at: datetime) -> None:
        if documents:
            those = [rows.values(it, org=self._org, ref=ref, by=by, at=at) for it in documents]
            self._connection.execute(self._sql.attach, those)

    def revoke(self, digests: Sequence[str], at: datetime) -> int:
        standing = (LINKS.c.org == self._org, LINKS.c.digest.in_(digests), LINKS.c.revoked_at.is_(None))
        return self._connection.execute(update(LINKS).where(*standing).values(revoked_at=at)).rowcount

    def forget_links(self, before: datetime) -> int:
        over = (LINKS.c.org == self._org, LINKS.c.expires_at < before)
        return self._connection.execute(delete(LINKS).where(*over)).rowcount


def link_values(it: Link, *, org: str) -> rows.Values:
    return rows.values(it, org=org) | {"cases": tuple(json.dumps(rows.values(shown)) for shown in it.cases)}


def _link(row: Mapping[Any, Any]) -> Link:
    return rows.noun(Link, dict(row) | {"cases": tuple(Shown(**json.loads(it)) for it in row["cases"])})
