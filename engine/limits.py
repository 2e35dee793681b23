"""Which rhythms a reader of overviews may have: what the organisation offers, as far as the promise still holds."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import time
from typing import Final, Literal

from engine.people import Organisation, Register
from engine.rhythm import EVERY, Every, Rhythm

Objection = Literal["", "organisation", "promise", "hours"]
Promise = Callable[[str, Rhythm, Register], bool]  # whether it holds with a party that has its overview in a rhythm
WEEK: Final = range(1, 8)


@dataclass(frozen=True, slots=True)
class Limits:
    """`offered` are the rhythms that the organisation lets people choose; with none its overviews are mandatory."""

    offered: tuple[Every, ...]
    promise: Promise

    def permits(self, party: str, own: Rhythm, register: Register) -> bool:
        return not self.objection(party, own, register)

    def objection(self, party: str, own: Rhythm, register: Register) -> Objection:
        """Why a party may not have its overview so; "" when it may."""
        if own.every not in self.offered or not party.startswith(("unit:", "person:")):
            return "organisation"
        if not _open_at(own.at, register.organisation):
            return "hours"
        return "" if self.promise(party, own, register) else "promise"

    def weekdays(self, party: str, register: Register) -> tuple[int, ...]:
        """The days on which an overview may come once a week: those on which the house writes."""
        at = opening(register.organisation)
        weekly = (Rhythm(every="weekly", weekday=day, at=at) for day in sorted(register.organisation.window.days))
        return tuple(it.weekday for it in weekly if self.permits(party, it, register))

    def seldomest(self, party: str, register: Register) -> Rhythm | None:
        """What one click on "unsubscribe" leads to: as few letters as may be. None when nothing may be chosen."""
        before = register.rhythms.get(party)
        at, weekday = (before.at, before.weekday) if before else (opening(register.organisation), 1)
        return next((it for it in _from_the_end(weekday, at) if self.permits(party, it, register)), None)


def _from_the_end(weekday: int, at: time) -> Iterator[Rhythm]:
    yield from (Rhythm(every="weekly", weekday=day, at=at) for day in (weekday, *WEEK))
    yield from (Rhythm(every=every, at=at) for every in reversed(EVERY) if every != "weekly")


def opening(organisation: Organisation) -> time:
    """The time at which the organisation's own digests come, as far as letters leave then."""
    at = organisation.digest_at
    return at if _open_at(at, organisation) else organisation.window.opens


def _open_at(at: time, organisation: Organisation) -> bool:
    return organisation.window.opens <= at < organisation.window.closes
