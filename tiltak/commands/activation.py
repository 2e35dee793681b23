"""Let open cases go on under the newest version of their rules: what that would change, then a decision."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import timedelta
from typing import Annotated

import typer

from engine.activation import Behind, activate, behind
from engine.difference import Difference, by_present, difference, under
from engine.errors import NotFound, Refused
from engine.people import Register
from engine.simulation import Decision, parcels, simulate
from tiltak.output import json_line, say
from tiltak.rehearsal import openings_of_plans
from tiltak.wiring import Service, open_service

YEAR = timedelta(days=366)


@dataclass(frozen=True, slots=True)
class Prospect:
    """The year to come under the old rules and the new ones, if nobody replies."""

    found: Difference
    before: int
    after: int


def activate_rules(
    context: typer.Context,
    names: Annotated[list[str] | None, typer.Argument(metavar="[NAME]...", help="Workflows; else all.")] = None,
    by: Annotated[str, typer.Option(help="Who decides it: unit:CODE or person:KEY.")] = "",
    reason: Annotated[str, typer.Option(help="Why; it stands in the history of every case.")] = "",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show what would change, and change nothing.")] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    compare: Annotated[bool, typer.Option(help="Simulate the year to come under both rules.")] = True,
    as_json: Annotated[bool, typer.Option("--json", help="Print facts as JSON.")] = False,
) -> None:
    """Move every open case to the newest version of its workflow: what was told stays told, what lies ahead is new."""
    service = open_service(context.obj)
    wanted = [service.workflows.latest(name).name for name in names or ()]
    changes = behind(service.store, service.workflows, wanted)
    if changes and not dry_run:
        _decided(service, by, reason)
    _show(changes, _prospect(service, changes) if compare and changes else None, as_json=as_json)
    if dry_run or not changes:
        return
    if not yes:
        typer.confirm("Activate?", abort=True)
    activate(
        service.store, service.store, service.workflows, names=wanted, by=by, reason=reason, now=service.clock.now()
    )
    if not as_json:
        say("Activated. The next sweep plans these cases anew, and their coordinators' next digest says so.")


def _decided(service: Service, by: str, reason: str) -> None:
    """Refused unless somebody who is known decides it for a reason, by the rules that the service works by."""
    if not by or not reason.strip():
        raise typer.BadParameter("say who decides it with --by unit:CODE or person:KEY, and why with --reason")
    if not _known(by, service.store.register()):
        raise NotFound("unit or person", by)
    if service.store.other_rules():
        raise Refused("the service has not read these rule files yet: start it again, then activate them")


def _known(party: str, register: Register) -> bool:
    kind, _, key = party.partition(":")
    return key in {"unit": register.units, "person": register.persons}.get(kind, {})


def _prospect(service: Service, changes: Sequence[Behind]) -> Prospect:
    register, openings, first = openings_of_plans(service, [it.ref for it in service.store.plans()], None)
    older, loaded = {it.was for it in changes}, service.workflows.by_key
    theirs = [it for it in openings if it.case.workflow in older and it.case.workflow in loaded and it.case.wake_on]
    present = by_present(service.workflows, theirs, register=register, start=first)
    coming = under(service.workflows, theirs, register=register, start=first)
    before, after = (
        simulate(service.workflows, register, those, start=first, until=first + YEAR) for those in (present, coming)
    )
    return Prospect(difference(before, after), _mails(before), _mails(after))


def _mails(decisions: Sequence[Decision]) -> int:
    return len(parcels(decisions))


def _show(changes: Sequence[Behind], prospect: Prospect | None, *, as_json: bool) -> None:
    if as_json:
        for it in changes:
            json_line(asdict(it))
        if prospect:
            found = prospect.found
            counts = {"moved": len(found.moved), "gone": len(found.gone), "new": len(found.new)}
            json_line({**counts, "mails_before": prospect.before, "mails_after": prospect.after})
        return
    if not changes:
        say("Every open case is under the newest version of its rules.")
    for it in changes:
        say(f"{it.was} → {it.becomes}: {it.cases} open {'case' if it.cases == 1 else 'cases'}")
    if prospect:
        say(f"In the year to come, if nobody replies: {prospect.found.sentence}")
        say(f"Mails about these cases: {prospect.before} now, {prospect.after} then.")
