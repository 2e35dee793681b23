"""Who may look at which plan, and what each may do about a case: by the register, the plan, and what was granted."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final, Literal, get_args

from engine.act import COMMENTING, HANDING_OVER, MOVING_DEADLINES
from engine.case import Case
from engine.people import PlanRole, Register
from engine.revoke import REVOKING
from engine.roles import OPERATOR, acts_for, roles_of, unit_on
from engine.workflow import Ask, Move, Role, Workflow

PLAN_ROLES: Final[tuple[PlanRole, ...]] = get_args(PlanRole)
SNOOZING: Final[tuple[Role, ...]] = ("coordinator",)  # on a page; by a command whoever may pause
SEEN_AS: Final[Mapping[Role, PlanRole]] = {
    "responsible": "responsible",
    "head": "head",
    "coordinator": "coordinator",
    "executive": "reader",
    "copies": "reader",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """The names by which a party finds the plans it has a role on; `everywhere` for whoever has one on every plan."""

    everywhere: bool = False
    plans: frozenset[str] = frozenset()  # those it was granted a role on
    owners: frozenset[str] = frozenset()  # codes of the units it belongs to or heads, and of all they have succeeded
    coordinators: frozenset[str] = frozenset()  # the same, without those it only heads
    parties: frozenset[str] = frozenset()  # itself, whoever it may answer for, and their units

    @property
    def persons(self) -> frozenset[str]:
        return frozenset(it.removeprefix("person:") for it in self.parties if it.startswith("person:"))

    @property
    def units(self) -> frozenset[str]:
        return frozenset(it.removeprefix("unit:") for it in self.parties if it.startswith("unit:"))

    def covers(self, case: Case) -> bool:
        """Whether it has a role on the plan for the sake of this case."""
        named = case.owner in self.owners or case.coordinator in self.coordinators or case.executive in self.parties
        among = not self.parties.isdisjoint(case.copies) or not self.units.isdisjoint(case.contributors)
        return self.everywhere or case.plan in self.plans or named or case.responsible in self.persons or among


def reach(party: str, register: Register, on: date) -> Reach:
    """Of whoever runs the service: everything. Of whoever is unknown or has left: nothing."""
    persons = acts_for(party, register, on)
    granted = [it for it in register.grants if it.person in persons]
    if operates(party, register) or (persons and any(not it.plan for it in granted)):
        return Reach(everywhere=True)
    mine = frozenset(register.persons[it].unit for it in persons if it in register.persons) - {""}
    now = {code: unit for code in register.units if (unit := unit_on(code, register, on))}
    return Reach(
        plans=frozenset(it.plan for it in granted),
        owners=frozenset(code for code, unit in now.items() if unit.code in mine or unit.head in persons),
        coordinators=frozenset(code for code, unit in now.items() if unit.code in mine),
        parties=frozenset((*(f"person:{it}" for it in persons), *(f"unit:{it}" for it in mine))),
    )


def operates(party: str, register: Register) -> bool:
    """Whether a party runs the service: by that name, or because its address is the operator's."""
    if party == OPERATOR:
        return True
    person, operator = register.persons.get(party.removeprefix("person:")), register.organisation.operator
    return bool(operator and person and person.active and person.address.casefold() == operator.casefold())


def plan_roles(party: str, cases: Iterable[Case], register: Register, on: date) -> frozenset[PlanRole]:
    """Every role that a party has on a plan, of which these are the cases; none means that it is not shown to them."""
    found: set[PlanRole] = {"operator"} if operates(party, register) else set()
    persons = acts_for(party, register, on)
    if not persons:
        return frozenset(found)
    units = {register.persons[it].unit for it in persons if it in register.persons} - {""}
    for case in cases:
        found |= {SEEN_AS[role] for role in roles_of(party, case, register, on)}
        found |= {it.role for it in register.grants for person in persons if it.holds(person, case.plan)}
        if not units.isdisjoint(case.contributors):
            found.add("reader")
    return frozenset(found)


def open_moves(party: str, case: Case, workflow: Workflow, register: Register, on: date) -> tuple[Move, ...]:
    """The moves that a party may make from where the case is, in the order of the workflow."""
    roles = roles_of(party, case, register, on)
    return tuple(move for move in workflow.moves_from(case.state) if not roles.isdisjoint(move.by))


def open_asks(party: str, case: Case, workflow: Workflow, register: Register, on: date) -> tuple[Ask, ...]:
    """What a party may ask for from where the case is: more time, or that somebody else has it."""
    roles = roles_of(party, case, register, on)
    return tuple(ask for ask in workflow.asks_from(case.state) if not roles.isdisjoint(ask.by))


Act = Literal["comment", "deadline", "hand over", "pause", "revoke"]


def open_acts(party: str, case: Case, workflow: Workflow, register: Register, on: date) -> tuple[Act, ...]:
    """What a party may do to a case besides its moves; when the case has ended, no more than say something."""
    acts: dict[Act, tuple[Role, ...]] = {"comment": COMMENTING}
    if not workflow.states[case.state].final:
        acts |= {"deadline": MOVING_DEADLINES, "hand over": HANDING_OVER, "pause": SNOOZING}
    acts |= {"revoke": REVOKING}
    roles = roles_of(party, case, register, on)
    return tuple(act for act, by in acts.items() if not roles.isdisjoint(by))
