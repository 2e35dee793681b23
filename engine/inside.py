"""A store within a transaction that has begun already: what is begun in it is a savepoint."""

from collections.abc import Iterator
from contextlib import contextmanager

from engine.inbox import InboxTx


class Inside:
    def __init__(self, tx: InboxTx) -> None:
        self._tx = tx

    @contextmanager
    def begin(self) -> Iterator[InboxTx]:
        with self._tx.savepoint():
            yield self._tx
