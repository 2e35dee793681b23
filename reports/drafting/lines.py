"""Lines of text as paragraphs, items and headings: what a person sees in them who knows nothing but their shape."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice, pairwise
from typing import Final

from reports.drafting.contents import MOST_BLOCKS, Block, Place, tidy

BULLET: Final = re.compile(
    "^[•‣◦∙·●○■□▪▫►▶➢✓❖\uf000-\uf0ff*–—-]\\s+(?=\\S)|^[\uf000-\uf0ff•●▪](?=\\S)|^o\\s{2,}(?=\\S)"
)
NUMBER: Final = re.compile(
    r"^(?:\(?(?P<plain>\d{1,3}|[a-zA-Z])[.)]|(?P<deep>\d{1,2}(?:\.\d{1,2}){1,3})\.?"
    r"|(?P<lettered>[A-ZÆØÅ]{1,3}-?\d{1,3})\s?[.:)–-])\s+(?=\S)"
)
LABELLED: Final = re.compile(
    r"^(?P<label>(?:anbefaling|tilråding|recommendation|tiltak|action|measure)(?:\s+(?:nr|no)\b\.?)?)\s*"
    r"(?P<number>\d{1,3}(?:\.\d{1,2})*|[A-Z]\d{0,3})\s?[.:)–-]\s*(?=\S)",
    re.IGNORECASE,
)
MONTH_FOLLOWS: Final = re.compile(
    r"^\d{1,2}\.\s+(?:jan|feb|mar|apr|ma[ijy]|jun|jul|aug|sep|okt|oct|nov|des|dec)[a-zæøå]*\b", re.IGNORECASE
)
PAGE_HEAD: Final = re.compile(r"^(?:side|page|s\.)\s*\d{1,4}\b", re.IGNORECASE)
PAGE_NUMBER: Final = re.compile(
    r"^[-–\s]*(?:(?:side|page)\s*)?\d{1,4}(?:\s*(?:/|av|of)\s*\d{1,4})?[-–\s]*$", re.IGNORECASE
)
SHORT: Final = 0.6  # a line this much shorter than the others ends a paragraph
HEADER_LINES: Final = 3
ENDS: Final = (".", "!", "?", ";", ",")
LONGEST_HEADING: Final = 90


@dataclass(slots=True)
class _Gathered:
    """A paragraph that grows line by line."""

    first: int
    last: int
    kind: str = "prose"
    number: str = ""
    label: str = ""
    marked: bool = False  # by a bullet or a number, not only by being set in
    indent: int = 0
    lines: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Line:
    text: str
    number: int
    after_gap: bool = False

    @property
    def indent(self) -> int:
        return len(self.text) - len(self.text.lstrip())


def blocks(text: str) -> tuple[list[Block], list[Block]]:
    """The paragraphs of a text, and the heads of its pages, which are no part of it."""
    lines, heads = _without_heads(text.split("\n"))
    made = [_block(each) for each in islice(_gather(lines), MOST_BLOCKS)]
    return judged(made), [_block(_Gathered(it.number, it.number, lines=[it.text])) for it in heads]


def _without_heads(lines: list[str]) -> tuple[list[_Line], list[_Line]]:
    """Lines that hold something. A page's own head, which repeats but for its number, is nobody's text."""
    filled = [(at, each) for at, each in enumerate(lines, 1) if each.strip()]
    shapes = Counter(_shape(each) for _, each in filled if not is_item(each))
    parted_by = 2 if _double_spaced([at for at, _ in filled]) else 1
    kept: list[_Line] = []
    heads: list[_Line] = []
    near, before = 0, 0
    for at, each in filled:
        begins = PAGE_HEAD.match(each.strip())
        near = HEADER_LINES if begins or "\f" in each else near
        repeated = shapes[_shape(each)] > 1 and not is_item(each)
        if PAGE_NUMBER.match(each.strip()) or (near and (repeated or begins)):
            near = max(near - 1, 0)
            heads.append(_Line(each, at))
            continue
        runs_over = bool(heads) and heads[-1].number > before and each.strip()[0].islower()
        kept.append(_Line(each, at, at - before > parted_by and not runs_over))  # the head of a page parts no sentence
        near, before = 0, at
    return kept, heads


def _shape(line: str) -> str:
    return re.sub(r"\d+", "#", tidy(line))


def _double_spaced(numbers: list[int]) -> bool:
    """Whether nearly every line has an empty one below it, which then parts nothing."""
    steps = [after - before for before, after in pairwise(numbers)]
    return len(steps) > 3 and sum(step > 1 for step in steps) > 0.8 * len(steps)


def is_item(line: str) -> bool:
    return opened(line.strip()) is not None


@dataclass(frozen=True, slots=True)
class Opening:
    """How an item begins: its number, the word before the number ("Action 3:"), and what comes after."""

    number: str
    label: str
    rest: str


def opened(line: str) -> Opening | None:
    if MONTH_FOLLOWS.match(line):
        return None
    found = BULLET.match(line) or LABELLED.match(line) or NUMBER.match(line)
    if not found:
        return None
    named = {key: value for key, value in found.groupdict().items() if value}
    number = next((named[key] for key in ("number", "plain", "deep", "lettered") if key in named), "")
    return Opening(number, named.get("label", ""), line[found.end() :])


def _gather(lines: list[_Line]) -> Iterator[_Gathered]:
    width, listing = _width(lines), False
    now: _Gathered | None = None
    for line in lines:
        text = line.text.strip()
        opening = opened(text)
        bare = not opening and now is not None and _lists(now, listing) and _bare_item(line, now, width)
        if now and not opening and not bare and not line.after_gap and _goes_on(now, text, width):
            now.lines.append(text)
            now.last = line.number
            continue
        if now:
            yield now
        listing = _lists(now, listing) if now else False
        now = _Gathered(line.number, line.number, indent=line.indent, lines=[text])
        if opening or bare:
            now.kind = "item"
        if opening:
            now.marked = True
            now.number, now.label, now.lines = opening.number, opening.label, [opening.rest]
    if now:
        yield now


def _lists(above: _Gathered, listing: bool) -> bool:
    """Whether an indented line would be an item: below a line with a colon, and among such items."""
    return above.lines[-1].endswith(":") or (listing and above.kind == "item")


def _bare_item(line: _Line, now: _Gathered, width: int) -> bool:
    """A line that is set in, in a list that has lost its bullets. What is set in further goes on with the item."""
    if not line.indent or line.text.rstrip().endswith(":"):
        return False
    full = len(now.lines[-1]) >= SHORT * width
    begins_small = line.text.strip()[0].islower() and now.lines[0][0].isupper()
    return not (now.kind == "item" and full and (line.indent > now.indent or begins_small))


def _width(lines: list[_Line]) -> int:
    lengths = sorted(len(line.text.strip()) for line in lines)
    return lengths[int(len(lengths) * 0.9)] if lengths else 0


def _goes_on(now: _Gathered, text: str, width: int) -> bool:
    """Whether a line is more of the paragraph: it begins small, or the one above was full."""
    above = now.lines[-1]
    if above.endswith(":") or (text.endswith(":") and len(text) <= LONGEST_HEADING and above.endswith(".")):
        return False
    if text.endswith(":") and now.kind == "item" and len(text) < SHORT * width:
        return False
    return text[0].islower() or text[0] in "(,;" or len(above) >= SHORT * width or above.endswith((",", "-"))


def _block(it: _Gathered) -> Block:
    text = tidy(_joined(it.lines))
    place = Place(unit="line", first=it.first, last=it.last)
    if it.kind == "prose":
        return Block(text=text, place=place)
    level = it.indent if it.marked else 0
    return Block(
        text=text, place=place, kind="item", number=it.number, label=it.label, level=level, typed=bool(it.number)
    )


def _joined(lines: Iterable[str]) -> str:
    """Lines as one; a word parted by a hyphen at the end of a line is put together only where that is certain."""
    return re.sub("\u00ad\\s+", "", " ".join(lines))


def judged(made: list[Block]) -> list[Block]:
    """The blocks, with those that turn out to be headings as such."""
    around = [None, *made, None]
    return [_judged(each, around[at], around[at + 2]) for at, each in enumerate(made)]


def _judged(it: Block, before: Block | None, after: Block | None) -> Block:
    """An item or a short paragraph that turns out to be a heading."""
    if it.kind == "item" and it.typed and it.number and not it.label and _heads(it, before, after):
        return Block(text=it.text, place=it.place, kind="heading", level=it.number.count(".") + 1)
    if it.kind == "prose" and like_heading(it.text):
        return Block(text=it.text, place=it.place, kind="heading")
    return it


def like_heading(text: str) -> bool:
    if len(text) > LONGEST_HEADING or not text:
        return False
    return text.endswith(":") or (text[0].isupper() and not text.endswith(ENDS))


def _heads(it: Block, before: Block | None, after: Block | None) -> bool:
    """A numbered line is a heading when it is short and stands alone, not among items numbered like it."""
    if len(it.text) > LONGEST_HEADING or it.text.endswith(ENDS) or after is None:
        return False
    return not any(near and near.kind == "item" and _neighbours(near.number, it.number) for near in (before, after))


def _neighbours(one: str, other: str) -> bool:
    if not one or not other:
        return False
    (*above, last), (*beside, end) = one.split("."), other.split(".")
    if last.isdigit() and end.isdigit():
        return above == beside and abs(int(last) - int(end)) == 1
    return len(one) == len(other) and one[0].isalpha() == other[0].isalpha()
