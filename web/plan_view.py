"""The overview of a plan: what waits for the coordinator, how it stands, and which mails will leave by themselves."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from itertools import groupby

from engine.calendar import add_months
from engine.case import Case, Recommendation
from engine.coverage import covering, has_one_owner, has_own
from engine.errors import NotFound
from engine.ports import Reader
from engine.stage import ANSWERED, DONE, ENDED, stage
from web.decisions import decisions, plan_decision
from web.lanes import lanes
from web.regime_facts import regime_facts
from web.standing import Scene, Standing, coming, due_words, ended, ladder_tag, owner_words, state_tag
from web.sums import arithmetic
from web.views import CaseRow, Coming, Fact, Month, PlanLink, PlanPage, RecommendationRow, Segment, Together
from web.words import response_words


def plan_list(scene: Scene, plans: Sequence[Case]) -> tuple[PlanLink, ...]:
    tongue = scene.tongue
    return tuple(
        PlanLink(plan.ref, plan.title, tongue.say("decided %(day)s", day=tongue.day(plan.opened_on))) for plan in plans
    )


def plan_page(scene: Scene, reader: Reader, ref: str) -> PlanPage:
    """Five queries, however large the plan is."""
    everything = {it.case.ref: it for it in gather(reader, reader.cases(ref))}
    if ref not in everything or not scene.shows(ref):
        raise NotFound("plan", ref)
    own = everything.pop(ref)
    plan, standings = own.case, [*everything.values()]
    urgent_first = sorted(standings, key=lambda it: _urgency(scene, it))
    evaluated = reader.evaluation(ref)
    ahead = _mails(scene, [own, *standings])
    waiting = (*plan_decision(scene, own, ahead), *decisions(scene, urgent_first, ahead))
    covered = _recommendations(scene, evaluated[1] if evaluated else (), [it.case for it in standings])
    return PlanPage(
        ref=ref,
        title=plan.title,
        subtitle=_subtitle(scene, plan),
        heading=_heading(scene, len(waiting), plan),
        decisions=waiting,
        segments=_segments(scene, [it.case for it in standings]),
        facts=tuple(_facts(scene, own, standings, covered)),
        rows=tuple(_row(scene, it, ahead) for it in urgent_first),
        lanes=lanes(scene, [own, *standings], ahead),
        months=_months(scene, ahead),
        mails=len(ahead),
        next_mail=ahead[0] if ahead else None,
        recommendations=covered,
        uncovered=sum(not it.own for it in covered),
    )


def gather(reader: Reader, cases: Sequence[Case]) -> Iterable[Standing]:
    refs = [case.ref for case in cases]
    occurrences, holds, deadlines = reader.occurrences(refs), reader.holds(refs), reader.deadlines(refs)
    for case in cases:
        yield Standing(
            case,
            tuple(occurrences.get(case.ref, ())),
            tuple(holds.get(case.ref, ())),
            tuple(sorted(deadlines.get(case.ref, ()), key=lambda it: it.version)),
        )


def _mails(scene: Scene, standings: Iterable[Standing]) -> list[Coming]:
    until = add_months(scene.today, 12)
    return sorted((mail for it in standings for mail in coming(scene, it, until=until)), key=lambda mail: mail.day)


def _subtitle(scene: Scene, plan: Case) -> str:
    return scene.tongue.say("decided %(day)s", day=scene.tongue.day(plan.opened_on))


def _heading(scene: Scene, waiting: int, plan: Case) -> str:
    tongue = scene.tongue
    if not waiting:
        return tongue.say("Nothing waits for the coordinator")
    who = scene.name(f"unit:{plan.coordinator}") if plan.coordinator else tongue.say("the coordinator")
    return tongue.count("%(n)s case waits for %(who)s", "%(n)s cases wait for %(who)s", waiting, who=who)


def _segments(scene: Scene, cases: Sequence[Case]) -> tuple[Segment, ...]:
    counts: dict[tuple[int, str], int] = {}
    for case in cases:
        workflow = scene.workflow(case)
        label = scene.tongue.text(workflow.states[case.state].label)
        key = (stage(workflow, case.state), label)
        counts[key] = counts.get(key, 0) + 1
    segments, x = [], 0.0
    for (of_stage, label), count in sorted(counts.items(), key=lambda it: (it[0][0] == ENDED, -it[0][0], it[0][1])):
        width = round(100 * count / len(cases), 3)
        segments.append(Segment(words=label.lower(), count=count, stage=of_stage, x=round(x, 3), width=width))
        x += width
    return tuple(segments)


def _facts(
    scene: Scene, plan: Standing, standings: Sequence[Standing], covered: Sequence[RecommendationRow]
) -> Iterable[Fact]:
    tongue, cases = scene.tongue, [it.case for it in standings]
    reported = plan if plan.case.due else next((it for it in standings if it.case.kind == "report"), plan)
    due, n = reported.case.due or plan.case.report_due, len(cases)
    last = reported.deadlines[-1] if reported.deadlines else None
    if due:
        yield Fact(tongue.say("Report due"), tongue.day(due), arithmetic(tongue, last) if last else "")
        left = (due - scene.today).days
        yield Fact(tongue.say("Days left") if left >= 0 else tongue.say("Days over"), str(abs(left)))
    yield from regime_facts(scene, plan.case)
    yield Fact(tongue.say("Actions with a date"), _of(scene, sum(case.due is not None for case in cases), n))
    yield Fact(tongue.say("Actions with exactly one owner"), _of(scene, sum(map(has_one_owner, cases)), n))
    if covered:
        alone = sum(not it.own for it in covered)
        yield Fact(tongue.say("Recommendations without an action of their own"), _of(scene, alone, len(covered)))


def _of(scene: Scene, part: int, whole: int) -> str:
    return scene.tongue.say("%(part)s of %(whole)s", part=part, whole=whole)


def _urgency(scene: Scene, standing: Standing) -> tuple[int, date, str]:
    """Overdue first, then by deadline, then what has none, then what waits for a check, then what has ended."""
    case = standing.case
    where = stage(scene.workflow(case), case.state)
    rank = {ANSWERED: 2, DONE: 3, ENDED: 3}.get(where, 0 if case.due else 1)
    return rank, case.due or date.max, case.number.rjust(6)


def _row(scene: Scene, standing: Standing, ahead: Sequence[Coming]) -> CaseRow:
    case = standing.case
    owner, owner_note = owner_words(scene, case)
    due, due_note = due_words(scene, case)
    upcoming = next((mail for mail in ahead if mail.ref == case.ref), None)
    extra = ladder_tag(scene, standing)
    return CaseRow(
        ref=case.ref,
        number=case.number,
        title=case.title,
        beneath=_beneath(scene, case),
        tags=(state_tag(scene, case), extra) if extra else (state_tag(scene, case),),
        owner=owner,
        owner_note=owner_note,
        due=due,
        due_note=due_note,
        next_day=upcoming.on if upcoming else "–",
        next_to=_next_to(scene, case, upcoming),
    )


def _next_to(scene: Scene, case: Case, mail: Coming | None) -> str:
    if mail is None:
        return "" if ended(scene, case) else scene.tongue.say("nothing within a year")
    return scene.tongue.say("%(who)s, in the digest", who=mail.to) if mail.via_digest else mail.to


def _beneath(scene: Scene, case: Case) -> str:
    if not case.recommendations:
        return ""
    numbers = scene.tongue.listed(list(case.recommendations))
    return scene.tongue.count(
        "Recommendation %(numbers)s", "Recommendations %(numbers)s", len(case.recommendations), numbers=numbers
    )


def _months(scene: Scene, ahead: Sequence[Coming]) -> tuple[Month, ...]:
    by_month = groupby(ahead, key=lambda mail: mail.day.replace(day=1))
    return tuple(_month(scene, first, list(mails)) for first, mails in by_month)


def _month(scene: Scene, first: date, mails: Sequence[Coming]) -> Month:
    alike: dict[Coming, list[Coming]] = {}
    for mail in mails:
        alike.setdefault(replace(mail, ref="", number=""), []).append(mail)
    lines = (Together(group[0], tuple((it.ref, it.number) for it in group)) for group in alike.values())
    return Month(scene.tongue.month(first), len(mails), tuple(lines))


def _recommendations(
    scene: Scene, recommendations: Sequence[Recommendation], cases: Sequence[Case]
) -> tuple[RecommendationRow, ...]:
    return tuple(
        RecommendationRow(
            number=it.number,
            text=it.text,
            addressee=scene.tongue.say("own organisation") if it.addressee == "own" else it.addressee,
            response=response_words(scene.tongue, it.response),
            actions=tuple((case.number, case.ref) for case in covering(it, cases)),
            own=has_own(it, cases, among=len(recommendations)),
        )
        for it in recommendations
    )
