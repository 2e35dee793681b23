"""HTML becomes the lines a reader sees, with marks where a client says that a quotation or a signature begins.

Tags are cut out by hand, in one pass: the standard parser takes minutes over some broken pages.
"""

import html
import re
from collections.abc import Iterator
from typing import Final

from notifications.reading.decoding import clean

QUOTATION: Final = "\x11"  # what follows was written by somebody else; no mail can hold these two letters itself
SIGNATURE: Final = "\x12"
TAG: Final = re.compile(r"</?([a-zA-Z][a-zA-Z0-9:]{0,20})")
ATTRIBUTE: Final = re.compile(
    r"""\b(class|id|style|type|hidden)\b(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+)))?""", re.I
)
LONGEST_TAG: Final = 8_000
BLOCKS: Final = frozenset(
    {
        *(
            "address",
            "article",
            "aside",
            "blockquote",
            "body",
            "center",
            "dd",
            "div",
            "dl",
            "dt",
            "fieldset",
            "figure",
            "footer",
        ),
        *(
            "form",
            "h1",
            "h2",
            "h3",
            "h4",
            "h5",
            "h6",
            "header",
            "hr",
            "html",
            "li",
            "main",
            "nav",
            "ol",
            "p",
            "pre",
            "section",
        ),
        *("table", "tbody", "thead", "tr", "ul"),
    }
)
PARAGRAPHS: Final = frozenset({"p", "ul", "ol", "h1", "h2", "h3", "h4", "h5", "h6", "pre"})
HARD_SPACE: Final = "\u00a0"
VOID: Final = frozenset(
    {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
)
SILENT: Final = frozenset({"style", "script", "head", "title", "noscript", "template", "object", "select", "textarea"})
QUOTED_BY: Final = re.compile(
    r"divrplyfwdmsg|appendonsend|gmail_attr|gmail_quote|moz-cite-prefix|moz-forward-container|yahoo_quoted"
    r"|protonmail_quote"
    r"|zmail_extra|olk_src_body_section|reference-message-container|ms-outlook-mobile-reference-message"
    r"|ydp\w*yahoo_quoted"
    r"|reply-intro|quoted-?header|original-?message",
    re.IGNORECASE,
)
RULED: Final = re.compile(
    r"border\s*:\s*none\s*;\s*border-top\s*:\s*solid\s+#?(?:e1e1e1|b5c4df|b5c4de|windowtext)", re.IGNORECASE
)
SIGNED_BY: Final = re.compile(
    r"gmail_signature|moz-signature|ms-outlook-mobile-signature|protonmail_signature_block|applemailsignature"
    r"|(?:^|\s)(?:x_)*signature(?:\s|$)",
    re.IGNORECASE,
)
UNSEEN: Final = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*hidden|mso-hide\s*:\s*all|font-size\s*:\s*0(?:px|pt|em)?\s*(?:;|$|!)"
    r"|opacity\s*:\s*0(?:\.0+)?\s*(?:;|$)|max-height\s*:\s*0",
    re.IGNORECASE,
)


def as_text(source: str) -> tuple[str, bool]:
    """The lines, quotations marked by `> `, and whether something was left out that nobody would see."""
    page = _Page()
    for tag, text in _tokens(source):
        if tag:
            page.tag(tag)
        elif text:
            page.text(text)
    return page.finished(), page.hidden


def _tokens(source: str) -> Iterator[tuple[str, str]]:
    """Tags and what stands between them. Whatever is no whole tag is text."""
    at, comments = 0, True
    while (opening := source.find("<", at)) >= 0:
        yield "", source[at:opening]
        if comments and source.startswith("<!--", opening):
            end = source.find("-->", opening)
            comments = end >= 0
            at = end + 3 if comments else len(source)
            continue
        end = source.find(">", opening, opening + LONGEST_TAG)
        tagged = end >= 0 and source[opening + 1 : opening + 2] in _BEGINS
        yield (source[opening : end + 1], "") if tagged else ("", "<")
        at = end + 1 if tagged else opening + 1
    yield "", source[at:]


_BEGINS: Final = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ/!?")


class _Page:
    """What has been read so far, and within which elements we are."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.line = ""
        self.quoted = 0
        self.blockquotes: list[bool] = []  # whether each one we are in quotes, or only indents
        self.tight = False  # in a paragraph that is shown without space around it
        self.spaced = False  # on a line that holds a space which is meant
        self.hidden = False
        self.silent = ""
        self.silenced = 0
        self.preformatted = 0
        self.marked = False

    def tag(self, tag: str) -> None:
        match = TAG.match(tag)
        if match is None:
            return
        name, closing = match[1].lower(), tag.startswith("</")
        if self.silent:
            self._within_silence(name, closing, tag)
        elif closing:
            self._close(name)
        else:
            self._open(name, tag)

    def text(self, text: str) -> None:
        if "&" in text:
            text = clean(html.unescape(text))
        if self.silent:
            self.hidden |= self.silent not in SILENT and bool(text.strip())
        elif self.preformatted:
            first, *others = text.split("\n")
            self.line += first
            for other in others:
                self._break()
                self.line = other
        else:
            self._flow(text)

    def _flow(self, text: str) -> None:
        """White space of any kind and length is one space, and none at the beginning of a line."""
        words = " ".join(text.split())
        self.spaced |= not words and HARD_SPACE in text
        if self.line and not self.line.endswith(" ") and text[:1].isspace():
            self.line += " "
        self.line += f"{words} " if words and text[-1:].isspace() else words

    def finished(self) -> str:
        self._break()
        return "\n".join(self.lines)

    def _within_silence(self, name: str, closing: bool, tag: str) -> None:
        if name == self.silent and not tag.endswith("/>"):
            self.silenced += -1 if closing else 1
            if not self.silenced:
                self.silent = ""

    def _open(self, name: str, tag: str) -> None:
        said = _attributes(tag) if len(tag) > len(name) + 2 else {}
        if name in SILENT or (said and ("hidden" in said or UNSEEN.search(said.get("style", "")))):
            if name not in VOID and not tag.endswith("/>"):
                self.silent, self.silenced = name, 1
            return
        if name == "br":
            self._break(always=True)
        elif name in ("td", "th"):
            self.line += " " if self.line else ""
        elif name in BLOCKS:
            self._break()
            self.tight = "msonormal" in said.get("class", "").lower()  # Outlook makes each line a paragraph
            self._gap(name)
        self._mark(name, said)
        if name == "blockquote":
            self.blockquotes.append("border:none" not in said.get("style", "").replace(" ", ""))
            self.quoted += self.blockquotes[-1]
        elif name == "pre":
            self.preformatted += 1
        elif name == "li":
            self.line = "- "

    def _close(self, name: str) -> None:
        if name in BLOCKS:
            self._break()
            self._gap(name)
            self.tight = False
        if name == "blockquote" and self.blockquotes:
            self.quoted -= self.blockquotes.pop()
        elif name == "pre":
            self.preformatted = max(self.preformatted - 1, 0)

    def _mark(self, name: str, said: dict[str, str]) -> None:
        labels = f"{said.get('class', '')} {said.get('id', '')}"
        if self.quoted or name == "blockquote" or not said:
            return
        ruled = not self.marked and RULED.search(said.get("style", "")) is not None
        if ruled or QUOTED_BY.search(labels):
            self._break()
            self.lines.append(QUOTATION)
            self.marked = True
        elif SIGNED_BY.search(labels):
            self._break()
            self.lines.append(SIGNATURE)

    def _gap(self, name: str) -> None:
        if name in PARAGRAPHS and not self.tight and self.lines and self.lines[-1].strip("> "):
            self.lines.append("> " * self.quoted)

    def _break(self, *, always: bool = False) -> None:
        """End the line. An empty one is kept only where the author made it."""
        if self.line.strip() or always or self.spaced:
            self.lines.append("> " * self.quoted + self.line.rstrip())
        self.line, self.spaced = "", False


def _attributes(tag: str) -> dict[str, str]:
    return {match[1].lower(): match[2] or match[3] or match[4] or "" for match in ATTRIBUTE.finditer(tag)}
