"""A mail packed into its own signature: the mail inside, whoever signed it. The signature itself is not judged."""

from typing import Final

from notifications.reading.files import Part
from notifications.reading.parsing import parsed

UNREADABLE: Final = (ValueError, TypeError, KeyError, AttributeError, IndexError, OverflowError, RecursionError)


def opened(data: bytes) -> "tuple[Part | None, bool]":
    """The part that was signed, and whether these bytes are a signature's at all (of CMS, RFC 5652).

    None where there is nothing inside, or nothing that can be understood.
    """
    from asn1crypto import cms  # seldom needed: nobody else waits for its import

    try:
        envelope = cms.ContentInfo.load(data)
        if envelope["content_type"].native != "signed_data":
            return None, False
        inside = envelope["content"]["encap_content_info"]["content"]
        content = bytes(inside) if inside else b""
    except UNREADABLE:
        return None, False
    return (parsed(content)[0] if content else None), True
