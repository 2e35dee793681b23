"""The bytes of a letter: headers that survive Norwegian, nothing that forges one, the same letter the same bytes."""

import base64
import email
import email.policy
from dataclasses import replace
from datetime import UTC, datetime
from email.message import EmailMessage

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notifications.letters import Written, write
from notifications.message import Envelope, Stamp, assemble, subject_of
from notifications.preview import LETTERS, sample

TITLE = "Vise til evalueringen i tildelingsbrevene – også for ambassadene"
STAMP = Stamp(sender="tiltak@ud.example", sender_name="Tiltak – oppfølging", host="ud.example", instance="ud")
ENVELOPE = Envelope(
    to="kjære@ud.example".encode("ascii", "ignore").decode(),
    to_name="Kåre Ærlig, Seksjon Ø",
    reply_to="hum@ud.example",
    message_id="<t.aaaaaaaaaaaaaaaaaaaaaaaaaa@ud.example>",
    date=datetime(2012, 6, 12, 5, 30, tzinfo=UTC),
    language="nb",
    thread="IOM-2011-3",
)
WRITTEN = Written("Svar på «tiltak 3» – æøå", "Hei på deg, Åse.\n\nMvh\n", "<p>Hei på deg, Åse.</p>")
LINES = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=200).filter(str.strip)


def read(raw: bytes) -> EmailMessage:
    message = email.message_from_bytes(raw, policy=email.policy.default)
    assert isinstance(message, EmailMessage)
    return message


def test_headers_survive_norwegian() -> None:
    message = read(assemble(WRITTEN, STAMP, ENVELOPE))
    assert message["Subject"] == WRITTEN.subject
    assert message["From"].addresses[0].display_name == "Tiltak – oppfølging"
    assert message["To"].addresses[0].display_name == "Kåre Ærlig, Seksjon Ø"
    assert [it.addr_spec for it in message["To"].addresses] == [ENVELOPE.to]
    assert message["Reply-To"] == "hum@ud.example"
    assert message["Date"].datetime == ENVELOPE.date
    assert message["Content-Language"] == "nb"


def test_the_letter_is_found_again_and_answers_to_no_machine() -> None:
    message = read(assemble(WRITTEN, STAMP, ENVELOPE))
    assert message["Message-ID"] == ENVELOPE.message_id
    assert message["Auto-Submitted"] == "auto-generated"
    assert "AutoReply" in message["X-Auto-Response-Suppress"]
    assert "OOF" not in message["X-Auto-Response-Suppress"]
    assert message["X-Tiltak-Loop"] == "ud"
    assert "Precedence" not in message
    assert "List-Unsubscribe" not in message


def test_letters_about_one_case_are_one_thread_in_every_mail_program() -> None:
    first, later = (
        read(
            assemble(
                replace(WRITTEN, subject=f"[IOM-2011-3] {TITLE}", text=words), STAMP, replace(ENVELOPE, message_id=it)
            )
        )
        for words, it in (("Hei", ENVELOPE.message_id), ("Hei igjen", "<t.bbbbbbbbbbbbbbbbbbbbbbbbbb@ud.example>"))
    )
    assert first["Message-ID"] != later["Message-ID"]
    for name in ("References", "In-Reply-To"):  # RFC 5256, and what Thunderbird does
        assert first[name] == later[name] == "<iom-2011-3@ud.example>"
    assert first["Subject"] == later["Subject"]  # Gmail wants both the anchor and the same subject
    assert first["Thread-Topic"] == later["Thread-Topic"] == f"[IOM-2011-3] {TITLE}"
    index = base64.b64decode(first["Thread-Index"])  # Outlook: a reserved byte, five of a time, sixteen of a GUID
    assert (len(index), index[0]) == (22, 1)
    assert first["Thread-Index"] == later["Thread-Index"]


def test_another_case_or_another_installation_is_another_thread() -> None:
    mine = read(assemble(WRITTEN, STAMP, ENVELOPE))
    others = [
        read(assemble(WRITTEN, STAMP, replace(ENVELOPE, thread="IOM-2011-8"))),
        read(assemble(WRITTEN, replace(STAMP, host="kd.example"), ENVELOPE)),
    ]
    for it in others:
        assert it["References"] != mine["References"]
        assert base64.b64decode(it["Thread-Index"])[6:] != base64.b64decode(mine["Thread-Index"])[6:]


def test_what_speaks_of_several_cases_begins_no_thread_and_joins_none() -> None:
    message = read(assemble(WRITTEN, STAMP, replace(ENVELOPE, thread="")))
    assert not {"References", "In-Reply-To", "Thread-Topic", "Thread-Index"} & set(message.keys())


def test_text_comes_first_and_html_says_the_same_charset() -> None:
    message = read(assemble(WRITTEN, STAMP, ENVELOPE))
    assert message.get_content_type() == "multipart/alternative"
    plain, html = message.iter_parts()
    assert (plain.get_content_type(), html.get_content_type()) == ("text/plain", "text/html")
    assert plain.get_content() == WRITTEN.text
    assert html.get_content().rstrip("\n") == WRITTEN.html
    assert {part["Content-Transfer-Encoding"] for part in (plain, html)} == {"quoted-printable"}


@pytest.mark.parametrize("letter", LETTERS)
def test_every_letter_travels_in_seven_bits_and_short_lines(letter: str) -> None:
    raw = assemble(write(sample(letter, "nb")), STAMP, ENVELOPE)
    assert raw.isascii()
    assert max(len(line) for line in raw.splitlines()) <= 998  # RFC 5322, section 2.1.1
    assert read(raw).defects == []


def test_the_same_letter_is_the_same_bytes() -> None:
    assert assemble(WRITTEN, STAMP, ENVELOPE) == assemble(WRITTEN, STAMP, replace(ENVELOPE))


@pytest.mark.parametrize(
    "address",
    ["", "a", "a@b@c", "a b@ud.example", "a@ud.example\nBcc: x@y", "<a@ud.example>", "a@ud.example,b@x.example"],
)
def test_an_address_that_is_none_makes_no_letter(address: str) -> None:
    with pytest.raises(ValueError, match="no mail address"):
        assemble(WRITTEN, STAMP, replace(ENVELOPE, to=address))


def test_a_name_or_subject_cannot_begin_a_header_of_its_own() -> None:
    envelope = replace(ENVELOPE, to_name="Kari\r\nBcc: x@y.example\r\n\r\nbody")
    message = read(assemble(replace(WRITTEN, subject="Emne\r\nBcc: x@y.example"), STAMP, envelope))
    assert "Bcc" not in message
    assert message["Subject"] == "Emne Bcc: x@y.example"
    assert [it.addr_spec for it in message["To"].addresses] == [ENVELOPE.to]


@given(LINES, LINES)
def test_any_subject_and_name_arrive_as_they_were(subject: str, name: str) -> None:
    written = replace(WRITTEN, subject=subject)
    message = read(assemble(written, STAMP, replace(ENVELOPE, to_name=name)))
    assert len(subject_of(written)) <= 120
    assert [it.addr_spec for it in message["To"].addresses] == [ENVELOPE.to]


@given(
    st.text(
        st.characters(exclude_categories=["Cs"], exclude_characters="\r\x85\u2028\u2029\x0b\x0c\x1c\x1d\x1e"),
        max_size=400,
    )
)
def test_any_text_arrives_as_it_was(text: str) -> None:
    (plain, _) = read(assemble(replace(WRITTEN, text=text), STAMP, ENVELOPE)).iter_parts()
    assert plain.get_content().rstrip("\n") == text.rstrip("\n")
