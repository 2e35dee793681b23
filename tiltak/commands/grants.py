"""Roles that neither the register nor a plan gives: grant, withdraw, list."""

from enum import StrEnum
from typing import Annotated, cast

import typer

from engine.access import PLAN_ROLES
from engine.errors import NotFound, Refused
from engine.people import Grant, PlanRole
from tiltak.clock import SystemClock
from tiltak.output import json_line, say, table
from tiltak.storing import stored

Role = StrEnum("Role", {name: name for name in PLAN_ROLES})  # type: ignore[misc]


def grant(
    context: typer.Context,
    person: Annotated[str, typer.Argument(help="A person's key.")],
    role: Annotated[Role, typer.Argument(help="What they shall be.")],
    plan: Annotated[str, typer.Option(help="A plan's ref; left out: on every plan.")] = "",
    withdraw: Annotated[bool, typer.Option("--withdraw", help="Take the role away again.")] = False,
) -> None:
    """Give somebody a role: what they see on the pages, and what they may do there."""
    store = stored(context.obj.settings())
    register, entrance = store.register(), store.entrance
    if person not in register.persons:
        raise NotFound("person", person)
    if plan and store.case(plan).plan != plan:
        raise NotFound("plan", plan)
    wanted = Grant(person=person, role=cast(PlanRole, role.value), plan=plan, granted_at=SystemClock().now())
    where = f"on {plan}" if plan else "on every plan"
    if not withdraw:
        entrance.grant(wanted)
        say(f"{person} is {role.value} {where}")
    elif entrance.withdraw(wanted):
        say(f"{person} is no longer {role.value} {where} by grant")
    else:
        raise Refused(f"{person} was never granted the role {role.value} {where}; see tiltak grants")


def grants(
    context: typer.Context, as_json: Annotated[bool, typer.Option("--json", help="One JSON object per line.")] = False
) -> None:
    """Show every role that was granted."""
    found = stored(context.obj.settings()).register().grants
    if as_json:
        for it in found:
            json_line({"person": it.person, "role": it.role, "plan": it.plan, "since": it.granted_at})
        return
    shown = [(it.person, it.role, it.plan or "every plan", f"{it.granted_at:%Y-%m-%d}") for it in found]
    table("", ("person", "role", "plan", "since"), shown)
