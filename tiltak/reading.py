"""How mail is read, by the settings: who we are in it, and which words are commands."""

from datetime import date
from typing import Final, Protocol

from engine.workflow import Workflows
from notifications.readers import Readers
from notifications.reading.commands import vocabulary
from notifications.reading.facts import Own, Reading
from tiltak.settings import Settings

NAMELESS: Final = "(none)"  # how the setting names a server that writes no name, as Microsoft's do


def ourselves(settings: Settings) -> Own:
    """By which the reader knows our own mail when it comes back."""
    mail, trusted = settings.mail, settings.inbound.trusted_authserv_id
    return Own(
        instance=settings.organisation.key,
        host=mail.message_id_host,
        addresses=frozenset(each.lower() for each in (mail.sender, mail.reply_to, mail.return_path) if each),
        trusted_authserv_ids=frozenset({"" if trusted == NAMELESS else trusted} if trusted else ()),
    )


class Reads(Protocol):
    """Reads one mail at a time, whatever it may be."""

    def read(self, raw: bytes, *, received: date) -> Reading: ...

    def close(self) -> None: ...


def begin_readers(settings: Settings, workflows: Workflows) -> Readers:
    return Readers(ourselves(settings), vocabulary(workflows.by_key.values()))
