"""Signing in by mail: somebody asks, a letter with a link comes, and a button makes a session.

Whoever asks is never told whether the address is known: asking looks nobody up, and the letter is written later.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Final, Protocol

from engine.access import Reach, reach
from engine.errors import Refused
from engine.link import digest_of
from engine.people import Grant, Recipient, Register
from engine.roles import OPERATOR, itself
from engine.secret import code_of, fits, fresh

LINK_LASTS: Final = timedelta(minutes=15)
SESSION_LASTS: Final = timedelta(hours=12)
IDLE_LASTS: Final = timedelta(hours=2)
NOTED_EVERY: Final = timedelta(minutes=5)  # a page that is looked at is no reason to write each time
MOST_WRONG_CODES: Final = 5
LONGEST_AGENT: Final = 200


@dataclass(frozen=True, slots=True)
class Limit:
    """So many at once, and one more after each pause."""

    most: int
    pause: timedelta


LETTERS_TO_ADDRESS: Final = Limit(5, timedelta(minutes=10))
LETTERS_FROM_NETWORK: Final = Limit(60, timedelta(seconds=10))  # a whole ministry may sit behind one
TRIES_FROM_NETWORK: Final = Limit(60, timedelta(seconds=10))


@dataclass(frozen=True, slots=True, kw_only=True)
class SignIn:
    """A wish to come in. `nonce`, `code` and `token` are digests; `try_at` is None when no letter is to be written."""

    id: str
    address: str
    nonce: str = ""  # what the browser that asked carries; "" when somebody else asked for this person
    code: str  # what that browser shows
    back: str = "/"
    asked_at: datetime
    try_at: datetime | None = None
    attempts: int = 0
    party: str = ""
    token: str | None = None
    expires_at: datetime
    used_at: datetime | None = None
    wrong: int = 0

    def open(self, now: datetime) -> bool:
        return bool(self.party) and not self.used_at and now < self.expires_at and self.wrong < MOST_WRONG_CODES


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """Somebody is signed in somewhere; `id` is the digest of the browser's cookie."""

    id: str
    party: str
    began_at: datetime
    seen_at: datetime
    ends_at: datetime
    agent: str = ""

    @property
    def key(self) -> str:
        """What people and commands call it."""
        return self.id[:12]

    def open(self, now: datetime) -> bool:
        return now < min(self.ends_at, self.seen_at + IDLE_LASTS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Visitor:
    """Whoever is signed in, and the plans shown to them; None means every plan."""

    party: str
    session: Session
    plans: frozenset[str] | None

    def sees(self, plan: str) -> bool:
        return self.plans is None or plan in self.plans


class WrongCode(Refused):
    def __init__(self, left: int) -> None:
        super().__init__("that is not the code")
        self.left = left


class NoWayIn(Refused):
    """A link that was used, is too old, or never was one; which of these is nobody's business."""


class Entrance(Protocol):
    """What signing in asks of the store."""

    def take(self, bucket: str, limit: Limit, now: datetime) -> timedelta | None:
        """Take one from a bucket; None when there was one, else how long until there is."""
        ...

    def ask(self, sign_in: SignIn) -> None: ...

    def asked(self, now: datetime, *, until: datetime, limit: int) -> Sequence[SignIn]:
        """Those whose letter is to be written now, oldest first; until then nobody else gets them."""
        ...

    def keep(self, sign_in: SignIn) -> None: ...

    def written(self, id: str) -> None:
        """No letter is to be written any more."""
        ...

    def sign_in(self, token: str) -> SignIn | None: ...

    def miss(self, token: str) -> None:
        """Count a wrong code."""
        ...

    def enter(self, token: str, session: Session, *, instead_of: str) -> bool:
        """Use up the link, end the browser's older session and keep the new one; False when the link was used."""
        ...

    def session(self, id: str) -> Session | None: ...

    def sessions(self, party: str = "") -> Sequence[Session]: ...

    def note(self, id: str, now: datetime) -> None:
        """The session was seen just now."""
        ...

    def end_sessions(self, ids: Sequence[str]) -> int: ...

    def end_all(self, party: str) -> int:
        """Every session of a party, and every link that it was sent."""
        ...

    def grant(self, grant: Grant) -> None: ...

    def withdraw(self, grant: Grant) -> bool: ...

    def plans_of(self, reach: Reach) -> frozenset[str]:
        """The plans on which somebody with this reach has a role."""
        ...

    def prune(self, now: datetime) -> None:
        """Forget links, sessions and buckets that are over."""
        ...


def admit(entrance: Entrance, address: str, network: str, now: datetime) -> timedelta | None:
    """None when a letter may be asked for; else how long to wait. An unknown address is counted like any other."""
    return entrance.take(f"network {network}", LETTERS_FROM_NETWORK, now) or entrance.take(
        f"address {digest_of(folded(address))}", LETTERS_TO_ADDRESS, now
    )


def ask(entrance: Entrance, address: str, *, nonce: str, back: str, now: datetime) -> None:
    """Keep the wish. It takes the same time whoever asks, for nobody is looked up."""
    entrance.ask(
        SignIn(
            id=fresh(),
            address=folded(address),
            nonce=digest_of(nonce),
            code=digest_of(code_of(nonce)),
            back=back,
            asked_at=now,
            try_at=now,
            expires_at=now + LINK_LASTS,
        )
    )


def invite(entrance: Entrance, party: str, *, now: datetime) -> tuple[str, str]:
    """A link and its code for somebody who cannot be reached by mail; both are needed."""
    token, nonce = fresh(), fresh()
    entrance.ask(
        SignIn(
            id=fresh(),
            address="",
            code=digest_of(code_of(nonce)),
            asked_at=now,
            expires_at=now + LINK_LASTS,
            party=party,
            token=digest_of(token),
        )
    )
    return token, code_of(nonce)


def folded(address: str) -> str:
    return address.strip().casefold()


def known_by(address: str, register: Register) -> list[str]:
    """Every party that writes from a folded address: persons who are here, or else whoever runs the service."""
    operator = folded(register.organisation.operator) == address
    return [f"person:{key}" for key in register.writers(address)] or ([OPERATOR] if operator else [])


@dataclass(frozen=True, slots=True)
class Invitation:
    """A link to be written to somebody, before it is kept."""

    sign_in: SignIn
    token: str
    to: Recipient


def invitations(sign_in: SignIn, register: Register, now: datetime) -> Iterator[Invitation]:
    """One for each party with the address that asked, each with a link of its own, and a new one with every try."""
    for place, party in enumerate([sign_in.party] if sign_in.party else known_by(sign_in.address, register)):
        if to := itself(party, register):
            token, id = fresh(), fresh() if place else sign_in.id
            its_own = replace(sign_in, id=id, party=party, token=digest_of(token), expires_at=now + LINK_LASTS)
            yield Invitation(its_own, token, to)


def opened(entrance: Entrance, token: str, now: datetime) -> SignIn:
    """NoWayIn unless the link still works. Looking uses nothing up."""
    found = entrance.sign_in(digest_of(token))
    if found is None or not found.open(now):
        raise NoWayIn("this link does not work")
    return found


def enter(
    entrance: Entrance, token: str, *, nonce: str, code: str, agent: str, cookie: str, now: datetime
) -> tuple[SignIn, str]:
    """Make a session in the browser that asked, or in one whose owner can say the code; returns its new cookie.

    `cookie` is that of the browser's session until now, which ends. WrongCode or NoWayIn; then nothing is used up,
    but a code that was tried counts.
    """
    found = opened(entrance, token, now)
    if not fits(nonce, found.nonce):
        _right(entrance, found, "".join(code.split()))
    fresh_cookie = fresh()
    session = Session(
        id=digest_of(fresh_cookie), party=found.party, began_at=now, seen_at=now, ends_at=now + SESSION_LASTS,
        agent=agent[:LONGEST_AGENT],
    )  # fmt: skip
    if not entrance.enter(digest_of(token), session, instead_of=digest_of(cookie) if cookie else ""):
        raise NoWayIn("this link does not work")
    return found, fresh_cookie


def _right(entrance: Entrance, found: SignIn, code: str) -> None:
    if fits(code, found.code):
        return
    assert found.token
    if len(code) == 6 and code.isdecimal():  # a robot that sends an empty form takes nobody's tries away
        entrance.miss(found.token)
        raise WrongCode(MOST_WRONG_CODES - found.wrong - 1)
    raise WrongCode(MOST_WRONG_CODES - found.wrong)


def visitor(entrance: Entrance, cookie: str, register: Register, *, today: date, now: datetime) -> Visitor | None:
    """Who a browser's cookie stands for; None when the session is over or its person has left."""
    session = entrance.session(digest_of(cookie)) if cookie else None
    if session is None or not session.open(now) or not _belongs(session.party, register):
        return None
    if now - session.seen_at >= NOTED_EVERY:
        entrance.note(session.id, now)
    found = reach(session.party, register, today)
    return Visitor(party=session.party, session=session, plans=None if found.everywhere else entrance.plans_of(found))


def _belongs(party: str, register: Register) -> bool:
    person = register.persons.get(party.removeprefix("person:"))
    return bool(person and person.active) if party.startswith("person:") else party == OPERATOR
