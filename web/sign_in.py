"""The pages of signing in: ask for a letter, press the button behind its link, see and end one's own sessions."""

import math
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Annotated, Any

from fastapi import APIRouter, Form, Query
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from engine.people import ADDRESS
from engine.roles import name_of
from engine.secret import code_of, fits
from engine.sign_in import TRIES_FROM_NETWORK, NoWayIn, Session, SignIn, WrongCode, admit, ask, enter, opened
from web.agent import browser_of
from web.desktop import Desktop, Frame
from web.door import NONCE, SESSION, Door, TooOften, local, network
from web.look import reading, render
from web.standing import Scene
from web.views import SessionRow

LINK_HEADERS = {"Referrer-Policy": "strict-origin", "X-Robots-Tag": "noindex, nofollow"}
LONGEST_ADDRESS = 254  # RFC 5321, section 4.5.3.1.3
Typed = Annotated[str, Form(max_length=2_000)]


def sign_in_routes(desktop: Desktop, door: Door) -> APIRouter:
    router = APIRouter(default_response_class=HTMLResponse)
    for some in (_asking_routes(desktop, door), _link_routes(desktop, door), _session_routes(desktop, door)):
        router.include_router(some)
    return router


def _page(desktop: Desktop, request: Request, template: str, *, status: int = 200, **values: Any) -> HTMLResponse:
    tongue = reading(request).tongue
    return render(request, template, status=status, tongue=tongue, frame=Frame(version=desktop.version), **values)


def _asking_routes(desktop: Desktop, door: Door) -> APIRouter:
    router, page = APIRouter(default_response_class=HTMLResponse), partial(_page, desktop)

    @router.get("/sign-in", name="sign_in")
    def form(request: Request, back: Annotated[str, Query(max_length=2_000)] = "/") -> Response:
        return page(request, "sign-in.html", back=local(back), typed="", odd=False)

    @router.post("/sign-in", name="ask")
    def wish(request: Request, address: Typed = "", back: Typed = "/") -> Response:
        """The same answer, after the same work, whoever is known: nobody is looked up here."""
        typed, nonce = address.strip(), door.nonce(request)
        if len(typed) > LONGEST_ADDRESS or not ADDRESS.fullmatch(typed) or not typed.isprintable():
            return page(request, "sign-in.html", status=422, back=local(back), typed=typed, odd=True)
        now = door.clock.now()
        _wait(admit(door.entrance, typed, network(request), now))
        ask(door.entrance, typed, nonce=nonce, back=local(back), now=now)
        answer = page(request, "sign-in-sent.html", typed=typed, code=code_of(nonce))
        door.remember(answer, NONCE, nonce)
        return answer

    return router


def _link_routes(desktop: Desktop, door: Door) -> APIRouter:
    router = APIRouter(default_response_class=HTMLResponse)

    def link_page(request: Request, token: str, wish: SignIn, status: int = 200, **values: Any) -> HTMLResponse:
        register = desktop.reader.register()
        here = fits(door.carried(request, NONCE), wish.nonce)
        name = name_of(wish.party, register).say(reading(request).language)
        shown = {"token": token, "here": here, "name": name, **values}
        answer = _page(desktop, request, "sign-in-link.html", status=status, **shown)
        answer.headers.update(LINK_HEADERS)
        return answer

    @router.api_route("/sign-in/{token}", methods=["GET", "HEAD"], name="link")
    def look(request: Request, token: str) -> Response:
        """Whoever looks, and however often: nothing is used up, and nobody is signed in."""
        return link_page(request, token, opened(door.entrance, token, door.clock.now()))

    @router.post("/sign-in/{token}", name="press")
    def press(request: Request, token: str, code: Annotated[str, Form(max_length=40)] = "") -> Response:
        now = door.clock.now()
        _wait(door.entrance.take(f"tries {network(request)}", TRIES_FROM_NETWORK, now))
        carried = {"nonce": door.carried(request, NONCE), "cookie": door.carried(request, SESSION)}
        agent = request.headers.get("user-agent", "")
        try:
            wish, cookie = enter(door.entrance, token, code=code, agent=agent, now=now, **carried)
        except WrongCode as error:
            return link_page(request, token, opened(door.entrance, token, now), 422, left=error.left)
        answer = RedirectResponse(local(wish.back), 303, headers=LINK_HEADERS)
        door.remember(answer, SESSION, cookie)
        door.forget(answer, NONCE)
        return answer

    return router


def _session_routes(desktop: Desktop, door: Door) -> APIRouter:
    router = APIRouter(default_response_class=HTMLResponse)

    @router.get("/sessions", name="sessions")
    def sessions(request: Request) -> Response:
        scene = desktop.scene(request)
        assert scene.visitor
        rows = [_row(scene, it) for it in door.entrance.sessions(scene.visitor.party) if it.open(door.clock.now())]
        return desktop.page(request, scene, "sessions.html", here="sessions", sessions=rows)

    @router.post("/sessions", name="end_session")
    def end(request: Request, session: Annotated[str, Form(max_length=64)] = "") -> Response:
        """One of one's own, or every one of them with every link that is under way."""
        scene = desktop.scene(request)
        assert scene.visitor
        mine = [it.id for it in door.entrance.sessions(scene.visitor.party) if it.key == session]
        if session == "all":
            door.entrance.end_all(scene.visitor.party)
        else:
            door.entrance.end_sessions(mine)
        gone = session == "all" or scene.visitor.session.id in mine
        return _leave(door) if gone else RedirectResponse("/sessions", 303)

    @router.post("/sign-out", name="sign_out")
    def sign_out(request: Request) -> Response:
        scene = desktop.scene(request)
        assert scene.visitor
        door.entrance.end_sessions([scene.visitor.session.id])
        return _leave(door)

    return router


def _leave(door: Door) -> Response:
    answer = RedirectResponse("/", 303)
    door.forget(answer, SESSION)
    return answer


def _row(scene: Scene, session: Session) -> SessionRow:
    assert scene.visitor
    zone = scene.register.organisation.zone
    return SessionRow(
        key=session.key,
        agent=browser_of(session.agent) or scene.tongue.say("unknown browser"),
        began=scene.tongue.moment(session.began_at, zone),
        seen=scene.tongue.moment(session.seen_at, zone),
        here=session.id == scene.visitor.session.id,
    )


def _wait(pause: timedelta | None) -> None:
    if pause:
        raise TooOften(math.ceil(pause.total_seconds()))


def too_often(desktop: Desktop) -> Callable[[Request, Exception], Response]:
    def answer(request: Request, error: Exception) -> Response:
        assert isinstance(error, TooOften)
        page = desktop.apology(request, 429)
        page.headers["Retry-After"] = str(error.seconds)
        return page

    return answer


def no_way_in(desktop: Desktop) -> Callable[[Request, Exception], Response]:
    def answer(request: Request, error: Exception) -> Response:
        assert isinstance(error, NoWayIn)
        page = desktop.apology(request, 404, kind="link")
        page.headers.update(LINK_HEADERS)
        return page

    return answer
