"""The body of the report: done, planned, given up, missing, silent, moved, and what became of the recommendations."""

from collections.abc import Iterable
from datetime import date
from typing import Final

from engine.text import Text
from reports.yearly import wording
from reports.yearly.facts import Action, Advice, Asked, YearReport
from reports.yearly.paper import Block, Cell, Heading, Paragraph, Points, Table, Words
from reports.yearly.tongue import Tongue

LONGEST: Final = 280  # of a statement in a table; all of it stands in the annex
Row = tuple[Cell, ...]


def sections(tongue: Tongue, report: YearReport) -> Iterable[Block]:
    say = tongue.say
    yield Heading(say(wording.WHAT_DONE))
    yield _actions(tongue, wording.WHAT_DONE, wording.ACTION_RESULT, [_done(tongue, it) for it in report.done]) or (
        Paragraph(Words(say(wording.NOTHING_DONE)))
    )
    yield Heading(say(wording.WHAT_PLANNED))
    rows = [_planned(tongue, it, report.on) for it in report.planned]
    yield _actions(tongue, wording.WHAT_PLANNED, wording.ACTION_STATUS, rows) or (
        Paragraph(Words(say(wording.NOTHING_PLANNED)))
    )
    if ended := _actions(
        tongue, wording.WHAT_ENDED, wording.ACTION_REASON, [_ended(tongue, it) for it in report.ended]
    ):
        yield from (Heading(say(wording.WHAT_ENDED)), ended)
    yield Heading(say(wording.WHAT_MISSING))
    missing = tuple(_missing(tongue, report))
    yield Points(missing) if missing else Paragraph(Words(say(wording.NOTHING_MISSING)))
    yield from _silence(tongue, report)
    yield from _moves(tongue, report)
    if report.advice:
        yield from (Heading(say(wording.WHAT_ADVISED)), _advised(tongue, report.advice))


def _actions(tongue: Tongue, caption: Text, second: Text, rows: list[Row]) -> Table | None:
    columns = (wording.NO, second, wording.BY, wording.WHEN)
    return _table(tongue, caption, columns, (6, 50, 22, 22), rows) if rows else None


def _table(
    tongue: Tongue, caption: Text, columns: tuple[Text, ...], widths: tuple[int, ...], rows: Iterable[Row]
) -> Table:
    return Table(tongue.say(caption), tuple(tongue.say(it) for it in columns), widths, tuple(rows))


def _done(tongue: Tongue, action: Action) -> Row:
    settled = [Words(tongue.day(action.settled_on))] if action.settled_on else []
    notes = [Words(it, "note") for it in _punctuality(tongue, action, action.settled_on or date.max)]
    unchecked = [Words(tongue.say(wording.NOT_CHECKED), "alarm")] if action.standing == "answered" else []
    return (_number(action), _titled(tongue, action), _by(tongue, action), (*settled, *notes, *unchecked))


def _planned(tongue: Tongue, action: Action, on: date) -> Row:
    if not action.due:
        when: Cell = (Words(tongue.say(wording.UNDATED), "alarm"),)
    else:
        late = action.late(action.due, on) > 0 or action.late(action.original, on) > 0
        look = _punctuality(tongue, action, on) if late or action.forgotten else []
        when = (Words(tongue.day(action.due)), *(Words(it, "alarm" if late else "note") for it in look))
    return (_number(action), _titled(tongue, action), _by(tongue, action), when)


def _ended(tongue: Tongue, action: Action) -> Row:
    why = action.statement
    said = Words(_shortened(tongue, why), own=True) if why else Words(tongue.say(wording.NO_REASON), "alarm")
    label = Words(tongue.say(action.state_label), "note")
    when: Cell = (Words(tongue.day(action.settled_on)),) if action.settled_on else ()
    return (_number(action), (Words(action.title, "strong", own=True), label, said), _by(tongue, action), when)


def _number(action: Action) -> Cell:
    return (Words(action.number),)


def _titled(tongue: Tongue, action: Action) -> Cell:
    title = Words(action.title, "strong", own=True)
    status = (Words(tongue.say(action.state_label), "note"),) if action.standing == "planned" else ()
    if action.statement:
        return (title, *status, Words(_shortened(tongue, action.statement), own=True))
    if action.kind == "report":
        return (title, *status, Words(tongue.say(wording.THIS), "note"))
    sign = tongue.say(wording.ONLY_A_SIGN, day=tongue.day(action.heard_on)) if action.heard_on else ""
    return (title, *status, Words(sign or tongue.say(wording.NO_WORD), "alarm"))


def _shortened(tongue: Tongue, text: str) -> str:
    if len(text) <= LONGEST:
        return text
    return f"{text[:LONGEST].rsplit(' ', 1)[0]} … {tongue.say(wording.IN_FULL)}"


def _by(tongue: Tongue, action: Action) -> Cell:
    return tuple(_owners(tongue, action))


def _owners(tongue: Tongue, action: Action) -> Iterable[Words]:
    others = tongue.listed([tongue.say(it) for it in action.contributors])
    if action.owner_name:
        yield Words(tongue.say(action.owner_name))
    elif action.owner_as_written:
        yield Words(tongue.say(wording.WRITTEN, said=action.owner_as_written), own=True)
        yield Words(tongue.say(wording.NO_UNIT), "alarm")
    else:
        yield Words(tongue.say(wording.NOBODY), "alarm")
    if action.owner_name and action.owner_as_written:
        yield Words(tongue.say(wording.WRITTEN, said=action.owner_as_written), "note", own=True)
    if action.responsible:
        yield Words(action.responsible, "note")
    if others:
        yield Words(tongue.say(wording.WITH, others=others), "note")


def _punctuality(tongue: Tongue, action: Action, on: date) -> Iterable[str]:
    """How late it is by the last deadline agreed on, and by the first one where that was another."""
    if not action.due:
        yield tongue.say(wording.WITHOUT)
        return
    yield _late(tongue, action, wording.THE_LAST if action.moved else wording.THE_DEADLINE, action.due, on)
    if action.forgotten:
        yield tongue.say(wording.FORGOTTEN)
    elif action.original and action.original != action.due:
        yield _late(tongue, action, wording.THE_FIRST, action.original, on)


def _late(tongue: Tongue, action: Action, what: Text, deadline: date, on: date) -> str:
    facts = {"what": tongue.say(what), "day": tongue.day(deadline)}
    days = action.late(deadline, on)
    return tongue.count(wording.LATE, days, days=days, **facts) if days else tongue.say(wording.IN_TIME, **facts)


def _missing(tongue: Tongue, report: YearReport) -> Iterable[tuple[str, Words]]:
    left, advice = [it for it in report.actions if it.standing != "ended"], report.advice
    for what, actions in (
        (wording.LACKS_OWNER, [it for it in left if not it.owner]),
        (wording.LACKS_ONE, [it for it in left if it.owner and not it.sole_owner]),
        (wording.LACKS_DATE, [it for it in report.planned if not it.due]),
        (wording.LACKS_WORD, [it for it in left if _wordless(it)]),
    ):
        numbers = [it.number for it in actions]
        yield from _lacking(tongue, what, numbers, wording.ONE_ACTION, wording.SOME_ACTIONS)
    for what, recommendations in (
        (wording.LACKS_RESPONSE, [it for it in advice if not it.recommendation.response]),
        (wording.LACKS_ACTION, [it for it in advice if not it.own]),
    ):
        numbers = [it.recommendation.number for it in recommendations]
        yield from _lacking(tongue, what, numbers, wording.ONE_ADVICE, wording.SOME_ADVICE)


def _lacking(tongue: Tongue, what: Text, numbers: list[str], one: Text, some: Text) -> Iterable[tuple[str, Words]]:
    if numbers:
        which = tongue.say(one if len(numbers) == 1 else some, numbers=tongue.listed(numbers))
        yield tongue.say(what), Words(which)


def _wordless(action: Action) -> bool:
    return not action.statement and action.kind != "report"


def _silence(tongue: Tongue, report: YearReport) -> Iterable[Block]:
    if rows := [_silent(tongue, it) for it in report.silent]:
        columns = (wording.WHO, wording.ACTION, wording.SINCE, wording.REMINDED)
        yield Heading(tongue.say(wording.WHO_SILENT))
        yield _table(tongue, wording.WHO_SILENT, columns, (26, 40, 14, 20), rows)
    if rows := [_asked(tongue, it) for it in sorted(report.asked, key=lambda it: it.answered)]:
        columns = (wording.WHO, wording.CASE, wording.SINCE, wording.ANSWER)
        yield Heading(tongue.say(wording.WHO_ASKED))
        yield _table(tongue, wording.WHO_ASKED, columns, (26, 40, 14, 20), rows)


def _silent(tongue: Tongue, action: Action) -> Row:
    who = tongue.say(action.owner_name) if action.owner_name else ""
    return (
        (Words(who),),
        (Words(f"{action.number}. {action.title}", own=True),),
        (Words(tongue.day(action.asked_on)),),
        (Words(_reminders(tongue, action.reminders, action.reminded_on)),),
    )


def _reminders(tongue: Tongue, n: int, last: date | None) -> str:
    return tongue.count(wording.REMINDERS, n, count=n, day=tongue.day(last) if last else "")


def _asked(tongue: Tongue, asked: Asked) -> Row:
    answer: Cell = (Words(tongue.say(wording.HAS_ANSWERED)),)
    if not asked.answered:
        reminded = f"{tongue.say(wording.REMINDED)}: {_reminders(tongue, asked.reminders, asked.reminded_on)}"
        answer = (Words(tongue.say(wording.HAS_NOT), "alarm"), Words(reminded, "note"))
    who = tongue.say(asked.who) if asked.who else tongue.say(wording.NOBODY)
    return ((Words(who),), (Words(asked.title, own=True),), (Words(tongue.day(asked.asked_on)),), answer)


def _moves(tongue: Tongue, report: YearReport) -> Iterable[Block]:
    rows = [row for action in report.moved for row in _moved(tongue, action)]
    if rows:
        columns = (wording.NO, wording.OLD, wording.NEW, wording.WHY)
        yield Heading(tongue.say(wording.WHAT_MOVED))
        yield _table(tongue, wording.WHAT_MOVED, columns, (6, 16, 16, 62), rows)


def _moved(tongue: Tongue, action: Action) -> Iterable[Row]:
    for before, after in zip(action.terms, action.terms[1:], strict=False):
        reason = after.reason or before.reason
        by = after.decided_by or before.decided_by
        decided = tongue.say(wording.DECIDED, who=tongue.say(by), day=tongue.day(after.set_on)) if by else ""
        why = tuple(it for it in (Words(reason, own=True), Words(decided, "note")) if it.text)
        yield (_number(action), (Words(day(tongue, before.value)),), (Words(day(tongue, after.value)),), why)


def day(tongue: Tongue, value: date | None) -> str:
    return tongue.day(value) if value else tongue.say(wording.UNKNOWN)


def _advised(tongue: Tongue, advice: Iterable[Advice]) -> Table:
    columns = (wording.NO, wording.RECOMMENDATION, wording.ADDRESSEE, wording.RESPONSE, wording.ACTION)
    rows = (_recommended(tongue, it) for it in advice)
    return _table(tongue, wording.WHAT_ADVISED, columns, (8, 40, 16, 18, 18), rows)


def _recommended(tongue: Tongue, advice: Advice) -> Row:
    it = advice.recommendation
    to = Words(tongue.say(wording.OURSELVES)) if it.addressee == "own" else Words(it.addressee, own=True)
    response = tongue.say(wording.RESPONSES[it.response]) if it.response in wording.RESPONSES else it.response
    reason = (Words(it.reason, "note", own=True),) if it.reason else ()
    numbers = (Words(tongue.listed(advice.actions)),) if advice.actions else ()
    bare = () if advice.own else (Words(tongue.say(wording.NO_OWN), "alarm"),)
    answer = Words(response, "plain" if it.response else "alarm")
    return ((Words(it.number),), (Words(it.text, own=True),), (to,), (answer, *reason), (*numbers, *bare))
