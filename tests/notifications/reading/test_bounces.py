"""Delivery reports: by the standard, and in the words of servers that do not know it."""

import pytest

from notifications.reading.facts import Reading
from tests.notifications.reading.mails import reading

OURS = "<t.abcdefghijklmnopqrstuvwxyz@ud.example>"
SERVER = "From: Mail Delivery System <MAILER-DAEMON@mx.annen.example>"


def report(*fields: str, returned: str = "message/rfc822") -> Reading:
    lines = [
        "--b",
        "Content-Type: text/plain",
        "",
        "I'm sorry to have to inform you.",
        "--b",
        "Content-Type: message/delivery-status",
        "",
        "Reporting-MTA: dns; mx.annen.example",
        "",
        *fields,
        "",
        "--b",
        f"Content-Type: {returned}",
        "",
        "From: Tiltak <tiltak@ud.example>",
        "X-Tiltak-Loop: ud",
        f"Message-ID: {OURS}",
        "Subject: Over fristen",
        "",
        "Gjort",
        "--b--",
    ]
    kind = 'multipart/report; report-type=delivery-status; boundary="b"'
    return reading("\n".join(lines), SERVER, "Return-Path: <>", "Auto-Submitted: auto-replied", kind=kind)


def failed(status: str, said: str = "smtp; 550 no") -> Reading:
    return report(
        "Final-Recipient: rfc822; Ola@Annen.example", "Action: failed", f"Status: {status}", f"Diagnostic-Code: {said}"
    )


@pytest.mark.parametrize("returned", ["message/rfc822", "text/rfc822-headers"])
def test_a_report_names_address_status_and_our_letter(returned: str) -> None:
    found = report("Final-Recipient: rfc822; ola@annen.example", "Action: failed", "Status: 5.1.1", returned=returned)
    assert (found.klass, found.command) == ("bounce", None)
    assert found.bounce
    assert (found.bounce.address, found.bounce.status, found.bounce.permanent) == ("ola@annen.example", "5.1.1", True)
    assert found.bounce.message_id == OURS


@pytest.mark.parametrize(
    ("status", "said", "permanent"),
    [
        ("5.1.1", "smtp; 550 5.1.1 user unknown", True),
        ("5.1.10", "smtp; 550 5.1.10 recipient not found", True),
        ("5.2.1", "smtp; 550 5.2.1 mailbox disabled", True),
        ("5.0.0", "smtp; 550 No such user here", True),
        ("5.0.0", "smtp; 550 5.1.1 whatever", True),
        ("5.0.0", "smtp; 554 transaction failed", False),
        ("5.2.2", "smtp; 552 5.2.2 mailbox full", False),
        ("5.7.1", "smtp; 550 5.7.1 refused by policy", False),
        ("5.1.8", "smtp; 501 5.1.8 sender address rejected", False),
        ("4.4.1", "smtp; no answer", False),
    ],
)
def test_only_an_address_that_is_nobodys_is_bad_for_good(status: str, said: str, permanent: bool) -> None:
    found = failed(status, said)
    assert found.bounce
    assert found.bounce.permanent is permanent
    assert found.bounce.status == status


@pytest.mark.parametrize("action", ["delayed", "delivered", "relayed", "expanded"])
def test_a_report_of_delay_or_success_is_no_failure(action: str) -> None:
    found = report("Final-Recipient: rfc822; ola@annen.example", f"Action: {action}", "Status: 4.4.1")
    assert found.klass == "bounce"
    assert found.bounce
    assert (found.bounce.action, found.bounce.permanent) == (action, False)


def test_every_recipient_of_a_report_is_named() -> None:
    found = report(
        *("Final-Recipient: rfc822; ola@annen.example", "Action: failed", "Status: 5.1.1", ""),
        *("Final-Recipient: rfc822; siri@annen.example", "Action: delayed", "Status: 4.2.2"),
    )
    assert [(each.address, each.permanent) for each in found.bounces] == [
        ("ola@annen.example", True),
        ("siri@annen.example", False),
    ]


QMAIL = """Hi. This is the qmail-send program at mx.annen.example.

<ola@annen.example>:
Sorry, no mailbox here by that name. (#5.1.1)
"""
EXCHANGE = """Your message

  Subject: Over fristen

did not reach the following recipient(s):

ola@annen.example on Tue, 9 Jun 2026
    User unknown
"""
NORWEGIAN = """Meldingen kunne ikke leveres til:

ola@annen.example

550 5.1.1 adressen finnes ikke
"""
LETTERS = {
    "failure notice": QMAIL,
    "Undeliverable: Over fristen": EXCHANGE,
    "Kan ikke leveres: Over fristen": NORWEGIAN,
}


@pytest.mark.parametrize("subject", LETTERS)
def test_a_server_that_writes_in_words_is_understood(subject: str) -> None:
    found = reading(LETTERS[subject], SERVER, f"Subject: {subject}")
    assert found.klass == "bounce"
    assert found.bounce
    assert (found.bounce.address, found.bounce.permanent) == ("ola@annen.example", True)


def test_a_warning_of_delay_in_words_is_not_for_good() -> None:
    text = "Your message to ola@annen.example has been delayed. It will be retried for 3 days.\n451 4.4.1 no answer"
    found = reading(text, SERVER, "Subject: Warning: could not send message for past 4 hours")
    assert found.bounce
    assert (found.bounce.action, found.bounce.permanent) == ("delayed", False)


def test_the_header_in_the_copy_tells_which_letter_it_was() -> None:
    copy = f"--- Below this line is a copy of the message.\n\nReturn-Path: <retur@ud.example>\nMessage-ID: {OURS}\n"
    found = reading(f"<ola@annen.example>:\nuser unknown\n\n{copy}", SERVER, "Subject: failure notice")
    assert found.bounce
    assert found.bounce.message_id == OURS


def test_a_person_who_speaks_of_a_failure_is_a_person() -> None:
    text = "E-posten til ola@annen.example kom i retur: 550 5.1.1 user unknown. Delivery failed."
    found = reading(text, "Subject: SV: Delivery failed")
    assert (found.klass, found.bounces) == ("reply", ())


def test_a_report_that_somebody_passes_on_is_no_report() -> None:
    inner = "\n".join(
        [
            *("--b", "Content-Type: text/plain", "", "Se vedlegg.", "--b", "Content-Type: message/rfc822", ""),
            *("From: MAILER-DAEMON@mx.annen.example", "Subject: Undelivered"),
            *("Content-Type: multipart/report; report-type=delivery-status; boundary=c", "", "--c"),
            *("Content-Type: message/delivery-status", "", "Reporting-MTA: dns; x", ""),
            *("Final-Recipient: rfc822; ola@annen.example", "Action: failed", "Status: 5.1.1", "--c--", "--b--"),
        ]
    )
    found = reading(inner, kind='multipart/mixed; boundary="b"')
    assert (found.klass, found.reply) == ("reply", "Se vedlegg.")
    assert [each.name for each in found.attachments] == ["attachment.eml"]


@pytest.mark.parametrize("line", ["\n", "-\n", ":\n", "-- \n", "- "])
def test_a_long_letter_of_nothing_is_read_to_the_limit(line: str) -> None:
    assert reading(line * 10_000, SERVER, "Subject: Undeliverable").klass == "bounce"
