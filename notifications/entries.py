"""A deadline as an entry in a calendar, that moves with it and goes when the duty goes (RFC 5545, RFC 5546)."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final, Literal

from engine.briefing import Briefing, Item
from notifications.abridging import foremost

if TYPE_CHECKING:
    from icalendar import Event  # most processes write no entry, and its import takes longer than all of ours

ASKING: Final = frozenset({"assigned", "due_soon", "returned", "handed_over", "passed_on"})
MOST_ENTRIES: Final = 10  # a letter with more attachments looks like an archive, and mail servers treat it like one
LONGEST: Final = 200
FRIST: Final = {"nb": "Frist", "nn": "Frist", "en": "Deadline"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One attachment: `name` of its file, `method` as the mail's header has to say it as well."""

    name: str
    method: Literal["PUBLISH", "CANCEL"]
    content: bytes


def entries(briefing: Briefing, *, host: str, sender: str, sender_name: str, at: datetime) -> list[Entry]:
    """One file for each case whose deadline the receiver answers for: Outlook takes up one event of a file.

    An overview has none: its reader watches over other people's deadlines.
    """
    found = [(it, method) for it in foremost(briefing.items) if (method := method_of(it, briefing))]
    made = ((it, method, _event(it, method, briefing.language, host, at)) for it, method in found[:MOST_ENTRIES])
    return [
        Entry(name=f"{_plain(it.ref)}.ics", method=method, content=_file(event, method, sender, sender_name))
        for it, method, event in made
    ]


def method_of(item: Item, briefing: Briefing) -> Literal["", "PUBLISH", "CANCEL"]:
    """What becomes of the entry: it is put in where an answer is awaited, and taken out when none is any more."""
    if briefing.kind == "digest" or not (item.due and item.shown):
        return ""
    if item.letter == "passed_on" or item.role == "responsible":
        awaited = bool(item.answers) and item.due >= briefing.today
        if awaited and (item.letter in ASKING or item.move == "undo"):
            return "PUBLISH"
        if item.letter == "closed" or (item.letter == "receipt" and item.moved and not item.answers):
            return "CANCEL"
    return ""


def _file(event: "Event", method: str, sender: str, sender_name: str) -> bytes:
    from icalendar import Calendar, vCalAddress, vText

    organizer = vCalAddress(f"mailto:{sender}")
    organizer.params["CN"] = vText(sender_name)
    event.add("organizer", organizer)
    calendar = Calendar()
    for name, value in (("prodid", "-//Tiltak//Tiltak//NO"), ("version", "2.0"), ("method", method)):
        calendar.add(name, value)
    calendar.add_component(event)
    return bytes(calendar.to_ical())


def _event(item: Item, method: str, language: str, host: str, at: datetime) -> "Event":
    """Of one case always the same UID; SEQUENCE is the number of the last line of its history, so it only grows.

    No attendee, so that nobody is asked to accept; no link, since calendars are shared.
    """
    from icalendar import Event

    assert item.due
    assert item.shown
    event = Event()
    facts: dict[str, object] = {
        "uid": f"{item.ref.lower()}@{host}",
        "sequence": item.shown.known,
        "dtstamp": at,
        "dtstart": item.due,
        "dtend": item.due + timedelta(days=1),
        "summary": _words(f"{FRIST[language]}: {item.title}"),
        "description": _words(f"{item.question or item.title} ({item.ref}, {item.plan_title})"),
        "transp": "TRANSPARENT",  # a deadline keeps nobody busy
        "status": "CANCELLED" if method == "CANCEL" else "CONFIRMED",
    }
    for name, value in facts.items():
        event.add(name, value)
    return event


def _words(text: str) -> str:
    return " ".join(re.sub(r"[\x00-\x1f\x7f]", " ", text).split())[:LONGEST]


def _plain(ref: str) -> str:
    return re.sub(r"[^a-z0-9-]+", "-", ref.lower()).strip("-") or "frist"
