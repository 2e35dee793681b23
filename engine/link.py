"""What a letter gives to its receiver: a link to the page of one case, or an address by which a reply finds the letter.

Only the digest of a token is kept. A token is 128 random bits in lower-case base32, which outlives every mail system.
"""

import base64
import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal

BITS: Final = 128
TOKEN: Final = re.compile(r"[a-z2-7]{26}")
Purpose = Literal["page", "reply", "rhythm"]
REDACTED: Final = "[redacted]"
REVOKE: Final = "revoke"  # how a history calls it that links were taken back
_SOFT: Final = r"(?:=\r?\n)?"  # where quoted-printable may have broken a line
_BEFORE: Final = "|".join(_SOFT.join([*map(re.escape, words), ""]) for words in ("/l/", "/rhythm/", "/sign-in/", "+"))
_SECRETS: Final = re.compile(rf"({_BEFORE})(?:[a-z2-7]{_SOFT}){{26}}(?![a-z0-9])", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A case as a letter showed it: under which number, at which version, and the last event of its history by then."""

    ref: str
    number: str
    seen: int
    known: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """The right of one party to answer about the cases of one letter: one for a page, all of them for a reply. Of one
    whose purpose is a rhythm, to say when its overview comes.

    `for_whom` is the party by whose right it answers, where a colleague has passed the case on.
    """

    digest: str
    purpose: Purpose
    party: str
    for_whom: str = ""
    letter: str
    cases: tuple[Shown, ...]
    made_at: datetime
    expires_at: datetime
    revoked_at: datetime | None = None

    def good(self, now: datetime) -> bool:
        return self.revoked_at is None and now < self.expires_at

    @property
    def key(self) -> str:
        """By which a list names it; the token cannot be found from it."""
        return self.digest[:10]

    def by_number(self) -> Mapping[str, Shown]:
        """The cases by the number that the letter showed; the ref is understood as well."""
        return {it.ref.casefold(): it for it in self.cases} | {
            it.number.casefold(): it for it in self.cases if it.number
        }


def token_of(randomness: bytes) -> str:
    """The token that 16 random bytes make."""
    if len(randomness) * 8 != BITS:
        raise ValueError(f"a token is made of {BITS} random bits")
    return base64.b32encode(randomness).decode().rstrip("=").lower()


def digest_of(token: str) -> str:
    """What is kept of a token. Addresses lose their case on the way, so case does not count."""
    return hashlib.sha256(token.strip().lower().encode()).hexdigest()


def redacted(text: str) -> str:
    """A text without the tokens in its links and reply addresses, also where quoted-printable has broken them."""
    return _SECRETS.sub(lambda found: found[1] + REDACTED, text)
