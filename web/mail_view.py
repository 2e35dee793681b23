"""The letters that left or will leave: the list, and one letter as text, HTML, headers and source."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from email import message_from_bytes
from email.header import decode_header, make_header
from email.message import Message

from engine.case import Case
from engine.errors import NotFound
from engine.link import redacted
from engine.notice import Letter, Notice
from engine.ports import Reader
from engine.roles import name_of
from web.standing import Scene
from web.views import Colour, LetterPage, LetterRow, OutboxPage, Reason, Tag
from web.words import kind_words, letter_words, status_words, why_words

PAGE = 50
MARKS: Mapping[str, tuple[Colour, str]] = {
    "queued": ("neutral", "clock"),
    "leased": ("info", "arrow"),
    "sent": ("success", "check"),
    "unknown": ("warning", "clock"),
    "dead": ("danger", "warning"),
}


def outbox_page(scene: Scene, reader: Reader, *, before: str) -> OutboxPage:
    """Four queries for fifty letters."""
    found = reader.letters(limit=PAGE + 1, before=before, plans=scene.plans)
    letters = found[:PAGE]
    why = reader.notices_in([letter.id for letter in letters])
    cases = reader.cases_by_ref(sorted({notice.ref for notices in why.values() for notice in notices}))
    rows = tuple(_row(scene, letter, why.get(letter.id, ()), cases) for letter in letters)
    older = letters[-1].id if len(found) > PAGE else ""
    return OutboxPage(rows, reader.letters_count(scene.plans), older, not before)


def _row(scene: Scene, letter: Letter, notices: Sequence[Notice], cases: Mapping[str, Case]) -> LetterRow:
    return LetterRow(
        id=letter.id,
        when=_when(scene, letter),
        to=scene.tongue.text(name_of(letter.party, scene.register)),
        subject=letter.subject or scene.tongue.say("(not written yet)"),
        kind=kind_words(scene.tongue, letter.kind),
        status=_status(scene, letter),
        why=tuple(_whys(scene, notices, cases)),
    )


def _when(scene: Scene, letter: Letter) -> str:
    return scene.tongue.moment(letter.sent_at or letter.packed_at, scene.register.organisation.zone)


def _status(scene: Scene, letter: Letter) -> Tag:
    return Tag(status_words(scene.tongue, letter.status), *MARKS[letter.status])


def _whys(scene: Scene, notices: Iterable[Notice], cases: Mapping[str, Case]) -> Iterable[str]:
    """Each reason once, the first two spelled out."""
    reasons = list(dict.fromkeys(reason.why for reason in _reasons(scene, notices, cases)))
    yield from reasons[:2]
    if len(reasons) > 2:
        yield scene.tongue.count("and %(n)s more reason", "and %(n)s more reasons", len(reasons) - 2)


def _reasons(scene: Scene, notices: Iterable[Notice], cases: Mapping[str, Case]) -> Iterable[Reason]:
    tongue = scene.tongue
    for notice in notices:
        if case := cases.get(notice.ref):
            about = tongue.say("Action %(number)s", number=case.number) if case.number else case.title
            rule = why_words(tongue, scene.workflow(case), notice.rule, notice.step)
            letter = letter_words(tongue, notice.letter)
            yield Reason(notice.ref, case.title, f"{about}: {letter.lower()}, {rule}")


def letter_page(scene: Scene, reader: Reader, letter_id: str) -> LetterPage:
    letter, notices, cases = _shown(scene, reader, letter_id)
    message = message_from_bytes(letter.raw or b"")
    hide = _hiding(scene)
    return LetterPage(
        id=letter.id,
        subject=letter.subject or scene.tongue.say("(not written yet)"),
        to=scene.tongue.text(name_of(letter.party, scene.register)),
        address=letter.address,
        when=_when(scene, letter),
        status=_status(scene, letter),
        kind=kind_words(scene.tongue, letter.kind),
        reply=letter.last_reply,
        reasons=tuple(_reasons(scene, notices, cases)),
        written=letter.raw is not None,
        text=hide(part(message, "text/plain")),
        headers=tuple((name, hide(readable(str(value)))) for name, value in message.items()),
        source=hide((letter.raw or b"").decode("utf-8", "replace")),
        has_html=bool(part(message, "text/html")),
    )


def letter_html(scene: Scene, reader: Reader, letter_id: str, *, followed: bool = False) -> str:
    """The letter as its recipient sees it; with `followed` its links open a page of their own."""
    letter, _, _ = _shown(scene, reader, letter_id)
    html = _hiding(scene)(part(message_from_bytes(letter.raw or b""), "text/html"))
    return html.replace("<head>", '<head><base target="_blank">', 1) if followed else html


def _shown(scene: Scene, reader: Reader, letter_id: str) -> tuple[Letter, Sequence[Notice], Mapping[str, Case]]:
    """NotFound as well for a letter that speaks of anything which is not shown."""
    letter = reader.letter(letter_id)
    notices = reader.notices_in([letter_id]).get(letter_id, ())
    cases = reader.cases_by_ref(sorted({notice.ref for notice in notices}))
    plans = [cases[it.ref].plan if it.ref in cases else "" for it in notices]
    if scene.plans is not None and not (plans and scene.plans.issuperset(plans)):
        raise NotFound("letter", letter_id)
    return letter, notices, cases


def _hiding(scene: Scene) -> Callable[[str], str]:
    """The secrets in a letter are its receiver's: whoever else reads it may not act with them."""
    return redacted if scene.visitor else str


def part(message: Message, wanted: str) -> str:
    """The first part of a type, decoded as well as can be: an unknown charset is no reason to show nothing."""
    for piece in message.walk():
        if piece.get_content_type() == wanted and not piece.is_multipart():
            content = piece.get_payload(decode=True)
            return _decoded(content if isinstance(content, bytes) else b"", piece.get_content_charset("utf-8"))
    return ""


def _decoded(content: bytes, charset: str) -> str:
    try:
        return content.decode(charset, "replace")
    except LookupError:
        return content.decode("utf-8", "replace")


def readable(value: str) -> str:
    """A header with its encoded words read, or as it stands when they cannot be."""
    try:
        return str(make_header(decode_header(value)))
    except (ValueError, LookupError):
        return value
