"""The annexes: every action in its own words, and the log of everything that has happened."""

from collections.abc import Iterable

from reports.yearly import wording
from reports.yearly.facts import Action, Change, Term, YearReport
from reports.yearly.paper import Block, Cell, Heading, Paragraph, Points, Table, Words
from reports.yearly.sections import day
from reports.yearly.tongue import Tongue


def annexes(tongue: Tongue, report: YearReport) -> Iterable[Block]:
    yield Heading(tongue.say(wording.ANNEX_TEXTS), fresh_page=True)
    yield Heading(tongue.say(wording.THE_PLAN), level=3)
    if report.body:
        yield Paragraph(Words(report.body, own=True))
    yield Points(tuple(_of_plan(tongue, report)))
    for action in report.actions:
        yield Heading(f"{action.number}. {action.title}", level=3, own=True)
        if action.body:
            yield Paragraph(Words(action.body, own=True))
        yield Points(tuple(_in_full(tongue, action)))
    yield Heading(tongue.say(wording.ANNEX_LOG), fresh_page=True)
    yield Paragraph(Words(tongue.say(wording.HASH)))
    yield Paragraph(Words(report.digest, "note"))
    yield _log(tongue, report)


def _of_plan(tongue: Tongue, report: YearReport) -> Iterable[tuple[str, Words]]:
    yield tongue.say(wording.STATUS), Words(tongue.say(report.state_label))
    if report.terms:
        yield tongue.say(wording.DEADLINES), Words("; ".join(_term(tongue, it) for it in report.terms))


def _in_full(tongue: Tongue, action: Action) -> Iterable[tuple[str, Words]]:
    facts = (
        (wording.STATUS, Words(tongue.say(action.state_label))),
        (wording.QUESTION, Words(action.question, own=True)),
        (wording.RESULT, Words(action.statement, own=True)),
        (wording.RESPONSIBLE, Words(_responsible(tongue, action))),
        (wording.DEADLINES, Words("; ".join(_term(tongue, it) for it in action.terms))),
        (wording.COVERS, Words(tongue.listed(action.recommendations))),
        (wording.DOCUMENTS, Words(tongue.listed(action.documents), own=True)),
        (wording.FILE, Words(action.file_number)),
    )
    return ((tongue.say(term), words) for term, words in facts if words.text)


def _responsible(tongue: Tongue, action: Action) -> str:
    owner = tongue.say(action.owner_name) if action.owner_name else ""
    written = tongue.say(wording.WRITTEN, said=action.owner_as_written) if action.owner_as_written else ""
    others = tongue.listed([tongue.say(it) for it in action.contributors])
    beside = tongue.say(wording.WITH, others=others) if others else ""
    return ", ".join(filter(None, (owner, written, action.responsible, beside))) or tongue.say(wording.NOBODY)


def _term(tongue: Tongue, term: Term) -> str:
    by = tongue.say(term.decided_by) if term.decided_by else ""
    said = ", ".join(filter(None, (term.reason, by)))
    return f"{day(tongue, term.value)} ({said})" if said else day(tongue, term.value)


def _log(tongue: Tongue, report: YearReport) -> Table:
    columns = (wording.DAY, wording.CASE, wording.WHO, wording.WHAT)
    return Table(
        tongue.say(wording.ANNEX_LOG),
        tuple(tongue.say(it) for it in columns),
        (14, 10, 26, 50),
        tuple(_line(tongue, it) for it in report.changes),
    )


def _line(tongue: Tongue, change: Change) -> tuple[Cell, ...]:
    number = change.number or tongue.say(wording.THE_PLAN)
    return (
        (Words(tongue.day(change.on)),),
        (Words(number),),
        (Words(_who(tongue, change)),),
        tuple(_what(tongue, change)),
    )


def _who(tongue: Tongue, change: Change) -> str:
    if change.who is None:
        return tongue.say(wording.BY_RULE)
    who = tongue.say(change.who)
    return tongue.say(wording.FOR, who=who, other=tongue.say(change.instead_of)) if change.instead_of else who


def _what(tongue: Tongue, change: Change) -> Iterable[Words]:
    label = change.label or wording.MOVES.get(change.move)
    yield Words(tongue.say(label) if label else change.move, "strong")
    if change.due:
        before, after = change.due
        old = tongue.day(before) if before else "–"
        yield Words(tongue.say(wording.EXCHANGED, old=old, new=tongue.day(after)), "note")
    for what, units in ((wording.RESPONSIBLE, change.owner), (wording.COORDINATOR, change.coordinator)):
        if units:
            old = tongue.say(units[0]) if units[0] else "–"
            exchanged = tongue.say(wording.EXCHANGED, old=old, new=tongue.say(units[1]))
            yield Words(f"{tongue.say(what)}: {exchanged}", "note")
    if change.text:
        yield Words(change.text, own=True)
