"""What a sentence about an action tells of it: whose it is, by when, how much money, which recommendations."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Final

from reports.drafting.days import Mention, mentions

_KINDS: Final = (
    r"seksjon(?:en|ene|ane|er|ar)?|avdeling(?:en|a|ene|ane|er|ar)?|enhet(?:en|ene)?|eining(?:a|ane)?|kontor(?:et|a|ene)?|"
    r"direktorat(?:et|a|ene)?|departement(?:et|a|ene)?|ambassade(?:n|ne|r|ane)?|delegasjon(?:en|ane|ene)?|"
    r"stasjon(?:en|ene|ane)?|sekretariat(?:et)?|tilsyn(?:et)?|råden|rådet|utvalg(?:et)?|utval(?:et)?|styret|etat(?:en)?|"
    r"giver(?:en|ne)|givar(?:en|ane)|kommune(?:n|ne|ane)?"
)
_ENGLISH: Final = (
    r"sections?|departments?|units?|offices?|directorates?|ministry|ministries|embassy|embassies|delegations?|divisions?|"
    r"agency|agencies|boards?|secretariat|donors?|committee|council"
)
_PLACE: Final = r"(?:\s+(?:i|in|of|for|ved)\s+(?:the\s+)?[A-ZÆØÅ][\wæøåÆØÅè-]+|\s+[A-ZÆØÅ][\wæøåèé-]+)?"
_ONE: Final = (
    rf"(?:(?:[Tt]he|[Dd]en|[Dd]ei?)\s+)?(?:[\wÆØÅæøå/-]*(?i:{_KINDS})\b{_PLACE}"
    rf"|(?:[A-ZÆØÅ][\w/&-]*\s+){{0,4}}(?i:{_ENGLISH})\b{_PLACE})"
)
UNIT: Final = re.compile(_ONE)
SUBJECT: Final = re.compile(rf"^(?P<units>{_ONE}(?:\s*(?:/|,|\bog\b|\band\b|&)\s*{_ONE}){{0,5}})")
AFTER_SLASH: Final = re.compile(rf"/(?P<unit>{_ONE})")
SPLIT: Final = re.compile(r"\s*,\s*|\s+(?:og|and|&)\s+")
LABEL: Final = re.compile(
    r"[(\[]?\b(?P<label>ansvarlig(?:\s+enhet)?|ansvarleg(?:\s+eining)?|ansvar|eier|eigar|responsible(?:\s+unit)?|owner|lead|"
    r"frist|tidsfrist|deadline|due(?:\s+date)?|prioritet|priority)\s*:\s*(?P<value>[^;)\]]+?)"
    r"(?=\s*(?:[;)\]]|[.,]?\s*\b(?:ansvarlig|ansvarleg|ansvar|eier|eigar|responsible|owner|lead|frist|tidsfrist"
    r"|deadline|due|prioritet|priority)\b[^:]{0,10}:|\.?$|\.\s+(?-i:[A-ZÆØÅ])))[.;)\],\s]*",
    re.IGNORECASE,
)
_OWNER_LABELS: Final = ("ansvar", "eier", "eigar", "responsible", "owner", "lead")
_DUE_LABELS: Final = ("frist", "tidsfrist", "deadline", "due")
AMOUNT: Final = re.compile(
    r"(?:\b(?:kr\.?|nok|usd|eur|sek|dkk|gbp|[$€£])\s?\d[\d  .,]{0,20}"
    r"(?:\s?(?:mill\w*\.?|mrd\.?|milliard\w*|million\w*|billion\w*))?"
    r"|\b\d[\d  .,]{0,20}"
    r"(?:\s?(?:mill\.?|millioner|millionar|million|mrd\.?|milliarder|milliardar|billion|tusen|thousand))?"
    r"\s?(?:kroner|kr\b|nok\b|usd\b|eur\b|euro|dollar))",
    re.IGNORECASE,
)
REFERENCES: Final = re.compile(
    r"\b(?:anbefaling|tilråding|recommendation)(?:s|er|ene|ar|ane|en|a)?\s+(?:nr\.?\s*|no\.?\s*)?"
    r"(?P<numbers>[A-Z]?\d{1,3}(?:\.\d+)?(?:\s*(?:,|og|and|&|/)\s*[A-Z]?\d{1,3}(?:\.\d+)?){0,12})",
    re.IGNORECASE,
)
NUMBER: Final = re.compile(r"[A-Z]?\d{1,3}(?:\.\d+)?")
BEGINNING: Final = 300  # letters of a sentence in which its owners are looked for


@dataclass(frozen=True, slots=True, kw_only=True)
class Details:
    """`text` is the sentence without the labels that were read out of it."""

    text: str
    owners: tuple[str, ...] = ()
    days: tuple[Mention, ...] = ()
    amounts: tuple[str, ...] = ()
    references: tuple[str, ...] = ()
    priority: str = ""


def details(text: str) -> Details:
    labels, rest = _labelled(text)
    owner = next((value for key, value in labels.items() if key.startswith(_OWNER_LABELS)), "")
    due = next((value for key, value in labels.items() if key.startswith(_DUE_LABELS)), "")
    days = tuple(mentions(f"frist: {due}")) or ((Mention(due, limit=True),) if due else ())
    return Details(
        text=rest,
        owners=tuple(split(owner)) if owner else subjects(rest),
        days=days or tuple(mentions(rest)),
        amounts=tuple(dict.fromkeys(each.strip(" .,") for each in AMOUNT.findall(text))),
        references=tuple(it for found in REFERENCES.finditer(text) for it in NUMBER.findall(found["numbers"])),
        priority=next((value for key, value in labels.items() if key.startswith("priorit")), ""),
    )


def _labelled(text: str) -> tuple[Mapping[str, str], str]:
    found = {it["label"].lower(): it["value"].strip() for it in LABEL.finditer(text)}
    return found, (LABEL.sub("", text).strip(" (;,") or text) if found else text


def only_labels(text: str) -> bool:
    """A line that says nothing but who and when belongs to the item above it."""
    return bool(LABEL.match(text)) and len(LABEL.sub("", text).strip()) < 3


def subjects(text: str) -> tuple[str, ...]:
    """The units with which a sentence begins: they are the ones who shall do it."""
    beginning = text[:BEGINNING]
    found = SUBJECT.match(beginning)
    if not found:
        return ()
    further = AFTER_SLASH.search(beginning, found.end())
    return tuple(dict.fromkeys([*split(found["units"]), *([further["unit"]] if further else [])]))


def split(owners: str) -> list[str]:
    """ "A-seksjonen og B-seksjonen" as two; MR/DEM-seksjonen is one, for MR alone is no unit."""
    found: list[str] = []
    for part in SPLIT.split(owners):
        open_end = False
        for each in part.split("/"):
            found[-1:] = [f"{found[-1]}/{each}"] if open_end else [*found[-1:], each]
            open_end = not UNIT.search(found[-1]) and "/" in part
    return [each.strip(" .;/") for each in found if each.strip(" .;/")]


def known_as(name: str, known: Mapping[str, Collection[str]]) -> str:
    """The code of the unit that goes by this name; "" for none, or for more than one."""
    wanted = _plain(name)
    found = {code for code, names in known.items() if wanted and wanted in {_plain(each) for each in (code, *names)}}
    return found.pop() if len(found) == 1 else ""


def _plain(name: str) -> str:
    name = re.sub(r"^(?:the|den|det|de|dei)\s+", "", name.casefold().strip())
    name = re.sub(r"[-\s]*(?:seksjonen|seksjon|section|avdelingen|avdelinga|department|unit)$", "", name) or name
    return re.sub(r"[^a-z0-9æøå]+", "", name)
