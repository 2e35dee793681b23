"""What each page shows, as plain values: words already said in the reader's language, and refs to link to."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

Colour = Literal["neutral", "info", "brand1", "success", "warning", "danger"]


@dataclass(frozen=True, slots=True)
class Tag:
    """A word with a colour and an icon; the word alone must be enough."""

    words: str
    colour: Colour
    icon: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """Something only the coordinator can move on. `otherwise` says what happens if nothing is done."""

    ref: str
    title: str
    why: str
    otherwise: str
    todo: str
    colour: Colour
    icon: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Segment:
    """A part of the plan bar; `x`, `middle` and `width` are per cent of the whole."""

    words: str
    count: int
    stage: int
    x: float
    width: float

    @property
    def middle(self) -> float:
        return self.x + self.width / 2


@dataclass(frozen=True, slots=True)
class Fact:
    term: str
    value: str
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseRow:
    ref: str
    number: str
    title: str
    beneath: str
    tags: tuple[Tag, ...]
    owner: str
    owner_note: str
    due: str
    due_note: str
    next_day: str
    next_to: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Coming:
    """A decision that the rules will make if nobody does anything before."""

    day: date
    on: str
    ref: str
    number: str
    letter: str
    why: str
    to: str
    via_digest: bool
    level: int


@dataclass(frozen=True, slots=True)
class Together:
    """Decisions of one day that say the same to the same people, about one case or several."""

    first: Coming
    about: tuple[tuple[str, str], ...]  # ref and number


@dataclass(frozen=True, slots=True)
class Month:
    name: str
    count: int
    lines: tuple[Together, ...]


MarkKind = Literal["digest", "reminder", "raised", "top"]


@dataclass(frozen=True, slots=True)
class Mark:
    """A mail on a lane of the year; `x` is per cent of the way from today to a year from today."""

    x: float
    kind: MarkKind


@dataclass(frozen=True, slots=True)
class Lane:
    number: str
    title: str
    owner: str
    marks: tuple[Mark, ...]
    due: float | None


@dataclass(frozen=True, slots=True)
class Lanes:
    """The year as a picture; the months below it say the same as a table."""

    lanes: tuple[Lane, ...]
    months: tuple[tuple[float, str, str], ...]  # place, name, and the year where it changes
    counts: tuple[tuple[MarkKind, int], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RecommendationRow:
    number: str
    text: str
    addressee: str
    response: str
    actions: tuple[tuple[str, str], ...]  # number and ref
    own: bool  # an action covers it that does not simply cover everything


@dataclass(frozen=True, slots=True)
class PlanLink:
    ref: str
    title: str
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanPage:
    ref: str
    title: str
    subtitle: str
    heading: str
    decisions: tuple[Decision, ...]
    segments: tuple[Segment, ...]
    facts: tuple[Fact, ...]
    rows: tuple[CaseRow, ...]
    lanes: Lanes
    months: tuple[Month, ...]
    mails: int
    next_mail: Coming | None
    recommendations: tuple[RecommendationRow, ...]
    uncovered: int


@dataclass(frozen=True, slots=True)
class Stage:
    """A step on a case's way; `progress` is done, now or ahead."""

    words: str
    day: str
    progress: Literal["done", "now", "ahead"]


@dataclass(frozen=True, slots=True)
class EarlierDeadline:
    value: str
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Deadline:
    value: str
    note: str
    arithmetic: str
    earlier: tuple[EarlierDeadline, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedLine:
    """A line of history: an event, a mail, or a mail that was not sent and why."""

    sort: tuple[str, int]
    kind: Literal["event", "mail", "silence"]
    when: str
    what: str
    who: str
    how: str
    text: str = ""
    letter_id: str = ""
    earlier: tuple["FeedLine", ...] = ()  # a run of the same, folded under its newest


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionRow:
    key: str
    agent: str
    began: str
    seen: str
    here: bool


@dataclass(frozen=True, slots=True)
class Choice:
    value: str
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MoveForm:
    """Something that may be done from here: a move, or another act of its name. In the demo as whoever may do it."""

    act: str  # "move", or what else
    move: str
    words: str
    as_whom: str
    needs_owner: bool
    needs_due: bool
    needs_text: bool
    asks: str  # what the text field asks for; "" where nothing may be written
    leads_to: str
    due_asks: str = ""
    earliest: str = ""
    latest: str = ""
    which_asks: str = ""
    which: tuple[Choice, ...] = ()


@dataclass(frozen=True, slots=True)
class Attached:
    id: str
    name: str
    size: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CasePage:
    ref: str
    number: str
    version: int
    plan_ref: str
    plan_title: str
    title: str
    question: str
    body: str
    kind: str
    tags: tuple[Tag, ...]
    stages: tuple[Stage, ...]
    people: tuple[Fact, ...]
    deadline: Deadline
    coming: tuple[Coming, ...]
    feed: tuple[FeedLine, ...]
    moves: tuple[MoveForm, ...]
    documents: tuple[Attached, ...]
    kept: str  # what this visitor has just done, for a receipt
    undo: int  # its number in the history, where it can be taken back
    owners: tuple[Choice, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterRow:
    id: str
    when: str
    to: str
    subject: str
    kind: str
    status: Tag
    why: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class OutboxPage:
    letters: tuple[LetterRow, ...]
    count: int
    older: str  # the id to page on from, or ""
    newest: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class InboundRow:
    """A mail that came in; `waits` for somebody to look at it."""

    number: int
    when: str
    sender: str
    subject: str
    became: str
    waits: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class InboundPage:
    row: InboundRow
    ref: str
    why: str
    text: str
    size: int
    files: tuple[str, ...]  # what goes along to the case
    refused: tuple[str, ...]
    has_source: bool
    cases: tuple[Choice, ...]


@dataclass(frozen=True, slots=True)
class Reason:
    ref: str
    title: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterPage:
    id: str
    subject: str
    to: str
    address: str
    when: str
    status: Tag
    kind: str
    reply: str
    reasons: tuple[Reason, ...]
    written: bool
    text: str
    headers: tuple[tuple[str, str], ...]
    source: str
    has_html: bool
