"""Nouns to store: an organisation with a unit, a person and a plan of one action, all said in Norwegian."""

from datetime import UTC, date, datetime, timedelta

from engine.case import Case, DeadlineVersion, Evaluation, Event, Hold, Occurrence, Recommendation
from engine.notice import Notice, Packing, Parcel
from engine.people import Absence, Organisation, Person, Recipient, Register, Responsibility, Unit
from engine.text import Text
from store.sql import SqlStore, open_store

DAY = date(2011, 9, 1)
NOON = datetime(2011, 9, 1, 10, 0, tzinfo=UTC)
UD = Organisation(
    key="ud", name=Text("Departementet", "Departementet", "Ministry"), closed_days=frozenset({date(2011, 12, 27)})
)
HUM = Unit(code="HUM", name=Text.same("HUM-seksjonen"), mailbox="hum@ud.example", head="leder", valid_from=DAY)
HEAD = Person(key="leder", name="Åse Eksempel", address="ase@ud.example", unit="HUM", language="nn")
REGISTER = Register(
    organisation=UD,
    units={"HUM": HUM},
    persons={"leder": HEAD},
    responsibilities=(Responsibility(subject="IOM", unit="HUM", valid_from=DAY),),
    absences=(Absence(person="leder", first=date(2011, 7, 1), last=date(2011, 7, 31), substitute="andre"),),
)
EVALUATION = Evaluation(key="e", title="Evaluering", countries=("Norge", "Nigeria"), themes=("forebygging",))
RECOMMENDATIONS = [
    Recommendation(evaluation="e", number=number, text=f"Råd {number}", addressee="own") for number in ("R2", "R1")
]


def a_case(place: int | str = 1, **more: object) -> Case:
    facts: dict[str, object] = {
        "ref": f"P-{place}",
        "number": str(place),
        "plan": "P",
        "parent": "P",
        "workflow": "action/1",
        "kind": "action",
        "state": "assigned",
        "title": "Vise til evalueringen «i alle brev» – æøå",
        "owner": "HUM",
        "contributors": ("A", "B"),
        "copies": ("unit:A", "person:b"),
        "due": date(2012, 2, 29),
        "due_version": 1,
        "tags": frozenset({"b", "a"}),
        "opened_on": DAY,
        "entered_on": DAY,
        "activity_on": DAY,
        "wake_on": DAY,
        "recommendations": ("R1", "U3"),
        "facts": {"kilde": "brev 2011/7", "ø": "å"},
    }
    return Case(**(facts | more))  # type: ignore[arg-type]


def a_plan() -> Case:
    return a_case("plan", ref="P", number="", parent="", workflow="plan/1", kind="plan", due=None, wake_on=None)


def an_event(ref: str = "P-1", text: str = "Gjort i alle brev", **more: object) -> Event:
    facts: dict[str, object] = {
        "ref": ref,
        "at": NOON,
        "by": "unit:HUM",
        "move": "report",
        "source": "assigned",
        "dest": "reported",
        "text": text,
        "through": "mail",
        "facts": {"fra": "GIL", "til": "HUM"},
    }
    return Event(**(facts | more))  # type: ignore[arg-type]


def an_occurrence(ref: str = "P-1", step: str = "1", outcome: str = "sent") -> Occurrence:
    return Occurrence(
        ref=ref, rule="due", step=step, key="due/1", planned=DAY, decided_at=NOON, outcome=outcome, reason="r", level=2  # type: ignore[arg-type]
    )  # fmt: skip


def a_notice(key: str = "k", ref: str = "P-1", to: str = "unit:HUM", at: datetime = NOON) -> Notice:
    return Notice(
        key=key, ref=ref, to=to, role="responsible", letter="overdue", via="now", rule="due", reason="frist",
        planned=DAY, decided_at=at, ripe_at=at,
    )  # fmt: skip


def a_hold(ref: str = "P-1") -> Hold:
    return Hold(ref=ref, rule="due", key="due/1", kind="ack", until=DAY, by="unit:HUM", at=NOON)


def a_deadline(version: int = 1) -> DeadlineVersion:
    return DeadlineVersion(
        ref="P-1", version=version, value=date(2012, 8, 27), rule="2011-08-25 + 1y, next",
        computed=date(2012, 8, 25), set_at=NOON,
    )  # fmt: skip


def a_parcel(id_: str, *notices: Notice, at: datetime = NOON, kind: str = "letter") -> Parcel:
    to = Recipient(party="unit:HUM", name=HUM.name, address=HUM.mailbox, language="nb")
    return Parcel(id=id_, to=to, kind=kind, notices=notices, packed_at=at, since=at - timedelta(days=7))  # type: ignore[arg-type]


def packed(store: SqlStore, parcel: Parcel, message_id: str, *, overtaken: tuple[str, ...] = ()) -> bool:
    return store.pack([Packing(parcel=parcel, message_id=message_id, overtaken=overtaken)])


def a_store(url: str, cases: int = 1) -> SqlStore:
    """The plan and its actions, stored."""
    store = open_store(url, organisation=UD)
    with store.begin() as tx:
        tx.enrol(REGISTER)
        tx.add(a_plan())
        for number in range(1, cases + 1):
            tx.add(a_case(number))
    return store


def claimed(store: SqlStore, today: date = DAY) -> list[str]:
    """Who is due and held by nobody; let go again."""
    with store.begin() as tx:
        return [it if isinstance(it, str) else it.case.ref for it in tx.claim(today, limit=100)]
