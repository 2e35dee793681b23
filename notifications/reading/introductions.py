"""Where a program introduces what it quotes: our own marker, a header, a separator, "… skrev …:", or the first "
"`>`."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

from notifications.reading import tongues
from notifications.reading.markup import QUOTATION

Kind = Literal["marker", "mark", "header", "separator", "attribution", "quote"]
LABEL: Final = re.compile(r"^[\s*_]{0,8}([^\W\d_][^:：*_\n]{0,22}?)[*_ ]{0,3}[:：](.*)$")
QUOTED: Final = re.compile(r"^\s{0,3}(?:>|\|(?:\s|$))")
ROLES: Final = frozenset({"from", "sent", "to", "cc", "subject"})
LONGEST_HEADER: Final = 16
LONGEST_ATTRIBUTION: Final = 4
ENDS: Final = (":", "：")


@dataclass(frozen=True, slots=True)
class Cut:
    """Lines `begins` until before `ends` introduce somebody else's words."""

    begins: int
    ends: int
    kind: Kind


def quoted(line: str) -> bool:
    return line.startswith(">") or QUOTED.match(line) is not None


def next_cut(seen: Sequence[str], start: int) -> Cut | None:
    """The first introduction at or below `start`."""
    for at in range(start, len(seen)):
        line = seen[at].strip()
        if line:
            cut = _cut(seen, start, at, line)
            if cut:
                return cut
    return None


def _cut(seen: Sequence[str], start: int, at: int, line: str) -> Cut | None:
    if line.startswith(QUOTATION):
        return _marked(seen, at)
    if tongues.BARE.match(line):
        return Cut(at, at + 1, "attribution")
    if quoted(seen[at]):
        return _weak(seen, start, at) or Cut(at, at, "attribution" if _introduced_within(seen, at) else "quote")
    if tongues.MARKERS.search(line):
        return Cut(at, at + 1, "marker")
    if tongues.SEPARATOR.match(line[:300]):
        return Cut(at, _ends_below(seen, at + 1), "separator")
    if ":" in line or "：" in line:
        return _header(seen, at) or _attribution(seen, start, at, line)
    return None


def _marked(seen: Sequence[str], at: int) -> Cut:
    """A client's own mark in its HTML, and the introduction below it where there is one."""
    below = at + 1
    while below < len(seen) and (not seen[below].strip() or seen[below].startswith(QUOTATION)):
        below += 1
    for end in range(below, min(below + LONGEST_ATTRIBUTION, len(seen))):
        if not seen[end].strip():
            break
        if seen[end].rstrip(" *_").endswith(ENDS):
            return Cut(at, end + 1, "mark")
    return Cut(at, below, "mark")


def _ends_below(seen: Sequence[str], at: int) -> int:
    """Where what is introduced begins: below the header or the "… skrev …:" that may follow a separator."""
    below = at
    while below < len(seen) and not seen[below].strip():
        below += 1
    header = _header(seen, below, fewest=2) if below < len(seen) else None
    if header:
        return header.ends
    for end in range(below, min(below + LONGEST_ATTRIBUTION, len(seen))):
        attribution = _attribution(seen, below, end, seen[end].strip())
        if attribution:
            return attribution.ends
    return at


def _header(seen: Sequence[str], begins: int, *, fewest: int = 3) -> Cut | None:
    """Three labels of different kinds, who and when among them, one below the other; long values may be wrapped."""
    roles: set[str] = set()
    needed = {"from", "sent"} if fewest > 2 else {"from"}
    at, ends, wrapped, address = begins, begins, 0, False
    while at < len(seen) and at < begins + LONGEST_HEADER and wrapped <= 3:
        role, value = _label(seen[at])
        if role:
            roles.add(role)
            ends, wrapped = at + 1, 0
            address |= "@" in value
        elif not seen[at].strip():
            if not any(_label(line)[0] for line in seen[at + 1 : at + 3]):
                break
        elif not roles:
            return None
        else:
            wrapped += 1
            address |= "@" in seen[at]
        at += 1
    enough = len(roles & ROLES) >= fewest and roles >= needed and ("subject" in roles or address)
    return Cut(begins, ends, "header") if enough else None


def _label(line: str) -> tuple[str, str]:
    match = LABEL.match(line[:200])
    return (tongues.LABELLED.get(match[1].strip().lower(), ""), match[2]) if match else ("", "")


def _attribution(seen: Sequence[str], start: int, at: int, line: str) -> Cut | None:
    """A line that ends as "… skrev NN:" does, with the one to three lines above it that belong to it."""
    if not line.rstrip(" *_").endswith(ENDS):
        return None
    for begins, joined in _candidates(seen, start, at):
        if _introduces(joined, followed=_quoted_below(seen, at + 1), begun=bool(tongues.BEGINNING.match(joined))):
            return Cut(begins, at + 1, "attribution")
    return None


def _weak(seen: Sequence[str], start: int, at: int) -> Cut | None:
    """Right above a quotation less is asked of an introduction: it may lack the colon."""
    end = at - 1
    while end >= start and not seen[end].strip():
        end -= 1
    if end < start or at - end > 3:
        return None
    for begins, joined in _candidates(seen, start, end):
        said = tongues.VERB.search(joined) or tongues.MAIL_ADDRESS.search(joined)
        if tongues.BEGINNING.match(joined) and said and not tongues.FIRST_PERSON.search(joined):
            return Cut(begins, end + 1, "attribution")
    return None


def _introduced_within(seen: Sequence[str], at: int) -> bool:
    """Some telephones quote the introduction as well."""
    first = [line.strip(" >|\t") for line in seen[at : at + 2 * LONGEST_ATTRIBUTION] if quoted(line)]
    found = next_cut([line for line in first if line], 0)
    return found is not None and found.kind in ("attribution", "header", "separator")


def _candidates(seen: Sequence[str], start: int, end: int) -> list[tuple[int, str]]:
    """The line with those above it, longest first, that begin as an introduction does; else the one that has the "
    "verb."""
    found: list[tuple[int, str]] = []
    joined = ""
    for begins in range(end, max(start, end - LONGEST_ATTRIBUTION + 1) - 1, -1):
        line = seen[begins].strip()
        if not line or quoted(line):
            break
        joined = f"{line} {joined}".strip()
        found.append((begins, joined))
    begun = [each for each in reversed(found) if tongues.BEGINNING.match(each[1])]
    if begun:
        return begun
    return sorted(found[:2], key=lambda each: tongues.VERB.search(each[1]) is None)


def _quoted_below(seen: Sequence[str], at: int) -> bool:
    while at < len(seen) and not seen[at].strip():
        at += 1
    return at < len(seen) and quoted(seen[at])


def _introduces(joined: str, *, followed: bool, begun: bool) -> bool:
    if len(joined) > 500:
        return False
    address = tongues.MAIL_ADDRESS.search(joined) is not None
    moment = tongues.YEAR.search(joined) is not None and tongues.CLOCK.search(joined) is not None
    if followed and (moment or address):
        return True
    if not tongues.VERB.search(joined):
        return begun and address and moment
    if tongues.FIRST_PERSON.search(joined) and not followed:
        return False
    if address:
        return begun or moment or "<" in joined
    if moment:
        return begun and _by_name(joined)
    return followed and len(joined) <= 200


def _by_name(joined: str) -> bool:
    """Whether a mere name stands behind the verb, or nothing: no "skrev departementet til alle:"."""
    verb = tongues.VERB.search(joined)
    if verb is None:
        return False
    behind = joined[verb.end() :].strip(" *_:：").split()
    return all(not word[:1].islower() or word in ("av", "via", "von", "van", "de") for word in behind)
