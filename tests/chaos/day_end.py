"""Whether a day may end: what the parent asks of the database between two kills.

No connection stays open in between, for a forked child would share it.
"""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime

from sqlalchemy import Connection, func, select, text

from store.database import WRITING
from store.reading import UNPACKED
from store.sql import SqlStore
from store.statements import CASES, LETTERS, NOTICES

UNSENT = ("queued", "leased", "unknown")


class DayEnd:
    def __init__(self, store: SqlStore) -> None:
        self.store = store

    @contextmanager
    def _looking(self, **options: bool) -> Iterator[Connection]:
        try:
            with self.store.engine.connect().execution_options(**options) as connection, connection.begin():
                yield connection
        finally:
            self.store.close()

    def nothing_is_due(self, day: date) -> bool:
        """No alarm is left; not in a transaction either whose process is dead and which the server still ends."""
        with self._looking(**WRITING) as connection:
            if connection.dialect.name == "postgresql":
                connection.execute(text("LOCK TABLE cases IN SHARE MODE"))
            return not connection.scalar(select(func.count()).select_from(CASES).where(CASES.c.wake_on <= day))

    def nothing_may_leave(self, now: datetime) -> bool:
        """All is packed, and what is not sent is leased to somebody, or is to be tried again later."""
        free = LETTERS.c.status.in_(("queued", "unknown")), LETTERS.c.not_before <= now
        with self._looking() as connection:
            unpacked = connection.scalar(select(func.count()).where(NOTICES.c.ripe_at <= now, *UNPACKED))
            return not unpacked and not connection.scalar(select(func.count()).where(*free))

    def all_has_left(self) -> bool:
        with self._looking() as connection:
            waiting = connection.scalar(select(func.count()).where(*UNPACKED))
            return not waiting and not connection.scalar(select(func.count()).where(LETTERS.c.status.in_(UNSENT)))

    def well_since(self, instant: datetime, processes: int) -> bool:
        """Each loop has come round in so many processes, and none of these says that it fails."""
        try:
            beats = self.store.heartbeats()
        finally:
            self.store.close()
        fresh = Counter(it.loop for it in beats if it.good_at and it.good_at >= instant and not it.error)
        return min(fresh["sweep"], fresh["deliver"]) >= processes
