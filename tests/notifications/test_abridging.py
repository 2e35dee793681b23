"""However much there is to say, a letter is shown whole, text and HTML say the same, and what it omits is counted."""

import re
from dataclasses import replace
from datetime import date, timedelta
from html.parser import HTMLParser
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.briefing import Bar, Briefing, Happening, Item, Mail, News, Next, Still, Unheard
from engine.link import Shown
from engine.text import Text
from notifications.abridging import LARGEST_HTML, MEASURES, MOST, abridged
from notifications.letters import write
from notifications.links import Linking
from notifications.preview import AT, LETTERS, TODAY, sample

LANGUAGES = ("nb", "nn", "en")
CLIPPED_BY_GMAIL = 102_000
EVERY = [(letter, language) for letter in LETTERS for language in LANGUAGES]
MANY = 300
HUGE = "«&\"<' 😀 " * 1_000


class _Read(HTMLParser):
    """The words that a reader of the HTML sees, and the addresses behind them."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.seen: list[str] = []
        self._unseen = 0
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._unseen += tag in ("style", "title")
        self.seen += [value or "" for name, value in attrs if name == "href"]

    def handle_endtag(self, tag: str) -> None:
        self._unseen -= tag in ("style", "title")

    def handle_data(self, data: str) -> None:
        self.seen += [] if self._unseen else [data]


def words(text: str) -> set[str]:
    return set(re.findall(r"\w+", text.lower()))


def read(html: str) -> str:
    return " ".join(_Read(html).seen)


def crowded(language: str, count: int = MANY) -> Briefing:
    """A digest of very many cases: as many waiting, waiting from before, done, unheard and held up in the mail."""
    digest = sample("digest", language)
    item, still, done, mail = digest.items[0], digest.still[0], digest.news[0], digest.mails[0]
    numbers = range(1, count + 1)
    return replace(
        digest,
        items=tuple(replace(item, ref=f"P-{n}", number=f"i{n}", level=n % 4) for n in numbers),
        still=tuple(replace(still, ref=f"P-{MANY + n}", number=f"s{n}") for n in numbers),
        news=tuple(replace(done, ref=f"P-{n}", number=f"n{n}") for n in numbers)
        + tuple(replace(done, ref=f"P-{n}", move="open", text="") for n in numbers),
        unheard=tuple(replace(digest.unheard[1], name=Text.same(f"U{n}")) for n in numbers),
        mails=tuple(replace(mail, number=n) for n in numbers),
        base_url="https://tiltak.example",
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_digest_of_very_many_cases_is_shown_whole_and_says_what_it_leaves_out(language: str) -> None:
    written = write(crowded(language))
    assert len(written.html.encode()) < LARGEST_HTML < CLIPPED_BY_GMAIL
    assert "<img" not in written.html
    assert written.subject.startswith(str(2 * MANY))  # the count is of all that waits, shown or not
    rest = {"nb": "… og 260 til: se", "nn": "… og 260 til: sjå", "en": "… and 260 more: see"}[language]
    for form in (written.text, read(written.html)):
        assert form.count(f"{rest} https://tiltak.example") == 5
        assert words(f"{MANY}") <= words(form)  # so many were opened, which is one line
    assert words(written.text) == words(read(written.html))


def test_the_most_urgent_are_those_that_are_shown() -> None:
    text = write(crowded("nb")).text
    shown = {int(number) for number in re.findall(r"\[i(\d+)\]", text)}
    assert len(shown) == MOST
    assert {number % 4 for number in shown} == {3}


def test_without_an_address_of_the_pages_it_says_how_many_and_no_more() -> None:
    text = write(replace(crowded("nb"), base_url="")).text
    assert "… og 260 til\n" in text


def test_a_case_that_is_not_shown_has_no_page_but_can_be_answered_by_its_number() -> None:
    linking = Linking(base_url="https://tiltak.example", reply_to="svar@ud.example")
    many = crowded("nb")
    shown = replace(
        many, items=tuple(replace(it, shown=Shown(ref=it.ref, number=it.number, seen=1, known=1)) for it in many.items)
    )
    furnished, links = linking.furnish(shown, AT)
    assert sum(it.purpose == "page" for it in links) == MOST
    (reply,) = (it for it in links if it.purpose == "reply")
    assert len(reply.cases) == MANY
    text = write(furnished).text
    assert text.count("https://tiltak.example/l/") == MOST


def test_what_fits_is_not_cut() -> None:
    for letter, language in EVERY:
        briefing = sample(letter, language)
        assert abridged(briefing, MEASURES[0]).left_out == {}


@pytest.mark.parametrize(("letter", "language"), [it for it in EVERY if it[1] == "en"])
def test_however_long_what_somebody_wrote_a_letter_stays_short(letter: str, language: str) -> None:
    briefing = sample(letter, language)
    written = {"title": HUGE, "question": HUGE, "said": HUGE, "plan_title": HUGE, "owner_as_written": HUGE}
    names = {name: Text.same(HUGE) for name in ("said_by", "owner", "asked_by")}
    much = replace(briefing, items=tuple(replace(it, **written, **names) for it in briefing.items * 45))  # type: ignore[arg-type]
    much = replace(much, items=tuple(replace(it, ref=f"P-{n % 45}") for n, it in enumerate(much.items)))
    much = replace(much, unheard=tuple(replace(it, name=Text.same(HUGE), detail=HUGE) for it in briefing.unheard * 45))
    short = write(much)
    assert len(short.html.encode()) < LARGEST_HTML
    assert words(short.text) == words(read(short.html))


WORDS = st.text(st.characters(categories=["L", "N", "P", "Zs"]), max_size=60).filter(lambda it: bool(words(it)))
DAYS = st.dates(date(2011, 1, 1), date(2013, 12, 31))
TEXTS = WORDS.map(Text.same)
NUMBERS = st.text("0123456789ab", min_size=1, max_size=4)
REFS = st.from_regex(r"[A-Z]{2,5}-[0-9]{1,4}", fullmatch=True)
LINKS = st.from_regex(r"https://tiltak\.example/l/[a-z2-7]{26}", fullmatch=True)


def items(like: Item) -> st.SearchStrategy[Item]:
    nexts = st.builds(
        Next, day=DAYS, letter=st.sampled_from(["stalled", "overdue"]), level=st.just(1),
        whom=st.tuples(TEXTS), only_you=st.booleans(),
    )  # fmt: skip
    facts: dict[str, st.SearchStrategy[Any]] = {
        "title": WORDS, "question": WORDS, "said": WORDS, "said_by": TEXTS, "owner": TEXTS, "asked_by": TEXTS,
        "plan_title": WORDS, "number": NUMBERS, "ref": REFS, "due": st.none() | DAYS, "next": st.none() | nexts,
        "planned": DAYS, "missed": st.none() | DAYS, "level": st.integers(0, 4),
    }  # fmt: skip
    drawn = st.fixed_dictionaries(facts | {"link": LINKS})
    return drawn.map(lambda it: _dated(replace(like, **it, due_rule="", url=it["link"])))


def _dated(item: Item) -> Item:
    left = (item.due - TODAY).days if item.due else None
    return replace(item, left=left, overdue=max(0, -(left or 0)))


def briefings(letter: str, language: str) -> st.SearchStrategy[Briefing]:
    like = sample(letter, language)
    happening = st.builds(
        Happening, day=DAYS, ref=REFS, number=NUMBERS, title=WORDS, letter=st.just("stalled"), whom=st.tuples(TEXTS)
    )
    news = st.builds(
        News, day=DAYS, ref=REFS, number=NUMBERS, title=WORDS, who=TEXTS, label=TEXTS, text=WORDS,
        move=st.sampled_from(["report", "comment", "open"]),
    )  # fmt: skip
    mail = st.builds(
        Mail, number=st.integers(1, 999), sender=WORDS, subject=WORDS, outcome=st.just("stranger"), day=DAYS
    )
    unheard = st.builds(
        Unheard, name=TEXTS, cause=st.sampled_from(["left", "unknown"]), detail=WORDS, day=st.none(), count=st.just(2),
        cases=st.tuples(NUMBERS, NUMBERS), instead=TEXTS, yours=st.booleans(), mended=st.booleans(),
    )  # fmt: skip
    bar = st.builds(
        Bar, plan=REFS, title=WORDS, counts=st.tuples(st.tuples(st.just("s"), TEXTS, st.integers(1, 300))),
        report_due=st.none() | DAYS, report_left=st.none(),
    )  # fmt: skip
    still = st.builds(Still, ref=REFS, number=NUMBERS, title=WORDS)
    lists: dict[str, st.SearchStrategy[Any]] = {
        "still": still,
        "happens": happening,
        "news": news,
        "mails": mail,
        "unheard": unheard,
        "bars": bar,
    }
    digest = {name: st.lists(of, max_size=3).map(tuple) for name, of in lists.items()} if letter == "digest" else {}
    most = 6 if letter in ("digest", "bundle") else 1
    drawn: dict[str, st.SearchStrategy[Any]] = {
        "items": st.lists(items(like.items[0]), min_size=1, max_size=most).map(tuple),
        **digest,
    }
    return st.fixed_dictionaries(drawn).map(lambda it: replace(like, **it))


ABOUT_A_CASE = [
    "asked", "assigned", "bundle", "closed", "digest", "due_soon", "fresh_link", "handed_over", "overdue",
    "passed_on", "receipt", "returned", "stalled",
]  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(st.data(), st.sampled_from(ABOUT_A_CASE), st.sampled_from(LANGUAGES))
def test_text_and_html_carry_the_same_facts(data: st.DataObject, letter: str, language: str) -> None:
    """Every reference, date, title, name and link of the one is in the other, whatever the letter speaks of."""
    briefing = data.draw(briefings(letter, language))
    written = write(briefing)
    assert words(written.text) == words(read(written.html))
    links = re.compile(r"https://\S+/l/[a-z2-7]{26}")
    assert set(links.findall(written.text)) == set(links.findall(written.html))
    if letter == "digest" or len({it.ref for it in briefing.items}) > 1:
        shown = read(written.html)
        assert all(
            it.number in shown and words(it.title) <= words(shown) for it in abridged(briefing, MEASURES[0]).items
        )


@settings(max_examples=12, deadline=None)
@given(st.data(), st.integers(1, 120), st.sampled_from(LANGUAGES))
def test_any_digest_is_shown_whole(data: st.DataObject, count: int, language: str) -> None:
    like = data.draw(items(sample("digest", language).items[0]))
    long = data.draw(st.text(max_size=300)) * data.draw(st.integers(1, 40))
    many = tuple(replace(like, ref=f"P-{n}", said=long, planned=TODAY + timedelta(days=n)) for n in range(count))
    written = write(replace(sample("digest", language), items=many))
    assert len(written.html.encode()) <= LARGEST_HTML
    assert words(written.text) == words(read(written.html))
