"""Mails to read: a raw message out of a text and a few headers."""

from datetime import date

from notifications.reading.commands import vocabulary
from notifications.reading.facts import Own, Reading
from notifications.reading.reader import read
from workflows.loading import load

OWN = Own(
    instance="ud",
    host="ud.example",
    addresses=frozenset({"tiltak@ud.example", "svar@ud.example"}),
    trusted_authserv_ids=frozenset({"mx.ud.example"}),
)
WORDS = vocabulary(load().by_key.values())
TODAY = date(2026, 6, 9)  # a Tuesday


def raw(
    text: str = "",
    *headers: str,
    kind: str = 'text/plain; charset="utf-8"',
    sender: str = "Kari Nordmann <kari@ud.example>",
) -> bytes:
    """CRLF, as on the wire. `headers` come first, so that they may replace what follows."""
    usual = {
        "From": sender,
        "To": "Tiltak <svar+abcdefghijklmnopqrstuvwxyz@ud.example>",
        "Subject": "SV: Over fristen: Brevene",
        "Date": "Tue, 09 Jun 2026 10:15:00 +0200",
        "Message-ID": "<1@klient.example>",
        "MIME-Version": "1.0",
        "Content-Type": kind,
        "Content-Transfer-Encoding": "8bit",
    }
    given = {header.partition(":")[0].lower() for header in headers}
    lines = [*headers, *(f"{name}: {value}" for name, value in usual.items() if name.lower() not in given and value)]
    return "\r\n".join([*lines, "", *text.split("\n")]).encode("utf-8", "surrogateescape")


def reading(
    text: str = "", *headers: str, own: Own = OWN, received: date = TODAY, kind: str = 'text/plain; charset="utf-8"'
) -> Reading:
    return read(raw(text, *headers, kind=kind), own=own, vocabulary=WORDS, received=received)
