"""Whether the watcher itself is awake: when each loop last finished, and how long letters have been waiting."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

MISSES = 3  # rounds a loop may miss before it is late
LONGEST_ROUND = timedelta(minutes=2)  # on top of that, for a round that has much to do
LONGEST_WAIT = timedelta(hours=6)  # of a letter that may leave; longer than any single pause between two tries


@dataclass(frozen=True, slots=True, kw_only=True)
class Heartbeat:
    """When a loop of one node last began and last ended well, and what it failed of since."""

    loop: str
    node: str
    began_at: datetime
    good_at: datetime | None = None
    error: str = ""


def late(good: Mapping[str, datetime], every: Mapping[str, timedelta], now: datetime) -> Iterator[str]:
    """A sentence for each loop that has not finished well for longer than a few of its rounds."""
    for loop, interval in every.items():
        last = good.get(loop)
        if last is None:
            yield f"{loop} has never finished"
        elif now - last > _patience(interval):
            yield f"{loop} last finished at {last:%Y-%m-%d %H:%M:%S} UTC"


def failing(heartbeats: Iterable[Heartbeat], every: Mapping[str, timedelta], now: datetime) -> Iterator[str]:
    """A sentence for each loop that fails on some node. A node that is gone, or has no turn any more, is not asked."""
    for it in heartbeats:
        if it.error and now - it.began_at <= _patience(every.get(it.loop, timedelta())):
            yield f"{it.loop} on {it.node} fails: {it.error}"


def _patience(interval: timedelta) -> timedelta:
    return interval * MISSES + LONGEST_ROUND


def waiting(oldest: datetime | None, now: datetime) -> Iterator[str]:
    """A sentence when letters that may leave do not. `oldest` is when the first of them might have left."""
    if oldest and now - oldest > LONGEST_WAIT:
        yield f"a letter has been waiting since {oldest:%Y-%m-%d %H:%M} UTC"


def last_good(heartbeats: Iterable[Heartbeat]) -> dict[str, datetime]:
    """By loop, on whichever node."""
    found: dict[str, datetime] = {}
    for it in heartbeats:
        if it.good_at:
            found[it.loop] = max(found.get(it.loop, it.good_at), it.good_at)
    return found
