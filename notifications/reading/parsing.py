"""Bytes become a message of parts, within limits: the one thing that is left to the standard library."""

import email
import email.policy
import re
from email.parser import BytesHeaderParser
from typing import Final

from notifications.reading.files import Part

LARGEST: Final = 40 * 1024 * 1024
MOST_LINES: Final = 1_000_000  # files of 40 MB have half as many
LONGEST_HEADER: Final = 256 * 1024
HEADER_ENDS: Final = re.compile(rb"\r?\n\r?\n")
LONELY: Final = re.compile(rb"\r(?!\n)")


def parsed(raw: bytes) -> tuple[Part, set[str]]:
    """compat32, for the newer policies fail on hostile mail. Of what cannot be read so the header alone is."""
    if len(raw) > LARGEST or raw.count(b"\n") > MOST_LINES:
        return header_only(raw), {"too-big"}
    try:
        return simple(raw) or email.message_from_bytes(raw, policy=email.policy.compat32), set()
    except RecursionError:
        return header_only(raw), {"too-deep", "malformed"}


def simple(raw: bytes) -> "Part | None":
    """A mail of one part, whose text need not be read line by line to find others. None when in doubt."""
    end = HEADER_ENDS.search(raw, 0, LONGEST_HEADER)
    if end is None or LONELY.search(raw, 0, end.end()):
        return None
    message = BytesHeaderParser(policy=email.policy.compat32).parsebytes(raw[: end.end()])
    if message.defects or message.get_payload() or message.get_content_maintype() in ("multipart", "message"):
        return None
    message.set_payload(raw[end.end() :].decode("ascii", "surrogateescape"))
    return message


def header_only(raw: bytes) -> Part:
    header = HEADER_ENDS.split(raw[:LONGEST_HEADER], maxsplit=1)[0]
    return BytesHeaderParser(policy=email.policy.compat32).parsebytes(header + b"\n\n")
