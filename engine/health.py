"""Whether the watcher itself is awake: when each loop last finished, and how long letters have been waiting."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Literal

MISSES = 3  # rounds a loop may miss before it is late
LONGEST_ROUND = timedelta(minutes=2)  # on top of that, for a round that has much to do
LONGEST_WAIT = timedelta(hours=6)  # of a letter that may leave; longer than any single pause between two tries
GONE = timedelta(hours=1)  # a node that has not begun a round for so long does not fail: it is not there
START: Final = "start"  # the heartbeat of a process that has just begun


@dataclass(frozen=True, slots=True, kw_only=True)
class Heartbeat:
    """When a loop of one node last began and last ended well, and what it failed of since."""

    loop: str
    node: str
    began_at: datetime
    good_at: datetime | None = None
    error: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """The service in figures: open cases, letters since an instant, and the cases that had to be stepped over."""

    since: datetime
    watched: int = 0
    sent: int = 0
    waiting: int = 0
    dead: int = 0
    passed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Ailment:
    """What is wrong with the service itself; as words it is what `/readyz` answers."""

    what: Literal["never", "late", "fails", "stuck", "operator", "back", "ahead"]
    loop: str = ""
    node: str = ""
    at: datetime | None = None  # since when, or what the clock shows
    swept: datetime | None = None  # the last sweep, where the clock is doubted
    said: str = ""

    def __str__(self) -> str:
        match self.what:
            case "never":
                return f"{self.loop} has never finished"
            case "late":
                return f"{self.loop} last finished at {self.at:%Y-%m-%d %H:%M:%S} UTC"
            case "fails":
                return f"{self.loop} on {self.node} fails: {self.said}"
            case "stuck":
                return f"a letter has been waiting since {self.at:%Y-%m-%d %H:%M} UTC"
            case "operator":
                return f"the operator cannot be written to: {self.said}"
            case "back":
                return f"{self._shown()}, before the last sweep at {self.swept:%Y-%m-%d %H:%M}"
            case "ahead":
                since = f"; the last sweep was on {self.swept:%Y-%m-%d}" if self.swept else ""
                return f"{self._shown()}{since}. {self.said}"

    def _shown(self) -> str:
        return f"the clock shows {self.at:%Y-%m-%d %H:%M} UTC"


def late(good: Mapping[str, datetime], every: Mapping[str, timedelta], now: datetime) -> Iterator[Ailment]:
    """Each loop that has not finished well for longer than a few of its rounds."""
    for loop, interval in every.items():
        last = good.get(loop)
        if last is None:
            yield Ailment(what="never", loop=loop)
        elif now - last > _patience(interval):
            yield Ailment(what="late", loop=loop, at=last)


def failing(heartbeats: Iterable[Heartbeat], every: Mapping[str, timedelta], now: datetime) -> Iterator[Ailment]:
    """Each loop that fails on some node. A node that is gone, or has no turn any more, is not asked."""
    for it in heartbeats:
        if it.error and now - it.began_at <= _patience(every.get(it.loop, timedelta())):
            yield Ailment(what="fails", loop=it.loop, node=it.node, at=it.began_at, said=it.error)


def _patience(interval: timedelta) -> timedelta:
    return interval * MISSES + LONGEST_ROUND


def waiting(oldest: datetime | None, now: datetime) -> Iterator[Ailment]:
    """Letters that may leave and do not. `oldest` is when the first of them might have left."""
    if oldest and now - oldest > LONGEST_WAIT:
        yield Ailment(what="stuck", at=oldest)


def last_good(heartbeats: Iterable[Heartbeat]) -> dict[str, datetime]:
    """By loop, on whichever node."""
    found: dict[str, datetime] = {}
    for it in heartbeats:
        if it.good_at:
            found[it.loop] = max(found.get(it.loop, it.good_at), it.good_at)
    return found
