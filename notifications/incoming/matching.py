"""Which letter a mail answers, and which of its cases it means: never by its subject."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Protocol

from engine.inbound import Inbound
from engine.link import Link, Shown, digest_of
from notifications.incoming.machines import letter_of
from notifications.reading.addresses import plain, token
from notifications.reading.facts import Own, Reading


class Links(Protocol):
    def links(self, digests: Collection[str]) -> Mapping[str, Link]: ...

    def reply_link(self, letter_id: str) -> Link | None: ...


def matched(mails: Sequence[tuple[Inbound, Reading]], links: Links, own: Own) -> Mapping[int, Link]:
    """By the token in the address that a mail went to, else by the letter it answers. All tokens are asked at once."""
    tokens = {mail.id: [digest_of(it) for it in _tokens(mail, reading, own)] for mail, reading in mails}
    known = links.links({digest for those in tokens.values() for digest in those})
    found: dict[int, Link] = {}
    for mail, reading in mails:
        good = (known[it] for it in tokens[mail.id] if it in known and known[it].purpose == "reply")
        if link := next(good, None) or _by_message_id(reading, links, own):
            found[mail.id] = link
    return found


def _tokens(mail: Inbound, reading: Reading, own: Own) -> Iterator[str]:
    ours = mail.rcpt.lower()
    tokens = [token(ours)] if plain(ours) in own.addresses else []
    yield from filter(None, (*tokens, *reading.envelope.tokens))


def _by_message_id(reading: Reading, links: Links, own: Own) -> Link | None:
    for message_id in (*reading.envelope.in_reply_to, *reversed(reading.envelope.references)):
        letter_id = letter_of(message_id, own.host)
        if letter_id and (link := links.reply_link(letter_id)):
            return link
    return None


def shown_in(link: Link, reading: Reading) -> Shown | None:
    """The case that a mail means: by its number, or the only one there is."""
    known: Mapping[str, Shown] = link.by_number()
    if reading.number:
        return known.get(reading.number.casefold())
    return link.cases[0] if len(link.cases) == 1 else None


def meant(link: Link, reading: Reading) -> Shown:
    """The same, or the first where it cannot be told."""
    return shown_in(link, reading) or link.cases[0]
