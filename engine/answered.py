"""What came of an answer, for whoever gave it."""

from dataclasses import dataclass
from typing import Literal

from engine.case import Case, Event


@dataclass(frozen=True, slots=True)
class Answered:
    """`done` now, done `already` by the same answer before, or `late`: then `event` is what happened instead.

    `case` is the case as it stands.
    """

    outcome: Literal["done", "already", "late"]
    event: Event
    case: Case
