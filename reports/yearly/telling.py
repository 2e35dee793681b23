"""The report as a document in one language: what the leader reads first, then the tables, then everything else."""

from collections.abc import Iterable
from itertools import chain

from engine.text import Text
from reports.yearly import annexes, sections, wording
from reports.yearly.facts import YearReport
from reports.yearly.paper import Bar, Block, Paper, Paragraph, Words
from reports.yearly.tongue import Tongue, sentence


def paper(report: YearReport, language: str) -> Paper:
    tongue = Tongue(language)
    day = tongue.long_day(report.on)
    return Paper(
        language=language,
        own_language=report.language,
        title=report.title,
        subject=tongue.say(wording.SUBJECT),
        notice=tongue.say(wording.DRAFT, day=day),
        author=tongue.say(report.coordinator or report.organisation),
        head=tuple(_head(tongue, report)),
        footer=tongue.say(wording.FOOTER, ref=report.ref, day=day),
        page=wording.PAGE.say(language),
        blocks=tuple(
            chain(_summary(tongue, report), sections.sections(tongue, report), annexes.annexes(tongue, report))
        ),
        day=report.on.isoformat(),
    )


def _head(tongue: Tongue, report: YearReport) -> Iterable[tuple[str, Words]]:
    def named(name: Text | None) -> str:
        return tongue.say(name) if name else ""

    evaluation = report.evaluation
    facts = (
        (wording.TO, Words(named(report.executive))),
        (wording.FROM, Words(named(report.coordinator))),
        (wording.COPY, Words(tongue.listed([named(it) for it in report.copies]))),
        (wording.DATE, Words(tongue.long_day(report.on))),
        (wording.DUE, Words(tongue.long_day(report.due) if report.due else "")),
        (wording.PLAN, Words(report.ref)),
        (wording.FILE, Words(report.file_number)),
        (wording.EVALUATION, Words(_evaluated(evaluation.title, evaluation.report) if evaluation else "", own=True)),
    )
    return ((tongue.say(term), words) for term, words in facts if words.text)


def _evaluated(title: str, number: str) -> str:
    return f"{title} ({number})" if number else title


def _summary(tongue: Tongue, report: YearReport) -> Iterable[Block]:
    yield Paragraph(Words(" ".join(_how_far(tongue, report))))
    yield Bar(*_standings(tongue, report))
    yield Paragraph(Words(" ".join(_how_well(tongue, report))))
    if report.advice:
        yield Paragraph(Words(_coverage(tongue, report)))


def _how_far(tongue: Tongue, report: YearReport) -> Iterable[str]:
    opening = tongue.count(wording.ACTIONS, len(report.actions), day=tongue.long_day(report.decided_on))
    if not report.actions:
        yield sentence(opening)
        return
    parts = [
        tongue.count(wording.DONE, len(report.done)),
        tongue.count(wording.PLANNED, len(report.planned)),
        *([tongue.count(wording.ENDED, len(report.ended))] if report.ended else []),
    ]
    yield sentence(f"{opening}: {tongue.clauses(parts)}")
    if unchecked := sum(it.standing == "answered" for it in report.done):
        yield sentence(tongue.count(wording.UNCHECKED, unchecked))


def _standings(tongue: Tongue, report: YearReport) -> tuple[tuple[tuple[str, int], ...], str]:
    counts = dict.fromkeys(wording.STANDINGS, 0)
    for it in report.actions:
        counts[it.standing] += 1
    there = tuple((standing, n) for standing, n in counts.items() if n)
    return there, tongue.listed([tongue.say(wording.STANDINGS[standing], n=n) for standing, n in there])


def _how_well(tongue: Tongue, report: YearReport) -> Iterable[str]:
    dated = tongue.count(wording.DATED, sum(it.due is not None for it in report.actions))
    owned = tongue.count(wording.OWNED, sum(it.sole_owner for it in report.actions))
    yield sentence(tongue.clauses([dated, owned]))
    overdue = sum(it.late(it.due, report.on) > 0 for it in report.planned)
    if any(it.due for it in report.planned):
        yield sentence(tongue.count(wording.OVERDUE, overdue))
    yield sentence(tongue.count(wording.MOVED, len(report.moved)))
    yield sentence(tongue.count(wording.SILENT, len(report.silent)))


def _coverage(tongue: Tongue, report: YearReport) -> str:
    among, bare = len(report.advice), sum(not it.own for it in report.advice)
    answered = sum(bool(it.recommendation.response) for it in report.advice)
    covered = tongue.count(wording.BARE if among > 1 else wording.LONE, bare, of=tongue.number(among))
    return sentence(tongue.clauses([covered, tongue.count(wording.ANSWERED, answered)]))
