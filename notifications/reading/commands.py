"""The first line of a reply as a command: whole, from a closed list, or not at all."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from engine.workflow import Workflow
from notifications.reading import dates, periods
from notifications.reading.addresses import ADDRESS
from notifications.reading.facts import Argument, Mailbox, Vocabulary

MORE_TIME, NOT_OURS, ABSENCE, PASS_ON = "more_time", "not_ours", "absence", "pass_on"

#: What may be asked of any case, whatever its workflow is.
ASKS: Final[Mapping[str, tuple[str, ...]]] = {
    MORE_TIME: (
        *(
            "mer tid",
            "mere tid",
            "trenger mer tid",
            "vi trenger mer tid",
            "jeg trenger mer tid",
            "utsettelse",
            "ny frist",
        ),
        *(
            "utsatt frist",
            "meir tid",
            "treng meir tid",
            "vi treng meir tid",
            "eg treng meir tid",
            "utsetjing",
            "utsett frist",
        ),
        *("more time", "need more time", "we need more time", "i need more time", "extension", "new deadline"),
    ),
    NOT_OURS: (
        *("ikke oss", "ikke vårt", "ikke vår", "ikke vår sak", "ikke vårt ansvar"),
        *("ikkje oss", "ikkje vårt", "ikkje vår", "ikkje vår sak", "ikkje vårt ansvar"),
        *("not ours", "not us", "not our case", "not our responsibility"),
    ),
    ABSENCE: ("fravær", "jeg er borte", "borte", "fråvær", "eg er borte", "away", "i am away", "absence", "absent"),
    PASS_ON: (
        *("videre til", "send videre til", "gi videre til", "vidare til", "send vidare til", "gje vidare til"),
        *("pass on to", "forward to", "hand over to"),
    ),
}
UNTIL: Final = re.compile(r"^(?:fram til|frem til|til)\s+")
UNTIL_ENGLISH: Final = re.compile(r"^(?:until|till|to)\s+")
ENGLISH: Final = re.compile(r"^(?:i |we )?(?:need )?(?:more time|extension|new deadline)")
NUMBER: Final = (
    r"(?:(?:sak|saka|tiltak|case|action|nr|no|nummer|number|punkt)\b\.?\s*)?[#\[(]?"
    r"(?P<number>\d{1,4}(?:[.-]\d{1,3}){0,2}[a-z]?|[a-zæøå]{1,10}(?:-[a-z0-9æøå]{1,10}){1,4})[\])]?"
)
BEFORE: Final = re.compile(rf"^{NUMBER}\s?[.:)–-]?\s+(?P<words>\S.*)$")
BEHIND: Final = re.compile(rf"^(?P<words>.*\S)\s+{NUMBER}$")
WRAPPING: Final = " \t*_«»\"'“”„`´‘’•"
FINAL: Final = ".!,;:…" + WRAPPING
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
            _add(found, move.name, (phrase for phrases in move.say.values() for phrase in phrases))
    for name, phrases in ASKS.items():
        _add(found, name, phrases)
    return found


def _add(found: dict[str, tuple[str, ...]], name: str, phrases: Iterable[str]) -> None:
    for phrase in phrases:
        said = folded(phrase)
        found[said] = tuple(dict.fromkeys([*found.get(said, ()), name]))


def command(line: str, known: Vocabulary, *, received: date) -> Command | None:
    """What the whole line asks for; None when it is anything but a command."""
    if len(line) > LONGEST:
        return None
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
    names = known.get(said)
    if names:
        return Command(names=names, number=number)
    if bare:
        return None
    for at in [place.start() for place in re.finditer(r"[\s:]", said)][4::-1]:
        names = known.get(said[:at].strip(FINAL))
        rest = said[at:].strip(" :,–-")
        if names and rest:
            return _with_argument(names, number, said[:at], rest, received)
    return None


def _with_argument(
    names: tuple[str, ...], number: str | None, phrase: str, rest: str, received: date
) -> Command | None:
    """Only asks take an argument; a move with words behind it is a sentence."""
    if MORE_TIME in names:
        english = ENGLISH.match(phrase) is not None
        rest = (UNTIL_ENGLISH if english else UNTIL).sub("", rest)
        found = dates.day(rest, received, english=english)
        if found or dates.like_a_day(rest):
            return Command(
                names=names, number=number, argument=Argument(written=rest, day=found), doubtful=found is None
            )
    elif ABSENCE in names:
        away = periods.period(rest, received)
        if away or dates.like_a_day(rest):
            begins, ends = away or (None, None)
            return Command(
                names=names,
                number=number,
                argument=Argument(written=rest, day=begins, until=ends),
                doubtful=away is None,
            )
    elif PASS_ON in names and ADDRESS.search(rest):
        return _pass_on(names, number, rest)
    return None


def _pass_on(names: tuple[str, ...], number: str | None, rest: str) -> Command | None:
    """To an address, with or without a name in front of it."""
    words = rest.split()
    address = words[-1].strip("<>()[].,")
    if not ADDRESS.fullmatch(address) or len(words) > 6:
        return None
    return Command(names=names, number=number, argument=Argument(written=rest, person=address))


def person(argument: Argument) -> Mailbox:
    return Mailbox(argument.person, " ".join(argument.written.split()[:-1]))
