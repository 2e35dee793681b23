"""What of a mail its author wrote, and what is somebody else's: one pass over the lines, and no line is lost."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from notifications.reading import tongues
from notifications.reading.introductions import Cut, next_cut, quoted
from notifications.reading.markup import QUOTATION, SIGNATURE
from notifications.reading.signatures import is_footer, without_tail

MOST_LINES: Final = 4_000
LONGEST_LINE: Final = 2_000  # of each line only so much is looked at
TRAILING: Final = re.compile(r"[ \t]+$", re.MULTILINE)
LONG: Final = 55  # a quoted line of that length may have been wrapped, and left a word on a line of its own


@dataclass(frozen=True, slots=True, kw_only=True)
class Split:
    """Every line that is not blank stands in `reply` or in `elided`, in order."""

    reply: str
    elided: str
    flags: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Stretch:
    """Lines `begins` to `ends` that nobody is seen to quote, and what stood above them."""

    begins: int
    ends: int
    below: Cut | None


def split(text: str, *, forwarded: bool = False) -> Split:
    """Part the text in two. `forwarded`: the subject says that the mail is passed on."""
    lines = text.split("\n")
    seen = _short(lines[:MOST_LINES])
    stretches, cuts = _stretches(seen)
    above, below = _own(seen, stretches[0]), _own_below(seen, stretches, cuts)
    if below and above and is_footer([seen[at] for at in below]):
        below = []
    own = sorted({*above, *below})
    flags = _flags(seen, above, below, stretches, cuts, forwarded=forwarded)
    runs = _runs(own)
    return Split(
        reply=TRAILING.sub("", _joined(lines, runs)),
        elided=_joined(lines, _between(runs, len(lines))),
        flags=frozenset(flags | ({"cut"} if len(lines) > MOST_LINES else set())),
    )


def _short(lines: list[str]) -> list[str]:
    """No line longer than is looked at."""
    if max(map(len, lines)) <= LONGEST_LINE:
        return lines
    return [line[:LONGEST_LINE] for line in lines]


def _stretches(seen: Sequence[str]) -> tuple[list[Stretch], list[Cut]]:
    """What stands above, between and below the quotations. Never empty: the first stretch may have no line."""
    found: list[Stretch] = []
    cuts: list[Cut] = []
    at = 0
    while True:
        cut = next_cut(seen, at)
        found.append(Stretch(at, cut.begins if cut else len(seen), cuts[-1] if cuts else None))
        if cut is None:
            return found, cuts
        cuts.append(cut)
        at = _after(seen, cut)
        if at >= len(seen):
            return found, cuts


def _after(seen: Sequence[str], cut: Cut) -> int:
    """The first line below what is quoted here. Without `>` in front of the lines nobody can tell: then all is."""
    at = cut.ends
    while at < len(seen) and not seen[at].strip():
        at += 1
    if at >= len(seen) or not quoted(seen[at]) or cut.kind == "marker":
        return len(seen)
    for place in range(at, len(seen)):
        line = seen[place]
        if not (line.startswith(">") or not line.strip() or quoted(line) or _left_over(seen, place)):
            return place
    return len(seen)


def _left_over(seen: Sequence[str], at: int) -> bool:
    """A word or two that a program broke off a long quoted line."""
    return (
        at + 1 < len(seen)
        and quoted(seen[at - 1])
        and quoted(seen[at + 1])
        and len(seen[at - 1]) >= LONG
        and len(seen[at].split()) <= 2
        and seen[at][:1].islower()
    )


def _own(seen: Sequence[str], stretch: Stretch) -> list[int]:
    return [stretch.begins + at for at in without_tail(seen[stretch.begins : stretch.ends])]


def _own_below(seen: Sequence[str], stretches: Sequence[Stretch], cuts: Sequence[Cut]) -> list[int]:
    """Own lines below the first quotation. Lines that the author alone has quoted stay, for the answer needs them."""
    own: list[int] = []
    chosen = bool(cuts) and cuts[0].kind == "quote"
    for stretch in stretches[1:]:
        lines = _own(seen, stretch)
        chosen = chosen and stretch.below is not None and stretch.below.kind == "quote"
        if lines and chosen and stretch.below is not None:
            own.extend(range(stretch.below.begins, stretch.begins))
        own.extend(lines)
    return own


def _flags(
    seen: Sequence[str],
    above: Sequence[int],
    below: Sequence[int],
    stretches: Sequence[Stretch],
    cuts: Sequence[Cut],
    *,
    forwarded: bool,
) -> set[str]:
    flags: set[str] = set()
    first = cuts[0] if cuts else None
    if first and first.kind != "marker":
        introduction = seen[first.begins : max(first.ends, first.begins + 1)]
        passed_on = any(tongues.FORWARDING.search(line) for line in introduction)
        said = forwarded and first.kind in ("header", "separator", "mark")
        flags |= {"forwarded"} if passed_on or said else set()
    if below:
        alone = not above and len(stretches) == 2 and first is not None and first.kind != "quote"
        flags.add("bottom-posted" if alone else "interleaved")
    if not above and not below:
        flags.add("empty")
        unquoted = first is not None and first.kind != "quote" and _after(seen, first) >= len(seen)
        if unquoted and first is not None and not flags & {"forwarded"} and _text_after(seen, first):
            flags.add("text-after-header")
    return flags


def _text_after(seen: Sequence[str], cut: Cut) -> bool:
    """Whether something unquoted stands below: the author may have written it."""
    rest = [line for line in seen[cut.ends :] if line.strip()]
    return bool(rest) and not quoted(rest[0])


def _runs(picked: Sequence[int]) -> list[tuple[int, int]]:
    """Lines that follow one another, as (first, beyond the last)."""
    runs: list[tuple[int, int]] = []
    for at in picked:
        if runs and runs[-1][1] == at:
            runs[-1] = (runs[-1][0], at + 1)
        else:
            runs.append((at, at + 1))
    return runs


def _between(runs: Sequence[tuple[int, int]], count: int) -> list[tuple[int, int]]:
    begins = [0, *(end for _, end in runs)]
    ends = [*(begin for begin, _ in runs), count]
    return [(begin, end) for begin, end in zip(begins, ends, strict=True) if begin < end]


def _joined(lines: Sequence[str], runs: Sequence[tuple[int, int]]) -> str:
    """A blank line stands where something was left out in between."""
    text = "\n\n".join("\n".join(lines[begin:end]) for begin, end in runs)
    return text.replace(QUOTATION, "").replace(SIGNATURE, "").strip("\n")
