"""Bytes become text, whatever the mail claims about their charset; what could deceive a reader is taken out."""

import binascii
import codecs
import re
import unicodedata
from typing import Final

BREAKS: Final = frozenset("\x0b\x0c\x85\u2028\u2029")
TURNING: Final = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
UNSEEN: Final = frozenset(
    {
        *(chr(code) for code in (*range(9), *range(14, 32), *range(127, 133), *range(134, 160))),
        *"\u200b\u200e\u200f\u2060\u2061\u2062\u2063\u2064\u061c\ufeff\ufffe\uffff",
        *TURNING,
    }
)
HARD: Final = "\u00a0\u202f\u2007"
REPLACED: Final = str.maketrans(dict.fromkeys(BREAKS, "\n") | dict.fromkeys(UNSEEN))
SURROGATES: Final = re.compile("[\ud800-\udfff]")
ENCODED: Final = re.compile(r"=\?([^?\s]{1,60})\?([bBqQ])\?([^?]*)\?=")
WESTERN: Final = frozenset({"iso8859-1", "cp1252", "ascii"})
NO_TEXT: Final = frozenset(
    {"idna", "punycode", "unicode_escape", "raw_unicode_escape", "undefined", "mbcs", "oem", "utf-7"}
)


def decode(data: bytes, charset: str | None) -> str:
    """Text that is always readable: the charset it claims where that fits, else the likeliest one."""
    known = _codec(charset)
    if known in WESTERN:
        return _first(data, "utf-8", "cp1252")  # what is no ASCII and yet valid UTF-8 is UTF-8, whatever is claimed
    return _first(data, known, "utf-8", "cp1252")


def clean(text: str) -> str:
    """One kind of line break, composed letters, no character that is not seen."""
    text = text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text
    if _plain(text):
        return text
    if _DISTURBED.search(text):
        text = SURROGATES.sub("\ufffd", text.translate(REPLACED))
    return text if unicodedata.is_normalized("NFC", text) else unicodedata.normalize("NFC", text)


def _plain(text: str) -> bool:
    """Whether it is of the letters of western Europe alone, where nothing is left to compose, and all of them seen."""
    try:
        letters = text.encode("latin-1")
    except UnicodeEncodeError:
        return False
    return len(letters.translate(None, _DISTURBING)) == len(letters)


_DISTURBED: Final = re.compile(f"[{re.escape(''.join(sorted(BREAKS | UNSEEN)))}\ud800-\udfff]")
_DISTURBING: Final = bytes(sorted(ord(it) for it in BREAKS | UNSEEN if ord(it) < 256))


def turns(text: str) -> bool:
    """Whether it holds characters by which text is shown in another order than it is stored."""
    return not text.isascii() and any(each in text for each in TURNING)


def soft(text: str) -> str:
    """Spaces at which no line may break are spaces all the same."""
    for hard in HARD:
        text = text.replace(hard, " ")
    return text


def header_text(value: str) -> str:
    """A header value as a person reads it: unfolded, encoded words decoded, on one line."""
    value = unraw(value)
    if "=?" in value:
        value = "".join(_decoded(value))
    return " ".join(clean(value).split())


def unraw(value: str) -> str:
    """The bytes above ASCII that the parser keeps as surrogates become letters."""
    if value.isascii():
        return value
    return _first(value.encode("utf-8", "surrogateescape"), "utf-8", "cp1252")


def _decoded(value: str) -> list[str]:
    """Neighbours in one charset are joined before decoding: some clients cut a letter in two."""
    out: list[str] = []
    pending, charset, at = b"", "", 0
    for word in ENCODED.finditer(value):
        between = value[at : word.start()]
        apart = bool(between.strip()) or not pending
        if pending and (apart or word[1].lower() != charset):
            out.append(decode(pending, charset))
            pending = b""
        if apart:
            out.append(between)
        charset, at = word[1].lower().partition("*")[0], word.end()
        pending += _octets(word[2].lower(), word[3])
    return [*out, decode(pending, charset) if pending else "", value[at:]]


def _octets(encoding: str, text: str) -> bytes:
    data = text.encode("utf-8", "replace")
    if encoding == "q":
        return binascii.a2b_qp(data, header=True)
    try:
        return binascii.a2b_base64(data + b"=" * (-len(data) % 4))
    except binascii.Error:
        return data


def _codec(charset: str | None) -> str:
    """Python's own name for it; ASCII when nothing is said, nothing when it is not known."""
    try:
        found = codecs.lookup((charset or "us-ascii").strip(" \"'")[:60])
    except (LookupError, ValueError, UnicodeError):
        return ""
    return found.name if found._is_text_encoding and found.name not in NO_TEXT else ""


def _first(data: bytes, *codecs_in_turn: str) -> str:
    for codec in codecs_in_turn:
        try:
            if codec:
                return data.decode(codec)
        except (UnicodeError, ValueError):
            continue
    return data.decode("latin-1")
