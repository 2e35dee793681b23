"""Mailboxes out of a header, read letter by letter: no nesting is too deep, no list too long."""

import re
from collections.abc import Iterator
from typing import Final

from notifications.reading.decoding import clean, header_text, unraw
from notifications.reading.facts import Mailbox

LONGEST: Final = 50_000
ADDRESS: Final = re.compile(r"[^\s@<>,;:\"()\[\]\\]+@[^\s@<>,;:\"()\[\]\\]+")


def mailboxes(value: str) -> tuple[Mailbox, ...]:
    """Structure first, names decoded afterwards: an encoded name cannot become an address."""
    return tuple(_Reader(clean(unraw(value[:LONGEST]))).read())


def plain(address: str) -> str:
    """The mailbox without its plus-token."""
    local, at, domain = address.rpartition("@")
    return local.partition("+")[0] + at + domain


def token(address: str) -> str:
    """What stands between plus and at, or nothing."""
    return address.rpartition("@")[0].partition("+")[2]


class _Reader:
    """One pass over the letters. `words` is what stands outside of angle brackets since the last comma."""

    def __init__(self, text: str) -> None:
        self.text, self.words, self.comment = text, "", ""

    def read(self) -> Iterator[Mailbox]:
        at = 0
        while at < len(self.text):
            letter = self.text[at]
            if letter == '"':
                at = self._quoted(at + 1)
            elif letter == "(":
                at = self._comment(at + 1)
            elif letter == "<":
                end = self.text.find(">", at)
                inner = self.text[at + 1 : end if end >= 0 else len(self.text)]
                yield from self._mailbox(inner.rpartition(":")[2])
                at = end + 1 if end >= 0 else len(self.text)
            elif letter in ",;":
                yield from self._bare()
                at += 1
            elif letter == ":" and "@" not in self.words:
                self.words, at = "", at + 1  # the name of a group
            else:
                self.words += letter
                at += 1
        yield from self._bare()

    def _quoted(self, at: int) -> int:
        while at < len(self.text) and self.text[at] != '"':
            at += self.text[at] == "\\"
            self.words += self.text[at : at + 1]
            at += 1
        return at + 1

    def _comment(self, at: int) -> int:
        depth, begin = 1, at
        while at < len(self.text) and depth:
            at += self.text[at] == "\\"
            depth += {"(": 1, ")": -1}.get(self.text[at : at + 1], 0)
            at += 1
        self.comment = self.text[begin : at - 1]
        return at

    def _mailbox(self, written: str) -> Iterator[Mailbox]:
        address = "".join(written.split()).lower()
        if ADDRESS.fullmatch(address):
            yield Mailbox(address, header_text(self.words.strip(" '")))
        self.words = self.comment = ""

    def _bare(self) -> Iterator[Mailbox]:
        written = self.words.strip()
        if ADDRESS.fullmatch(written):
            yield Mailbox(written.lower(), header_text(self.comment))
        self.words = self.comment = ""
