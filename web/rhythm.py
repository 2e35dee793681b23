"""Where a reader says when the overview comes, and the one click by which a mail program makes it seldom."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import time
from typing import Any, Final, Literal

from fastapi import APIRouter
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from engine.calendar import day_of
from engine.errors import Refused
from engine.limits import Limits, Objection
from engine.link import TOKEN, Link, digest_of
from engine.people import Register
from engine.rhythm import EVERY, Rhythm, Through
from engine.roles import gone, recipient
from engine.text import LANGUAGES
from web import nonce
from web.desktop import Desktop, Frame
from web.language import Tongue
from web.look import render, wished
from web.nonce import Nonce
from web.rhythm_view import STANDARD, earlier_of, rhythm_page

HEADERS: Final = {"Referrer-Policy": "no-referrer", "X-Robots-Tag": "noindex, nofollow, noarchive"}
ONE_CLICK: Final = ("List-Unsubscribe", "One-Click")  # RFC 8058, section 3.1
MOST_BYTES: Final = 16_384


class Unoffered(Refused):
    """What was sent in is no choice that the page offers; `why` as the limits say it."""

    def __init__(self, why: Objection | Literal["choice", "time"]) -> None:
        super().__init__(f"that may not be chosen: {why}")
        self.why = why


@dataclass(frozen=True, slots=True)
class Caller:
    """One request to a link that is known; `register` as of now."""

    desktop: Desktop
    request: Request
    token: str
    link: Link
    register: Register
    limits: Limits
    tongue: Tongue

    @property
    def nonce(self) -> Nonce:
        return Nonce(self.link.digest, self.request.url.scheme == "https")

    def good(self) -> bool:
        return self.link.good(self.desktop.clock.now())

    def choose(self, own: Rhythm | None, *, through: Through) -> None:
        if own and (why := self.limits.objection(self.link.party, own, self.register)):
            raise Unoffered(why)
        self.desktop.desk.choose(self.link.party, own, through=through)
        if self.desktop.demo:
            self.desktop.demo.settle()

    def page(self, *, status: int = 200, complaint: str = "") -> HTMLResponse:
        """How it stands, with a form that can be sent within a quarter of an hour."""
        value, party = nonce.fresh(), self.link.party
        shown = rhythm_page(self.tongue, party, self.register, self.limits, [*self.desktop.reader.choices(party)])
        response = _render(
            self.desktop, self.request, self.tongue, "rhythm.html", status=status, page=shown, token=self.token,
            nonce=value, complaint=complaint, good=self.good(),
        )  # fmt: skip
        self.nonce.give(response, value, self.desktop.clock.now())
        return response


def rhythm_routes(desktop: Desktop, limits: Limits) -> APIRouter:
    router = APIRouter(default_response_class=HTMLResponse)

    @router.api_route("/rhythm/{token}", methods=["GET", "HEAD"], name="rhythm")
    def look(request: Request, token: str) -> Response:
        """Whoever looks, and however often: nothing changes."""
        caller = _caller(desktop, limits, request, token)
        return caller.page() if caller else _gone(desktop, request)

    for path, act in (("", _choose), ("/back", _set_back)):
        router.add_api_route(
            f"/rhythm/{{token}}{path}", _post(desktop, limits, act), methods=["POST"], response_model=None
        )
    return router


def _post(desktop: Desktop, limits: Limits, act: Callable[[Caller, FormData], None]) -> Callable[..., Any]:
    async def post(request: Request, token: str) -> Response:
        caller = await run_in_threadpool(_caller, desktop, limits, request, token)
        length = request.headers.get("content-length", "")
        if caller is None or not length.isdecimal() or int(length) > MOST_BYTES:
            return await run_in_threadpool(_gone, desktop, request)
        async with request.form(max_files=1, max_fields=10, max_part_size=MOST_BYTES) as form:
            deal = _unsubscribed if form.get(ONE_CLICK[0]) == ONE_CLICK[1] and act is _choose else _dealt_with
            return await run_in_threadpool(deal, caller, act, form)

    return post


def _unsubscribed(caller: Caller, *_: object) -> Response:
    """A mail program's own button: no browser, no cookie, no nonce, and no second question (RFC 8058, section 3.2)."""
    seldom = caller.limits.seldomest(caller.link.party, caller.register)
    if caller.good() and seldom:
        caller.choose(seldom, through="one-click")
        renewed = _caller(caller.desktop, caller.limits, caller.request, caller.token)
        return renewed.page() if renewed else _gone(caller.desktop, caller.request)
    return caller.page()


def _dealt_with(caller: Caller, act: Callable[[Caller, FormData], None], form: FormData) -> Response:
    """The act, or the page again with one sentence on what is missing. 422 changes nothing."""
    tongue = caller.tongue
    if not caller.nonce.fits(caller.request, _field(form, "nonce"), caller.desktop.clock.now()):
        words = tongue.say("The page had been open for a while, so nothing was sent. Please send it once more.")
        return caller.page(status=422, complaint=words)
    if not caller.good():
        return caller.page()
    try:
        act(caller, form)
    except Unoffered as refused:
        return caller.page(status=422, complaint=_why(caller, refused))
    return RedirectResponse(f"/rhythm/{caller.token}", 303, headers=HEADERS)


def _choose(caller: Caller, form: FormData) -> None:
    choice = _field(form, "choice")
    if choice == STANDARD:
        return caller.choose(None, through="page")
    if choice not in EVERY:
        raise Unoffered("choice")
    weekday = _field(form, "weekday")
    day = int(weekday) if weekday in "1234567" and weekday else 1
    return caller.choose(Rhythm(every=choice, weekday=day, at=_time(form)), through="page")


def _set_back(caller: Caller, form: FormData) -> None:
    choices = [*caller.desktop.reader.choices(caller.link.party)]
    can, earlier = earlier_of(caller.link.party, caller.register, caller.limits, choices)
    if not can or _field(form, "sure") != "yes":
        raise Unoffered("choice")
    caller.choose(earlier, through="set back")


def _time(form: FormData) -> time:
    try:
        found = time.fromisoformat(_field(form, "at"))
    except ValueError as error:
        raise Unoffered("time") from error
    return time(found.hour, found.minute)


def _why(caller: Caller, refused: Unoffered) -> str:
    tongue, window = caller.tongue, caller.register.organisation.window
    match refused.why:
        case "choice":
            return tongue.say("Choose how often, and send it again. Nothing was changed.")
        case "time" | "hours":
            hours = {"opens": f"{window.opens:%H:%M}", "closes": f"{window.closes:%H:%M}"}
            return tongue.say("Letters leave from %(opens)s to %(closes)s. Choose a time between those.", **hours)
        case "promise":
            return tongue.say(
                "So seldom it may not come: no case may stand still unheard for longer than its rules promise."
            )
        case _:
            return tongue.say("That is not offered here. Choose one of those below. Nothing was changed.")


def _field(form: FormData, name: str) -> str:
    value = form.get(name, "")
    return value.replace("\0", "").strip()[:40] if isinstance(value, str) else ""


def _caller(desktop: Desktop, limits: Limits, request: Request, token: str) -> Caller | None:
    """The link behind a token; None for one unknown, taken back, or of somebody who has left: all look alike."""
    link = desktop.reader.link(digest_of(token)) if TOKEN.fullmatch(token.lower()) else None
    if link is None or link.revoked_at or link.purpose != "rhythm":
        return None
    register = desktop.reader.register()
    if gone(link.party, register):
        return None
    known = recipient(link.party, register, day_of(desktop.clock.now(), register.organisation.zone))
    language = known.language if known else register.organisation.language
    tongue = Tongue(wished(request, "lang", LANGUAGES) or language)
    return Caller(desktop, request, token.lower(), link, register, limits, tongue)


def _gone(desktop: Desktop, request: Request) -> Response:
    """The same page for every token that opens nothing, so that trying some teaches nobody anything."""
    tongue = Tongue(wished(request, "lang", LANGUAGES) or desktop.reader.organisation().language)
    return _render(desktop, request, tongue, "rhythm-gone.html", status=404)


def _render(
    desktop: Desktop, request: Request, tongue: Tongue, template: str, *, status: int, **values: Any
) -> HTMLResponse:
    frame = Frame(version=desktop.version)
    response = render(request, template, status=status, tongue=tongue, frame=frame, **values)
    response.headers.update(HEADERS)
    return response
