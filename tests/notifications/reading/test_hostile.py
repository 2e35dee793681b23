"""Whatever comes in: nothing fails, nothing takes long, and what could deceive is taken out and flagged."""

import email
import email.policy
import re
from email import base64mime, quoprimime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from notifications.reading import markup, quotes
from notifications.reading.facts import FLAGS, Reading
from notifications.reading.parsing import LARGEST, MOST_LINES, simple
from notifications.reading.reader import read
from tests.notifications.reading.clients import CLIENTS, Client, letter
from tests.notifications.reading.mails import OWN, TODAY, WORDS, raw, reading

LINES = st.lists(
    st.sampled_from(
        [
            *(
                "",
                "Gjort",
                "> Gjort",
                "Hei,",
                ">> eldre",
                "-- ",
                "--",
                "______",
                "Fra: Kari <kari@ud.example>",
                "Emne: Brev",
            ),
            *("Sendt: 12. juni 2026 09:30", "Til: Ola", "Den 12. juni 2026 kl. 09:30 skrev Kari <kari@ud.example>:"),
            *(
                "skrev Kari:",
                "On Tue, Kari wrote",
                "-----Opprinnelig melding-----",
                "Sendt fra min iPhone",
                ":",
                "\x11",
                "| x",
            ),
        ]
    )
    | st.text(max_size=30),
    max_size=40,
)


def taken(data: bytes) -> Reading:
    return read(data, own=OWN, vocabulary=WORDS, received=TODAY)


@given(st.binary(max_size=2_000))
def test_no_bytes_make_it_fail(data: bytes) -> None:
    taken(data)


NAMES = st.sampled_from(
    [
        *("From", "To", "Subject", "Date", "Message-ID", "References", "Content-Type", "Content-Transfer-Encoding"),
        *("Authentication-Results", "Content-Disposition", "Auto-Submitted", "Return-Path", "X-Failed-Recipients"),
    ]
)
VALUES = st.text(max_size=60) | st.sampled_from(
    ["multipart/mixed; boundary=b", "text/html", "base64", "=?utf-8?q?a?=", "attachment; name*0*=x", "(((", "<", '"']
)


@settings(max_examples=40)
@given(st.lists(st.tuples(NAMES, VALUES), max_size=12), st.text(max_size=300))
def test_no_header_makes_it_fail(headers: list[tuple[str, str]], body: str) -> None:
    lines = "\r\n".join(f"{name}: {value}" for name, value in headers)
    taken(f"{lines}\r\n\r\n--b\r\n{body}".encode("utf-8", "surrogatepass"))


@given(
    st.binary(max_size=300), st.sampled_from([b"\r\n\r\n", b"\n\n", b"\r\r", b"\n \n", b"\n"]), st.binary(max_size=100)
)
def test_a_mail_of_one_part_is_parsed_as_any_other(header: bytes, ends: bytes, body: bytes) -> None:
    data = b"From: kari@ud.example\r\nSubject: x\r\n" + header + ends + body
    mine = simple(data)
    if mine is not None:
        whole = email.message_from_bytes(data, policy=email.policy.compat32)
        assert mine.items() == whole.items()
        assert mine.get_payload() == whole.get_payload()


@given(LINES)
def test_reply_and_what_was_left_out_hold_every_line(lines: list[str]) -> None:
    text = "\n".join(lines)
    found = quotes.split(text)
    kept = sorted(line.strip(" \t") for line in f"{found.reply}\n{found.elided}".split("\n"))
    sent = sorted(line.strip(" \t") for line in re.sub("[\x11\x12]", "", text).split("\n"))
    assert [line for line in kept if line] == [line for line in sent if line]


@settings(max_examples=60)
@given(LINES, st.sampled_from(CLIENTS))
def test_nothing_of_our_letter_is_ever_obeyed(lines: list[str], client: Client) -> None:
    above = [line for line in lines if "gjort" not in line.lower()]
    found = reading("\n".join([*above, client.below()]))
    assert found.command in (None, "absence")


@given(st.text(max_size=400))
def test_no_page_makes_it_fail(source: str) -> None:
    markup.as_text(f"<div>{source}</div><p>x")


@given(st.integers(20, 60))
def test_our_letter_rewrapped_by_a_narrow_telephone_yields_no_command(width: int) -> None:
    words = letter("nb").split()
    lines, line = [], ""
    for word in words:
        if len(line) + len(word) >= width:
            lines.append(line)
            line = ""
        line = f"{line} {word}".strip()
    for style in ("> ", "", "    "):
        quoted = "\n".join(style + each for each in [*lines, line])
        assert reading(f"12. juni 2026 kl. 09:30 skrev Tiltak <tiltak@ud.example>:\n\n{quoted}").command is None


BODIES = {
    "blank lines": "\n" * 100_000,
    "a line of dashes": "-" * 100_000,
    "a line of arrows": ">" * 100_000,
    "lines of dashes": "--\n" * 50_000,
    "introductions": "On Mon, Mar 3, 2025 at 9:00 AM, someone,\n" * 4_000,
    "colons": "skrev:\n" * 20_000,
    "labels": "Fra: x\n" * 20_000,
    "arrows and text": "> a\nb\n" * 20_000,
    "open quotes": '"' * 50_000,
    "signatures": "\n-- \nKari\n" * 10_000,
    "telephones": "Sendt fra min iPhone\n" * 10_000,
    "blanks": (" " * 1_000 + "\n") * 200,
    "stars": "*" * 200_000,
    "words": "skrev " * 40_000,
    "digits": "1" * 200_000,
    "a date without end": f"mer tid til {'1' * 100}x",
    "a date of many words": f"mer tid til {'en ' * 35}x",
    "an absence without end": f"fravær {'1.' * 50}x",
    "a number without end": f"{'1-' * 55} gjort",
    "a separator without end": "----- Original Message " + "- " * 100_000,
}


@pytest.mark.parametrize("body", BODIES)
def test_long_text_is_read_to_the_limit(body: str) -> None:
    found = reading(BODIES[body])
    assert found.klass == "reply"


@pytest.mark.parametrize("tag", ["<", "<a ", "<!--", "<div>", "&", '<a href="', "<blockquote>", "<p hidden>"])
def test_broken_pages_are_read_to_the_limit(tag: str) -> None:
    assert reading(tag * 20_000, kind="text/html; charset=utf-8").klass == "reply"


HEADERS = {
    "nested comments": "From: " + "(" * 20_000 + "kari@ud.example",
    "many addresses": "To: " + ", ".join(f"a{n}@ud.example" for n in range(20_000)),
    "many encoded words": "Subject: " + " ".join("=?utf-8?q?a?=" for _ in range(20_000)),
    "a Message-ID with brackets": "Message-ID: <[x@y]>",
    "an empty continuation": "To: (c):",
    "results without end": "Authentication-Results: " + "a=b; " * 10_000,
    "a long reference": "References: " + "<a@b> " * 20_000,
}


@pytest.mark.parametrize("header", HEADERS)
def test_headers_that_break_other_readers_do_not_break_this_one(header: str) -> None:
    assert reading("Hei", HEADERS[header]).reply == "Hei"


@pytest.mark.parametrize("depth", [50, 300, 3_000])
def test_parts_within_parts_are_passed_over_when_they_lie_too_deep(depth: int) -> None:
    opened = "".join(f"--b{n}\nContent-Type: multipart/mixed; boundary=b{n + 1}\n\n" for n in range(depth))
    found = reading(f"{opened}--b{depth}\n\nGjort\n", kind="multipart/mixed; boundary=b0")
    assert "too-deep" in found.flags
    assert found.command is None


def test_many_parts_are_counted() -> None:
    found = reading("--b\n\nGjort\n" * 1_000, kind="multipart/mixed; boundary=b")
    assert "too-deep" in found.flags


@pytest.mark.parametrize("more", [b"x" * LARGEST, b"\n" * MOST_LINES], ids=["bytes", "lines"])
def test_a_mail_beyond_all_measure_is_known_by_its_header_alone(more: bytes) -> None:
    found = taken(raw("Gjort") + more)
    assert (found.klass, found.reply, found.command) == ("reply", "", None)
    assert "too-big" in found.flags


def test_characters_that_turn_the_text_are_taken_out_and_make_it_doubtful() -> None:
    found = reading("Gjort\u202e\n\nAlt er\u2066 sendt")
    assert found.reply == "Gjort\n\nAlt er sendt"
    assert "bidi" in found.flags
    assert found.command is None


def test_nothing_unseen_remains() -> None:
    found = reading("G\u200bjo\x00rt\n\nA\u030a og \ufeffso")
    assert found.reply == "Gjort\n\nÅ og so"
    assert reading("Gj\x01ort\n\nBl\u00adåb\x7f\u009fær\u00a0").reply == "Gjort\n\nBl\u00adåbær"


def test_two_senders_are_no_sender() -> None:
    twice = "From: a@ud.example\r\nFrom: b@ud.example"
    for header in (twice, "From: a@ud.example, b@ud.example", "From: <a@ud.example> <b@ud.example>"):
        found = reading("Gjort", header)
        assert "two-froms" in found.flags
        assert found.envelope.author is None
        assert found.command is None


def test_an_encoded_name_cannot_become_an_address_or_a_header() -> None:
    name = "=?utf-8?q?Sjef_=3Csjef=40ud=2Eexample=3E=0D=0ABcc=3A_x=40y=2Ez?="
    found = reading("Hei", f"From: {name} <ola@annen.example>")
    assert found.envelope.author
    assert found.envelope.author.address == "ola@annen.example"
    assert "\n" not in found.envelope.author.name


CHARSETS = {
    "utf-8": "Gjøre åpent – «ja»".encode(),
    "iso-8859-1": "Gjøre åpent – «ja»".encode("cp1252"),
    "windows-1252": "Gjøre åpent – «ja»".encode("cp1252"),
    "us-ascii": "Gjøre åpent – «ja»".encode(),
    "x-unknown": "Gjøre åpent – «ja»".encode(),
    "utf-16": "Gjøre åpent – «ja»".encode("utf-16"),
    "iso-8859-15": "Gjøre åpent".encode("iso-8859-15"),
    "latin1": "Gjøre åpent – «ja»".encode(),  # it says one thing and is another
    "utf8": "Gjøre åpent – «ja»".encode("cp1252"),
    "rot13": "Gjøre åpent".encode(),
    "": "Gjøre åpent".encode("cp1252"),
}


@pytest.mark.parametrize("charset", CHARSETS)
def test_text_is_readable_whatever_its_charset_claims(charset: str) -> None:
    head = f"From: kari@ud.example\nContent-Type: text/plain; charset={charset}\nContent-Transfer-Encoding: base64\n\n"
    found = taken(head.encode() + re.sub(rb"\s", b"", base64mime.body_encode(CHARSETS[charset]).encode()))
    assert found.reply.startswith("Gjøre åpent")


@pytest.mark.parametrize("encoding", ["8bit", "quoted-printable", "base64", "7bit", "x-own", "QUOTED-PRINTABLE "])
def test_every_transfer_encoding_is_undone(encoding: str) -> None:
    text = "Gjort\n\nBrevene står på ø."
    bodies = {"q": quoprimime.body_encode(text.encode().decode("latin-1")), "b": base64mime.body_encode(text.encode())}
    body = bodies.get(encoding[:1].lower(), text)
    head = "From: kari@ud.example\nContent-Type: text/plain; charset=utf-8"
    found = taken(f"{head}\nContent-Transfer-Encoding: {encoding}\n\n{body}".encode())
    assert found.reply == text


@settings(max_examples=30)
@given(
    st.lists(st.sampled_from(["X-Spam-Flag: YES", "From: tiltak@ud.example", "List-Id: <a>", "Sender: b@ud.example"])),
    LINES,
)
def test_every_flag_is_a_known_one(headers: list[str], lines: list[str]) -> None:
    assert reading("\n".join(lines), *headers).flags <= set(FLAGS)


@pytest.mark.parametrize(
    "written", ["Tue, 99 Jun 2026 10:00:00 +0200", "", "igår", "Tue, 9 Jun 99999999 10:00:00 +0200"]
)
def test_a_date_field_that_names_no_day_is_left_out(written: str) -> None:
    assert reading("Hei", f"Date: {written}").envelope.date is None
