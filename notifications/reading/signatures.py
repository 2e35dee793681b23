"""The tail of what somebody wrote: the signature, the line a telephone adds, rules that separate nothing any more."""

import re
from collections.abc import Sequence
from typing import Final

from notifications.reading import tongues
from notifications.reading.markup import SIGNATURE

RULE: Final = re.compile(r"^[\s\-_=~*#+–—ᐧ]*$")
DELIMITERS: Final = frozenset({"--", "—", "––", "- -", "-- "})
LONGEST_SIGNATURE: Final = 12
BELOW_MACHINE: Final = 6
SHORT: Final = 60
LOOKED_AT: Final = 15
FOOTER: Final = re.compile(
    r"fortrolig|konfidensi|confidential|intended (?:only )?for|taushetsplikt|teieplikt|personvern|privacy"
    r"|disclaimer|unsubscribe"
    r"|mailing list|virus|utilsikta|utilsiktet|rette mottaker|rett mottakar|if you are not the|før du skriver ut"
    r"|consider the environment",
    re.IGNORECASE,
)


def without_tail(lines: Sequence[str]) -> range:
    """The lines that remain, as places from the beginning."""
    end = _signature(lines)
    while True:
        while end and _machine_or_rule(lines[end - 1]):
            end -= 1
        begins = _machine_above(lines, end)
        if begins is None:
            break
        end = begins
    begin = 0
    while begin < end and (not lines[begin].strip() or lines[begin].strip() == SIGNATURE):
        begin += 1
    return range(begin, end)


def is_footer(lines: Sequence[str]) -> bool:
    """Whether lines below the last quotation are a greeting, a signature, or what a mail server adds to every "
    "mail."""
    written = [line for line in lines if line.strip()]
    if not written:
        return True
    greeted = tongues.GREETING.match(written[0]) is not None and len(written) <= LONGEST_SIGNATURE
    return greeted or any(FOOTER.search(line[:500]) for line in written[:LOOKED_AT])


def statement(text: str) -> str:
    """The text without the greeting and the name at its end."""
    lines = text.split("\n")
    written = [at for at, line in enumerate(lines) if line.strip()]
    for at in written[-10:]:
        greeting = tongues.GREETING.match(lines[at][:200])
        if greeting and len(greeting["rest"].split()) <= 4 and not re.search(r"[.!?]\s*\w", lines[at]):
            return "\n".join(lines[:at]).strip()
    return text.strip()


def _signature(lines: Sequence[str]) -> int:
    """Where the signature begins; the number of lines when there is none."""
    written = [at for at, line in enumerate(lines) if line.strip()]
    near = written[-LONGEST_SIGNATURE - 1] if len(written) > LONGEST_SIGNATURE else 0
    for at, line in enumerate(lines):
        if line.startswith(SIGNATURE) or line == "-- " or (at >= near and line.strip() in DELIMITERS):
            return at
    return len(lines)


def _machine_or_rule(line: str) -> bool:
    return not line.strip() or RULE.match(line) is not None or tongues.BY_MACHINE.match(line[:300]) is not None


def _machine_above(lines: Sequence[str], end: int) -> int | None:
    """A telephone's line with no more than a name and a number below it."""
    below = 0
    for at in range(end - 1, max(end - LOOKED_AT, 0) - 1, -1):
        if not lines[at].strip():
            continue
        if below and tongues.BY_MACHINE.match(lines[at][:300]):
            return at
        below += 1
        if below > BELOW_MACHINE or len(lines[at]) > SHORT:
            return None
    return None
