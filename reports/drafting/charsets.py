"""Bytes as text: UTF-8 and UTF-16 by their marks, UTF-8 where it fits, otherwise as old Windows programs write."""

from typing import Final

MARKS: Final = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))


def decoded(raw: bytes) -> tuple[str, str]:
    """The text and the name of its charset; ("", "") for bytes that are no text."""
    for mark, charset in MARKS:
        if raw.startswith(mark):
            return raw.decode(charset, "replace"), charset.removesuffix("-sig")
    if not _like_text(raw):
        return "", ""
    try:
        return raw.decode(), "utf-8"
    except UnicodeDecodeError:
        return raw.decode("cp1252", "replace"), "cp1252"


def _like_text(raw: bytes) -> bool:
    """Text holds no NUL and hardly any other control characters."""
    controls = sum(raw.count(bytes([each])) for each in range(32) if each not in b"\t\n\r\f\v\x1a")
    return b"\0" not in raw and controls * 100 <= len(raw)
