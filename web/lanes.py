"""The year ahead as a picture: one lane for each action, one mark for each mail."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from engine.calendar import add_months
from web.standing import Scene, Standing, owner_words
from web.views import Coming, Lane, Lanes, Mark, MarkKind

KINDS: tuple[MarkKind, ...] = ("digest", "reminder", "raised", "top")


def lanes(scene: Scene, standings: Iterable[Standing], ahead: Sequence[Coming]) -> Lanes:
    """Actions in their own order; those that no mail concerns have no lane."""
    by_ref: dict[str, list[Coming]] = {}
    for mail in ahead:
        by_ref.setdefault(mail.ref, []).append(mail)
    drawn = [it for it in standings if it.case.ref in by_ref]
    counts = Counter(_kind(mail) for it in drawn for mail in by_ref[it.case.ref])
    return Lanes(
        lanes=tuple(_lane(scene, it, by_ref[it.case.ref]) for it in drawn),
        months=tuple(_months(scene)),
        counts=tuple((kind, counts[kind]) for kind in KINDS if counts[kind]),
    )


def _lane(scene: Scene, standing: Standing, mails: Sequence[Coming]) -> Lane:
    case = standing.case
    due = _place(scene, case.due) if case.due and scene.today <= case.due < _end(scene) else None
    # the weightiest mark is drawn last, and so on top
    marks = sorted((Mark(_place(scene, mail.day), _kind(mail)) for mail in mails), key=lambda it: KINDS.index(it.kind))
    return Lane(case.number, case.title, owner_words(scene, case)[0], tuple(marks), due)


def _kind(mail: Coming) -> MarkKind:
    if mail.via_digest:
        return "digest"
    return "top" if mail.level >= 3 else "raised" if mail.level == 2 else "reminder"


def _end(scene: Scene) -> date:
    return add_months(scene.today, 12)


def _place(scene: Scene, day: date) -> float:
    return round(100 * (day - scene.today) / (_end(scene) - scene.today), 2)


def _months(scene: Scene) -> Iterable[tuple[float, str, str]]:
    first = add_months(scene.today.replace(day=1), 1)
    while first < _end(scene) - timedelta(days=14):
        yield _place(scene, first), scene.tongue.short_month(first), str(first.year) if first.month == 1 else ""
        first = add_months(first, 1)
