"""The routes of the page behind a link. GET and HEAD show; a POST needs the form's nonce, and a choice."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from fastapi import APIRouter
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData, UploadFile
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from engine.answered import Answered
from engine.attachment import LARGEST, MOST, Unfit, document_of
from engine.calendar import day_of
from engine.case import Document, Errand
from engine.errors import Crossed, Incomplete, NotFound, NotUndoable, Past, Refused
from engine.link import TOKEN, Link, digest_of
from engine.roles import gone, recipient
from engine.text import LANGUAGES
from web import nonce
from web.desktop import Desktop, Frame
from web.documents import download
from web.language import Tongue
from web.link_view import Typed, link_page, whom_to_ask
from web.look import render, wished
from web.nonce import Nonce
from web.standing import Scene
from web.words import size_words

HEADERS: Final = {"Referrer-Policy": "no-referrer", "X-Robots-Tag": "noindex, nofollow, noarchive"}
LONGEST_TEXT, LONGEST_FIELD = 20_000, 300
MOST_BYTES: Final = LARGEST + 1024 * 1024  # everything that is attached to one answer, and the form around it
Act = Callable[["Visit", FormData], Answered | None]


@dataclass(frozen=True, slots=True)
class Visit:
    """One request to a link that is known."""

    desktop: Desktop
    request: Request
    token: str
    link: Link
    scene: Scene

    @property
    def nonce(self) -> Nonce:
        return Nonce(self.link.digest, self.request.url.scheme == "https")

    def errand(self, move: str, **more: Any) -> Errand:
        link, shown = self.link, self.link.cases[0]
        right: dict[str, Any] = {"by": link.party, "for_whom": link.for_whom, "known": shown.known}
        return Errand(ref=shown.ref, move=move, through="link", **right, **more)

    def page(self, *, status: int = 200, typed: Typed | None = None, complaint: str = "") -> HTMLResponse:
        """The page as it is now, with a form that can be sent within a quarter of an hour."""
        now, value = self.desktop.clock.now(), nonce.fresh()
        again = "again" in self.request.query_params or bool(complaint)
        shown = link_page(self.scene, self.desktop.reader, self.link, now=now, again=again, typed=typed or Typed())
        response = _render(
            self.desktop, self.request, self.scene.tongue, "link.html", status=status, page=shown, token=self.token,
            nonce=value, complaint=complaint, sized=lambda it: size_words(self.scene.tongue, it),
        )  # fmt: skip
        self.nonce.give(response, value, now)
        return response

    def back(self) -> RedirectResponse:
        return RedirectResponse(f"/l/{self.token}", 303, headers=HEADERS)


def link_routes(desktop: Desktop) -> APIRouter:
    router = APIRouter(default_response_class=HTMLResponse)

    @router.api_route("/l/{token}", methods=["GET", "HEAD"], name="link")
    def look(request: Request, token: str) -> Response:
        """Whoever looks, and however often: nothing changes."""
        visit = _visit(desktop, request, token)
        return visit.page() if visit else _gone(desktop, request, token)

    @router.get("/l/{token}/document/{document}", name="link_document")
    def document(request: Request, token: str, document: str) -> Response:
        visit = _visit(desktop, request, token)
        if visit is None or not visit.link.good(desktop.clock.now()):
            return _gone(desktop, request, token)
        return download(desktop.reader.document(visit.link.cases[0].ref, document))

    for path, act in (("", _answer), ("/undo", _undo), ("/pass-on", _pass_on), ("/fresh", _fresh)):
        router.add_api_route(f"/l/{{token}}{path}", _post(desktop, act), methods=["POST"], response_model=None)
    return router


def _post(desktop: Desktop, act: Act) -> Callable[..., Any]:
    async def post(request: Request, token: str) -> Response:
        visit = await run_in_threadpool(_visit, desktop, request, token)
        if visit is None:
            return await run_in_threadpool(_gone, desktop, request, token, asked=act is _fresh)
        length = request.headers.get("content-length", "")
        if not length.isdecimal() or int(length) > MOST_BYTES:
            return await run_in_threadpool(_complain, visit, _too_large(visit.scene.tongue), Typed(), status=413)
        async with request.form(max_files=MOST + 1, max_fields=30, max_part_size=MOST_BYTES) as form:
            return await run_in_threadpool(_dealt_with, visit, act, form)

    return post


def _dealt_with(visit: Visit, act: Act, form: FormData) -> Response:
    """The act, or the page again with what was typed and one sentence on what is missing. 422 changes nothing."""
    typed, tongue = _typed(form), visit.scene.tongue
    if not visit.nonce.fits(visit.request, _field(form, "nonce"), visit.desktop.clock.now()):
        words = tongue.say("The page had been open for a while, so nothing was sent. Please send it once more.")
        return _complain(visit, words, typed)
    if act is not _fresh and not visit.link.good(visit.desktop.clock.now()):
        return visit.page(typed=typed)
    faster = tongue.say("Somebody was faster, so your answer was not stored.")
    try:
        answered = act(visit, form)
    except Crossed:
        return _complain(visit, faster, typed, status=409)
    except Refused as refused:
        return _complain(visit, _why(tongue, refused), typed)
    except NotFound as missing:
        return _complain(visit, _unknown(tongue, missing), typed)
    if answered and answered.outcome == "late":
        return _complain(visit, faster, typed, status=409)
    if visit.desktop.demo:
        visit.desktop.demo.settle()
    return visit.back() if answered else _gone(visit.desktop, visit.request, visit.token, asked=True)


def _complain(visit: Visit, words: str, typed: Typed, *, status: int = 422) -> Response:
    return visit.page(status=status, typed=typed, complaint=words)


class Chosen(Refused):
    """Nothing was chosen; a robot that presses a button gets no further than this."""


class NoDay(Refused):
    """What was typed is no date."""


def _answer(visit: Visit, form: FormData) -> Answered:
    typed = _typed(form)
    if not typed.choice:
        raise Chosen("a choice")
    documents = tuple(_document(it) for it in form.getlist("files") if isinstance(it, UploadFile) and it.filename)
    if len(documents) > MOST or sum(it.size for it in documents) > LARGEST:
        raise Unfit("", "large")
    wishes = {"text": typed.text, "due": _date(typed.due), "owner": typed.unit, "file_number": typed.file_number}
    return visit.desktop.desk.answer(visit.errand(typed.choice, documents=documents, **wishes))


def _undo(visit: Visit, form: FormData) -> Answered:
    of = _field(form, "of")
    if _field(form, "sure") != "yes" or not of.isdecimal():
        raise Chosen("a confirmation")
    return visit.desktop.desk.undo(visit.errand("undo"), of=int(of[:9]))


def _pass_on(visit: Visit, form: FormData) -> Answered:
    typed = _typed(form)
    if not typed.colleague:
        raise Incomplete("pass on", ["a colleague"])
    return visit.desktop.desk.pass_on(visit.errand("pass on", text=typed.note), to=typed.colleague)


def _fresh(visit: Visit, form: FormData) -> None:
    assert form is not None
    visit.desktop.desk.fresh_link(visit.link)


def _document(upload: UploadFile) -> Document:
    return document_of(upload.filename or "", upload.file.read(LARGEST + 1))


def _typed(form: FormData) -> Typed:
    names = ("choice", "due", "unit", "file_number", "colleague")
    fields = {name: _field(form, name) for name in names}
    return Typed(text=_field(form, "text", LONGEST_TEXT), note=_field(form, "note", LONGEST_TEXT), **fields)


def _field(form: FormData, name: str, longest: int = LONGEST_FIELD) -> str:
    value = form.get(name, "")
    return value.replace("\0", "").strip()[:longest] if isinstance(value, str) else ""


def _date(typed: str) -> date | None:
    try:
        return date.fromisoformat(typed) if typed else None
    except ValueError as error:
        raise NoDay(typed) from error


def _why(tongue: Tongue, refused: Refused) -> str:
    """What is missing or wrong, for the person in front of the form."""
    match refused:
        case Chosen():
            return tongue.say("Choose one of the answers, and send it again. Nothing was stored.")
        case Incomplete() if "a colleague" in refused.missing:
            return tongue.say("Choose a colleague, or write an address.")
        case Incomplete() if "due" in refused.missing:
            return tongue.say("Write which date you wish for, and why.")
        case Incomplete():
            return tongue.say("Write a few words about it, so that whoever reads it knows more than the choice.")
        case Past() | NoDay():
            return tongue.say("The date you wish for has to lie ahead. Choose another one.")
        case Unfit():
            return _unfit(tongue, refused)
        case NotUndoable():
            return tongue.say("It can no longer be undone: something has happened since, or the day is over.")
        case _:
            return tongue.say("That cannot be done from here. Write to the coordinator instead. Nothing was stored.")


def _unfit(tongue: Tongue, unfit: Unfit) -> str:
    if unfit.why == "large":
        return _too_large(tongue)
    if unfit.why == "empty":
        return tongue.say("%(name)s is empty. Choose the file anew.", name=unfit.name)
    return tongue.say(
        "%(name)s is no kind of file that is kept here. Send a PDF, a picture, or a document of an office program.",
        name=unfit.name,
    )


def _too_large(tongue: Tongue) -> str:
    return tongue.say("That was too much: ten files of 20 MB together at most. Choose fewer or smaller ones.")


def _unknown(tongue: Tongue, missing: NotFound) -> str:
    if missing.noun == "colleague":
        return tongue.say("Nobody in the register has that address. The case can only be passed on to a colleague.")
    return tongue.say("The unit is not in the register. Choose one from the list.")


def _visit(desktop: Desktop, request: Request, token: str) -> Visit | None:
    """The link behind a token; None for one unknown, taken back, or of somebody who has left."""
    link = _page_link(desktop, token)
    if link is None or link.revoked_at:
        return None
    register = desktop.reader.register()
    if gone(link.party, register):
        return None
    today = day_of(desktop.clock.now(), register.organisation.zone)
    known = recipient(link.party, register, today)
    language = known.language if known else register.organisation.language
    tongue = Tongue(wished(request, "lang", LANGUAGES) or language)
    return Visit(desktop, request, token.lower(), link, Scene(tongue, register, desktop.workflows, today))


def _page_link(desktop: Desktop, token: str) -> Link | None:
    link = desktop.reader.link(digest_of(token)) if TOKEN.fullmatch(token.lower()) else None
    return link if link and link.purpose == "page" else None


def _gone(desktop: Desktop, request: Request, token: str, *, asked: bool = False) -> Response:
    """The same page for every token that opens nothing, so that trying some teaches nobody anything.

    Whoever holds one that was taken back had a letter: they are told so and whom to ask, and nothing of the case.
    """
    language = wished(request, "lang", LANGUAGES) or desktop.reader.organisation().language
    tongue, link = Tongue(language), _page_link(desktop, token)
    if link and link.revoked_at:
        whom = whom_to_ask(desktop.reader, link, tongue, link.revoked_at)
        return _render(desktop, request, tongue, "link-taken-back.html", status=410, **whom)
    return _render(desktop, request, tongue, "link-gone.html", status=200 if asked else 404, token=token, asked=asked)


def _render(
    desktop: Desktop, request: Request, tongue: Tongue, template: str, *, status: int, **values: Any
) -> HTMLResponse:
    frame = Frame(version=desktop.version)
    response = render(request, template, status=status, tongue=tongue, frame=frame, **values)
    response.headers.update(HEADERS)
    return response
