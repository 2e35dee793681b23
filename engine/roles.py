"""Who a role is for a case on a day, and which roles somebody has; an empty role falls to somebody who can be reached."""

from collections.abc import Iterator
from datetime import date

from engine.case import Case
from engine.people import Person, Recipient, Register, Unit
from engine.text import Text
from engine.workflow import Role

OPERATOR = "operator"


def recipients(role: Role, case: Case, register: Register, on: date) -> list[Recipient]:
    """Everybody a role means; never nobody. Somebody in place of the one first meant carries `instead_of`."""
    if role == "copies":
        return [_reach(party, case, register, on) for party in case.copies]
    return [_reach(_first_meant(role, case, register, on), case, register, on)]


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


def _reach(meant: str, case: Case, register: Register, on: date) -> Recipient:
    """The ladder: the one meant, the unit's mailbox, its head, the unit above, the coordinator, the executive, the operator."""
    owner = unit_on(_unit_of(meant, register) or case.owner, register, on)
    ladder = [meant, *_unit_ladder(owner, register, on)]
    ladder += _unit_ladder(unit_on(case.coordinator, register, on), register, on)
    ladder += [case.executive]
    for party in ladder:
        if found := recipient(party, register, on):
            same = party == meant or (owner is not None and party == f"unit:{owner.code}" and meant.startswith("unit:"))
            return found if same else _instead(found, meant, register)
    return _operator(register, meant)


def _unit_ladder(unit: Unit | None, register: Register, on: date) -> Iterator[str]:
    for _ in range(len(register.units)):
        if unit is None:
            return
        yield f"unit:{unit.code}"
        yield f"person:{unit.head}"
        unit = unit_on(unit.parent, register, on)


def _instead(found: Recipient, meant: str, register: Register) -> Recipient:
    return Recipient(
        party=found.party,
        name=found.name,
        address=found.address,
        language=found.language,
        instead_of=name_of(meant, register).nb or meant,
    )


def _operator(register: Register, meant: str) -> Recipient:
    """The last one who hears: whoever runs the service."""
    organisation = register.organisation
    return Recipient(
        party=OPERATOR,
        name=organisation.name,
        address=organisation.operator,
        language=organisation.language,
        instead_of="" if meant == OPERATOR else name_of(meant, register).nb or meant,
    )


def recipient(party: str, register: Register, on: date) -> Recipient | None:
    """A party that can be reached on a day, or None."""
    kind, _, key = party.partition(":")
    if kind == "person":
        person = register.persons.get(key)
        return _person(person, register) if person and person.active and person.address else None
    if kind == "unit":
        unit = unit_on(key, register, on)
        return _unit(unit, register) if unit and unit.mailbox else None
    return _operator(register, OPERATOR) if party == OPERATOR else None


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


def roles_of(party: str, case: Case, register: Register, on: date) -> set[Role]:
    """Every role a party has on a case: its own, and those of the unit it belongs to or heads."""
    unit = _unit_of(party, register)
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
    if party in case.copies:
        roles.add("copies")
    return roles
