"""The deadline in a calendar: one entry for a case, that follows the deadline and disappears with the duty."""

import email
import email.policy
from dataclasses import replace
from datetime import UTC, date, datetime
from email.message import EmailMessage

import pytest
from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar, Event

from engine.briefing import Briefing
from engine.link import Shown
from notifications.entries import MOST_ENTRIES, Entry, entries
from notifications.letters import Written
from notifications.message import Envelope, Stamp, assemble
from notifications.preview import sample

AT = datetime(2012, 6, 12, 5, 30, tzinfo=UTC)
STAMP = Stamp(sender="tiltak@ud.example", sender_name="Tiltak – oppfølging", host="ud.example", instance="ud")
ENVELOPE = Envelope(
    to="reg@ud.example", to_name="Regionalavdelingen", reply_to="", message_id="<t.aaaa@ud.example>", date=AT,
    language="nb",
)  # fmt: skip


def shown(briefing: Briefing, known: int = 4, **changes: object) -> Briefing:
    items = (
        replace(it, shown=Shown(ref=it.ref, number=it.number, seen=1, known=known), **changes)  # type: ignore[arg-type]
        for it in briefing.items
    )
    return replace(briefing, items=tuple(items))


def of(briefing: Briefing) -> list[Entry]:
    return entries(briefing, host="ud.example", sender=STAMP.sender, sender_name=STAMP.sender_name, at=AT)


def event_in(entry: Entry) -> Event:
    calendar = Calendar.from_ical(entry.content)
    assert isinstance(calendar, Calendar)
    assert calendar["METHOD"] == entry.method
    (event,) = calendar.events
    return event


@pytest.mark.parametrize("letter", ["assigned", "due_soon", "returned", "handed_over"])
def test_whoever_is_asked_for_something_gets_the_deadline_as_a_whole_day(letter: str) -> None:
    (entry,) = of(shown(sample(letter, "nb")))
    event = event_in(entry)
    assert entry.method == "PUBLISH"
    assert b"DTSTART;VALUE=DATE:20120629\r\n" in entry.content
    assert b"DTEND;VALUE=DATE:20120630\r\n" in entry.content  # RFC 5545, section 3.6.1: the day after the last
    assert (event["UID"], event["SEQUENCE"], event["STATUS"]) == ("iom-2011-3@ud.example", 4, "CONFIRMED")
    assert event["SUMMARY"] == "Frist: Vise til evalueringen i tildelingsbrevene"
    assert event["ORGANIZER"] == "mailto:tiltak@ud.example"  # RFC 5546, section 3.2.1: once, and no attendee
    assert event.DTSTAMP == AT
    assert "ATTENDEE" not in event
    assert b"/l/" not in entry.content  # calendars are shared: nobody answers by what stands in one
    assert max(map(len, entry.content.split(b"\r\n"))) <= 75


def test_a_deadline_that_moves_is_the_same_entry_with_a_higher_sequence() -> None:
    first = event_in(of(shown(sample("due_soon", "nb"), known=4))[0])
    moved = event_in(of(shown(sample("due_soon", "nb"), known=6, due=date(2012, 9, 3)))[0])
    assert first["UID"] == moved["UID"]
    assert (first["SEQUENCE"], moved["SEQUENCE"]) == (4, 6)
    assert date(2012, 9, 3) == moved.DTSTART


@pytest.mark.parametrize("letter", ["closed", "receipt"])
def test_the_entry_goes_when_nothing_is_awaited_any_more(letter: str) -> None:
    (entry,) = of(shown(sample(letter, "nb"), known=9))
    event = event_in(entry)
    assert (entry.method, event["STATUS"], event["SEQUENCE"]) == ("CANCEL", "CANCELLED", 9)
    assert event["UID"] == "iom-2011-3@ud.example"
    assert "ORGANIZER" in event


def test_an_answer_that_is_taken_back_puts_the_entry_in_again() -> None:
    awaited = sample("assigned", "nb").items[0].answers
    (entry,) = of(shown(sample("receipt", "nb"), known=10, move="undo", answers=awaited))
    assert (entry.method, event_in(entry)["SEQUENCE"]) == ("PUBLISH", 10)


@pytest.mark.parametrize(
    ("letter", "changes"),
    [
        ("assigned", {"due": None}),
        ("assigned", {"due": date(2012, 6, 11)}),  # yesterday
        ("assigned", {"answers": ()}),
        ("due_soon", {"role": "coordinator"}),
        ("overdue", {}),
        ("stalled", {}),
        ("asked", {}),
        ("fresh_link", {}),
        ("digest", {}),
        ("receipt", {"moved": False}),
        ("receipt", {"role": "coordinator"}),
    ],
)
def test_all_else_carries_none(letter: str, changes: dict[str, object]) -> None:
    assert of(shown(sample(letter, "nb"), **changes)) == []  # type: ignore[arg-type]


def test_several_cases_are_several_files_and_not_more_than_ten() -> None:
    item = shown(sample("assigned", "nb")).items[0]
    many = tuple(replace(item, ref=f"IOM-2011-{n}") for n in range(30))
    found = of(replace(sample("assigned", "nb"), kind="bundle", items=many))
    assert len({it.name for it in found}) == len(found) == MOST_ENTRIES
    assert len({event_in(it)["UID"] for it in found}) == MOST_ENTRIES


def test_the_attachment_says_what_it_is_to_every_mail_program() -> None:
    written = Written("Frist", "Hei på deg.\n", "<p>Hei på deg.</p>")
    found = of(shown(sample("assigned", "nb")))
    raw = assemble(written, STAMP, ENVELOPE, found)
    message = email.message_from_bytes(raw, policy=email.policy.default)
    assert isinstance(message, EmailMessage)
    assert message.get_content_type() == "multipart/mixed"
    words, attached = message.iter_parts()
    assert words.get_content_type() == "multipart/alternative"
    assert [it.get_content_type() for it in words.iter_parts()] == ["text/plain", "text/html"]
    kind = attached["Content-Type"]
    assert kind.content_type == "text/calendar"
    assert dict(kind.params) == {"method": "PUBLISH", "charset": "utf-8", "name": "iom-2011-3.ics"}
    assert (attached.get_content_disposition(), attached.get_filename()) == ("attachment", "iom-2011-3.ics")
    assert attached.get_payload(decode=True) == found[0].content
    assert raw.isascii()
    assert raw == assemble(written, STAMP, ENVELOPE, of(shown(sample("assigned", "nb"))))


@given(st.text(max_size=400), st.text(max_size=400), st.from_regex(r"[A-Z0-9ÆØÅ/ .]{1,12}", fullmatch=True))
def test_whatever_somebody_wrote_is_one_event_and_no_more(title: str, question: str, ref: str) -> None:
    (entry,) = of(shown(sample("assigned", "en"), title=title, question=question, ref=ref))
    event = event_in(entry)
    assert event["UID"] == f"{ref.lower()}@ud.example"
    assert str(event["SUMMARY"]).startswith("Deadline:")
    assert entry.content.count(b"BEGIN:VEVENT") == 1
    assert entry.name.isascii()
