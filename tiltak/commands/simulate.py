"""Who would get which mail, when and why: a year in advance, from a plan file or from the database."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from engine.calendar import day_of
from engine.case import Case
from engine.difference import Difference, by_present, difference, under
from engine.people import Register
from engine.simulation import Decision, Opening, address_of, parcels, simulate
from engine.workflow import Workflow, Workflows
from reports.table import as_csv
from tiltak.commands.plans import read_file
from tiltak.options import Options, parse_day
from tiltak.output import json_line, say, table
from tiltak.rehearsal import openings_of_file, openings_of_plans, openings_of_year
from tiltak.wiring import load_workflows, open_service
from workflows.loading import load

Facts = dict[str, object]
YEAR = timedelta(days=366)


class Behaviour(StrEnum):
    silent = "silent"
    prompt = "prompt"
    slow = "slow"
    recorded = "recorded"


def simulate_year(
    context: typer.Context,
    what: Annotated[
        str, typer.Argument(metavar="[FILE|REF]", help="A plan file, or the ref of a plan; else every open plan.")
    ] = "",
    start: Annotated[str, typer.Option("--from", help="First day, YYYY-MM-DD.")] = "",
    until: Annotated[str, typer.Option("--until", help="Last day, YYYY-MM-DD.")] = "",
    behaviour: Annotated[Behaviour, typer.Option(help="How people answer; recorded: as they did.")] = Behaviour.silent,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object per line.")] = False,
    as_csv_: Annotated[bool, typer.Option("--csv", help="Comma-separated values.")] = False,
    totals_: Annotated[bool, typer.Option("--totals", help="Only what each one gets.")] = False,
    against: Annotated[
        Path | None,
        typer.Option("--rules", help="Compare with what the rule files in a folder would do.", file_okay=False),
    ] = None,
) -> None:
    """Show every mail of a year before it is sent. Nothing is stored, nothing leaves."""
    wish = _Wish(what, parse_day(start), parse_day(until), behaviour)
    cast = _cast(context.obj, wish)
    decisions = cast.live()
    rows = facts(decisions, cast.register)
    if against:
        other = _cast(context.obj, wish, load(against))
        others = other.live()
        _compare(rows, facts(others, other.register), difference(decisions, others), as_json=as_json)
    elif as_json or as_csv_:
        _print(totals(rows) if totals_ else rows, as_json=as_json)
    else:
        title = f"{what or 'every plan'}: {cast.first} to {cast.last}, {behaviour.value}"
        show(rows, title, only_totals=totals_)


@dataclass(frozen=True, slots=True)
class _Wish:
    """What is to be simulated: a plan or a file, from when until when, and how people behave."""

    what: str
    first: date | None
    last: date | None
    behaviour: Behaviour


@dataclass(frozen=True, slots=True)
class _Cast:
    """Everything a simulation takes."""

    workflows: Workflows
    register: Register
    openings: Sequence[Opening]
    first: date
    last: date
    behaviour: Behaviour

    def live(self) -> list[Decision]:
        span = {"start": self.first, "until": self.last}
        return simulate(self.workflows, self.register, self.openings, behaviour=self.behaviour.value, **span)


def _cast(options: Options, wish: _Wish, others: Workflows | None = None) -> _Cast:
    """By the rules in use, or by the newest of others."""
    if Path(wish.what).is_file():
        if wish.behaviour is Behaviour.recorded:
            raise typer.BadParameter("a plan file has no recorded year; name a plan that is in the database")
        workflows = load_workflows(options.settings())
        found = openings_of_file(read_file(Path(wish.what), workflows), workflows, options.settings(), wish.first)
    else:
        service = open_service(options)
        workflows, plans = service.workflows, [wish.what] if wish.what else [it.ref for it in service.store.plans()]
        if wish.behaviour is Behaviour.recorded:
            rules = others or workflows
            year = openings_of_year(service, plans, wish.first, lambda case: _rules(case, workflows, others))
            return _Cast(rules, *year, wish.last or service.desk.today(), wish.behaviour)
        found = openings_of_plans(service, plans, wish.first)
    register, openings, first = found
    then = (
        under(others, openings, register=register, start=first)
        if others
        else by_present(workflows, openings, register=register, start=first)
    )
    return _Cast(others or workflows, register, then, first, wish.last or first + YEAR, wish.behaviour)


def _rules(case: Case, workflows: Workflows, others: Workflows | None) -> Workflow:
    return others.latest(case.kind) if others else workflows[case.workflow]


def _print(rows: Sequence[Facts], *, as_json: bool) -> None:
    if as_json:
        for row in rows:
            json_line(row)
    else:
        typer.echo(as_csv(rows), nl=False)


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
    if rows:
        table("", names, [tuple(row[name] or "" for name in names) for row in rows])
        say("")
    old, young = ({it["to"]: it for it in totals(rows)} for rows in (before, after))
    nothing: Facts = {"mails": 0, "worst_day": "", "worst_news": 0}
    table(
        "Mails for each",
        ("to", "mails before", "after", "most at once before", "after"),
        [
            (to, was["mails"], becomes["mails"], _worst(was), _worst(becomes))
            for to in sorted({*old, *young}, key=str)
            for was, becomes in [(old.get(to, nothing), young.get(to, nothing))]
        ],
    )
    say("\n" + found.sentence)


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


def show(rows: Sequence[Facts], title: str, *, only_totals: bool = False) -> None:
    """The mails as a table, then how many each one gets."""
    mails = [row for row in rows if row["parcel"]]
    if not only_totals:
        table(
            title,
            ("day", "to", "case", "letter", "rule", "step"),
            [(row["date"], row["to"], row["case"], row["letter"], row["rule"], row["step"]) for row in mails],
        )
        say("")
    table(
        title if only_totals else "For each",
        ("to", "mails", "pieces of news", "most at once"),
        [(it["to"], it["mails"], it["news"], _worst(it)) for it in totals(rows)],
    )
    for row in rows:
        if row["outcome"] == "skipped":
            say(f"Not done again: {row['date']} {row['case']}: {row['reason']}")
    say("\n" + _summary(rows))


def _summary(rows: Sequence[Facts]) -> str:
    """One sentence a coordinator can pass on."""
    mails = [row for row in rows if row["parcel"]]
    if not mails:
        return "Nobody gets any mail."
    parcels_ = {(row["date"], row["to"], row["parcel"]) for row in mails}
    most = max(Counter((day, to) for day, to, _ in parcels_).values())
    people = len({row["to"] for row in mails})
    return (
        f"{_count(len(parcels_), 'mail')} with {_count(len(mails), 'piece')} of news to "
        f"{_count(people, 'address', 'addresses')}, never more than {_count(most, 'mail')} a day to anybody."
    )


def _count(number: int, one: str, many: str = "") -> str:
    return f"{number} {one if number == 1 else many or one + 's'}"


def totals(rows: Sequence[Facts]) -> list[Facts]:
    """What each address gets: mails, pieces of news, and the day on which most comes at once."""
    found: dict[str, list[Facts]] = {}
    for row in rows:
        if row["parcel"]:
            found.setdefault(str(row["to"]), []).append(row)
    return [_total(to, theirs) for to, theirs in sorted(found.items())]


def _total(to: str, theirs: Sequence[Facts]) -> Facts:
    worst, news = max(Counter(row["date"] for row in theirs).items(), key=lambda it: (it[1], str(it[0])))
    mails = len({row["parcel"] for row in theirs})
    return {"to": to, "mails": mails, "news": len(theirs), "worst_day": worst, "worst_news": news}


def _worst(total: Facts) -> str:
    return f"{total['worst_news']} on {total['worst_day']}" if total["worst_news"] else ""
