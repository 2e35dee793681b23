"""The header of a mail: its fields as they were written, and what matches it with a case and a person."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Final, Self

from notifications.reading import authentication
from notifications.reading.addresses import mailboxes, plain, token
from notifications.reading.decoding import header_text, unraw
from notifications.reading.facts import Envelope, Mailbox, Own
from notifications.reading.files import Part

RECIPIENTS: Final = (
    *("To", "Cc", "Delivered-To", "X-Original-To", "X-Forwarded-To", "Envelope-To", "X-Envelope-To", "Resent-To"),
    "X-Rcpt-To",
)
MESSAGE_ID: Final = re.compile(r"<([^<>\s]{1,998})>")
LONGEST_REFERENCES: Final = 50_000
LONGEST_SUBJECT: Final = 998


@dataclass(frozen=True, slots=True)
class Headers:
    """Values by their lower-case names, bytes above ASCII as surrogates."""

    fields: Mapping[str, list[str]]

    @classmethod
    def of(cls, message: Part) -> Self:
        fields: dict[str, list[str]] = {}
        for name, value in message.raw_items():
            fields.setdefault(name.lower(), []).append(str(value))
        return cls(fields)

    def all(self, name: str) -> list[str]:
        return self.fields.get(name.lower(), [])

    def first(self, name: str) -> str:
        """Its first value, trimmed; empty when there is none."""
        values = self.fields.get(name.lower())
        return values[0].strip() if values else ""

    def has(self, name: str) -> bool:
        return name.lower() in self.fields

    def boxes(self, *names: str) -> list[Mailbox]:
        return [each for name in names for value in self.all(name) for each in mailboxes(value)]

    def ids(self, name: str) -> tuple[str, ...]:
        """Message-IDs in angle brackets; a single one that lacks them gets them."""
        values = unraw(" ".join(self.all(name))[:LONGEST_REFERENCES])
        found = tuple(dict.fromkeys(f"<{each}>" for each in MESSAGE_ID.findall(values)))
        bare = values.split()
        return found or ((f"<{bare[0]}>",) if len(bare) == 1 and "@" in bare[0] and "<" not in bare[0] else ())

    def date(self) -> datetime | None:
        try:
            found = parsedate_to_datetime(unraw(self.first("Date"))[:200])
            return found.astimezone(UTC) if found.tzinfo else found.replace(tzinfo=UTC)
        except (ValueError, TypeError, IndexError, OverflowError):
            return None


def envelope(headers: Headers, own: Own) -> Envelope:
    recipients = tuple({each.address: each for each in reversed(headers.boxes(*RECIPIENTS))}.values())[::-1]
    return Envelope(
        message_id=next(iter(headers.ids("Message-ID")), ""),
        senders=tuple(headers.boxes("From")),
        sender=next(iter(headers.boxes("Sender")), None),
        reply_to=tuple(headers.boxes("Reply-To")),
        return_path=_return_path(headers),
        recipients=recipients,
        tokens=_tokens(recipients, own.addresses),
        in_reply_to=headers.ids("In-Reply-To"),
        references=headers.ids("References"),
        subject=header_text(headers.first("Subject"))[:LONGEST_SUBJECT],
        date=headers.date(),
        verdicts=authentication.verdicts(headers.all("Authentication-Results"), own.trusted_authserv_ids),
    )


def _return_path(headers: Headers) -> str | None:
    """The address, empty for a mail that wants no answer, None where nothing is said."""
    if not headers.has("Return-Path"):
        return None
    found = mailboxes(headers.first("Return-Path"))
    return found[0].address if found else ""


def _tokens(recipients: Collection[Mailbox], addresses: Collection[str]) -> tuple[str, ...]:
    ours = (each.address for each in recipients if plain(each.address) in addresses)
    return tuple(dict.fromkeys(token(each) for each in ours if token(each)))
