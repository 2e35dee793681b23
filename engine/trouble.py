"""Somebody whom cases need, and whom no letter can reach: found in the register, told, and told again until mended."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal, NamedTuple

from engine.case import Case
from engine.people import Person, Register, Unit
from engine.roles import instead, recipient, recipients

Cause = Literal["unknown", "left", "ended", "stand-in", "no address", "refused", "no head"]
AGAIN = timedelta(days=14)
AGAIN_QUIETLY = timedelta(days=56)
MOST_NAMED = 5  # refs that are kept of the cases a trouble concerns


class Why(NamedTuple):
    """Why nobody is reached, and the day, the address or the server's words that go with it."""

    cause: Cause
    detail: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Trouble:
    """A party that `count` cases need and that cannot be reached; `to` is who watches those cases and hears of it.

    `instead` is the party that gets the letters meanwhile. `told_on` is when it was said last, `mended_on` since when
    all is well again.
    """

    party: str
    to: str
    cause: Cause
    detail: str = ""
    instead: str = ""
    cases: tuple[str, ...] = ()
    count: int = 0
    since: date
    told_on: date
    mended_on: date | None = None

    @property
    def quiet(self) -> bool:
        """Letters arrive all the same: it is said when there is a digest anyway."""
        return self.cause == "no head"

    def due_again(self, today: date) -> bool:
        return today - self.told_on >= (AGAIN_QUIETLY if self.quiet else AGAIN)


@dataclass(frozen=True, slots=True)
class Inspection:
    """How often the register has been changed, up to which change it was looked at, and on which day.

    `daily` is the digest for which every open plan has been entered since, where one is sent on every working day.
    """

    enrolled: int = 0
    seen: int = -1
    day: date | None = None
    daily: date | None = None

    def stale(self, today: date) -> bool:
        return self.enrolled != self.seen or self.day is None or self.day < today


@dataclass(frozen=True, slots=True)
class Outage:
    """The service was away: it looked for the last time on `began`, and again on `ended`."""

    began: date
    ended: date

    def missed(self, day: date) -> bool:
        return self.began < day < self.ended


def troubled(register: Register, on: date) -> dict[str, Why]:
    """Everybody in the register whom no letter can reach, with the reason."""
    parties = [*(f"unit:{code}" for code in register.units), *(f"person:{key}" for key in register.persons)]
    return {party: why for party in parties if (why := unreached(party, register, on))}


def unreached(party: str, register: Register, on: date) -> Why | None:
    """Why a party cannot be reached on a day; None when it can, or is away and was meant to have no substitute."""
    kind, _, key = party.partition(":")
    if recipient(party, register, on):
        return None
    if kind == "unit":
        return _unit(register.units.get(key), register, on)
    away = register.away(key, on)
    if away and not away.substitute:
        return None
    if away:
        return Why("stand-in", register.standing_in(key, on))
    return _person(register.persons.get(key), register)


def _unit(unit: Unit | None, register: Register, on: date) -> Why:
    seen: set[str] = set()
    while unit and not unit.valid(on) and unit.successor and unit.code not in seen:
        seen.add(unit.code)
        unit = register.units.get(unit.successor)
    if unit is None:
        return Why("unknown")
    return _address(unit.mailbox, register) if unit.valid(on) else Why("ended", str(unit.valid_to or ""))


def _person(person: Person | None, register: Register) -> Why:
    if person is None:
        return Why("unknown")
    return _address(person.address, register) if person.active else Why("left")


def _address(address: str, register: Register) -> Why:
    said = register.refused.get(address)
    return Why("refused", f"{address}: {said}") if said is not None else Why("no address", address)


def headless(register: Register, on: date) -> dict[str, Why]:
    """Units whose head's chair is empty: what is meant for the head goes to the mailbox."""
    return {f"unit:{it.code}": Why("no head") for it in register.units.values() if it.valid(on) and not it.head}


def troubles(found: Iterable[tuple[str, Why, Sequence[Case]]], register: Register, on: date) -> Iterator[Trouble]:
    """One for each party and each watcher of the cases that need it."""
    for party, why, cases in found:
        watched: dict[str, list[Case]] = {}
        for case in cases:
            watched.setdefault(recipients("coordinator", case, register, on)[0].party, []).append(case)
        for to, those in watched.items():
            yield Trouble(
                party=party,
                to=to,
                cause=why.cause,
                detail=why.detail,
                instead=instead(party, those[0], register, on).party,
                cases=tuple(case.ref for case in those[:MOST_NAMED]),
                count=len(those),
                since=on,
                told_on=on,
            )
