"""Who would get which mail, when and why: a year in advance, from a plan file or from the database."""

from collections.abc import Sequence
from datetime import date, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from engine.calendar import day_of
from engine.difference import Difference, difference, under
from engine.people import Register
from engine.simulation import Decision, Opening, address_of, parcels, simulate
from engine.workflow import Workflows
from reports.table import as_csv
from tiltak.commands.plans import read_file
from tiltak.output import json_line, say, table
from tiltak.rehearsal import openings_of_file, openings_of_plans
from tiltak.wiring import Options, load_workflows, open_service
from workflows.loading import load

Facts = dict[str, object]


class Behaviour(StrEnum):
    silent = "silent"
    prompt = "prompt"
    slow = "slow"


def simulate_year(
    context: typer.Context,
    what: Annotated[
        str, typer.Argument(metavar="[FILE|REF]", help="A plan file, or the ref of a plan; else every open plan.")
    ] = "",
    start: Annotated[str, typer.Option("--from", help="First day, YYYY-MM-DD.")] = "",
    until: Annotated[str, typer.Option("--until", help="Last day, YYYY-MM-DD.")] = "",
    behaviour: Annotated[Behaviour, typer.Option(help="How people answer.")] = Behaviour.silent,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object per line.")] = False,
    as_csv_: Annotated[bool, typer.Option("--csv", help="Comma-separated values.")] = False,
    against: Annotated[
        Path | None,
        typer.Option("--rules", help="Compare with what the rule files in a folder would do.", file_okay=False),
    ] = None,
) -> None:
    """Show every mail of a year before it is sent. Nothing is stored, nothing leaves."""
    workflows, register, openings, first = _cast(context.obj, what, parse_day(start))
    last = parse_day(until) or first + timedelta(days=366)
    decisions = simulate(workflows, register, openings, start=first, until=last, behaviour=behaviour.value)
    rows = facts(decisions, register)
    if against:
        rules = load(against)
        others = simulate(
            rules,
            register,
            under(rules, openings, register=register, start=first),
            start=first,
            until=last,
            behaviour=behaviour.value,
        )
        _compare(rows, facts(others, register), difference(decisions, others), as_json=as_json)
        return
    if as_json:
        for row in rows:
            json_line(row)
    elif as_csv_:
        typer.echo(as_csv(rows), nl=False)
    else:
        show(rows, f"{what or 'every plan'}: {first} to {last}, {behaviour.value}")


def _compare(before: Sequence[Facts], after: Sequence[Facts], found: Difference, *, as_json: bool) -> None:
    """What moves, what disappears, what is new; then how many mails each one gets, before and after."""
    changes = [
        *(("moves", was, becomes) for was, becomes in found.moved),
        *(("disappears", was, None) for was in found.gone),
        *(("is new", None, becomes) for becomes in found.new),
    ]
    rows = sorted((_change(*it) for it in changes), key=lambda row: str(row["before"] or row["after"]))
    if as_json:
        for row in rows:
            json_line(row)
        return
    names = ("change", "case", "rule", "step", "to", "before", "after")
    table("", names, [tuple(row[name] or "" for name in names) for row in rows])
    old, young = _mails_for_each(before), _mails_for_each(after)
    table(
        "Mails for each",
        ("to", "before", "after"),
        [(to, old.get(to, 0), young.get(to, 0)) for to in sorted({*old, *young})],
    )
    say(found.sentence)


def _change(what: str, was: Decision | None, becomes: Decision | None) -> Facts:
    """`before` and `after` are days; the letter stands beside a day where it changes."""
    one = becomes or was
    assert one
    assert one.notice
    return {
        "change": what,
        "case": one.case.ref,
        "rule": one.rule,
        "step": one.step,
        "to": one.notice.to,
        "before": was.day if was else None,
        "after": becomes.day if becomes else None,
    }


def parse_day(text: str) -> date | None:
    """A day as options take it; None for nothing."""
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as error:
        raise typer.BadParameter(f"{text!r} is no day; write it as 2012-08-27") from error


def _cast(options: Options, what: str, first: date | None) -> tuple[Workflows, Register, Sequence[Opening], date]:
    if Path(what).is_file():
        workflows = load_workflows(options.settings())
        return workflows, *openings_of_file(read_file(Path(what), workflows), workflows, options.settings(), first)
    service = open_service(options)
    plans = [what] if what else [plan.ref for plan in service.store.plans()]
    return service.workflows, *openings_of_plans(service, plans, first)


def facts(decisions: Sequence[Decision], register: Register) -> list[Facts]:
    """Every decision as the facts that `--json` prints, in order of day; a mail stands on the day it leaves."""
    zone = register.organisation.zone
    carried = {
        id(decision): (day_of(leaves, zone), f"{day_of(leaves, zone)}/{party}")
        for leaves, party, contents in parcels(decisions)
        for decision in contents
    }
    rows = [_row(it, *carried.get(id(it), (it.day, "")), register) for it in decisions]
    return sorted(rows, key=lambda row: str(row["date"]))


def _row(decision: Decision, day: date, parcel: str, register: Register) -> Facts:
    notice, case = decision.notice, decision.case
    return {
        "date": day,
        "case": case.ref,
        "workflow": case.kind,
        "state": case.state,
        "rule": decision.rule,
        "step": decision.step,
        "level": decision.level,
        "outcome": decision.outcome,
        "reason": decision.reason,
        "role": notice.role if notice else "",
        "unit": case.owner,
        "to": address_of(notice, register, day) if notice else "",
        "letter": notice.letter if notice else "",
        "parcel": parcel,
    }


def show(rows: Sequence[Facts], title: str) -> None:
    """The mails as a table, then how many each one gets."""
    mails = [row for row in rows if row["parcel"]]
    table(
        title,
        ("day", "to", "case", "letter", "rule", "step"),
        [(row["date"], row["to"], row["case"], row["letter"], row["rule"], row["step"]) for row in mails],
    )
    table("Mails for each", ("to", "mails"), sorted(_mails_for_each(rows).items()))
    say(f"{len({row['parcel'] for row in mails})} mails carry {len(mails)} pieces of news.")


def _mails_for_each(rows: Sequence[Facts]) -> dict[str, int]:
    found: dict[str, set[object]] = {}
    for row in rows:
        if row["parcel"]:
            found.setdefault(str(row["to"]), set()).add(row["parcel"])
    return {to: len(parcels_) for to, parcels_ in found.items()}
