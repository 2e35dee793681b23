"""The draft of a plan: what was found, numbered, with every hole and everything a person has to look at."""

import re
import unicodedata
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import PurePath
from typing import Any, Final

from reports.drafting.contents import Block, Contents, Place, Remark
from reports.drafting.days import mentions
from reports.drafting.details import AMOUNT, known_as
from reports.drafting.outline import outline
from reports.drafting.rows import Found
from reports.shape import REF

LONGEST_TITLE: Final = 120
REPORTS: Final = re.compile(r"\brapporter\w*|\breport(?:s|ing)?\b", re.IGNORECASE)
NEAR_THE_TOP: Final = 15


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """Whom the register knows: the names of each unit by its code, and the names of the organisation itself."""

    units: Mapping[str, Collection[str]]
    own: Collection[str] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One recommendation or action as the plan file has it. `holes` must be filled, `checks` looked at."""

    facts: Mapping[str, Any]
    found: Found
    holes: tuple[Remark, ...] = ()
    checks: tuple[Remark, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    name: str
    contents: Contents
    title: str = ""
    ref: str = ""
    decided_on: date | None = None
    decided_where: Place | None = None
    recommendations: tuple[Entry, ...] = ()
    actions: tuple[Entry, ...] = ()
    units: Mapping[str, str] | None = None  # each name in the document with the code it is known by, or ""
    amount: str = ""
    remarks: tuple[Remark, ...] = ()
    asked: bool = False  # whether there was a register to ask

    @property
    def refused(self) -> Remark | None:
        """Why there is no draft."""
        return self.contents.refused or (None if self.recommendations or self.actions else Remark("nothing"))

    @property
    def holes(self) -> Sequence[Remark]:
        own = (
            Remark("no_coordinator"),
            Remark("no_executive"),
            *(() if self.decided_on else (Remark("no_decided_on"),)),
        )
        return [*own, *(hole for entry in (*self.recommendations, *self.actions) for hole in entry.holes)]

    @property
    def days(self) -> Sequence[tuple[str, Place]]:
        return [(day.written, it.found.place) for it in (*self.recommendations, *self.actions) for day in it.found.days]

    @property
    def amounts(self) -> Sequence[str]:
        rows = (amount for it in (*self.recommendations, *self.actions) for amount in it.found.amounts)
        return list(dict.fromkeys([*((self.amount,) if self.amount else ()), *rows]))


def draft(contents: Contents, name: str, known: Known | None) -> Draft:
    """`known` is None where there is no register to ask."""
    if contents.refused:
        return Draft(name=name, contents=contents)
    rows, passed = outline(contents)
    decided = _decided(contents)
    day = decided[0] if decided else None
    advice, renumbered = _numbered([it for it in rows if it.klass == "recommendation"], "R")
    acts, again = _numbered([it for it in rows if it.klass == "action"], "")
    recommendations = [_recommendation(number, it, known) for number, it in advice]
    numbers = {it.facts["text"]: number for (number, _), it in zip(advice, recommendations, strict=True)}
    actions = [
        _action(number, it, numbers, {it.number or str(at): key for at, (key, it) in enumerate(advice, 1)}, known, day)
        for number, it in acts
    ]
    remarks = [*contents.remarks, *passed, *_renumbered("recommendations", renumbered), *_renumbered("actions", again)]
    return Draft(
        name=name,
        contents=replace(contents, parts=(), heads=()),
        title=_title(contents, name),
        ref=_ref(name),
        decided_on=day,
        decided_where=decided[1] if decided else None,
        recommendations=tuple(recommendations),
        actions=tuple(actions),
        units=_units(rows, known),
        amount=_amount(contents),
        remarks=(*remarks, *(() if known else (Remark("no_register"),))),
        asked=known is not None,
    )


def _renumbered(what: str, anew: bool) -> Iterator[Remark]:
    if anew:
        yield Remark("renumbered", {"what": Remark(what)})


def _numbered(rows: list[Found], letter: str) -> tuple[list[tuple[str, Found]], bool]:
    """Each row with its own number where all have one and none stands twice; otherwise counted."""
    own = [re.sub(r"[^A-Za-z0-9-]+", "-", it.number).strip("-") for it in rows]
    if all(REF.fullmatch(each) for each in own) and len(set(own)) == len(own):
        return list(zip(own, rows, strict=True)), False
    return [(f"{letter}{at}", it) for at, it in enumerate(rows, 1)], any(own)


def _recommendation(number: str, it: Found, known: Known | None) -> Entry:
    facts: dict[str, Any] = {"number": number, "text": it.text}
    holes, checks = [], []
    if known and known_as(it.addressee, {"own": known.own}):
        facts["addressee"] = "own"
    elif it.addressee:
        facts["addressee"] = it.addressee
        checks.append(Remark("addressee"))
    else:
        holes.append(Remark("no_addressee"))
    if it.response:
        facts["response"] = it.response
    if it.reason:
        checks.append(Remark("response", {"written": it.reason}))
    return Entry(facts=facts, found=it, holes=tuple(holes), checks=tuple(checks))


def _action(
    number: str, it: Found, texts: Mapping[str, str], numbers: Mapping[str, str], known: Known | None, day: date | None
) -> Entry:
    title = _shortened(it.text)
    facts: dict[str, Any] = {"number": number, "title": title}
    cut = title != it.text.rstrip(".")
    checks = [Remark("cut_text")] if cut else []
    facts |= {"body": it.text} if cut else {}
    owner, holes = _owner(it, known)
    due, missing, seen = _due(it, day)
    linked, lost = _links(it, texts, numbers)
    contributors = [code for each in it.contributors if (code := known_as(each, known.units if known else {}))]
    facts |= owner | ({"contributors": contributors} if contributors else {}) | due
    facts |= {"priority": it.priority} if it.priority else {}
    facts |= {"recommendations": linked} if linked else {}
    facts |= {"facts": {"amount": "; ".join(it.amounts)}} if it.amounts else {}
    if REPORTS.search(it.text) and any(each.by for each in it.days):
        checks.append(Remark("report"))
    return Entry(facts=facts, found=it, holes=(*holes, *missing), checks=(*checks, *seen, *lost))


def _shortened(text: str) -> str:
    if len(text) <= LONGEST_TITLE:
        return text.rstrip(".")
    cut = text[:LONGEST_TITLE].rpartition(" ")[0] or text[:LONGEST_TITLE]
    return f"{cut.rstrip(' ,;:')} …"


def _owner(it: Found, known: Known | None) -> tuple[dict[str, Any], list[Remark]]:
    if not it.owners:
        return {}, [Remark("no_owner")]
    written = {"owner_as_written": " / ".join(it.owners)}
    if len(it.owners) > 1:
        return written, [Remark("several_owners")]
    if code := known_as(it.owners[0], known.units if known else {}):
        return {"owner": code}, []
    return written, [Remark("unchecked_owner" if known is None else "unknown_owner")]


def _due(it: Found, decided: date | None) -> tuple[dict[str, Any], list[Remark], list[Remark]]:
    """The deadline, what is missing for one, and the days that are none."""
    limits = list(dict.fromkeys(each for each in it.days if each.limit))
    others = [Remark("other_day", {"written": each.written}) for each in it.days if not each.limit]
    certain = [each for each in limits if each.day]
    if len(certain) > 1:
        others.append(Remark("several_dues", {"written": ", ".join(each.written for each in certain)}))
    if certain:
        return {"due": certain[0].day}, [], others
    if limits and limits[0].by and decided:
        rule = {"after": decided, "by": limits[0].by, "roll": "next"}
        return {"due": rule}, [], [*others, Remark("length_due", {"written": limits[0].written})]
    hole = Remark("unclear_due", {"written": limits[0].written}) if limits else Remark("no_due")
    return {}, [hole], others


def _links(it: Found, texts: Mapping[str, str], numbers: Mapping[str, str]) -> tuple[list[str], list[Remark]]:
    """The recommendations an action answers: those in its row, and those it names."""
    found = [texts[it.below]] if it.below in texts else []
    lost = [each for each in it.references if each not in numbers and each not in numbers.values()]
    found += [numbers.get(each, each) for each in it.references if each not in lost]
    return list(dict.fromkeys(found)), [Remark("no_such_recommendation", {"number": each}) for each in lost]


def _units(rows: list[Found], known: Known | None) -> Mapping[str, str]:
    names = dict.fromkeys(name for it in rows for name in (*it.owners, *it.contributors))
    return {name: known_as(name, known.units if known else {}) for name in names}


def _title(contents: Contents, name: str) -> str:
    first = next((it.text for it in contents.parts if isinstance(it, Block) and it.kind != "item"), "")
    return _shortened(contents.title or first or PurePath(name).stem).rstrip(":")


def _ref(name: str) -> str:
    plain = name.translate(str.maketrans("øØæÆåÅ", "oOaAaA"))  # the other marks fall off by themselves
    plain = unicodedata.normalize("NFKD", PurePath(plain).stem).encode("ascii", "ignore").decode()
    return re.sub(r"[^A-Za-z0-9]+", "-", plain).strip("-").upper()[:40].strip("-") or "PLAN"


def _decided(contents: Contents) -> tuple[date, Place] | None:
    """The date the document bears: in the heads of its pages, or on a line of its own near the top."""
    top = [it for it in contents.parts[:NEAR_THE_TOP] if isinstance(it, Block) and len(it.text) < 60]
    for block in (*contents.heads, *top):
        days = [each for each in mentions(block.text) if each.day]
        if len(days) == 1 and not days[0].limit:
            assert days[0].day
            return days[0].day, block.place
    return None


def _amount(contents: Contents) -> str:
    texts = (it.text for it in contents.parts if isinstance(it, Block) and it.kind == "prose")
    found = next((match for text in texts if (match := AMOUNT.search(text))), None)
    return found[0].strip(" .,") if found else ""
