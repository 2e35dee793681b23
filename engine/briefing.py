"""Everything one letter may say, gathered before it is written: no template asks the store for anything."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from engine.health import Ailment, Tally
from engine.link import Shown
from engine.notice import Kind
from engine.people import Recipient
from engine.rhythm import Rhythm
from engine.text import Text
from engine.trouble import Cause, Outage

NOBODY = Text.same("")


@dataclass(frozen=True, slots=True, kw_only=True)
class Next:
    """What happens next if nobody answers: on which day it leaves, by which letter, to whom (you too, or only you)."""

    day: date
    letter: str
    level: int
    whom: tuple[Text, ...]
    only_you: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """A move the receiver may answer with, and the words a reply may use for it in each language."""

    move: str
    label: Text
    words: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One notice with the case it speaks of.

    `missed` is the day on which it would have come, had the service not been away then. `overdue` are the working
    days since the deadline (0 when it is not over), `left` the days to it. `said` is what somebody wrote, `said_by`
    who. `instead_of` names the one first meant when that one cannot be reached. `move` is what somebody did, `did`
    its label, `did_at` when (local), `moved` whether it changed the state, `to_decide` whether somebody has to decide
    on it; `undo_until` is set while it can be undone. `wished` and `suggests` are the deadline and the unit that an
    ask named. `shown` is the case as a link binds it, `for_whom` the party in whose name its receiver answers, `link`
    the page to answer at without signing in.
    """

    ref: str
    number: str
    plan: str
    plan_title: str
    workflow: str  # action, plan, request, report or receipt
    title: str
    question: str = ""
    state: Text = NOBODY
    due: date | None = None
    due_rule: str = ""
    due_computed: date | None = None
    overdue: int = 0
    left: int | None = None
    owner: Text = NOBODY
    owner_as_written: str = ""
    letter: str
    role: str
    level: int
    rule: str
    step: str
    reason: str
    planned: date
    missed: date | None = None
    asked_by: Text = NOBODY
    next: Next | None = None
    answers: tuple[Answer, ...] = ()
    said: str = ""
    said_by: Text = NOBODY
    instead_of: str = ""
    move: str = ""
    did: Text = NOBODY
    did_at: datetime | None = None
    moved: bool = False
    to_decide: bool = False
    undo_until: datetime | None = None
    wished: date | None = None
    suggests: Text = NOBODY
    shown: Shown | None = None
    for_whom: str = ""
    url: str = ""
    link: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Still:
    """A case that the coordinator was told of before, and that still waits."""

    ref: str
    number: str
    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """A plan at a glance: (state, its label, how many) in the order of the workflow, and the day of its report."""

    plan: str
    title: str
    counts: tuple[tuple[str, Text, int], ...]
    report_due: date | None
    report_left: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Happening:
    """Something that happens by itself."""

    day: date
    ref: str
    number: str
    title: str
    letter: str
    whom: tuple[Text, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class News:
    """Something that happened since the last digest. `label` is the move in words; "" for what is no move.

    `who` is empty when nobody did it; `now` is the unit that has taken over, from `was` when that one has `ended`.
    """

    day: date
    ref: str
    number: str
    title: str
    who: Text
    move: str
    label: Text
    text: str
    now: Text = NOBODY
    was: Text = NOBODY
    ended: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Unheard:
    """Somebody who cannot be reached: why, which of the reader's cases that concerns, and who gets the letters.

    `detail` is an address or the words of a mail server, `day` the end of a unit. `yours`: the reader gets the letters.
    """

    name: Text
    cause: Cause
    detail: str
    day: date | None
    count: int
    cases: tuple[str, ...]
    instead: Text
    yours: bool
    mended: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Mail:
    """A mail that waits for somebody to look at it; `outcome` is why."""

    number: int
    sender: str
    subject: str
    outcome: str
    day: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Away:
    """An absence that an automatic reply tells of and nobody has accepted; `number` is that of its mail."""

    number: int
    name: str
    first: date
    last: date | None
    substitute: str
    left: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """A process of the service: since when it runs, or, when it is gone, since when it was not heard of."""

    name: str
    since: datetime
    gone: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Vitals:
    """How the service fares, for whoever runs it. Instants are local ones of the organisation."""

    tally: Tally
    nodes: tuple[Node, ...] = ()
    ailments: tuple[Ailment, ...] = ()
    outages: tuple[Outage, ...] = ()
    next_alarm: date | None = None
    next_letter: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Briefing:
    """One parcel, ready to be written. `still`, `bars`, `happens`, `news`, `mails` and `suggested` are for a digest.

    `away` is when the service was away, where that is why something comes late; `passed_over` counts the steps that
    were overtaken by later ones meanwhile. `vitals` are for the operator. `replies_read`: a word in a reply is enough.
    `left_out` counts, by the name of a list, what a letter that must stay short does not show. `rhythm` is how the
    receiver chose to have the overview (None = as the organisation says), `before` how that was before the choice that
    a letter receipts, and `rhythm_url` where it is made ("" = nowhere).
    """

    parcel: str
    to: Recipient
    kind: Kind
    today: date
    organisation: Text
    items: tuple[Item, ...]
    still: tuple[Still, ...] = ()
    bars: tuple[Bar, ...] = ()
    happens: tuple[Happening, ...] = ()
    news: tuple[News, ...] = ()
    unheard: tuple[Unheard, ...] = ()
    mails: tuple[Mail, ...] = ()
    suggested: tuple[Away, ...] = ()
    away: Outage | None = None
    passed_over: int = 0
    vitals: Vitals | None = None
    reply_to: str = ""
    replies_read: bool = False
    base_url: str = ""
    left_out: Mapping[str, int] = field(default_factory=dict)
    rhythm: Rhythm | None = None
    before: Rhythm | None = None
    rhythm_url: str = ""

    @property
    def attention(self) -> int:
        """How many things whoever runs the service should look at."""
        if self.vitals is None:
            return 0
        known, tally = self.vitals, self.vitals.tally
        gone = sum(node.gone for node in known.nodes)
        lost = sum(not it.mended and it.cause != "no head" for it in self.unheard)
        lost += self.left_out.get("unheard", 0) + self.left_out.get("passed", 0)
        return len(known.ailments) + len(known.outages) + len(tally.passed) + bool(tally.dead) + gone + lost

    @property
    def language(self) -> str:
        return self.to.language
