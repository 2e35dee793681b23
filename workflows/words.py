"""The vocabulary of workflow files in the three languages, for whoever reads a workflow instead of writing one."""

from collections.abc import Mapping, Sequence
from typing import Final

from engine.text import Text
from engine.workflow import Offset

ROLES: Final = {
    "responsible": Text("den ansvarlige", "den ansvarlege", "the one responsible"),
    "head": Text("lederen for enheten", "leiaren for eininga", "the head of the unit"),
    "coordinator": Text("koordinatoren", "koordinatoren", "the coordinator"),
    "executive": Text("oppdragsgiveren", "oppdragsgivaren", "the executive"),
    "copies": Text("kopimottakerne", "kopimottakarane", "the copy recipients"),
}
CLOCKS: Final = {
    "due": Text("fristen", "fristen", "the deadline"),
    "entered": Text("statusskiftet", "statusskiftet", "the change of status"),
    "activity": Text("siste livstegn", "siste livsteikn", "the last sign of life"),
    "hold_end": Text("slutten på pausen", "slutten på pausen", "the end of the pause"),
    "report_due": Text("rapportfristen", "rapportfristen", "the deadline of the report"),
}
LETTERS: Final = {
    "assigned": Text("nytt oppdrag", "nytt oppdrag", "new task"),
    "due_soon": Text("fristen nærmer seg", "fristen nærmar seg", "due soon"),
    "overdue": Text("over fristen", "over fristen", "overdue"),
    "stalled": Text("står stille", "står stille", "standing still"),
    "returned": Text("sendt tilbake", "sendt tilbake", "sent back"),
    "closed": Text("lukket", "lukka", "closed"),
    "handed_over": Text("overlevert", "overlevert", "handed over"),
    "asked": Text("et ønske å ta stilling til", "eit ønske å ta stilling til", "a wish to decide on"),
    "digest": Text("sammendrag", "samandrag", "digest"),
}
NEEDS: Final = {
    "owner": Text("enhet", "eining", "a unit"),
    "due": Text("frist", "frist", "a deadline"),
    "statement": Text("redegjørelse", "utgreiing", "a statement"),
    "reason": Text("begrunnelse", "grunngiving", "a reason"),
    "evidence": Text("dokumentasjon", "dokumentasjon", "evidence"),
    "answer": Text("svar", "svar", "an answer"),
}
_ONE: Final = {
    "d": Text("dag", "dag", "day"),
    "w": Text("uke", "veke", "week"),
    "m": Text("måned", "månad", "month"),
    "y": Text("år", "år", "year"),
    "wd": Text("virkedag", "yrkedag", "working day"),
}
_MANY: Final = {
    "d": Text("dager", "dagar", "days"),
    "w": Text("uker", "veker", "weeks"),
    "m": Text("måneder", "månader", "months"),
    "y": Text("år", "år", "years"),
    "wd": Text("virkedager", "yrkedagar", "working days"),
}
_EACH: Final = Text("hver", "kvar", "every")
_EACH_YEAR: Final = Text("hvert", "kvart", "every")  # år is neuter
_ONCE: Final = Text("én gang", "éin gong", "once")
_TIMES: Final = Text("ganger", "gonger", "times")
_AND: Final = Text("og", "og", "and")


def word(vocabulary: Mapping[str, Text], name: str, language: str) -> str:
    """A name the vocabulary does not know, such as a letter of an organisation's own, stands for itself."""
    return vocabulary[name].say(language) if name in vocabulary else name


def listed(words: Sequence[str], language: str) -> str:
    """ "a, b and c"."""
    return f" {_AND.say(language)} ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)


def length(offset: Offset, language: str) -> str:
    """ "10 working days", whichever way it points."""
    count = abs(offset.count)
    return f"{count} {(_ONE if count == 1 else _MANY)[offset.unit].say(language)}"


def each(offset: Offset, language: str) -> str:
    """ "every 10 working days", in Norwegian "hver 10. virkedag"."""
    every = (_EACH_YEAR if offset.unit == "y" else _EACH).say(language)
    if offset.count == 1:
        return f"{every} {_ONE[offset.unit].say(language)}"
    if language == "en":
        return f"{every} {length(offset, language)}"
    return f"{every} {offset.count}. {_ONE[offset.unit].say(language)}"


def often(times: int, language: str) -> str:
    return _ONCE.say(language) if times == 1 else f"{times} {_TIMES.say(language)}"


def quoted(words: str, language: str) -> str:
    return f"“{words}”" if language == "en" else f"«{words}»"
