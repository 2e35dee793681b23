"""Which mail is the same mail: what its sender wrote tells, and not what servers have added on the way."""

import pytest

from engine.inbound import LONGEST_HEADERS, Received

HEADERS = b"Message-ID: <a@x.example>\nSubject: SV: 3\n"
MAIL = HEADERS + b"\nHei\n\nDet er gjort.\n"
TRACES = [b"Received: from a\n\tby b\n", b"Return-Path: <hum@ud.example>\n", b"DELIVERED-TO: svar@ud.example\n"]


def mail(raw: bytes, **more: object) -> Received:
    return Received(source="imap", raw=raw, **more)  # type: ignore[arg-type]


def with_headers(length: int) -> bytes:
    """A mail whose headers are so long."""
    return HEADERS + b"X-Long: " + b"x" * (length - len(HEADERS) - len(b"X-Long: ")) + b"\n\ngjort\n"


@pytest.mark.parametrize("trace", TRACES)
def test_what_a_server_adds_on_the_way_makes_no_other_mail(trace: bytes) -> None:
    assert mail(trace + MAIL).digest == mail(HEADERS + trace + MAIL[len(HEADERS) :]).digest == mail(MAIL).digest


def test_how_lines_end_makes_no_other_mail() -> None:
    other = mail(MAIL.replace(b"\n", b"\r\n"))
    assert (other.digest, other.message_id) == (mail(MAIL).digest, "<a@x.example>")


@pytest.mark.parametrize("end", [b"\n", b"\r\n"])
@pytest.mark.parametrize("trace", TRACES)
def test_a_word_of_the_sender_does_whatever_it_looks_like(trace: bytes, end: bytes) -> None:
    said = MAIL.replace(b"Hei\n", b"Hei\n" + trace)
    assert mail(said.replace(b"\n", end)).digest != mail(MAIL.replace(b"\n", end)).digest


@pytest.mark.parametrize("end", [b"\n", b"\r\n"])
def test_a_message_id_that_the_sender_quotes_is_not_that_of_the_mail(end: bytes) -> None:
    quoting = b"Subject: SV: 3\n\nHei\nMessage-ID: <theirs@x.example>\n\nSe over.\n"
    assert mail(quoting.replace(b"\n", end)).message_id == ""


def test_headers_count_as_such_up_to_a_length_that_no_honest_mail_has() -> None:
    longest = with_headers(LONGEST_HEADERS - len(TRACES[0]))
    assert mail(TRACES[0] + longest).digest == mail(longest).digest
    longer = with_headers(LONGEST_HEADERS)
    assert mail(TRACES[0] + longer).digest != mail(longer).digest


def test_beyond_it_no_message_id_is_looked_for_and_nothing_of_the_mail_is_left_out() -> None:
    hidden = b"X-Long: " + b"x" * LONGEST_HEADERS + b"\n" + MAIL
    assert mail(hidden).message_id == ""
    assert mail(hidden).digest != mail(hidden + b"Og mer.\n").digest


@pytest.mark.parametrize(("size", "cut"), [(0, False), (len(MAIL), False), (len(MAIL) + 1, True)])
def test_a_mail_of_which_not_all_was_taken_is_known_to_be_cut(size: int, cut: bool) -> None:
    assert mail(MAIL, size=size).cut == cut
