"""A mail server with moods: it takes a letter, puts it off, refuses it, falls silent with it in hand, or hangs up."""

import email
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property

from notifications.post import SendError
from tests.simulation.crashing import Killed
from tests.simulation.dice import Dice

FINE = {"250": 1}
ROUGH = {
    "250": 8,
    "451": 2,
    "550": 1,
    "hangs with the letter": 2,
    "hangs without it": 1,
    "drops the line": 2,
    "kills before": 1,
    "kills after": 1,
}
AWAY = {"away": 1}


@dataclass(frozen=True)
class Mail:
    """A letter as it lies in somebody's mailbox."""

    to: str
    raw: bytes
    at: datetime  # by the clock of the node that sent it
    node: str

    @cached_property
    def message_id(self) -> str:
        return str(email.message_from_bytes(self.raw)["Message-ID"])


@dataclass
class PostOffice:
    dice: Dice
    mails: list[Mail] = field(default_factory=list)
    mood: dict[str, int] = field(default_factory=lambda: FINE)
    gone: set[str] = field(default_factory=set)  # addresses that no longer exist
    troubles: int = 0

    def answer(self, mail: Mail) -> str:
        """What the server says; a letter it takes lies in the mailbox from then on."""
        mood = "550" if mail.to in self.gone else self.dice.weighted(self.mood)
        if mood in ("250", "hangs with the letter", "kills after"):
            self.mails.append(mail)
        self.troubles += mood != "250"
        return mood


@dataclass(frozen=True)
class Counter:
    """Where one node hands in its letters. While the server thinks, others may act."""

    office: PostOffice
    node: str
    clock: Callable[[], datetime]
    meanwhile: Callable[[], None]
    handed_in: Callable[[Mail], None]

    async def __aenter__(self) -> "Counter":
        return self

    async def __aexit__(self, *_: object) -> None:
        return None

    async def send(self, raw: bytes, *, sender: str, recipient: str) -> str:
        assert sender
        mail = Mail(recipient, raw, self.clock(), self.node)
        self.handed_in(mail)
        self.meanwhile()
        mood = self.office.answer(mail)
        self.meanwhile()
        match mood:
            case "250":
                return "250 taken"
            case "451":
                raise SendError("451 4.7.1 greylisted")
            case "550":
                raise SendError("550 5.1.1 no such mailbox", permanent=True)
            case "hangs with the letter" | "hangs without it":
                raise SendError("no answer after the letter was handed over", unknown=True)
            case "drops the line" | "away":
                raise SendError("the connection was lost", lost=True)
            case _:
                raise Killed(mood)
