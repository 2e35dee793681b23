"""Replies of 20 KB taken from the table, read and acted on by one process, beside parsing them alone (compat32)."""

import argparse
import email
import email.policy
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from time import process_time
from typing import Any

from bench.bench_reading import reply
from bench.ground import TODAY, UNITS, action, ground, now
from engine.inbound import Received
from engine.link import Link, Shown, digest_of
from engine.rulebook import Rulebook
from engine.text import Text
from notifications.reading.commands import vocabulary
from notifications.reading.facts import Reading
from notifications.reading.reader import read
from store.links import link_values
from store.sql import SqlStore
from store.statements import LETTERS
from tiltak.clock import ManualClock
from tiltak.mailbox import sorting_of
from tiltak.reading import ourselves
from tiltak.serving import settle_in
from tiltak.settings import Inbound, Mail, Settings
from tiltak.wiring import ARITHMETIC
from workflows.loading import load

BAR = 300
WORKFLOWS = load()
SETTINGS = Settings(
    mail=Mail(sender="tiltak@agency.example", reply_to="svar@agency.example", message_id_host="agency.example"),
    inbound=Inbound(trusted_authserv_id="mx.agency.example"),
)


class Eyes:
    """Reads within this process: the bar is for one process."""

    own, words = ourselves(SETTINGS), vocabulary(WORKFLOWS.by_key.values())

    def read(self, raw: bytes, *, received: date) -> Reading:
        return read(raw, own=self.own, vocabulary=self.words, received=received)

    def close(self) -> None:
        """There is nothing to close."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--mails", type=int, default=400)
    count = parser.parse_args().mails
    raws = mails(count)
    began = process_time()
    for raw in raws:
        email.message_from_bytes(raw, policy=email.policy.compat32)
    bare = process_time() - began
    with asked(count) as store:
        for raw in raws:
            store.keep(Received(source="bench", raw=raw), now())
        store.rulebook = Rulebook.of(WORKFLOWS, ARITHMETIC)
        store.take_up()
        settle_in()
        sorting = sorting_of(SETTINGS, store, WORKFLOWS, ManualClock(now()), Eyes())
        began = process_time()
        found = sorting.round()
        took = process_time() - began
        outcomes = {it.outcome for it in store.inbounds(limit=count)}
    assert (found.done, outcomes) == (count, {"done"}), (found, outcomes)
    size = sum(map(len, raws)) // count
    print(f"{count} replies of {size:,} bytes, each moves a case and queues a receipt, on SQLite with synchronous=FULL")
    print(f"parsing alone    {bare:6.2f} s  {count / bare:9,.0f} mails/s")
    print(f"read and acted   {took:6.2f} s  {count / took:9,.0f} mails/s  {bare / took:5.2f} of parsing alone")
    print(f"(promised: {BAR} a second)")


@contextmanager
def asked(count: int) -> Iterator[SqlStore]:
    """A plan of so many actions, and for each a letter with a reply address to the unit that has it."""
    cases = [
        action(number, due=TODAY + timedelta(days=60), wake_on=TODAY + timedelta(days=30)) for number in range(count)
    ]
    with ground(iter(cases)) as (store, _), store.engine.begin() as connection:
        letters = [_letter(number) for number in range(count)]
        connection.execute(store.statements.insert["letters"], letters)
        connection.execute(
            store.statements.insert["links"], [link_values(_link(number), org="bench") for number in range(count)]
        )
        connection.commit()
        yield store


def _letter(number: int) -> dict[str, Any]:
    blank = {column.name: None for column in LETTERS.columns}
    texts = dict.fromkeys(("subject", "instead_of", "last_reply"), "")
    unit = number % UNITS
    return (
        blank
        | texts
        | {
            "org": "bench",
            "id": f"{number:026d}",
            "party": f"unit:U{unit}",
            "name": Text.same(f"Unit {unit}"),
            "address": f"unit{unit}@agency.example",
            "language": "nb",
            "kind": "letter",
            "message_id": f"<t.{number:026d}@agency.example>",
            "status": "sent",
            "packed_at": now() - timedelta(days=1),
            "not_before": now(),
            "sent_at": now(),
            "attempts": 1,
        }
    )


def _link(number: int) -> Link:
    return Link(
        digest=digest_of(f"{number:026d}"),
        purpose="reply",
        party=f"unit:U{number % UNITS}",
        letter=f"{number:026d}",
        cases=(Shown(ref=f"P-{number}", number=str(number), seen=1, known=0),),
        made_at=now(),
        expires_at=now() + timedelta(days=365),
    )


def mails(count: int) -> list[bytes]:
    """As the bench of reading alone has them, from the mailbox of the unit that was asked."""
    from_units = ((b"kari%d@" % number, b"unit%d@" % (number % UNITS)) for number in range(count))
    return [reply(number).replace(*those, 1) for number, those in enumerate(from_units)]


if __name__ == "__main__":
    main()
