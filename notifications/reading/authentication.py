"""Authentication-Results (RFC 8601), read tolerantly: also Microsoft's form, which does not say who speaks."""

import re
from collections.abc import Collection, Sequence
from typing import Final

from notifications.reading.decoding import unraw
from notifications.reading.facts import Verdict

LONGEST: Final = 10_000
METHOD: Final = re.compile(r"\s*([a-z0-9-]+)(?:\s*/\s*\d+)?\s*=\s*([a-z0-9]+)", re.IGNORECASE)
PROPERTY: Final = re.compile(r"(?:header|smtp|policy)\.([a-z0-9-]+)\s*=\s*\"?([^\s;\"]+)", re.IGNORECASE)
DOMAINS: Final = {"dmarc": ("from",), "dkim": ("d", "i"), "spf": ("mailfrom", "helo"), "arc": ("oldest-pass",)}


def verdicts(fields: Sequence[str], trusted: Collection[str]) -> tuple[Verdict, ...]:
    """Top field first. Of several that claim one trusted name only the topmost counts: our server wrote it last.

    A name is compared for equality. The empty name stands for the form without one, and counts only at the very top.
    """
    known = {each.lower() for each in trusted}
    found: list[Verdict] = []
    for place, field in enumerate(fields):
        speaker, results, domains = _read(_bare(unraw(field)[:LONGEST]))
        first = speaker not in {verdict.authserv_id for verdict in found}
        believed = speaker in known and first and (bool(speaker) or place == 0)
        found.append(Verdict(authserv_id=speaker, results=results, domains=domains, trusted=believed))
    return tuple(found)


def _read(text: str) -> tuple[str, dict[str, str], dict[str, str]]:
    first, *parts = text.split(";")
    speaker = ""
    if "=" in first:
        parts.insert(0, first)
    else:
        speaker = (first.split() or [""])[0].lower()
    results: dict[str, str] = {}
    domains: dict[str, str] = {}
    for part in parts:
        match = METHOD.match(part)
        if match is None:
            continue
        method, result = match[1].lower(), match[2].lower()
        if method not in results or (result == "pass" != results[method]):
            results[method] = result
            domains[method] = _domain(method, part)
    return speaker, results, domains


def _domain(method: str, part: str) -> str:
    said = {key.lower(): value for key, value in PROPERTY.findall(part)}
    value = next((said[key] for key in DOMAINS.get(method, ()) if key in said), "")
    return value.rpartition("@")[2].lower()


def _bare(text: str) -> str:
    """Without comments, and without anything in quotation marks that could be taken for a result."""
    kept: list[str] = []
    depth, quoted = 0, False
    for letter in text:
        if letter == '"' and not depth:
            quoted = not quoted
        if letter == "(" and not quoted:
            depth += 1
        elif letter == ")" and not quoted and depth:
            depth -= 1
        elif not depth:
            kept.append("_" if quoted and letter in ";=" else letter)
    return "".join(kept)
