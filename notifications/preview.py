"""Sample facts for every letter, so that it can be seen before anybody gets one."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Final

from engine.briefing import (
    NOBODY,
    Answer,
    Away,
    Bar,
    Briefing,
    Happening,
    Item,
    Mail,
    News,
    Next,
    Node,
    Still,
    Unheard,
    Vitals,
)
from engine.health import Ailment, Tally
from engine.people import Recipient
from engine.rhythm import Rhythm
from engine.text import Text
from engine.trouble import Outage
from notifications.letters import TEMPLATES

LETTERS: Final = tuple(sorted(path.stem for path in (TEMPLATES / "nb").glob("*.j2") if path.stem != "phrases"))
ABOUT_MAIL: Final = ("alarm", "left", "unclear", "confirm")
URL: Final = "https://tiltak.example/case/IOM-2011-3"
TODAY: Final = date(2012, 6, 12)
REGION: Final = Text("Regionalavdelingen", "Regionalavdelinga", "Regional department")
MORE_TIME: Final = Text("Vi trenger mer tid", "Vi treng meir tid", "We need more time")
AT: Final = datetime(2012, 6, 12, 14, 5, tzinfo=UTC)
HUM: Final = Text("HUM-seksjonen", "HUM-seksjonen", "HUM section")
LEADER: Final = Text("Utenriksråden", "Utanriksråden", "Secretary General")
STATES: Final = (
    ("closed", Text("Lukket", "Lukka", "Closed"), 1),
    ("reported", Text("Rapportert", "Rapportert", "Reported"), 1),
    ("in_progress", Text("Pågår", "I gang", "In progress"), 4),
    ("assigned", Text("Tildelt", "Tildelt", "Assigned"), 1),
    ("proposed", Text("Foreslått", "Føreslått", "Proposed"), 1),
)
RHYTHM_URL: Final = "https://tiltak.example/rhythm/aaaaaaaaaaaaaaaaaaaaaaaaaa"
FRIDAYS: Final = Rhythm(every="weekly", weekday=5, at=time(8, 0))
LINK: Final = "https://tiltak.example/l/aaaaaaaaaaaaaaaaaaaaaaaaaa"
ITEM: Final = Item(
    ref="IOM-2011-3",
    number="3",
    plan="IOM-2011",
    plan_title="Oppfølging av evalueringen av IOMs arbeid mot menneskehandel",
    workflow="action",
    title="Vise til evalueringen i tildelingsbrevene",
    question="Står det en henvisning til evalueringen i tildelingsbrevene til ambassadene?",
    state=Text("Tildelt", "Tildelt", "Assigned"),
    due=date(2012, 5, 21),
    due_rule="",
    due_computed=None,
    overdue=15,
    left=-22,
    owner=REGION,
    owner_as_written="",
    letter="overdue",
    role="responsible",
    level=2,
    rule="due",
    step="3",
    reason="rule due, step 3: 10wd on the clock due",
    planned=date(2012, 6, 5),
    url=LINK,
    link=LINK,
    asked_by=HUM,
    next=Next(day=date(2012, 6, 19), letter="stalled", level=3, whom=(HUM, LEADER)),
    answers=(
        Answer(
            move="report",
            label=Text("Det er gjort", "Det er gjort", "It is done"),
            words={"nb": ("gjort",), "nn": ("gjort",), "en": ("done",)},
        ),
        Answer(
            move="start",
            label=Text("Vi er i gang", "Vi er i gang", "We are on it"),
            words={"nb": ("i gang",), "nn": ("i gang",), "en": ("started",)},
        ),
    ),
)
REPORT: Final = replace(
    ITEM,
    ref="IOM-2011-8",
    number="8",
    workflow="report",
    title="Rapport til utenriksråden etter ett år",
    question="Hvilke tiltak er gjennomført, hvilke gjenstår, hvem gjør dem og når?",
    due=date(2012, 8, 27),
    due_rule="2011-08-25 + 1y, next",
    due_computed=date(2012, 8, 25),
    overdue=0,
    left=76,
    owner=HUM,
    letter="due_soon",
    level=0,
)


def sample(letter: str, language: str) -> Briefing:
    """A briefing that leads to this letter, with the facts of a plan of 2011."""
    digest, bundle, operator = (letter == it for it in ("digest", "bundle", "operator"))
    items = (ITEM, REPORT) if digest or bundle else () if operator else (_item(letter),)
    return Briefing(
        parcel="aaaaaaaaaaaaaaaaaaaaaaaaaa",
        to=Recipient(party="unit:REG", name=REGION, address="regionalavdelingen@ud.example", language=language),
        kind="digest" if digest else "bundle" if bundle else "operator" if operator else "letter",
        today=TODAY,
        organisation=Text("Utenriksdepartementet", "Utanriksdepartementet", "Ministry of Foreign Affairs"),
        items=tuple(replace(it, missed=it.planned) for it in items) if bundle else items,
        still=(Still(ref="IOM-2011-6", number="6", title="Vurdere flerårige avtaler med IOM"),) if digest else (),
        bars=(Bar(plan="IOM-2011", title=ITEM.plan_title, counts=STATES, report_due=REPORT.due, report_left=76),)
        if digest
        else (),
        happens=_happens() if digest else (),
        news=_news() if digest else (),
        unheard=_unheard() if digest or operator else (),
        mails=_mails() if digest else (),
        suggested=_suggested() if digest else (),
        away=Outage(date(2012, 6, 1), TODAY) if bundle else None,
        passed_over=3 if bundle else 0,
        vitals=_vitals() if operator else None,
        reply_to="svar+aaaaaaaaaaaaaaaaaaaaaaaaaa@ud.example",
        replies_read=True,
        rhythm=FRIDAYS if letter == "rhythm" else None,
        rhythm_url=RHYTHM_URL if digest or letter == "rhythm" else "",
    )


def _item(letter: str) -> Item:
    """The sample case in the shape this letter speaks of."""
    coming = replace(ITEM, letter=letter, due=date(2012, 6, 29), overdue=0, left=17, level=0)
    if letter in ("asked", "receipt", "passed_on", "fresh_link"):
        return _answered(letter, coming)
    match letter:
        case "overdue" | "stalled":
            return replace(ITEM, letter=letter)
        case "assigned" | "handed_over":
            return replace(coming, rule="move:assign", level=0, step="")
        case "closed":
            done, thanks = Text("Lukket", "Lukka", "Closed"), "Henvisningen står i alle brevene."
            return replace(coming, state=done, said=thanks, said_by=REGION, rule="move:close")
        case "returned":
            return replace(coming, said="Gjelder det også ambassaden i Abuja?", said_by=HUM, rule="move:return")
        case "undeliverable":
            refusal = "regionalavdelingen@ud.example: 550 5.1.1 no such mailbox"
            return replace(
                coming, reason=refusal, instead_of=REGION.nb, rule="system:delivery", answers=(), url="", link=""
            )
        case "clock" | "sign_in" | "rhythm":
            return _about_the_service(letter)
        case "unreadable":
            return replace(
                coming, reason="workflow 'action/99' is not loaded", rule="system:sweep", answers=(), url="", link=""
            )
        case _:
            return _about_mail(coming)


def _about_mail(coming: Item) -> Item:
    coming = replace(coming, rule="system:inbound") if coming.letter in ABOUT_MAIL else coming
    match coming.letter:
        case "alarm":
            why = "regionalavdelingen@ud.example: 550 5.7.1 not authorised"
            return replace(coming, ref="", letter="alarm", step="policy", reason=why, answers=())
        case "left":
            said = "Jeg sluttet i departementet 1. juni. Kontakt avdelingens postmottak."
            return replace(coming, step="Rolf Eksempel", reason=said, answers=())
        case "unclear":
            return replace(coming, step="missing", reason="statement", url=URL)
        case "confirm":
            said = "gjort. Alle tolv brevene viser nå til evalueringen."
            return replace(coming, step="siri@ud.example", reason=said, url=URL, answers=())
        case _:
            return coming


def _about_the_service(letter: str) -> Item:
    return Item(
        ref="", number="", plan="", plan_title="", workflow="", title="", letter=letter, role="operator",
        level=0, rule=f"system:{letter}", step="", reason="", planned=date(2011, 6, 12), url="https://tiltak.example/sign-in/aaaaaaaaaaaaaaaaaaaaaaaaaa",
    )  # fmt: skip


def _answered(letter: str, coming: Item) -> Item:
    """The sample case when somebody has just answered about it."""
    match letter:
        case "asked":
            said = "Ambassaden i Abuja sender sitt brev først i august."
            asks = replace(
                coming, said=said, said_by=REGION, role="coordinator", rule="move:more_time", answers=(), link=""
            )
            return replace(
                asks,
                url="https://tiltak.example/case/IOM-2011-3",
                move="more_time",
                did=MORE_TIME,
                wished=date(2012, 9, 3),
                suggests=NOBODY,
            )
        case "receipt":
            thanks, label = "Henvisningen står i alle brevene.", ITEM.answers[0].label
            stored = replace(coming, said=thanks, said_by=REGION, rule="move:report", move="report", did=label)
            return replace(
                stored,
                link=LINK,
                did_at=AT,
                moved=True,
                undo_until=AT + timedelta(days=1),
                state=STATES[1][1],
                answers=(),
            )
        case "passed_on":
            return replace(coming, said="Kan du ta denne?", said_by=HUM, rule="move:pass on", move="pass on")
        case _:
            return replace(coming, rule="system:link")


def _unheard() -> tuple[Unheard, ...]:
    address = "regionalavdelingen@ud.example: 550 5.1.1 no such mailbox"
    left = Unheard(
        name=Text.same("Rolf Eksempel"), cause="left", detail="", day=None, count=1, cases=("3",), instead=REGION,
        yours=False, mended=False,
    )  # fmt: skip
    refused = replace(left, name=REGION, cause="refused", detail=address, count=7, cases=("2", "3"), instead=HUM)
    return refused, left, replace(left, name=LEADER, mended=True)


def _mails() -> tuple[Mail, ...]:
    first = Mail(
        number=17,
        sender="siri@ud.example",
        subject="SV: [IOM-2011-3] Vise til evalueringen i tildelingsbrevene",
        outcome="stranger",
        day=date(2012, 6, 11),
    )
    return first, replace(first, number=18, sender="post@firma.example", subject="Tilbud", outcome="no case")


def _suggested() -> tuple[Away, ...]:
    away = Away(
        number=19,
        name="Hanne Eksempel",
        first=date(2012, 6, 11),
        last=date(2012, 7, 1),
        substitute="Rolf Eksempel",
        left=False,
    )
    return (away,)


def _vitals() -> Vitals:
    morning, yesterday = datetime(2012, 6, 12, 7, 30, tzinfo=UTC), datetime(2012, 6, 11, 7, 30, tzinfo=UTC)
    return Vitals(
        tally=Tally(since=yesterday, watched=8, sent=4, waiting=1, dead=1, passed=("IOM-2011-4",)),
        nodes=(Node(name="app1:8000", since=datetime(2012, 5, 2, 9, 12, tzinfo=UTC), gone=False),),
        ailments=(Ailment(what="stuck", at=yesterday),),
        next_alarm=date(2012, 6, 19),
        next_letter=morning,
    )


def _happens() -> tuple[Happening, ...]:
    return (
        Happening(
            day=date(2012, 6, 19), ref=ITEM.ref, number="3", title=ITEM.title, letter="stalled", whom=(HUM, LEADER)
        ),
        Happening(day=date(2012, 7, 2), ref=REPORT.ref, number="8", title=REPORT.title, letter="due_soon", whom=(HUM,)),
    )


def _news() -> tuple[News, ...]:
    label = Text("Rapporter som gjennomført", "Rapporter som gjennomført", "Report as done")
    text = "Rapporten og planen lå ved i tre søknader."
    return (
        News(day=TODAY, ref="IOM-2011-5", number="5", title="Støtte", who=HUM, move="report", label=label, text=text),
        News(
            day=TODAY,
            ref=ITEM.ref,
            number="3",
            title=ITEM.title,
            who=NOBODY,
            move="hand over",
            label=NOBODY,
            text="",
            now=HUM,
        ),
    )
