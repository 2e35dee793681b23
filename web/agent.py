"""A browser by the name people know it by, as far as what it says of itself tells."""

import re
from collections.abc import Mapping
from typing import Final

# in this order: nearly every browser also claims to be the ones further down
BROWSERS: Final[Mapping[str, str]] = {
    r"\bEdg(?:e|A|iOS)?/": "Edge",
    r"\bOPR/": "Opera",
    r"\bSamsungBrowser/": "Samsung Internet",
    r"\b(?:Firefox|FxiOS)/": "Firefox",
    r"\b(?:Headless)?Chrom(?:e|ium)/|\bCriOS/": "Chrome",
    r"\bSafari/": "Safari",
}
SYSTEMS: Final[Mapping[str, str]] = {
    r"\biPhone\b": "iPhone",
    r"\biPad\b": "iPad",
    r"\bAndroid\b": "Android",
    r"\bWindows\b": "Windows",
    r"\bMac OS X\b": "macOS",
    r"\bCrOS\b": "ChromeOS",
    r"\bLinux\b": "Linux",
}


def browser_of(agent: str) -> str:
    """ "Firefox, Windows"; what it says itself when it is none we know, and "" when it says nothing."""
    known = [_first(agent, names) for names in (BROWSERS, SYSTEMS)]
    return ", ".join(filter(None, known)) if known[0] else agent[:60]


def _first(agent: str, names: Mapping[str, str]) -> str:
    return next((name for pattern, name in names.items() if re.search(pattern, agent)), "")
