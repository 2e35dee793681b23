"""An absence that a machine has told of: kept as a suggestion, an absence only when somebody accepts it."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

Fate = Literal["open", "accepted", "declined"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggestion:
    """What an out-of-office note says. `id` is the number of the mail it stood in.

    `substitute` is a person's key where the one named is known; `named` is how the note names them. `left` says that
    the person works here no more.
    """

    id: int
    person: str
    first: date
    last: date | None = None
    substitute: str = ""
    named: str = ""
    left: bool = False
    fate: Fate = "open"
    at: datetime
