"""What the pages ask of the rest: a door for errands, and in the demo a clock that can be moved."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from engine.answered import Answered
from engine.case import Errand, Event
from engine.health import Ailment
from engine.link import Link
from engine.pause import Kind
from engine.rhythm import Choice, Rhythm, Through


class DeskLike(Protocol):
    def act(self, errand: Errand) -> Event:
        """Make the move the errand asks for, or raise Refused or Stale; then nothing was changed."""
        ...

    def comment(self, errand: Errand) -> Event: ...

    def move_deadline(self, errand: Errand) -> Event: ...

    def hand_over(self, errand: Errand) -> Event: ...

    def pause(self, errand: Errand, *, rule: str, kind: Kind, until: date) -> Event: ...

    def revoke(self, errand: Errand, links: Sequence[Link]) -> Event:
        """Let links to the page of one case, all of one party, open nothing any more."""
        ...

    def answer(self, errand: Errand) -> Answered:
        """Do what was answered through a link; once, receipted, and nothing when others came first."""
        ...

    def undo(self, errand: Errand, *, of: int) -> Answered: ...

    def pass_on(self, errand: Errand, *, to: str) -> Answered: ...

    def choose(self, party: str, rhythm: Rhythm | None, *, through: Through) -> Choice | None:
        """Let a party have its overview so from now on (None = as the organisation says), and receipt it."""
        ...

    def fresh_link(self, link: Link) -> bool: ...


class Demo(Protocol):
    """A clock that visitors may push forward; whatever falls due on the way is swept and delivered."""

    def next_event(self) -> date | None:
        """The next day on which anything happens by itself; None when nothing ever will."""
        ...

    def forward_workday(self) -> None: ...

    def forward_week(self) -> None: ...

    def forward_event(self) -> None: ...

    def settle(self) -> None:
        """Deliver what somebody has just brought about."""
        ...


class Pulse(Protocol):
    def last_sweep(self) -> datetime | None:
        """When the deadlines were last looked at; None before the first time."""
        ...

    def doubts(self) -> Sequence[Ailment]:
        """Why the computer's clock is not believed just now: it went back, or leapt ahead."""
        ...


class Health(Protocol):
    """Sentences for whoever watches from outside; none when all is well."""

    def late(self) -> Sequence[str]:
        """What this process has not done for too long."""
        ...

    def unready(self) -> Sequence[str]:
        """What is wrong with the service as a whole."""
        ...


@dataclass(frozen=True, slots=True)
class Hale:
    """Nothing ticks here, so nothing can be late."""

    def late(self) -> Sequence[str]:
        return ()

    def unready(self) -> Sequence[str]:
        return ()


@dataclass(frozen=True, slots=True)
class Still:
    """A pulse that has never beaten, by a clock that is believed."""

    def last_sweep(self) -> datetime | None:
        return None

    def doubts(self) -> Sequence[Ailment]:
        return ()
