"""Everything that can be refused, in one tree; the message is a sentence for a person, the facts are attributes."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date


class TiltakError(Exception):
    """Something Tiltak can explain in one sentence."""


class NotFound(TiltakError):
    def __init__(self, noun: str, ref: str) -> None:
        super().__init__(f"there is no {noun} {ref!r}")
        self.noun, self.ref = noun, ref


class Refused(TiltakError):
    """A wish that the rules do not allow; nothing was changed."""


class NoSuchMove(Refused):
    def __init__(self, move: str, state: str, open_moves: Sequence[str] = ()) -> None:
        instead = f"; from here one can {', '.join(open_moves)}" if open_moves else ""
        super().__init__(f"cannot {move} from {state}{instead}")
        self.move, self.state, self.open_moves = move, state, tuple(open_moves)


class NotYours(Refused):
    def __init__(self, party: str, move: str, roles: Sequence[str]) -> None:
        super().__init__(f"{party} may not {move}: that is for {' or '.join(roles)}")
        self.party, self.move, self.roles = party, move, tuple(roles)


class Incomplete(Refused):
    def __init__(self, move: str, missing: Sequence[str]) -> None:
        super().__init__(f"to {move}, {' and '.join(missing)} must be given")
        self.move, self.missing = move, tuple(missing)


class NotUndoable(Refused):
    """What was done stands: it was too long ago, somebody else's, or something has happened since."""


class NeedsSignIn(Refused):
    """A move that a link or a reply is not enough for, such as closing."""

    def __init__(self, move: str) -> None:
        super().__init__(f"to {move}, one has to sign in; a link or a reply is not enough")
        self.move = move


class Past(Refused):
    """A wished day that does not lie ahead."""

    def __init__(self, day: date) -> None:
        super().__init__(f"{day} does not lie ahead; wish for a later day")
        self.day = day


class TooMuch(Refused):
    """A pause that is longer, or asked for more often, than the rule allows."""


class OffTheCalendar(Refused):
    """A day that no calendar has, because a length of time or a zone leads past the first or the last year."""

    def __init__(self, what: str) -> None:
        super().__init__(f"{what} is not within the years 1 to 9999; choose a nearer day")
        self.what = what


class Stale(TiltakError):
    """The case was changed after the version that the errand had seen."""

    def __init__(self, ref: str, seen: int) -> None:
        super().__init__(f"{ref} has changed since version {seen}; look at it again and decide anew")
        self.ref, self.seen = ref, seen


class Crossed(TiltakError):
    """Two changed the same cases in another order at the same moment; nothing of this change was made."""

    def __init__(self) -> None:
        super().__init__("somebody else changed the same at this moment; look at it again and decide anew")


class Unreadable(TiltakError):
    """A stored case that cannot be understood (its workflow is gone, its row is broken)."""


class OtherRules(TiltakError):
    """Another process has taken up other rules: what this one would decide no longer holds."""

    def __init__(self) -> None:
        what = "the service works by other rule files, or by another version of the program, than this process"
        super().__init__(f"{what}: start whichever has the older ones again")


class SettingsError(TiltakError):
    """A setting that is unknown, missing or impossible; the sentence names the key and the remedy."""


@dataclass(frozen=True, slots=True, order=True)
class Fault:
    """One thing wrong in a file: where it stands, what it is, what to do. `line` from 1; 0 is the whole file."""

    file: str
    line: int
    what: str
    remedy: str = ""

    def __str__(self) -> str:
        where = f"{self.file}:{self.line}" if self.line else self.file
        return f"{where}: {self.what}" + (f" ({self.remedy})" if self.remedy else "")


class Faulty(TiltakError):
    """A file that is refused whole, with every fault that was found."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        self.faults = tuple(sorted(faults))
        super().__init__("\n".join(str(fault) for fault in self.faults))
