"""A briefing becomes a letter: one source of facts, rendered once into a text and once into an HTML frame."""

import re
import textwrap
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from engine.briefing import Briefing
from notifications.abridging import LARGEST_HTML, MEASURES, abridged, folding
from notifications.words import Tongue

TEMPLATES: Final = Path(__file__).parent / "templates"
WIDTH: Final = 72
CONTROL: Final = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\u200e\u200f\u202a-\u202e\u2066-\u2069]")
# the state colours of the plan bar, readable in light and dark
COLOURS: Final = ("#5b6169", "#0062ba", "#0b6b57", "#068718", "#7a4b00", "#8a1f5c")


@dataclass(frozen=True, slots=True)
class Written:
    """A letter's words. `text` is complete by itself; `html` says the same."""

    subject: str
    text: str
    html: str


def write(briefing: Briefing) -> Written:
    """The letter of a parcel, in its receiver's language; abridged where a mail program would not show all of it."""
    name = _template(briefing)
    for measure in MEASURES:
        written = _written(abridged(briefing, measure), name)
        if len(written.html.encode()) <= LARGEST_HTML:
            break
    return written


def _written(briefing: Briefing, name: str) -> Written:
    facts = _facts(briefing)
    text, html = _environment("txt", briefing.language), _environment("html", briefing.language)
    source = f"{briefing.language}/{name}.j2"
    subject = _block(text, source, facts, "subject")
    return Written(
        subject=" ".join(CONTROL.sub("", subject).split()),
        text=_tidy(text.get_template(source).render(facts, frame="frame.txt.j2")),
        html=html.get_template(source).render(facts, frame="frame.html.j2", subject=subject),
    )


def _template(briefing: Briefing) -> str:
    """One item has a letter of its own; several are a bundle, and a coordinator's are a digest."""
    if briefing.kind == "operator":
        return "operator"
    if briefing.kind == "digest" or not briefing.items:
        return "digest"
    letters = {item.letter for item in briefing.items}
    alone = len({item.ref for item in briefing.items}) == 1 and "digest" not in letters
    return briefing.items[0].letter if alone else "bundle"


def _facts(briefing: Briefing) -> dict[str, Any]:
    folded, left_out = folding(briefing.news), briefing.left_out
    told = len(briefing.items) + left_out.get("items", 0)
    return {
        "b": briefing,
        "items": briefing.items,
        "item": briefing.items[0] if briefing.items else None,
        "told": told,
        "waiting": told + len(briefing.still) + left_out.get("still", 0),
        "news": [it for it in briefing.news if it.move not in folded],
        "folded": list(folded.items()),
        "colours": COLOURS,
    }


def _block(environment: Environment, source: str, facts: dict[str, Any], block: str) -> str:
    template = environment.get_template(source)
    context = template.new_context({**facts, "frame": "frame.txt.j2"})
    return "".join(template.blocks[block](context))


@cache
def _environment(form: str, language: str) -> Environment:
    """Two ways to render one template: plain text, and HTML in which everything is escaped."""
    tongue = Tongue(language)
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=form == "html",
        undefined=StrictUndefined,
        auto_reload=False,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals.update(t=tongue, html=form == "html", language=language)
    environment.filters.update(
        day=tongue.day,
        moment=tongue.moment,
        short=tongue.short,
        weekday=tongue.weekday,
        count=tongue.count,
        say=tongue.say,
        listed=tongue.listed,
        quoted=tongue.quoted,
        wrap=_wrap,
        strong=_strong if form == "html" else str,
        plain=_plain,
        paragraphs=_paragraphs,
    )
    return environment


def _paragraphs(rendered: Markup) -> list[Markup]:
    return [Markup(part) for part in re.split(r"\n\s*\n", rendered.strip()) if part]


def _strong(words: str) -> Markup:
    return Markup("<b>{}</b>").format(words)


def _plain(words: str) -> str | Markup:
    """What somebody wrote, as one run of words without what could disturb a screen."""
    cleaned = " ".join(CONTROL.sub("", str(words)).split())
    return escape(cleaned) if isinstance(words, Markup) else cleaned


def _wrap(text: str, indent: str = "", hanging: str = "") -> str:
    """Paragraphs at 72 columns; a word that is longer, such as a link, stays whole."""
    paragraphs = [" ".join(part.split()) for part in re.split(r"\n\s*\n", text)]
    return "\n\n".join(_filled(part, indent, indent + hanging) for part in paragraphs if part)


def _filled(paragraph: str, first: str, rest: str) -> str:
    """No word but a link stands alone at the end: it reads badly, and quoted it could be taken for an answer."""
    lines = textwrap.wrap(
        paragraph, WIDTH, initial_indent=first, subsequent_indent=rest, break_long_words=False, break_on_hyphens=False
    )
    alone = len(lines) > 1 and len(lines[-1].split()) == 1 and "://" not in lines[-1]
    if alone and len(lines[-2].split()) > 2:
        before, _, last = lines[-2].rpartition(" ")
        if len(together := f"{rest}{last} {lines[-1].strip()}") <= WIDTH:
            lines[-2:] = [before, together]
    return "\n".join(lines)


def _tidy(text: str) -> str:
    """No control characters, no three line breaks in a row, one line break at the end."""
    lines = [CONTROL.sub("", line).rstrip() for line in text.splitlines()]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip() + "\n"
