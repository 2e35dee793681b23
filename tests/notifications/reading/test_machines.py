"""What no person wrote: our own mail, spam, automatic replies, delivery reports; and what only looks like it."""

from dataclasses import replace
from datetime import date

import pytest

from notifications.reading.facts import Away, Mailbox
from tests.notifications.reading.mails import OWN, TODAY, reading

AUTOMATIC = (
    "Auto-Submitted: auto-replied",
    "Auto-Submitted: auto-generated (rejected)",
    "Auto-Submitted: auto-replied; owner-email=kari@ud.example",
    "X-Autoreply: yes",
    "X-MS-Exchange-Inbox-Rules-Loop: kari@ud.example",
    "Precedence: bulk",
    "Precedence: auto_reply",
    "Return-Path: <>",
    "Subject: Automatisk svar: Over fristen",
    "Subject: Fraværsmelding: Over fristen",
    "Subject: Fråværsmelding",
    "Subject: Out of office: Over fristen",
    "Subject: Automatic reply: Overdue",
    "Subject: Autosvar: Over fristen",
    "From: noreply@ud.example",
)
PERSONAL = (
    "Auto-Submitted: no",
    "Auto-Submitted: No (typed by hand)",
    "X-Auto-Response-Suppress: All",
    "Precedence: normal",
    "Subject: SV: Skal vi ha automatisk svar i sommer?",
    "Subject: SV: Fristen for automatisering",
    "Subject: Fravær i juli",
    "Return-Path: <kari@ud.example>",
    "X-Spam-Flag: NO",
    "X-Spam-Status: No, score=0.1",
    "X-MS-Exchange-Organization-SCL: 1",
    "List-Id: Seksjonen <hum.ud.example>",
)
SPAM = (
    "X-Spam-Flag: YES",
    "X-Spam-Status: Yes, score=9.1 required=5.0",
    "X-MS-Exchange-Organization-SCL: 6",
    "X-Forefront-Antispam-Report: CIP:192.0.2.1;SCL:9;SFV:SPM",
    "X-Spam-Action: reject",
)


@pytest.mark.parametrize("header", AUTOMATIC)
def test_a_machine_is_known_by_its_header(header: str) -> None:
    assert reading("Gjort", header).klass == "auto-reply"


@pytest.mark.parametrize("header", PERSONAL)
def test_a_person_is_not_taken_for_a_machine(header: str) -> None:
    found = reading("Gjort", header)
    assert (found.klass, found.command) == ("reply", "report")


@pytest.mark.parametrize("header", SPAM)
def test_the_word_of_a_filter_is_believed(header: str) -> None:
    assert reading("Gjort", header).klass == "spam"


@pytest.mark.parametrize(
    "headers",
    [
        ["X-Tiltak-Loop: ud"],
        ["X-Tiltak-Loop: another"],
        ["From: Tiltak <tiltak@ud.example>"],
        ["From: <svar+abcdefghijklmnopqrstuvwxyz@ud.example>"],
        ["Message-ID: <t.abcdefghijklmnopqrstuvwxyz@ud.example>"],
        [f"Received: from a{n} by b{n}; Tue, 9 Jun 2026 10:00:00 +0200" for n in range(31)],
    ],
)
def test_our_own_mail_is_known_when_it_comes_back(headers: list[str]) -> None:
    found = reading("Gjort", *headers)
    assert (found.klass, found.command) == ("loop", None)
    assert found.why


def test_whoever_writes_from_the_address_they_write_to_is_a_loop_without_any_settings() -> None:
    stranger = replace(OWN, addresses=frozenset(), host="")
    found = reading("Hei", "From: svar@annen.example", "To: svar+token@annen.example", own=stranger)
    assert found.klass == "loop"


def test_a_colleague_whose_program_uses_our_domain_is_no_loop() -> None:
    assert reading("Gjort", "Message-ID: <8f7e-11@ud.example>").klass == "reply"


PLAIN = "--b\nContent-Type: text/plain\n\nGjort\n--b\n"


def test_an_answer_to_an_invitation_is_no_reply() -> None:
    mail = f"{PLAIN}Content-Type: text/calendar; method=REPLY\n\nBEGIN:VCALENDAR\nMETHOD:REPLY\n--b--\n"
    found = reading(mail, "Subject: Godtatt: Frist", kind='multipart/alternative; boundary="b"')
    assert (found.klass, found.command) == ("auto-reply", None)
    assert "calendar" in found.flags


def test_a_receipt_says_that_a_mail_was_shown_and_nothing_else() -> None:
    shown = "Disposition: manual-action/MDN-sent-manually; displayed"
    mail = f"{PLAIN}Content-Type: message/disposition-notification\n\n{shown}\n--b--\n"
    found = reading(mail, kind='multipart/report; report-type=disposition-notification; boundary="b"')
    assert (found.klass, found.command, found.absence) == ("auto-reply", None, None)
    assert "receipt" in found.flags


def test_a_mail_without_a_sender_is_of_no_known_kind() -> None:
    assert reading("Gjort", "From: ").klass == "unknown"


def away(text: str, *headers: str) -> Away | None:
    return reading(text, "Auto-Submitted: auto-replied", *headers, received=TODAY).absence


NOTES = {
    "Jeg har ferie fra og med 29. juni til og med 19. juli.\n\nKontakt Ola Nordmann, ola@ud.example.": Away(
        begins=date(2026, 6, 29), ends=date(2026, 7, 19), substitute=Mailbox("ola@ud.example", "Ola Nordmann")
    ),
    "Eg er ute av kontoret til 19. juli. Ta kontakt med postmottak@ud.example.": Away(
        ends=date(2026, 7, 19), substitute=Mailbox("postmottak@ud.example")
    ),
    "Eg har ferie f.o.m. 29.06 t.o.m. 19.07 og er attende på jobb 20.07.": Away(
        begins=date(2026, 6, 29), ends=date(2026, 7, 19)
    ),
    "Jeg er ikke til stede og er tilbake på kontoret mandag 20. juli.": Away(ends=date(2026, 7, 19)),
    "Jeg er i permisjon fra 1. juni til 31. desember 2026. Stedfortreder er Siri Eksempel.": Away(
        begins=date(2026, 6, 1), ends=date(2026, 12, 31), substitute=Mailbox("", "Siri Eksempel")
    ),
    "Eg er ikkje på kontoret før 22. juni.": Away(ends=date(2026, 6, 21)),
    "Jeg har permisjon ut august.": Away(ends=date(2026, 8, 31)),
    "Ferie uke 27, 28 og 29.": Away(begins=date(2026, 6, 29), ends=date(2026, 7, 19)),
    "Limited access to e-mail until 22 June. Please contact head of section Ola Nordmann at ola@ud.example": Away(
        ends=date(2026, 6, 22), substitute=Mailbox("ola@ud.example", "Ola Nordmann")
    ),
    "Ferie i uke 28-30.": Away(begins=date(2026, 7, 6), ends=date(2026, 7, 26)),
    "I am out of the office from 29 June to 19 July. Please contact Ola Nordmann (ola@ud.example).": Away(
        begins=date(2026, 6, 29), ends=date(2026, 7, 19), substitute=Mailbox("ola@ud.example", "Ola Nordmann")
    ),
    "I am away, returning to the office on July 20th.": Away(ends=date(2026, 7, 19)),
    "Kari Nordmann har sluttet i departementet. Henvendelser rettes til hum@ud.example.": Away(
        substitute=Mailbox("hum@ud.example"), left=True
    ),
    "Eg jobbar ikkje lenger i seksjonen.": Away(left=True),
    "Jeg er ikke lenger ansatt i UD.": Away(left=True),
    "I no longer work at the Ministry. Please write to hum@ud.example.": Away(
        substitute=Mailbox("hum@ud.example"), left=True
    ),
}


@pytest.mark.parametrize("note", NOTES)
def test_an_absence_is_understood(note: str) -> None:
    assert away(note) == NOTES[note]


@pytest.mark.parametrize(
    "note",
    ["Takk for e-posten. Den er mottatt.", "Vi svarer innen tre dager.", "I have left the office for today."],
)
def test_what_tells_of_no_absence_suggests_none(note: str) -> None:
    assert away(note) is None


def test_what_icloud_tells_beside_the_text_is_used() -> None:
    criteria = "X-Apple-Criteria: {kind=VACATION,startDate=2026-06-29T22:00:00Z,endDate=2026-07-19T21:59:59Z}"
    assert away("Jeg sover.", criteria) == Away(begins=date(2026, 6, 29), ends=date(2026, 7, 19))


def test_the_sender_is_not_their_own_substitute() -> None:
    assert away("Kontakt kari@ud.example når jeg er tilbake. Ellers kontakt Ola Nordmann ved behov.") == Away(
        substitute=Mailbox("", "Ola Nordmann")
    )
