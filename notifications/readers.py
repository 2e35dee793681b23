"""Mail is read in a process beside ours: what a mail does to its reader, it does to nobody else.

A reader is kept warm and reads one mail after the other. One that takes too long or too much memory is killed, the mail
is reported as unreadable, and a new reader takes the next.
"""

import os
import pickle
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import date
from queue import LifoQueue
from threading import Timer
from typing import IO, Final, Self

from notifications.reading.facts import Own, Reading, Vocabulary

SECONDS: Final = 20.0
MEMORY: Final = 1 << 30  # of address space: a mail of 40 MB takes a third of it
LENGTH: Final = 8


class Readers:
    """`read` may be called from several threads; as many mails are read at a time as there are readers."""

    def __init__(
        self, own: Own, vocabulary: Vocabulary, *, count: int = 1, seconds: float = SECONDS, memory: int = MEMORY
    ) -> None:
        self._charge = pickle.dumps((own, dict(vocabulary), memory))
        self._seconds = seconds
        self._idle: LifoQueue[_Reader | None] = LifoQueue()
        for _ in range(count):
            self._idle.put(None)
        self._count = count

    def read(self, raw: bytes, *, received: date) -> Reading:
        """As the reader of `notifications.reading`; of the class unknown and flagged when it cannot be read."""
        with self._reader() as reader:
            return reader.read(raw, received, seconds=self._seconds)

    def close(self) -> None:
        """Let them go. Whoever is reading is waited for."""
        for _ in range(self._count):
            reader = self._idle.get()
            if reader:
                reader.dismiss()
        for _ in range(self._count):
            self._idle.put(None)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @contextmanager
    def _reader(self) -> Iterator["_Reader"]:
        reader = self._idle.get()
        try:
            if reader and not reader.alive:
                reader.dismiss()
                reader = None
            reader = reader or _Reader(self._charge)
            yield reader
        finally:
            self._idle.put(reader)


class _Reader:
    """One process and the two pipes to it."""

    def __init__(self, charge: bytes) -> None:
        environment = os.environ | {"PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}
        self._process = subprocess.Popen(
            [sys.executable, "-m", "notifications.reading_child"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,  # a traceback may hold what somebody wrote
            env=environment,
            start_new_session=True,  # Ctrl-C is for the service, which lets its readers go
        )
        assert self._process.stdin
        assert self._process.stdout
        self._to, self._back = self._process.stdin, self._process.stdout
        send(self._to, charge)

    @property
    def alive(self) -> bool:
        return self._process.poll() is None

    def read(self, raw: bytes, received: date, *, seconds: float) -> Reading:
        guard = Timer(seconds, self._process.kill)
        guard.start()
        try:
            send(self._to, pickle.dumps((raw, received)))
            answer = receive(self._back)
        except (OSError, EOFError):
            return self._unreadable(seconds)
        finally:
            guard.cancel()
        found = pickle.loads(answer)
        assert isinstance(found, Reading)
        return found

    def dismiss(self) -> None:
        self._process.kill()
        self._process.wait()
        self._back.close()
        with suppress(BrokenPipeError):  # of a mail that it never read to the end
            self._to.close()

    def _unreadable(self, seconds: float) -> Reading:
        self.dismiss()
        why = f"its reader gave up, or was stopped after {seconds:g} seconds"
        return Reading(klass="unknown", flags=frozenset({"unreadable"}), why=why)


def send(pipe: IO[bytes], data: bytes) -> None:
    pipe.write(len(data).to_bytes(LENGTH, "big") + data)
    pipe.flush()


def receive(pipe: IO[bytes]) -> bytes:
    """EOFError when the other side is gone."""
    length = int.from_bytes(_exactly(pipe, LENGTH), "big")
    return _exactly(pipe, length)


def _exactly(pipe: IO[bytes], length: int) -> bytes:
    data = pipe.read(length)
    if len(data) < length:
        raise EOFError
    return data
