"""The first line of a reply as a command: whole, from a closed list, or not at all."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from engine.workflow import Ask, Move, Workflow
from notifications.reading import dates, periods
from notifications.reading.addresses import ADDRESS
from notifications.reading.facts import Argument, Mailbox, Vocabulary

ABSENCE, PASS_ON = "absence", "pass_on"

#: What may be asked whatever the workflow is. An ellipsis stands for a day, a stretch of days, a person or a unit.
ASKS: Final[Mapping[str, tuple[str, ...]]] = {
    ABSENCE: (
        *("fravær", "fravær …", "jeg er borte …", "borte …", "fråvær", "fråvær …", "eg er borte …"),
        *("absence", "absence …", "away …", "i am away …"),
    ),
    PASS_ON: (
        *(
            "videre til …",
            "send videre til …",
            "gi videre til …",
            "vidare til …",
            "send vidare til …",
            "gje vidare til …",
        ),
        *("pass on to …", "forward to …", "hand over to …"),
    ),
}
NEEDED: Final = (
    "",
    "trenger ",
    "vi trenger ",
    "jeg trenger ",
    "treng ",
    "vi treng ",
    "eg treng ",
    "need ",
    "we need ",
    "i need ",
)
MORE: Final = " …"
UNTIL: Final = re.compile(r"^(?:(?:fram|frem) til|til|until|till)\s+")
UNTIL_ENGLISH: Final = re.compile(r"^(?:until|till|to)\s+")
ENGLISH: Final = re.compile(r"\b(?:time|extension|deadline|need)\b")
STAND_IN: Final = re.compile(
    r"[\s,;:]+(?:med\s+)?(?:stedfortreder|stadfortredar|vikar|substitute|stand-in|deputy|for meg)?[\s:]*"
    r"(?:er\s+|is\s+)?$"
)
NUMBER: Final = (
    r"(?:(?:sak|saka|tiltak|case|action|nr|no|nummer|number|punkt)\b\.?\s*){0,2}[#\[(]?"
    r"(?P<number>\d{1,4}(?:[.-]\d{1,3}){0,2}[a-z]?|[a-zæøå]{1,10}(?:-[a-z0-9æøå]{1,10}){1,4})[\])]?"
)
BEFORE: Final = re.compile(rf"^{NUMBER}\s?[.:)–-]?\s+(?P<words>\S.*)$")
BEHIND: Final = re.compile(rf"^(?P<words>.*\S)\s+{NUMBER}$")
WRAPPING: Final = " \t*_«»\"'“”„`´‘’•"
FINAL: Final = ".!,;:…" + WRAPPING
PAIRS: Final = ("«»", "“”")
LONGEST: Final = 120


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """`names` are the moves and asks the words may stand for, `number` the case they name."""

    names: tuple[str, ...]
    number: str | None = None
    argument: Argument | None = None
    doubtful: bool = False


def vocabulary(workflows: Iterable[Workflow]) -> Vocabulary:
    """Every word by which a reply may ask for something, of these workflows and of any case."""
    found: dict[str, tuple[str, ...]] = {}
    for workflow in workflows:
        for move in workflow.moves.values():
            _add(found, move.name, _words(move))
        for ask in workflow.asks.values():
            words = _words(ask)
            _add(found, ask.name, words)
            if "due" in (*ask.needs, *ask.takes):
                needed = [need + phrase for phrase in words for need in NEEDED]
                _add(found, ask.name, [*needed, *(phrase + MORE for phrase in needed)])
            if "owner" in (*ask.needs, *ask.takes):
                _add(found, ask.name, [f"{phrase}:{MORE}" for phrase in words])
    for name, phrases in ASKS.items():
        _add(found, name, phrases)
    return found


def _words(each: Move | Ask) -> list[str]:
    return [folded(phrase) for phrases in each.say.values() for phrase in phrases]


def _add(found: dict[str, tuple[str, ...]], name: str, phrases: Iterable[str]) -> None:
    for said in phrases:
        found[said] = tuple(dict.fromkeys([*found.get(said, ()), name]))


def command(line: str, known: Vocabulary, *, received: date) -> Command | None:
    """What the whole line asks for; None when it is anything but a command."""
    if len(line) > LONGEST or line.rstrip(WRAPPING).endswith(":"):
        return None
    if any(line.count(opens) != line.count(closes) for opens, closes in PAIRS):
        return None  # half a quotation is the end of somebody's longer sentence
    said = folded(line)
    found = (
        _spoken(said, None, known, received)
        or _numbered(BEFORE, said, known, received)
        or _numbered(BEHIND, said, known, received)
    )
    return _in_its_own_letters(found, line) if found else None


def _in_its_own_letters(found: Command, line: str) -> Command:
    """Capitals are kept for those who read what was written."""
    if found.argument is None:
        return found
    flat = " ".join(line.split())
    begins = flat.lower().rfind(found.argument.written)
    written = flat[begins : begins + len(found.argument.written)] if begins >= 0 else found.argument.written
    return replace(found, argument=replace(found.argument, written=written))


def folded(line: str) -> str:
    """Lower case, single spaces, without what telephones and word processors put around a word."""
    return " ".join(line.replace("\u00ad", "").lower().split()).strip(FINAL)


def _numbered(shape: re.Pattern[str], said: str, known: Vocabulary, received: date) -> Command | None:
    match = shape.match(said)
    if match is None or not any(letter.isdigit() for letter in match["number"]):
        return None
    return _spoken(match["words"].strip(FINAL), match["number"], known, received, bare=shape is BEHIND)


def _spoken(said: str, number: str | None, known: Vocabulary, received: date, *, bare: bool = False) -> Command | None:
    """`bare`: nothing may follow the words, for the number does."""
    names = known.get(said)
    if names:
        return Command(names=names, number=number)
    if bare:
        return None
    for at in [place.start() for place in re.finditer(r"[\s:]", said)][5::-1]:
        phrase, rest = said[:at].strip(FINAL), said[at:].strip(" :,–-")
        names = known.get(phrase + MORE)
        if names and rest:
            found = _read(names, phrase, rest, received)
            return replace(found, number=number) if found else None
        unit = known.get(f"{phrase}:{MORE}") if said[at] == ":" else None
        if unit and rest:
            return Command(names=unit, number=number, argument=Argument(written=rest))
    return None


def _read(names: tuple[str, ...], phrase: str, rest: str, received: date) -> Command | None:
    """What stands where the words have their ellipsis; None when it makes a sentence of them."""
    if ABSENCE in names:
        return _away(names, rest, received)
    if PASS_ON in names:
        return _pass_on(names, rest)
    english = ENGLISH.search(phrase) is not None
    rest = (UNTIL_ENGLISH if english else UNTIL).sub("", rest)
    found = dates.day(rest, received, english=english)
    if found is None and not dates.like_a_day(rest):
        return None
    return Command(names=names, argument=Argument(written=rest, day=found), doubtful=found is None)


def _away(names: tuple[str, ...], rest: str, received: date) -> Command | None:
    """From today on when no first day is named; with an address, that is who stands in."""
    address = ADDRESS.search(rest)
    days = STAND_IN.sub("", rest[: address.start()].rstrip("<(")) if address else rest
    found = periods.period(days, received)
    if found is None and not dates.like_a_day(days):
        return None
    begins, ends = found or (None, None)
    begins = begins or (received if ends else None)
    person = address[0].rstrip(".") if address else ""
    argument = Argument(written=rest, day=begins, until=ends, person=person)
    return Command(names=names, argument=argument, doubtful=found is None)


def _pass_on(names: tuple[str, ...], rest: str) -> Command | None:
    """To an address, with or without a name in front of it."""
    words = rest.split()
    address = words[-1].strip("<>()[].,")
    if not ADDRESS.fullmatch(address) or len(words) > 6:
        return None
    return Command(names=names, argument=Argument(written=rest, person=address))


def person(argument: Argument) -> Mailbox:
    return Mailbox(argument.person, " ".join(argument.written.split()[:-1]))
