"""Plans as people might write them, for properties that hold for every plan."""

from datetime import date, time

from hypothesis import strategies as st

from engine.case import Evaluation, Recommendation
from engine.draft import CaseDraft, DueRule, PastDeadline, PlanDraft
from engine.people import Absence, Organisation, Person, SendWindow, Unit
from engine.text import Text
from engine.workflow import Offset

# letters, signs that mean something to YAML, and words that are something else in other YAML
SIGNS = [
    *["NO", "yes", "~", "null", "1e3", "012", "16:00", "2011-02-03", "-", "%a", "*x", "&y", "!z", "=1+1"],
    *("- a", "a: b", "# c", "æøå «»", "'\"", "\u202e"),
]
LETTERS = st.characters(exclude_categories=["Cs", "Cc", "Zl", "Zp"], exclude_characters="\ufeff\ufffe\uffff")
TEXT = st.sampled_from(SIGNS) | st.text(LETTERS, max_size=20)
FILLED = TEXT.filter(bool)
DAYS = st.dates(date(1900, 1, 1), date(2200, 12, 31))
MAYBE = st.none() | DAYS
TONGUES = st.builds(Text, nb=FILLED, nn=FILLED, en=FILLED) | FILLED.map(Text.same)
LENGTHS = st.builds(Offset, count=st.integers(1, 400), unit=st.sampled_from(["wd", "d", "w", "m", "y"]))
DUE = (
    st.none()
    | DAYS
    | st.builds(DueRule, anchor=DAYS, offset=LENGTHS, roll=st.sampled_from(["next", "previous", "none"]))
)
PAST = st.lists(st.builds(PastDeadline, value=MAYBE, reason=TEXT, decided_by=TEXT), max_size=2).map(tuple)
CODES = ("A", "B2", "ÆØ", "NO")
ADDRESSES = st.sampled_from(["", "a@b.example", "post@ud.example"])
LANGUAGES = st.sampled_from(["", "nb", "nn", "en"])
DAY_SETS = st.frozensets(DAYS, max_size=3)


@st.composite
def organisations(draw: st.DrawFn) -> Organisation:
    window = SendWindow(
        days=draw(st.frozensets(st.integers(1, 7), min_size=1)),
        opens=draw(st.sampled_from([time(7, 30), time(0, 0)])),
        closes=draw(st.sampled_from([time(16, 0), time(23, 59)])),
    )
    return Organisation(
        key="ud",
        name=draw(TONGUES),
        country=draw(st.sampled_from(["NO", "BD", "EG"])),
        zone=draw(st.sampled_from(["Europe/Oslo", "Asia/Kathmandu"])),
        language=draw(st.sampled_from(["nb", "nn", "en"])),
        closed_days=draw(DAY_SETS),
        window=window,
        digest_at=draw(st.sampled_from([time(7, 30), time(12, 5)])),
        send_empty_digest=draw(st.booleans()),
        operator=draw(ADDRESSES),
    )


def units() -> st.SearchStrategy[tuple[Unit, ...]]:
    one = [
        st.builds(
            Unit,
            code=st.just(code),
            name=TONGUES,
            mailbox=ADDRESSES,
            head=st.sampled_from(["", "p1"]),
            calendar=st.sampled_from(["", "CH"]),
            closed_days=DAY_SETS,
            language=LANGUAGES,
            valid_from=st.none(),
            valid_to=MAYBE,
            parent=st.just(""),
            successor=st.just(""),
        )
        for code in CODES
    ]
    return st.tuples(*one)


def _case(number: int) -> st.SearchStrategy[CaseDraft]:
    return st.builds(
        CaseDraft,
        number=st.just(str(number)),
        workflow=st.just("action"),
        state=st.sampled_from(["", "proposed", "assigned"]),
        title=FILLED,
        question=TEXT,
        body=TEXT,
        parent=st.sampled_from(["", *(str(it) for it in range(1, number))]),
        owner=st.sampled_from(CODES),
        owner_as_written=TEXT,
        responsible=st.sampled_from(["", "p1"]),
        contributors=st.lists(st.sampled_from(CODES), unique=True).map(tuple),
        subject=st.just(""),
        due=DUE,
        earlier_deadlines=PAST,
        priority=TEXT,
        tags=st.lists(FILLED, unique=True, max_size=2).map(tuple),
        recommendations=st.lists(st.sampled_from(["R1", "U2"]), unique=True).map(tuple),
        statement=TEXT,
        facts=st.dictionaries(FILLED, TEXT, max_size=2),
    )


def drafts() -> st.SearchStrategy[PlanDraft]:
    recommended = tuple(Recommendation(evaluation="e", number=it, text="Noe", addressee="own") for it in ("R1", "U2"))
    return st.builds(
        PlanDraft,
        ref=st.just("P-1"),
        title=FILLED,
        decided_on=st.just(date(2030, 1, 7)),
        regime=st.sampled_from(["", "norad-2006"]),
        received_on=st.dates(date(2011, 1, 1), date(2029, 12, 31)),
        state=st.sampled_from(["", "decided"]),
        body=TEXT,
        due=DUE,
        earlier_deadlines=PAST,
        coordinator=st.just("A"),
        coordination=st.just(""),
        executive=st.sampled_from(["", "unit:B2", "person:p1"]),
        copies=st.sampled_from([(), ("unit:A",)]),
        organisation=st.none() | organisations(),
        units=units(),
        persons=st.just(
            (
                Person(key="p1", name="Kari Eksempel", address="kari@ud.example", unit="A", delegates=("p2",)),
                Person(key="p2", name="Siri Eksempel", addresses=("siri@ud.example", "s@heime.example")),
            )
        ),
        responsibilities=st.just(()),
        absences=st.lists(
            st.builds(Absence, person=st.just("p1"), first=DAYS, last=st.none(), substitute=st.just("")), max_size=2
        ).map(tuple),
        evaluation=st.just(Evaluation(key="e", title="Evaluering")),
        recommendations=st.just(recommended),
        cases=st.integers(0, 3).flatmap(lambda count: st.tuples(*map(_case, range(1, count + 1)))),
    )
