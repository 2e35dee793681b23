"""Mail read in a process beside ours: the same facts, and nothing that a mail can do to anybody but its reader."""

import os
import signal
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from notifications.readers import Readers
from notifications.reading.reader import read
from tests.notifications.reading.mails import OWN, TODAY, WORDS, raw

PLAIN = raw("Gjort\n\nAlt er sendt.")
HEAVY = raw(("x" * 38 + "\n") * 2_500_000)  # a mail and its copy are more than the little that it is given


@pytest.fixture(scope="module")
def readers() -> Iterator[Readers]:
    with Readers(OWN, WORDS) as some:
        yield some


def children() -> set[int]:
    found = set()
    for each in Path("/proc").glob("[0-9]*/stat"):
        try:
            said = each.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(said[1]) == os.getpid():
            found.add(int(each.parent.name))
    return found


def test_what_is_read_beside_us_is_what_is_read_here(readers: Readers) -> None:
    assert readers.read(PLAIN, received=TODAY) == read(PLAIN, own=OWN, vocabulary=WORDS, received=TODAY)


def test_a_reader_stays_for_the_next_mail(readers: Readers) -> None:
    readers.read(PLAIN, received=TODAY)
    before = children()
    for _ in range(20):
        readers.read(PLAIN, received=TODAY)
    assert children() == before


def test_a_mail_that_takes_too_long_is_unreadable_and_the_next_is_read() -> None:
    with Readers(OWN, WORDS, seconds=0.05) as hurried:
        found = hurried.read(PLAIN, received=TODAY)  # no process has even begun to read by then
        assert (found.klass, found.command) == ("unknown", None)
        assert "unreadable" in found.flags
        assert "0.05 seconds" in found.why


def test_a_mail_that_takes_too_much_memory_is_unreadable_and_the_next_is_read() -> None:
    with Readers(OWN, WORDS, memory=160 << 20) as small:
        assert small.read(PLAIN, received=TODAY).command == "report"
        assert "unreadable" in small.read(HEAVY, received=TODAY).flags
        assert small.read(PLAIN, received=TODAY).command == "report"


def test_a_reader_that_was_killed_between_two_mails_is_replaced() -> None:
    with Readers(OWN, WORDS) as mourning:
        before = children()
        mourning.read(PLAIN, received=TODAY)
        (reader,) = children() - before
        os.kill(reader, signal.SIGKILL)
        os.waitid(os.P_PID, reader, os.WEXITED | os.WNOWAIT)
        assert mourning.read(PLAIN, received=TODAY).command == "report"


def test_several_threads_share_the_readers(readers: Readers) -> None:
    with ThreadPoolExecutor(4) as threads:
        found = list(threads.map(lambda n: readers.read(raw(f"{n} gjort"), received=TODAY).number, range(40)))
    assert found == [str(n) for n in range(40)]


def test_nobody_stays_behind() -> None:
    before = children()
    with Readers(OWN, WORDS, count=2) as some:
        some.read(PLAIN, received=TODAY)
        assert children() > before
    assert children() == before
