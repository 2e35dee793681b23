"""The one door: one look at the clock per errand, all or nothing, and refusals that say what to do instead."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta

import pytest

from engine.case import Errand, Event
from engine.desk import Desk
from engine.draft import CaseDraft, PlanDraft
from engine.errors import Incomplete, NoSuchMove, NotFound, NotYours, OffTheCalendar, Refused, Stale, TooMuch
from engine.workflow import Workflows
from store.sql import SqlStore, open_store
from tests.engine.cast import MONDAY, NOON, REGISTER, WORKFLOW, case
from workflows.loading import load

REF = "IOM-2011-3"
SHIPPED = load()
WORKFLOWS = Workflows({**SHIPPED.by_key, WORKFLOW.key: WORKFLOW})
DRAFT = PlanDraft(
    ref="P-2012", title="En plan", decided_on=MONDAY, coordinator="GIL", cases=(CaseDraft(number="1", title="Ett"),)
)
MIDNIGHT = datetime(2011, 8, 31, 21, 59, 59, tzinfo=UTC)  # a second before September in Oslo


class Wound:
    """A clock that says how often it was read, and is a day later each time."""

    def __init__(self, start: datetime = NOON, step: timedelta = timedelta(days=1)) -> None:
        self.start, self.step, self.readings = start, step, 0

    def now(self) -> datetime:
        self.readings += 1
        return self.start + self.step * (self.readings - 1)


@pytest.fixture
def store(database: str) -> Iterator[SqlStore]:
    opened = open_store(database, organisation=REGISTER.organisation)
    with opened.begin() as tx:
        tx.enrol(REGISTER)
        tx.add(case(ref="IOM-2011", number="", workflow="plan/1", kind="plan", state="closed"))
        tx.add(case(parent="IOM-2011", wake_on=MONDAY))
    yield opened
    opened.close()


@pytest.fixture
def desk(store: SqlStore) -> Desk:
    return desk_of(store, Wound())


def desk_of(store: SqlStore, clock: Wound) -> Desk:
    return Desk(store, store, WORKFLOWS, clock)


def errand(move: str, by: str = "unit:HUM", **more: object) -> Errand:
    return Errand(**({"ref": REF, "move": move, "by": by} | more))  # type: ignore[arg-type]


def paused(desk: Desk, until: date, rule: str = "due") -> Event:
    return desk.pause(errand("hold"), rule=rule, kind="ack", until=until)


ERRANDS: dict[str, Callable[[Desk], object]] = {
    "today": lambda desk: desk.today(),
    "act": lambda desk: desk.act(errand("start")),
    "comment": lambda desk: desk.comment(errand("comment", text="Vi er i gang")),
    "move_deadline": lambda desk: desk.move_deadline(
        errand("deadline", "unit:GIL", text="Avtalt", due=date(2012, 9, 3))
    ),
    "hand_over": lambda desk: desk.hand_over(errand("hand over", owner="DHAKA")),
    "pause": lambda desk: paused(desk, date(2011, 9, 5)),
    "adopt": lambda desk: desk.adopt(DRAFT, by="operator"),
    "draft": lambda desk: desk.draft("IOM-2011"),
    "sweep": lambda desk: desk.sweep(),
    "forecast": lambda desk: desk.forecast([desk.reader.case(REF)]),
}


@pytest.mark.parametrize("name", ERRANDS)
def test_the_clock_is_read_once_for_each_errand(store: SqlStore, name: str) -> None:
    clock = Wound()
    ERRANDS[name](desk_of(store, clock))
    assert clock.readings == 1


@pytest.mark.parametrize(("facts", "document"), [({}, ""), ({"document": "2011/12"}, "2011/12")])
def test_a_new_deadline_is_kept_with_the_document_that_decided_it_if_there_is_one(
    desk: Desk, store: SqlStore, facts: dict[str, str], document: str
) -> None:
    desk.move_deadline(errand("deadline", "unit:GIL", text="Avtalt", due=date(2012, 9, 3)), **facts)
    assert [it.document for it in store.deadlines([REF])[REF]] == [document]


def test_the_forecast_is_of_a_year_unless_a_day_is_given(desk: Desk) -> None:
    it, year = desk.reader.case(REF), MONDAY + timedelta(days=366)
    days = [seen.day for seen in desk.forecast([it])]
    assert MONDAY + timedelta(days=300) < max(days) <= year
    assert [seen.day for seen in desk.forecast([it], until=days[0])] == [days[0]]


def test_an_errand_at_midnight_is_on_one_day_in_everything_it_writes(store: SqlStore) -> None:
    event = desk_of(store, Wound(MIDNIGHT, timedelta(seconds=1))).act(errand("start"))
    after = store.case(REF)
    assert event.at == MIDNIGHT
    assert {after.entered_on, after.activity_on} == {date(2011, 8, 31)}
    assert {it.decided_at for it in store.notices(REF)} == {MIDNIGHT}
    assert {it.planned for it in store.notices(REF)} == {date(2011, 8, 31)}


def test_who_has_seen_an_earlier_version_is_refused_and_told_to_look_again(desk: Desk, store: SqlStore) -> None:
    desk.comment(errand("comment", text="Vi er i gang"))
    before = (store.case(REF), store.history(REF), store.notices(REF))
    with pytest.raises(Stale, match=f"{REF} has changed since version 1; look at it again") as refused:
        desk.act(errand("start", seen=1))
    assert (refused.value.ref, refused.value.seen) == (REF, 1)
    assert (store.case(REF), store.history(REF), store.notices(REF)) == before


def test_who_has_seen_the_present_version_or_does_not_say_is_heard(desk: Desk, store: SqlStore) -> None:
    desk.act(errand("start", seen=1))
    desk.act(errand("report", seen=2, text="Gjort i alle brev"))
    desk.act(errand("return", "unit:GIL", text="Ett svar mangler"))
    assert (store.case(REF).state, store.case(REF).version) == ("in_progress", 4)


def test_of_many_who_have_seen_the_same_version_one_is_heard(store: SqlStore) -> None:
    def start(_: int) -> str:
        try:
            return desk_of(store, Wound()).act(errand("start", seen=1)).dest
        except Stale:
            return "stale"

    with ThreadPoolExecutor(4) as together:
        assert sorted(together.map(start, range(4))) == ["in_progress", "stale", "stale", "stale"]
    assert [it.seq for it in store.history(REF)] == [1]


def test_many_who_comment_at_once_are_all_heard_in_one_chain(store: SqlStore) -> None:
    def say(number: int) -> int:
        return desk_of(store, Wound()).comment(errand("comment", text=f"Nr. {number}")).seq

    with ThreadPoolExecutor(4) as together:
        assert sorted(together.map(say, range(8))) == list(range(1, 9))
    history = store.history(REF)
    assert [it.previous for it in history[1:]] == [it.digest for it in history[:-1]]
    assert store.case(REF).version == 9


REFUSALS: dict[str, tuple[Callable[[Desk], object], type[Exception], str]] = {
    "no such case": (lambda desk: desk.act(errand("start", ref="X-1")), NotFound, "there is no case 'X-1'"),
    "no such plan": (lambda desk: desk.draft("X"), NotFound, "there is no case 'X'"),
    "a move from elsewhere": (
        lambda desk: desk.act(errand("close", "unit:GIL")),
        NoSuchMove,
        "cannot close from assigned; from here one can start, report",
    ),
    "a move of no workflow": (
        lambda desk: desk.act(errand("dance")),
        NoSuchMove,
        "cannot dance from assigned; from here one can start, report",
    ),
    "not theirs": (
        lambda desk: desk.act(errand("start", "unit:DHAKA")),
        NotYours,
        "unit:DHAKA may not start: that is for responsible",
    ),
    "on behalf of a stranger": (
        lambda desk: desk.act(errand("start", for_whom="person:stranger")),
        NotYours,
        "person:stranger may not start",
    ),
    "no statement": (lambda desk: desk.act(errand("report", text=" \n")), Incomplete, "to report, statement must be"),
    "no comment": (lambda desk: desk.comment(errand("comment", text=" ")), Incomplete, "to comment, a text must be"),
    "no deadline": (
        lambda desk: desk.move_deadline(errand("deadline", "unit:GIL")),
        Incomplete,
        "to move the deadline, a date and a reason must be given",
    ),
    "a deadline before all calendars": (
        lambda desk: desk.move_deadline(errand("deadline", "unit:GIL", text="Feil", due=date(1, 1, 5))),
        OffTheCalendar,
        "-30d from 0001-01-05 is not within the years 1 to 9999; choose a nearer day",
    ),
    "no unit": (lambda desk: desk.hand_over(errand("hand over")), Incomplete, "to hand over, a unit must be given"),
    "a unit that nobody knows": (
        lambda desk: desk.hand_over(errand("hand over", owner="HUMM")),
        NotFound,
        "there is no unit 'HUMM'",
    ),
    "a move to a unit that nobody knows": (
        lambda desk: desk.act(errand("start", owner="HUMM")),
        NotFound,
        "there is no unit 'HUMM'",
    ),
    "a pause that is too long": (
        lambda desk: paused(desk, date(2011, 9, 13)),
        TooMuch,
        "rule due can be paused from today until 2011-09-12 at the longest",
    ),
    "a pause in the past": (lambda desk: paused(desk, date(2011, 8, 28)), TooMuch, "from today until 2011-09-12"),
    "a rule that nobody knows": (
        lambda desk: paused(desk, date(2011, 9, 5), "nope"),
        NotFound,
        "there is no rule 'nope'",
    ),
    "a rule without a pause": (lambda desk: paused(desk, date(2011, 9, 5), "dwell"), Refused, "dwell knows no ack"),
    "a plan that is there already": (
        lambda desk: [desk.adopt(DRAFT, by="operator"), desk.adopt(DRAFT, by="operator")],
        Refused,
        "there is a plan P-2012 already; give this one another ref",
    ),
}


@pytest.mark.parametrize(("asked", "kind", "sentence"), REFUSALS.values(), ids=REFUSALS)
def test_a_refusal_names_what_is_wrong_and_leaves_no_trace(
    desk: Desk, store: SqlStore, asked: Callable[[Desk], object], kind: type[Exception], sentence: str
) -> None:
    before = (store.case(REF), store.history(REF), store.deadlines([REF]), store.holds([REF]), store.notices(REF))
    with pytest.raises(kind) as refused:
        asked(desk)
    assert sentence in str(refused.value)
    after = (store.case(REF), store.history(REF), store.deadlines([REF]), store.holds([REF]), store.notices(REF))
    assert after == before
