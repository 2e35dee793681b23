"""The links and the reply address of one letter: made when it is written, and kept only as digests."""

import secrets
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from engine.briefing import Briefing, Item
from engine.choosing import RECEIPT
from engine.link import BITS, Link, Purpose, Shown, digest_of, token_of
from engine.roles import OPERATOR
from notifications.abridging import MOST, foremost

ALWAYS: Final = frozenset(
    {"receipt", "fresh_link", "passed_on", "unclear", "confirm"}
)  # letters whose link is good for more than answers


@dataclass(frozen=True, slots=True)
class Linking:
    """Where the page behind a link is ("" = letters carry none), how long it is good, and whether replies are read.

    `choices` says whether people may choose when their overviews come.

    `reply_to` is the mailbox that is read; each letter gets an address of its own in it.
    """

    base_url: str = ""
    lasts: timedelta = timedelta(days=90)
    reply_to: str = ""
    choices: bool = False
    randomness: Callable[[int], bytes] = secrets.token_bytes

    def furnish(self, briefing: Briefing, now: datetime) -> tuple[Briefing, list[Link]]:
        """The briefing with the addresses its receiver answers at, and what is to be kept of them."""
        shown = {it.ref: it for it in briefing.items if it.shown}
        made: list[Link] = []
        if self.reply_to and shown:
            token = self._token(made, briefing, "reply", list(_cases(briefing)), now)
            local, _, host = self.reply_to.partition("@")
            briefing = replace(briefing, reply_to=f"{local}+{token}@{host}", replies_read=True)
        spoken_of = {it.ref for it in foremost(briefing.items)[:MOST]}
        wanted = [it for ref, it in shown.items() if ref in spoken_of and self._answerable(it)]
        pages = {it.ref: self._page(made, briefing, it, now) for it in wanted}
        items = tuple(
            replace(it, url=pages[it.ref], link=pages[it.ref]) if it.ref in pages else it for it in briefing.items
        )
        briefing = replace(briefing, items=items)
        if self.base_url and self.choices and self._may_choose(briefing):
            token = self._token(made, briefing, "rhythm", [], now)
            briefing = replace(briefing, rhythm_url=f"{self.base_url.rstrip('/')}/rhythm/{token}")
        return briefing, made

    def _may_choose(self, briefing: Briefing) -> bool:
        """Overviews and what confirms a choice: never a letter about what somebody owes, nor one to the operator."""
        chosen = briefing.kind == "digest" or any(it.letter == RECEIPT for it in briefing.items)
        return chosen and briefing.to.party != OPERATOR

    def _answerable(self, item: Item) -> bool:
        return bool(self.base_url) and bool(item.answers or item.letter in ALWAYS)

    def _page(self, made: list[Link], briefing: Briefing, item: Item, now: datetime) -> str:
        assert item.shown
        token = self._token(made, briefing, "page", [item.shown], now, for_whom=item.for_whom)
        return f"{self.base_url.rstrip('/')}/l/{token}"

    def _token(
        self, made: list[Link], briefing: Briefing, purpose: Purpose, cases: list[Shown], now: datetime,
        for_whom: str = "",
    ) -> str:  # fmt: skip
        token = token_of(self.randomness(BITS // 8))
        made.append(
            Link(
                digest=digest_of(token),
                purpose=purpose,
                party=briefing.to.party,
                for_whom=for_whom,
                letter=briefing.parcel,
                cases=tuple(cases),
                made_at=now,
                expires_at=now + self.lasts,
            )
        )
        return token


def _cases(briefing: Briefing) -> Iterator[Shown]:
    """Every case of the letter once, in the order in which it speaks of them."""
    seen: set[str] = set()
    for it in briefing.items:
        if it.shown and it.ref not in seen:
            seen.add(it.ref)
            yield it.shown
