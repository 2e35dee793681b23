"""What one parcel says: the cases it speaks of, what comes next, what others did, and how the plans stand."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import text

from engine.brief import brief, briefs
from engine.briefing import NOBODY, Answer, Away, Bar, Briefing, Happening, Item, Mail, News, Next, Still
from engine.calendar import Calendar
from engine.case import Case, DeadlineVersion, Event
from engine.daily import DAILY
from engine.escalation import Record, due
from engine.health import Ailment
from engine.inbound import Inbound
from engine.link import Shown
from engine.notice import Kind, Notice, Parcel
from engine.pass_on import PASS_ON
from engine.people import Recipient, SendWindow
from engine.roles import recipient
from engine.suggested import Suggestion
from engine.telling import notices_of_firing, occurrence_of
from engine.text import Text
from engine.trouble import Outage, Trouble
from engine.workflow import Ask, Move, Workflow, Workflows
from store.sql import SqlStore, open_store
from tests.engine.cast import DUE, REGISTER, WORKFLOW, case, person, unit

NOW = datetime(2012, 6, 5, 10, 0, tzinfo=UTC)
TODAY = date(2012, 6, 5)  # ten working days after the deadline
SAYS = {"nb": ("begynt",), "nn": ("byrja",), "en": ("begun",)}


def saying(move: Move, say: Mapping[str, tuple[str, ...]]) -> Move:
    return replace(move, say=say)


ACTION = replace(
    WORKFLOW,
    rules=(DUE,),
    asks={"more": Ask(name="more", sources=("assigned",), by=("responsible",), label=Text.same("Mer tid"))},
    moves={**WORKFLOW.moves, "start": saying(WORKFLOW.moves["start"], SAYS)},
    states={name: replace(it, label=Text(f"{name} nb", name, name)) for name, it in WORKFLOW.states.items()},
)
OTHERS = [replace(WORKFLOW, name=name, rules=()) for name in ("plan", "report")]
WORKFLOWS = Workflows.of(ACTION, *OTHERS)
THIRD = case(
    parent="IOM-2011",
    question="Er det gjort?",
    owner_as_written="Humanitær seksjon",
    statement="Vi har begynt",
    responsible="gone",
)


def other(number: str, **facts: object) -> Case:
    return case(**{"ref": f"IOM-2011-{number}", "number": number, "parent": "IOM-2011", "title": number, **facts})


CASES = (
    case(ref="IOM-2011", number="", workflow="plan/1", kind="plan", title="Planen", owner="GIL", due=None),
    THIRD,
    other("4"),  # the coordinator has been told of it
    other("5", due=date(2012, 7, 1)),
    other("6", state="closed"),
    other("7", workflow="report/1", kind="report", due=date(2012, 8, 25)),
)


@pytest.fixture
def store(database: str) -> Iterator[SqlStore]:
    opened = open_store(database, organisation=REGISTER.organisation)
    with opened.begin() as tx:
        tx.enrol(replace(REGISTER, persons={**REGISTER.persons, "gone": person("gone", "HUM", active=False)}))
        for it in CASES:
            tx.add(it)
        for ref, day in (("IOM-2011-3", TODAY), ("IOM-2011-4", date(2012, 6, 19)), ("IOM-2011-6", date(2012, 6, 19))):
            firings = due(ACTION, case(), Record(), Calendar("NO"), day)
            tx.decide([occurrence_of(it, case(ref=ref), NOW) for it in firings])
    yield opened
    opened.close()


FIRING = due(ACTION, THIRD, Record(), Calendar("NO"), TODAY)[-1]
LATE = replace(notices_of_firing(FIRING, THIRD, REGISTER, NOW)[0], planned=date(2012, 6, 1))


def news_of(event: Event) -> Notice:
    return replace(
        LATE, key=f"{event.ref}|{event.seq}", ref=event.ref, letter="digest", rule="move", event_seq=event.seq
    )


def briefed(store: SqlStore, *notices: Notice, party: str = "unit:GIL", kind: Kind = "digest", **more: Any) -> Briefing:
    to = recipient(party, REGISTER, TODAY)
    assert isinstance(to, Recipient)
    parcel = Parcel(id="a" * 26, to=to, kind=kind, notices=notices, packed_at=NOW)
    return brief(store, WORKFLOWS, parcel, **more)


def logged(store: SqlStore, **facts: Any) -> Event:
    told: dict[str, Any] = {"ref": "IOM-2011-3", "at": NOW, "by": "unit:HUM", "move": "comment", "through": "web"}
    with store.begin() as tx:
        return tx.log(Event(**(told | facts)))


def test_an_item_says_all_that_is_known_of_its_case(store: SqlStore) -> None:
    with store.begin() as tx:
        for version, rule in ((1, ""), (2, "2011-05-21 + 1y, next")):
            tx.add_deadline(
                DeadlineVersion(
                    ref=THIRD.ref, version=version, value=THIRD.due, rule=rule, computed=date(2012, 5, 20), set_at=NOW
                )
            )
    (item,) = briefed(store, LATE, party="unit:HUM", kind="letter", base_url="https://tiltak.example/").items
    assert item == Item(
        ref="IOM-2011-3",
        number="3",
        plan="IOM-2011",
        plan_title="Planen",
        workflow="action",
        title="Refer to the report in the allocation letters",
        question="Er det gjort?",
        state=Text("assigned nb", "assigned", "assigned"),
        due=date(2012, 5, 21),
        due_rule="2011-05-21 + 1y, next",
        due_computed=date(2012, 5, 20),
        overdue=10,
        left=-15,
        owner=Text.same("HUM"),
        owner_as_written="Humanitær seksjon",
        letter="overdue",
        role="responsible",
        level=2,
        rule="due",
        step="3",
        reason="rule due, step 3: 10wd on the clock due",
        planned=date(2012, 6, 1),
        asked_by=Text.same("GIL"),
        next=Next(day=date(2012, 6, 19), letter="stalled", level=3, whom=(Text.same("GIL"),), only_you=False),
        answers=(Answer(move="start", label=Text.same("start"), words=SAYS),),
        said="Vi har begynt",
        said_by=Text.same("HUM"),
        instead_of="gone",
        shown=Shown(ref="IOM-2011-3", number="3", seen=1, known=0),
        url="https://tiltak.example/case/IOM-2011-3",
    )


def test_the_next_thing_is_what_comes_first_and_everybody_who_hears_of_it(store: SqlStore) -> None:
    with store.begin() as tx:
        tx.add(other("8", due=date(2012, 5, 29)))
        firings = due(ACTION, other("8", due=date(2012, 5, 29)), Record(), Calendar("NO"), TODAY)
        tx.decide([occurrence_of(it, other("8"), NOW) for it in firings])
    (item,) = briefed(store, replace(LATE, ref="IOM-2011-8")).items
    whom = (Text.same("HUM"), Text.same("Hum-Head"))
    assert item.next == Next(day=date(2012, 6, 12), letter="overdue", level=2, whom=whom, only_you=False)


def test_what_waits_for_the_digest_comes_on_the_next_day_on_which_mail_may_leave(store: SqlStore) -> None:
    late = replace(REGISTER.organisation, digest_at=time(15, 0), window=SendWindow(opens=time(8), closes=time(14)))
    with store.begin() as tx:
        tx.enrol(replace(tx.register(), organisation=late))
        tx.save(tx.case("IOM-2011-5").evolve(due=date(2012, 7, 7)), seen=1)  # thirty days before it is a Thursday
    assert briefed(store, LATE).happens[0].day == date(2012, 6, 8)


def test_a_letter_says_less_than_a_digest(store: SqlStore) -> None:
    letter = briefed(store, LATE, party="unit:HUM", kind="letter")
    assert (letter.still, letter.bars, letter.happens, letter.news) == ((), (), (), ())
    assert (letter.parcel, letter.kind, letter.today, letter.organisation) == (
        "a" * 26,
        "letter",
        TODAY,
        Text.same("Department"),
    )
    assert (letter.to.party, letter.base_url, letter.items[0].url) == ("unit:HUM", "", "")
    assert (letter.items[0].due_rule, letter.items[0].due_computed) == ("", None)


def test_who_alone_hears_next_is_told_so_and_answers_only_for_the_own_roles(store: SqlStore) -> None:
    (item,) = briefed(store, LATE).items
    assert item.next is not None
    assert item.next.only_you
    assert item.answers == ()


@pytest.mark.parametrize(
    ("days", "overdue", "left"), [(None, 0, None), (0, 0, 0), (9, 0, 9), (-4, 2, -4)]
)  # the first of June was a Friday
def test_a_date_is_over_from_the_day_after(store: SqlStore, days: int | None, overdue: int, left: int | None) -> None:
    when = None if days is None else date.fromordinal(TODAY.toordinal() + days)
    with store.begin() as tx:
        tx.save(tx.case("IOM-2011-3").evolve(due=when), seen=1)
    (item,) = briefed(store, LATE).items
    assert (item.due, item.overdue, item.left) == (when, overdue, left)


def test_what_somebody_wrote_with_the_event_goes_before_the_statement(store: SqlStore) -> None:
    wrote = logged(store, text="Ett brev mangler", for_whom="person:officer")
    silent = logged(store, text="")
    letters = [replace(LATE, key=str(it.seq), event_seq=it.seq) for it in (wrote, silent)]
    first, second = briefed(store, *letters).items
    assert (first.said, first.said_by) == ("Ett brev mangler", Text.same("Officer"))
    assert (second.said, second.said_by) == ("Vi har begynt", Text.same("HUM"))


def test_a_digest_shows_how_the_plan_stands(store: SqlStore) -> None:
    assert briefed(store, LATE).bars == (
        Bar(
            plan="IOM-2011",
            title="Planen",
            counts=(
                ("assigned", Text("assigned nb", "assigned", "assigned"), 4),
                ("closed", Text("closed nb", "closed", "closed"), 1),
            ),
            report_due=date(2012, 8, 25),
            report_left=81,
        ),
    )


def test_a_plan_without_a_report_is_shown_as_well(store: SqlStore) -> None:
    with store.engine.begin() as connection:
        connection.execute(text("DELETE FROM cases WHERE kind = 'report'"))
    (bar,) = briefed(store, LATE).bars
    assert (bar.report_due, bar.report_left) == (None, None)
    assert [(name, number) for name, _, number in bar.counts] == [("assigned", 3), ("closed", 1)]


def test_a_digest_says_again_what_the_coordinator_was_told_of_and_nobody_has_acted_on(store: SqlStore) -> None:
    assert briefed(store, LATE).still == (Still(ref="IOM-2011-4", number="4", title="4"),)
    assert briefed(store, replace(LATE, ref="IOM-2011-4")).still == ()
    assert briefed(store, LATE, party="unit:HUM").still == ()


def test_a_digest_says_what_will_happen_by_itself_to_others(store: SqlStore) -> None:
    head = Text.same("Hum-Head")
    hum = Text.same("HUM")
    assert briefed(store, LATE).happens == tuple(
        Happening(day=day, ref="IOM-2011-5", number="5", title="5", letter=letter, whom=whom)
        for day, letter, whom in (
            (date(2012, 6, 6), "due_soon", (hum,)),
            (date(2012, 7, 2), "overdue", (hum,)),
            (date(2012, 7, 13), "overdue", (hum, head)),
        )
    )


def test_only_the_next_few_things_of_the_next_two_months_are_foretold(store: SqlStore) -> None:
    with store.begin() as tx:
        for number, on in (("8", date(2012, 7, 2)), ("9", date(2012, 9, 3)), ("10", date(2012, 9, 4))):
            tx.add(other(number, due=on))
    assert [(it.day, it.number) for it in briefed(store, LATE).happens] == [
        (date(2012, 6, 6), "5"),
        (date(2012, 6, 6), "8"),
        (date(2012, 7, 2), "5"),
        (date(2012, 7, 3), "8"),
    ]
    with store.begin() as tx:
        for number in ("5", "8"):
            tx.save(tx.case(f"IOM-2011-{number}").evolve(state="closed"), seen=1)
    assert [(it.day, it.number) for it in briefed(store, LATE).happens] == [(date(2012, 8, 6), "9")]


def test_news_are_what_others_did_oldest_first(store: SqlStore) -> None:
    later = logged(store, at=datetime(2012, 6, 5, 9, 0, tzinfo=UTC), move="start", text="Da begynner vi")
    earlier = logged(store, at=datetime(2012, 6, 3, 22, 30, tzinfo=UTC), by="unit:DHAKA", for_whom="person:officer")
    briefing = briefed(store, news_of(later), news_of(earlier))
    assert briefing.items == ()
    assert briefing.news == (
        News(
            day=date(2012, 6, 4),
            ref="IOM-2011-3",
            number="3",
            title=THIRD.title,
            who=Text.same("Officer"),
            move="comment",
            label=NOBODY,
            text="",
        ),
        News(
            day=TODAY,
            ref="IOM-2011-3",
            number="3",
            title=THIRD.title,
            who=Text.same("HUM"),
            move="start",
            label=Text.same("start"),
            text="Da begynner vi",
        ),
    )


@pytest.mark.parametrize(
    ("facts", "move", "now"),
    [
        ({"from": "GIL", "to": "HUM", "coordinator from": "GIL", "coordinator to": "GIL"}, "hand over", "HUM"),
        ({"from": "HUM", "to": "HUM", "coordinator from": "GIL", "coordinator to": "UR"}, "coordination", "UR"),
    ],
)
def test_a_change_of_hands_names_the_unit_that_has_taken_over_and_nobody_who_did_it(
    store: SqlStore, facts: dict[str, str], move: str, now: str
) -> None:
    event = logged(store, move="hand over", by="rule:responsibility", through="rule", facts=facts)
    (news,) = briefed(store, news_of(event)).news
    assert (news.move, news.who, news.now) == (move, NOBODY, Text.same(now))


def test_a_unit_that_is_no_more_is_named_with_its_last_day(store: SqlStore) -> None:
    facts = {"from": "UR", "to": "HUM", "ended": "2012-05-31"}
    ended = logged(store, move="hand over", by="rule:responsibility", through="rule", facts=facts)
    (news,) = briefed(store, news_of(ended)).news
    assert (news.was, news.ended, news.now) == (Text.same("UR"), date(2012, 5, 31), Text.same("HUM"))


OSLO = ZoneInfo("Europe/Oslo")
BEGAN = {"source": "assigned", "dest": "in_progress", "facts": {"entered_seq was": "1"}}


def receipt_of(store: SqlStore, event: Event, party: str = "unit:HUM") -> Item:
    (item,) = briefed(store, replace(LATE, event_seq=event.seq, letter="receipt"), party=party, kind="letter").items
    return item


def test_a_receipt_says_what_was_done_and_until_when_it_can_be_taken_back(store: SqlStore) -> None:
    item = receipt_of(store, logged(store, move="start", **BEGAN))
    assert (item.move, item.did, item.moved) == ("start", Text.same("start"), True)
    assert (item.did_at, item.undo_until) == (NOW, NOW + timedelta(hours=24))
    assert item.did_at is not None
    assert item.undo_until is not None
    assert (item.did_at.tzinfo, item.undo_until.tzinfo) == (OSLO, OSLO)
    assert (item.wished, item.suggests) == (None, NOBODY)
    assert item.shown == Shown(ref="IOM-2011-3", number="3", seen=1, known=1)


def test_only_ones_own_last_word_can_be_taken_back(store: SqlStore) -> None:
    first = logged(store, move="start", **BEGAN)
    assert receipt_of(store, first, party="unit:GIL").undo_until is None
    logged(store, move="comment", text="Vent")
    assert receipt_of(store, first).undo_until is None


def test_an_ask_says_which_day_is_wished_and_which_unit_is_suggested(store: SqlStore) -> None:
    facts = {"wished": "2012-09-03", "unit": "DHAKA"}
    item = receipt_of(store, logged(store, move="more", source="assigned", dest="assigned", facts=facts))
    assert (item.wished, item.suggests, item.moved) == (date(2012, 9, 3), Text.same("DHAKA"), False)
    assert (item.move, item.did) == ("more", Text.same("Mer tid"))
    assert receipt_of(store, logged(store, move="comment")).did == NOBODY


def away(store: SqlStore, *outages: Outage) -> None:
    with store.begin() as tx:
        for it in outages:
            tx.add_outage(it)


MAY, JUNE = Outage(date(2012, 5, 20), TODAY), date(2012, 6, 1)


def test_what_the_service_missed_while_it_was_away_is_said_and_how_much_was_passed_over(store: SqlStore) -> None:
    away(store, MAY)
    briefing = briefed(store, LATE)
    assert (briefing.away, briefing.items[0].missed) == (MAY, JUNE)
    assert briefing.passed_over == 1  # the step of 22 May; that of April came while the service was there


@pytest.mark.parametrize(
    ("notice", "missed"),
    [
        (replace(LATE, planned=date(2012, 5, 1), ripe_at=datetime(2012, 6, 1, 22, 30, tzinfo=UTC)), date(2012, 6, 2)),
        (replace(LATE, planned=date(2012, 5, 1)), None),
        (replace(LATE, planned=TODAY), None),
        (replace(LATE, decided_at=datetime(2012, 6, 4, 10, 0, tzinfo=UTC)), JUNE),
    ],
    ids=["might have left meanwhile", "was late already", "came in time", "leaves when it is back"],
)
def test_a_letter_is_late_for_a_day_on_which_the_service_was_away(
    store: SqlStore, notice: Notice, missed: date | None
) -> None:
    away(store, MAY)
    briefing = briefed(store, notice)
    assert briefing.items[0].missed == missed
    assert briefing.away == (MAY if missed else None)
    assert briefing.passed_over == (1 if missed else 0)


def test_of_two_times_away_the_later_one_is_said(store: SqlStore) -> None:
    first, second = Outage(date(2012, 5, 20), date(2012, 5, 30)), Outage(date(2012, 5, 31), TODAY)
    away(store, first, second)
    early = replace(LATE, key="1", planned=date(2012, 5, 25), decided_at=datetime(2012, 5, 30, 10, 0, tzinfo=UTC))
    assert briefed(store, early).away == first
    assert briefed(store, early, LATE).away == second


TROUBLE = Trouble(
    party="unit:DHAKA", to="unit:GIL", cause="refused", detail="550", instead="unit:GIL",
    cases=("IOM-2011-3", "IOM-2011-99"), count=2, since=TODAY, told_on=TODAY,
)  # fmt: skip
ALIVE_NOTICE = replace(LATE, ref="", rule="system:alive", to="operator")


def test_those_who_are_not_reached_are_said_in_digests_and_to_the_operator(store: SqlStore) -> None:
    with store.begin() as tx:
        tx.keep_trouble(TROUBLE)
    (line,) = briefed(store, LATE).unheard
    assert (line.name, line.cases) == (Text.same("DHAKA"), ("3", "IOM-2011-99"))
    assert briefed(store, LATE, party="unit:HUM").unheard == ()
    assert briefed(store, LATE, kind="letter").unheard == ()
    assert len(list(briefed(store, ALIVE_NOTICE, party="operator", kind="operator").unheard)) == 1


def test_only_the_operator_reads_how_the_service_fares(store: SqlStore) -> None:
    sick = Ailment(what="never", loop="sweep")
    told = briefed(store, ALIVE_NOTICE, party="operator", kind="operator", ailments=lambda: [sick])
    assert told.vitals is not None
    assert told.vitals.ailments == (sick,)
    assert told.items == ()
    assert briefed(store, LATE).vitals is None


def test_a_daily_digest_is_no_news_by_itself(store: SqlStore) -> None:
    daily = replace(LATE, letter="digest", rule=DAILY)
    assert briefed(store, daily).items == ()
    line = replace(LATE, letter="digest", rule="move:hold")
    assert [it.letter for it in briefed(store, line).items] == ["digest"]


KINDS: tuple[Kind, Kind] = ("digest", "letter")


class Waiting:
    """A tray with a mail about a case of the plan, one about nothing known, one about another plan, and an absence."""

    def tray(self, *, limit: int = 20) -> list[Inbound]:
        found = [
            Inbound(
                id=number, source="imap", envelope_from="", rcpt="", sha256="", message_id="", size=1, raw=None,
                received_at=datetime(2012, 6, 3, 22, 30, tzinfo=UTC), state="held", sender="x@y.example",
                subject="SV: 3", outcome="unknown sender", ref=ref,
            )
            for number, ref in ((1, "IOM-2011-3"), (2, ""), (3, "ELSE-1"))
        ]  # fmt: skip
        return found[:limit]

    def suggestions(self) -> list[Suggestion]:
        return [
            Suggestion(id=4, person="officer", first=TODAY, last=TODAY, substitute="hum-head", named="H.", at=NOW),
            Suggestion(id=5, person="nobody", first=TODAY, named="Kari", left=True, at=NOW),
        ]


def test_a_digest_says_which_mails_wait_and_which_absences_mail_tells_of(store: SqlStore) -> None:
    digest = briefed(store, LATE, tray=Waiting())
    assert digest.mails == tuple(
        Mail(number=number, sender="x@y.example", subject="SV: 3", outcome="unknown sender", day=date(2012, 6, 4))
        for number in (1, 2)
    )
    assert digest.suggested == (
        Away(number=4, name="Officer", first=TODAY, last=TODAY, substitute="Hum-Head", left=False),
        Away(number=5, name="nobody", first=TODAY, last=None, substitute="Kari", left=True),
    )
    letter = briefed(store, LATE, kind="letter", tray=Waiting())
    assert (letter.mails, letter.suggested) == ((), ())


def test_what_only_a_digest_says_is_in_no_letter_that_is_written_beside_it(store: SqlStore) -> None:
    with store.begin() as tx:
        tx.keep_trouble(TROUBLE)
    to = recipient("unit:GIL", REGISTER, TODAY)
    assert to
    digest, letter = (Parcel(id=it, to=to, kind=it, notices=(LATE,), packed_at=NOW) for it in KINDS)
    read = briefs(store, WORKFLOWS, [digest, letter], base_url="", reply_to="", tray=Waiting())
    for parcel in (digest, letter):
        it = read(parcel)
        said = [bool(part) for part in (it.still, it.bars, it.happens, it.unheard, it.mails, it.suggested)]
        assert said == [parcel is digest] * 6


def test_who_was_given_a_case_answers_in_the_name_of_whoever_passed_it_on(store: SqlStore) -> None:
    facts = {"passed to": "person:stranger"}
    theirs = logged(store, move=PASS_ON, facts=facts, text="Kan du?")
    item = receipt_of(store, theirs, "person:stranger")
    assert (item.for_whom, [it.move for it in item.answers]) == ("unit:HUM", ["start"])
    assert (item.said, item.said_by) == ("Kan du?", Text.same("HUM"))
    own = receipt_of(store, theirs, "unit:HUM")
    assert (own.for_whom, [it.move for it in own.answers]) == ("", ["start"])
    instead = logged(store, move=PASS_ON, facts=facts, by="person:gil-head", for_whom="unit:HUM")
    assert receipt_of(store, instead, "person:stranger").for_whom == "unit:HUM"
    other = logged(store, move="comment", facts=facts)
    assert receipt_of(store, other, "person:stranger").for_whom == ""


def test_a_case_that_was_passed_on_is_news_that_name_the_colleague(store: SqlStore) -> None:
    event = logged(store, move=PASS_ON, facts={"passed to": "person:stranger"})
    (news,) = briefed(store, news_of(event)).news
    assert (news.move, news.now, news.who) == (PASS_ON, Text.same("Stranger"), Text.same("HUM"))


def test_a_reply_goes_to_the_unit_that_coordinates_or_to_the_operator(store: SqlStore) -> None:
    assert briefed(store, LATE).reply_to == "gil@ud.example"
    assert briefed(store, LATE, reply_to="svar@ud.example").reply_to == "svar@ud.example"
    assert briefed(store, replace(LATE, ref="X")).reply_to == "drift@ud.example"


def broken(store: SqlStore, **columns: str) -> None:
    with store.engine.begin() as connection:
        for column, value in columns.items():
            connection.execute(text(f"UPDATE cases SET {column} = :value WHERE ref = 'IOM-2011-3'"), {"value": value})


def test_a_case_that_is_not_understood_is_named_with_the_reason_and_spoils_nothing_else(store: SqlStore) -> None:
    broken(store, workflow="action/9")
    briefing = briefed(store, LATE, replace(LATE, key="2", ref="IOM-2011-5"))
    assert briefing.items[0] == Item(
        ref="IOM-2011-3",
        number="3",
        plan="IOM-2011",
        plan_title="Planen",
        workflow="action",
        title=THIRD.title,
        letter="unreadable",
        role="responsible",
        level=2,
        rule="due",
        step="3",
        reason="workflow action/9 with a state 'assigned' is not loaded",
        planned=date(2012, 6, 1),
    )
    assert briefing.items[1].ref == "IOM-2011-5"
    assert [(name, number) for name, _, number in briefing.bars[0].counts] == [("assigned", 3), ("closed", 1)]


def test_a_complaint_about_a_case_keeps_its_own_words(store: SqlStore) -> None:
    broken(store, state="nowhere")
    complaint = replace(LATE, letter="unreadable", reason="the disk is full")
    (item,) = briefed(store, complaint).items
    assert (item.letter, item.reason) == ("unreadable", "the disk is full")


def test_a_case_that_is_not_there_is_named_by_its_ref(store: SqlStore) -> None:
    (item,) = briefed(store, replace(LATE, ref="X")).items
    assert (item.title, item.number, item.plan, item.plan_title, item.workflow) == ("X", "", "", "", "")
    assert item.reason == "its row in the database cannot be read"


def test_an_owner_that_is_no_unit_is_called_by_its_code(store: SqlStore) -> None:
    with store.begin() as tx:
        tx.enrol(replace(tx.register(), units={**REGISTER.units, "OLD": unit("OLD", valid_to=date(2011, 1, 1))}))
        tx.save(tx.case("IOM-2011-3").evolve(owner="OLD", coordinator="", responsible=""), seen=1)
    (item,) = briefed(store, LATE).items
    assert (item.owner, item.asked_by) == (Text.same("OLD"), NOBODY)


def flow_without_report() -> Workflow:
    return replace(ACTION, version=2, states={"later": replace(ACTION.states["closed"], name="later"), **ACTION.states})


def test_an_owner_that_is_no_more_is_called_by_its_successor(store: SqlStore) -> None:
    old = unit("OLD", valid_to=date(2011, 1, 1), successor="DHAKA")
    with store.begin() as tx:
        tx.enrol(replace(tx.register(), units={**REGISTER.units, "OLD": old}))
        tx.save(tx.case("IOM-2011-3").evolve(owner="OLD", responsible=""), seen=1)
    (item,) = briefed(store, LATE).items
    assert item.owner == Text.same("DHAKA")


def test_a_case_whose_plan_is_not_understood_is_named_with_the_ref_of_the_plan(store: SqlStore) -> None:
    with store.engine.begin() as connection:
        connection.execute(text("UPDATE cases SET workflow = 'plan/9' WHERE kind = 'plan'"))
    (item,) = briefed(store, LATE, party="unit:HUM", kind="letter").items
    assert (item.plan, item.plan_title) == ("IOM-2011", "IOM-2011")


def test_a_plan_of_which_there_is_nothing_else_is_shown_by_itself(store: SqlStore) -> None:
    with store.begin() as tx:
        tx.add(replace(CASES[0], ref="Q", plan="Q", title="Ny plan"))
    assert briefed(store, replace(LATE, ref="Q")).bars == (
        Bar(plan="Q", title="Ny plan", counts=(), report_due=None, report_left=None),
    )


def test_what_is_about_no_case_keeps_its_letter_and_its_words(store: SqlStore) -> None:
    clock = replace(LATE, ref="", letter="clock", rule="system:clock", reason="the clock went back")
    (item,) = briefed(store, clock, party="operator", kind="letter").items
    assert (item.letter, item.reason, item.number, item.plan) == ("clock", "the clock went back", "", "")


def test_two_versions_of_the_rules_are_counted_together(store: SqlStore) -> None:
    both = Workflows.of(ACTION, flow_without_report(), *OTHERS)
    with store.begin() as tx:
        tx.save(tx.case("IOM-2011-5").evolve(workflow="action/2"), seen=1)
    to = recipient("unit:GIL", REGISTER, TODAY)
    assert to
    parcel = Parcel(id="a" * 26, to=to, kind="digest", notices=(LATE,), packed_at=NOW)
    (bar,) = brief(store, both, parcel).bars
    assert [(name, number) for name, _, number in bar.counts] == [("assigned", 4), ("closed", 1)]
