"""The hash chain of a case's history: alter, drop or reorder one event, and every digest after it is wrong."""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC

from engine.case import Event
from store.rows import values


def chained(event: Event, *, seq: int, previous: str) -> Event:
    """The event as the next link of its case's chain."""
    numbered = replace(event, seq=seq, previous=previous, digest="")
    return replace(numbered, digest=digest(numbered))


def digest(event: Event) -> str:
    """SHA-256 over everything the event says and the digest before it, as JSON with sorted keys."""
    facts = values(event, at=event.at.astimezone(UTC).isoformat(), facts=dict(event.facts))
    del facts["digest"]
    text = json.dumps(facts, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def broken(ref: str, events: Iterable[Event], end: str) -> str:
    """A sentence about the first event that does not fit its case's chain; "" when all do. Events in order of seq.

    `end` is the digest that the case itself remembers of its last event.
    """
    previous, expected = "", 1
    for event in events:
        if event.seq != expected:
            return f"{event.ref}: event {expected} is missing"
        if event.previous != previous or event.digest != digest(event):
            return f"{event.ref}: event {event.seq} of {event.at:%Y-%m-%d} was altered"
        previous, expected = event.digest, expected + 1
    return "" if previous == end else f"{ref}: event {expected} is missing"
