"""What an out-of-office note says: from when to when, who stands in, and whether the person is gone for good."""

import re
from datetime import date
from typing import Final

from notifications.reading import periods
from notifications.reading.facts import Away, Mailbox

LEFT: Final = re.compile(
    r"\bhar (?:nå |no )?(?:sluttet|slutta|begynt i ny jobb|byrja i ny jobb|gått av med pensjon"
    r"|gått over i ny stilling)\b"
    r"|\b(?:slutter|sluttar|sluttet|slutta) (?:i|ved|hos|som)\b"
    r"|\b(?:jobber|arbeider|jobbar|arbeidar|er) (?:ikke|ikkje) (?:lenger|lengre|lenger her|meir)\b(?: (?:ansatt"
    r"|tilsett|i|ved|hos|her|på))?"
    r"|\b(?:ikke|ikkje) (?:lenger|lengre) (?:ansatt|tilsett|i bruk)\b|\ber (?:blitt )?pensjonist\b"
    r"|\bno longer (?:work\w*|with|employed|at|part of)\b|\bhas retired\b|\bi have retired\b|\bha(?:s|ve) moved on\b"
    r"|\b(?:has|have|i) left (?:the )?(?:company|organi[sz]ation|ministry|department|embassy|agency|firm|position"
    r"|directorate|section|service)\b"
    r"|\b(?:arbetar|jobbar) inte längre\b|\bhar slutat\b|\ber stoppet (?:i|hos|som)\b|\bhar fratrådt\b",
    re.IGNORECASE,
)
ASKED: Final = re.compile(
    r"\b(?:kontakt(?:e|es|ast)?|kontaktperson(?:en)?(?: min)?(?: er)?|ta kontakt med|vend(?:e)? deg til"
    r"|henvend(?:e)? deg til"
    r"|henvendelser(?: kan)?(?: rettes)? til|førespurnader(?: kan)?(?: rettast)? til"
    r"|skriv til|send (?:e-post )?til|ring|stedfortreder(?:en)?(?: min)?(?: er)?"
    r"|stadfortredar(?:en)?(?: min)?(?: er)?|vikar(?:en)?(?: min)?(?: er)?"
    r"|vikarierer|kollega(?:en)?(?: min)?|contact|reach(?: out to)?|e-?mail|write to|get in touch with|refer to"
    r"|colleague|substitute(?: is)?"
    r"|stand-?in(?: is)?|covering for me|deputy(?: is)?|etterfølger(?:en)?(?: min)?(?: er)?"
    r"|etterfølgjar(?:en)?(?: min)?(?: er)?|successor(?: is)?"
    r"|saker (?:overtas|overtakast) av|(?:overtar|overtek|tek over|tar over)|meg i fraværet|for meg)\b[\s:,]*",
    re.IGNORECASE,
)
ADDRESS: Final = re.compile(r"[\w.+'-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,6}")
NAME: Final = re.compile(
    r"(?:[a-zæøåé-]{1,30},?\s+){0,3}"
    r"(?P<name>[A-ZÆØÅÄÖÉ][\w'’-]{1,30}(?:\s+(?:av|von|de|van))?(?:\s+[A-ZÆØÅÄÖÉ][\w.'’-]{0,30}){1,3})"
)
STARTS: Final = re.compile(r"startDate=(\d{4}-\d\d-\d\d)")
ENDS: Final = re.compile(r"endDate=(\d{4}-\d\d-\d\d)")
LONGEST: Final = 6_000
NEAR: Final = 120
MOST: Final = 40


def away(subject: str, text: str, *, sender: str, received: date, criteria: str = "") -> Away | None:
    """What the note says; None when it says nothing of all this. `criteria` is what iCloud tells beside the text."""
    text = text[:LONGEST]
    begins, ends = _by_criteria(criteria) or _by_words(subject, text, received)
    found = Away(
        begins=begins,
        ends=ends,
        substitute=_substitute(text, sender),
        left=LEFT.search(f"{subject}\n{' '.join(text.split())}") is not None,
    )
    return found if found != Away() else None


def _by_criteria(criteria: str) -> tuple[date | None, date | None] | None:
    starts, ends = STARTS.search(criteria), ENDS.search(criteria)
    try:
        found = starts and date.fromisoformat(starts[1]), ends and date.fromisoformat(ends[1])
    except ValueError:
        return None
    return found if found != (None, None) else None


def _by_words(subject: str, text: str, received: date) -> tuple[date | None, date | None]:
    """The text says it better than the subject, which often is that of our own letter."""
    found = periods.find(text, received)
    return found if found != (None, None) else periods.find(subject, received)


def _substitute(text: str, sender: str) -> Mailbox | None:
    """Whoever is named after "contact" or the like: by address where there is one, else by name."""
    flat = " ".join(text.split())
    named: Mailbox | None = None
    asked = list(ASKED.finditer(flat))[:MOST]
    for match, following in zip(asked, [*asked[1:], None], strict=False):
        ends = min(match.end() + NEAR, following.start() if following else len(flat))
        near = flat[match.end() : ends]
        name = NAME.match(near)
        address = ADDRESS.search(near)
        if address and address[0].lower().rstrip(".") != sender:
            return Mailbox(address[0].lower().rstrip("."), _name(name))
        named = named or (Mailbox("", _name(name)) if name else None)
    return named


def _name(match: re.Match[str] | None) -> str:
    return match["name"].rstrip(".,") if match else ""
