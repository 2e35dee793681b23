"""A draft as a plan file: what was found as keys, and beside it in comments where it stood and what is missing."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from engine.people import Person, Register, Unit
from reports.drafting.contents import Remark
from reports.drafting.draft import Draft, Entry
from reports.drafting.words import WORDS, say, where
from reports.plan_text import as_yaml, person_facts, unit_facts

LONGEST_SOURCE = 400  # letters of the document's own line


def write_draft(draft: Draft, register: Register | None, language: str) -> str:
    """A plan file that is refused until somebody has said who coordinates: nobody imports it unread."""
    return "\n".join([*_Writer(draft, register, language).lines(), ""])


def account(draft: Draft, language: str) -> list[str]:
    """What was read, what was not, and why, one sentence a line."""
    made = Remark("made", {"name": draft.name, "kind": draft.contents.kind})
    if draft.refused:
        return [say(it, language) for it in (draft.refused, *(draft.remarks or draft.contents.remarks))]
    counts = Remark(
        "counts",
        {
            "recommendations": len(draft.recommendations),
            "actions": len(draft.actions),
            "units": len(draft.units or {}),
            "days": len(draft.days),
            "amounts": len(draft.amounts),
            "holes": len(draft.holes),
        },
    )
    marks = {key.lower(): Remark(key) for key in ("HOLE", "CHECK")}
    return [say(it, language) for it in (made, counts, *draft.remarks, Remark("nothing_saved", marks))]


class _Writer:
    def __init__(self, draft: Draft, register: Register | None, language: str) -> None:
        self._draft, self._register, self._language = draft, register, language

    def lines(self) -> Iterator[str]:
        it = self._draft
        yield from (f"# {line}" for line in account(it, self._language))
        yield ""
        yield from _yaml({"plan": it.ref, "title": it.title})
        if it.decided_on:
            yield from self._check(Remark("decided_on", {"place": it.decided_where}))
            yield from _yaml({"decided_on": it.decided_on})
        else:
            yield from self._missing("decided_on", Remark("no_decided_on"))
        yield from self._missing("coordinator", Remark("no_coordinator"))
        yield from self._missing("executive", Remark("no_executive"))
        yield from self._people()
        yield from self._evaluation()
        yield from self._entries("recommendations", it.recommendations)
        yield from self._entries("actions", it.actions)

    def _missing(self, key: str, hole: Remark) -> Iterator[str]:
        yield from self._marked("HOLE", hole)
        yield f"# {key}:"

    def _check(self, remark: Remark, indent: str = "") -> Iterator[str]:
        yield from self._marked("CHECK", remark, indent)

    def _marked(self, mark: str, remark: Remark, indent: str = "") -> Iterator[str]:
        yield f"{indent}# {WORDS[mark].say(self._language)}: {say(remark, self._language)}"

    def _people(self) -> Iterator[str]:
        names = self._draft.units or {}
        units, persons = _closure({code for code in names.values() if code}, self._register)
        yield from _listed("units", [unit_facts(it) for it in units])
        yield from _listed("persons", [person_facts(it) for it in persons])
        unknown = [name for name, code in names.items() if not code]
        if unknown:
            yield from ("", f"# {say(Remark('units'), self._language)}", *([] if units else ["# units:"]))
            yield from (f"#   - {_flow({'code': '', 'name': name, 'mailbox': ''})}" for name in unknown)

    def _evaluation(self) -> Iterator[str]:
        if not self._draft.recommendations:
            return
        yield ""
        yield from self._check(Remark("evaluation"))
        facts = {"key": self._draft.ref.lower(), "title": self._draft.title}
        if self._draft.amount:
            yield from self._check(Remark("amount"))
            facts["amount"] = self._draft.amount
        yield from _yaml({"evaluation": facts})

    def _entries(self, key: str, entries: Sequence[Entry]) -> Iterator[str]:
        if not entries:
            return
        yield from ("", f"{key}:")
        for it in entries:
            yield f"  # {where(it.found.place, self._language)}: {it.found.source[:LONGEST_SOURCE]}"
            yield from (line for hole in it.holes for line in self._marked("HOLE", hole, "  "))
            yield from (line for check in it.checks for line in self._check(check, "  "))
            yield from (f"  {line}" for line in _yaml([self._facts(it) if key == "actions" else it.facts]))

    def _facts(self, it: Entry) -> Mapping[str, Any]:
        """An action keeps where it comes from also when it is imported, and comments are gone."""
        source = f"{self._draft.name}, {where(it.found.place, self._language)}"
        return {**it.facts, "facts": {**it.facts.get("facts", {}), "source": source}}


def _yaml(facts: Any) -> list[str]:
    return as_yaml(facts).rstrip("\n").split("\n")


def _flow(facts: Mapping[str, str]) -> str:
    return (
        "{" + ", ".join(f"{key}: {as_yaml([value])[2:].strip() if value else ''}" for key, value in facts.items()) + "}"
    )


def _listed(key: str, items: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    if items:
        yield ""
        yield from _yaml({key: list(items)})


def _closure(codes: Iterable[str], register: Register | None) -> tuple[list[Unit], list[Person]]:
    """The units, and everybody whom their entries name: a plan file may refer only to what stands in it."""
    units: dict[str, Unit] = {}
    persons: dict[str, Person] = {}
    waiting = [("unit", code) for code in sorted(codes)]
    while waiting and register:
        kind, key = waiting.pop(0)
        if kind == "unit" and key in register.units and key not in units:
            unit = units[key] = register.units[key]
            waiting += [("unit", unit.parent), ("unit", unit.successor), ("person", unit.head)]
        elif kind == "person" and key in register.persons and key not in persons:
            person = persons[key] = register.persons[key]
            waiting += [("unit", person.unit), *(("person", it) for it in person.delegates)]
    return list(units.values()), list(persons.values())
