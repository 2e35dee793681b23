"""Who a role is for a case on a day; an empty role falls to somebody who can be reached. And who has which roles."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from engine.case import Case
from engine.people import Person, Recipient, Register, Unit
from engine.text import Text
from engine.workflow import Role

OPERATOR = "operator"


def recipients(role: Role, case: Case, register: Register, on: date) -> list[Recipient]:
    """Everybody a role means; never nobody. Somebody in place of the one first meant carries `instead_of`."""
    if role == "copies":
        return [_reach(party, _named(party, party, register), case, register, on) for party in case.copies]
    meant = _first_meant(role, case, register, on)
    return [_reach(meant, _named(meant, case.owner_as_written or role, register), case, register, on)]


def instead(party: str, case: Case | None, register: Register, on: date) -> Recipient:
    """Whoever hears what was meant for a party: itself or its successor, or the next one on the ladder of a case."""
    if found := recipient(party, register, on):
        away = found.party != party and party.startswith("person:")
        return replace(found, instead_of=_named(party, party, register)) if away else found
    if case is None:
        return replace(_operator(register), instead_of=_named(party, party, register))
    return _reach(party, _named(party, party, register), case, register, on)


def _named(party: str, otherwise: str, register: Register) -> str:
    """What to call the one first meant: a name, the words the plan uses, or the role that nobody fills."""
    return name_of(party, register).say(register.organisation.language) if party.partition(":")[2] else otherwise


def _first_meant(role: Role, case: Case, register: Register, on: date) -> str:
    match role:
        case "responsible":
            return f"person:{case.responsible}" if case.responsible else f"unit:{case.owner}"
        case "head":
            owner = unit_on(case.owner, register, on)
            return f"person:{owner.head}" if owner and owner.head else f"unit:{case.owner}"
        case "executive":
            return case.executive
        case _:
            return f"unit:{case.coordinator}"


def _reach(meant: str, name: str, case: Case, register: Register, on: date) -> Recipient:
    """The ladder: the one meant, its unit's mailbox and head, the units above, coordinator, executive, operator."""
    owner = unit_on(_unit_of(meant, register) or case.owner, register, on)
    for party in _ladder(meant, owner, case, register, on):
        if found := recipient(party, register, on):
            away = party.startswith("person:") and found.party != party  # a unit's successor is no stand-in
            return replace(found, instead_of=name) if away or party != meant else found
    return replace(_operator(register), instead_of=name)


def _ladder(meant: str, owner: Unit | None, case: Case, register: Register, on: date) -> Iterator[str]:
    yield meant
    yield from _unit_ladder(owner, register, on)
    yield from _unit_ladder(unit_on(case.coordinator, register, on), register, on)
    yield case.executive


def _unit_ladder(unit: Unit | None, register: Register, on: date) -> Iterator[str]:
    for _ in range(len(register.units)):
        if unit is None:
            return
        yield f"unit:{unit.code}"
        yield f"person:{unit.head}"
        unit = unit_on(unit.parent, register, on)


def _operator(register: Register) -> Recipient:
    """The last one who hears: whoever runs the service."""
    organisation = register.organisation
    return Recipient(
        party=OPERATOR, name=organisation.name, address=organisation.operator, language=organisation.language
    )


def recipient(party: str, register: Register, on: date) -> Recipient | None:
    """A party that can be reached on a day, or whoever stands in for it; None when nobody does."""
    kind, _, key = party.partition(":")
    if kind == "person":
        person = register.persons.get(register.standing_in(key, on))
        return _person(person, register) if person and person.active and register.reaches(person.address) else None
    if kind == "unit":
        unit = unit_on(key, register, on)
        return _unit(unit, register) if unit and register.reaches(unit.mailbox) else None
    return _operator(register) if party == OPERATOR else None


def itself(party: str, register: Register) -> Recipient | None:
    """A party and nobody in its place; None when it is not known or has left."""
    person = register.persons.get(party.removeprefix("person:")) if party.startswith("person:") else None
    if person:
        return _person(person, register) if person.active else None
    return _operator(register) if party == OPERATOR else None


def _person(person: Person, register: Register) -> Recipient:
    unit = register.units.get(person.unit)
    language = person.language or (unit.language if unit else "") or register.organisation.language
    return Recipient(
        party=f"person:{person.key}", name=Text.same(person.name), address=person.address, language=language
    )


def _unit(unit: Unit, register: Register) -> Recipient:
    language = unit.language or register.organisation.language
    return Recipient(party=f"unit:{unit.code}", name=unit.name, address=unit.mailbox, language=language)


def unit_on(code: str, register: Register, on: date) -> Unit | None:
    """The unit, or whoever succeeded it by that day; None when there is nobody."""
    for _ in range(len(register.units)):
        unit = register.units.get(code)
        if unit is None or unit.valid(on):
            return unit
        code = unit.successor
    return None


def name_of(party: str, register: Register) -> Text:
    """The name of a party, known or not."""
    kind, _, key = party.partition(":")
    if kind == "unit" and key in register.units:
        return register.units[key].name
    if kind == "person" and key in register.persons:
        return Text.same(register.persons[key].name)
    return register.organisation.name if party == OPERATOR else Text.same(key or kind)


def _unit_of(party: str, register: Register) -> str:
    kind, _, key = party.partition(":")
    if kind == "person":
        return register.persons[key].unit if key in register.persons else ""
    return key if kind == "unit" else ""


def gone(party: str, register: Register) -> bool:
    """Whether a party is a person who has left, or of whom nobody knows: nobody acts as them any more."""
    person = register.persons.get(party.removeprefix("person:"))
    return party.startswith("person:") and (person is None or not person.active)


def roles_of(party: str, case: Case, register: Register, on: date) -> set[Role]:
    """Every role a party has on a case: its own, its unit's, and those of everybody in whose place it may answer.

    Whoever has left has none.
    """
    person = register.persons.get(party.removeprefix("person:")) if party.startswith("person:") else None
    if person and not person.active:
        return set()
    others = register.answers_for(party.removeprefix("person:"), on) if party.startswith("person:") else ()
    roles = _own_roles(party, case, register, on)
    return roles.union(*(_own_roles(f"person:{it}", case, register, on) for it in others))


def acts_for(party: str, register: Register, on: date) -> tuple[str, ...]:
    """The person itself and everybody in whose place it may answer on a day.

    Nobody when it is no person, or one who has left.
    """
    key = party.removeprefix("person:")
    person = register.persons.get(key) if party.startswith("person:") else None
    return (key, *register.answers_for(key, on)) if person and person.active else ()


def acting_for(party: str, case: Case, register: Register, on: date) -> str:
    """The person by whose right a party acts on a case in their place; "" when it has a right of its own."""
    if not party.startswith("person:") or _own_roles(party, case, register, on):
        return ""
    others = register.answers_for(party.removeprefix("person:"), on)
    return next((f"person:{it}" for it in others if _own_roles(f"person:{it}", case, register, on)), "")


def _own_roles(party: str, case: Case, register: Register, on: date) -> set[Role]:
    """Its own, those of the unit it belongs to or heads, and those it was granted."""
    unit = _unit_of(party, register)
    if not party.partition(":")[2]:
        return set()
    owner, coordinator = unit_on(case.owner, register, on), unit_on(case.coordinator, register, on)
    roles: set[Role] = set()
    if party == f"person:{case.responsible}" or (owner and unit == owner.code):
        roles.add("responsible")
    if owner and party == f"person:{owner.head}":
        roles.add("head")
    if coordinator and unit == coordinator.code:
        roles.add("coordinator")
    if case.executive and (party == case.executive or f"unit:{unit}" == case.executive):
        roles.add("executive")
    if party in case.copies or f"unit:{unit}" in case.copies:
        roles.add("copies")
    return roles | _granted(party.removeprefix("person:"), case, register)


def _granted(person: str, case: Case, register: Register) -> set[Role]:
    """A granted role gives the right to act; no letter is sent for it. Readers and operators act on nothing."""
    roles: dict[str, Role] = {"responsible": "responsible", "head": "head", "coordinator": "coordinator"}
    return {roles[it.role] for it in register.grants if it.role in roles and it.holds(person, case.plan)}
