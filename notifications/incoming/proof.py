"""DKIM and DMARC checked by ourselves, where no mail server of ours does it: from the mail's bytes and DNS."""

import logging
from collections.abc import Callable
from dataclasses import replace
from typing import Final

from notifications.reading.authentication import verdicts
from notifications.reading.facts import Reading, Verdict

log = logging.getLogger("tiltak.proof")
OURSELVES: Final = "tiltak"  # the name under which the result is read; a header that claims it is never looked at
HEADER: Final = "Authentication-Results:"
Dns = Callable[..., object]


def proven(reading: Reading, raw: bytes, dns: Dns | None = None) -> Reading:
    """The same with our own word on who wrote it, unless our mail server has said so already."""
    envelope = reading.envelope
    if any(it.trusted and "dmarc" in it.results for it in envelope.verdicts) or not (said := proof(raw, dns)):
        return reading
    return replace(reading, envelope=replace(envelope, verdicts=(said, *envelope.verdicts)))


def proof(raw: bytes, dns: Dns | None = None) -> Verdict | None:
    """What DKIM and DMARC say; None when they could not be asked: a mail that nobody vouches for is not proven."""
    from authheaders import authenticate_message  # only those who ask for it wait for its import

    try:
        said: str = authenticate_message(raw, OURSELVES, spf=False, dkim=True, arc=False, dmarc=True, dnsfunc=dns)
    except Exception as error:  # whatever strangers send, and whatever DNS answers
        log.warning("DMARC could not be checked: %s", error)
        return None
    found = verdicts([" ".join(said.removeprefix(HEADER).split())], {OURSELVES})
    return found[0] if found else None
