"""Where the time of day comes in: the one place that reads the computer's clock, and a clock moved by hand."""

import time
from datetime import UTC, datetime, timedelta

from engine.ports import Clock


class SystemClock:
    def now(self) -> datetime:
        return datetime.now(UTC)


def uptime() -> float:
    """Seconds that have really passed, from any moment on; nobody can set this clock. Counts sleep where it can."""
    return time.clock_gettime(getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC))


class SteadyClock:
    """A clock that never goes back behind what has been done: it stands still until the other one has caught up."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._floor: datetime | None = None

    def now(self) -> datetime:
        return max(self.shown(), self._floor or self.shown())

    def shown(self) -> datetime:
        """What the clock itself says."""
        return self._clock.now()

    def not_before(self, instant: datetime | None) -> None:
        if instant is not None:
            self._floor = max(instant, self._floor or instant)


class ManualClock:
    """Stands still until it is moved; never backwards."""

    def __init__(self, start: datetime) -> None:
        self._now = start.astimezone(UTC)

    def now(self) -> datetime:
        return self._now

    def move_to(self, instant: datetime) -> None:
        self._now = max(self._now, instant.astimezone(UTC))

    def forward(self, **by: float) -> None:
        """As timedelta takes it: `forward(days=30)`."""
        self.move_to(self._now + timedelta(**by))
