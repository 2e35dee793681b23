"""How somebody keeps the watcher from hearing as long as a rule lets them, day by day, so that it can be replayed."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Literal


@dataclass(frozen=True, slots=True)
class Pause:
    """Asked for on a day, before the service has looked at the case, and holding the rule until another (included)."""

    rule: str
    kind: Literal["ack", "snooze"]
    day: date
    until: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Plot:
    """A case comes into a state; `word` is the last that is heard ("" = that it came), `next_word` the one after it.

    The one leaves on the day `heard`, the other on the day `leaves`, though the rule speaks on the day `spoken`.
    """

    entered: date
    word: str
    heard: date
    pauses: tuple[Pause, ...]
    next_word: str
    spoken: date
    leaves: date
    moves: bool = False

    @property
    def days(self) -> int:
        return (self.leaves - self.heard).days

    def turns(self, state: str, watcher: str) -> Iterator[tuple[date, str]]:
        """Every turn it takes, with its day."""
        yield self.entered, f"the case enters {state}"
        if self.word:
            yield self.heard, f"{self.word} reaches the {watcher}: the last word for a while"
        seen: set[str] = set()
        for pause in self.pauses:
            again = "again " if pause.rule in seen else ""
            seen.add(pause.rule)
            yield pause.day, f"somebody pauses rule {pause.rule} {again}({pause.kind}) until {shown(pause.until)}"
        what = "moves the case" if self.moves else "speaks"
        if self.leaves == self.spoken:
            yield self.spoken, f"{self.next_word} {what} and reaches the {watcher}"
        else:
            yield self.spoken, f"{self.next_word} {what}, after the letters of the day have left"
            yield self.leaves, f"the next letters leave, and the {watcher} hears"

    def words(self, state: str, watcher: str) -> str:
        """ "Thu 21 Apr 2011 the case enters given → … → the coordinator hears"."""
        return " → ".join(f"{shown(day)} {what}" for day, what in self.turns(state, watcher))


def shown(day: date) -> str:
    """ "Thu 21 Apr 2011"; with English names whatever the machine speaks."""
    return f"{WEEKDAYS[day.weekday()]} {day.day} {_MONTHS[day.month - 1]} {day.year}"


WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
