"""Where the time of day comes in: the one place that reads the computer's clock, and a clock moved by hand."""

from datetime import UTC, datetime, timedelta


class SystemClock:
    def now(self) -> datetime:
        return datetime.now(UTC)


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
