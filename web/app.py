"""The web application: which pages exist, and what each error becomes at the door."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Final

from fastapi import APIRouter, FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse
from starlette.staticfiles import StaticFiles

from engine.errors import (
    Crossed,
    Incomplete,
    NoSuchMove,
    NotFound,
    NotYours,
    Refused,
    Stale,
    TiltakError,
    TooMuch,
    Unreadable,
)
from engine.inbox import Inbox
from engine.limits import Limits
from engine.ports import Clock, Reader
from engine.sign_in import NoWayIn
from engine.workflow import Workflows
from web.acting import act_routes
from web.demo import demo_routes
from web.desktop import Desktop
from web.door import Door, SignInNeeded, TooOften, to_sign_in
from web.inbound import Answer, Unwrap, inbound_routes, nothing_enclosed, reply_routes
from web.links import link_routes
from web.pages import page_routes
from web.ports import Demo, DeskLike, Hale, Health, Pulse, Still
from web.rhythm import rhythm_routes
from web.shield import HEADERS, RightTime, SafeHeaders, SameOrigin
from web.sign_in import no_way_in, sign_in_routes, too_often

STATIC: Final = Path(__file__).parent / "static"
LOCAL: Final = ("127.0.0.1", "localhost")

STATUS: Final[Mapping[type[Exception], int]] = {
    NotFound: 404,
    Stale: 409,
    Crossed: 409,
    NotYours: 403,
    NoSuchMove: 409,
    Incomplete: 422,
    TooMuch: 422,
    Refused: 422,
    Unreadable: 500,
    TiltakError: 500,
    RequestValidationError: 422,
}


def create_app(
    *,
    desk: DeskLike,
    reader: Reader,
    workflows: Workflows,
    clock: Clock,
    demo: Demo | None = None,
    door: Door | None = None,
    version: str = "",
    pulse: Pulse | None = None,
    health: Health | None = None,
    inbox: Inbox | None = None,
    enclosed: Unwrap = nothing_enclosed,
    answer: Answer | None = None,
    limits: Limits | None = None,
) -> FastAPI:
    """With a door pages are shown to those who come in through it; with neither door nor demo to nobody."""
    app = FastAPI(title="Tiltak", openapi_url=None, docs_url=None, redoc_url=None)
    desktop = Desktop(desk, reader, workflows, clock, demo, version, pulse or Still(), None if demo else door)
    app.mount("/static", StaticFiles(directory=STATIC), name="static")
    _watch(app, health or Hale())
    app.include_router(link_routes(desktop))
    if limits:
        app.include_router(rhythm_routes(desktop, limits))
    app.include_router(_pages(desktop, demo, answer))
    if inbox and (demo or desktop.door):
        app.include_router(inbound_routes(desktop, inbox, enclosed))
    _answer_errors(app, desktop)
    app.add_middleware(RightTime, leapt=desktop.leapt, refusal=partial(desktop.apology, status=503, kind="clock"))
    app.add_middleware(SameOrigin, refusal=partial(desktop.apology, status=403, kind="foreign"))
    if demo:
        app.add_middleware(TrustedHostMiddleware, allowed_hosts=LOCAL)
    app.add_middleware(SafeHeaders)  # added last, so outermost: a refusal carries the headers too
    return app


def _pages(desktop: Desktop, demo: Demo | None, answer: Answer | None) -> APIRouter:
    router = APIRouter()
    if demo is None and desktop.door is None:
        router.add_api_route("/", desktop.front, methods=["GET"], response_model=None)
        return router
    router.include_router(page_routes(desktop))
    if demo and answer:
        router.include_router(reply_routes(answer))
    if demo:
        router.include_router(demo_routes(desktop, demo))
    elif desktop.door:
        router.include_router(act_routes(desktop))
        router.include_router(sign_in_routes(desktop, desktop.door))
    return router


def _watch(app: FastAPI, health: Health) -> None:
    """For whoever watches from outside: is this process alive, and is the service as a whole doing its work."""
    for path, ailments in (("/healthz", health.late), ("/readyz", health.unready)):
        app.add_api_route(path, partial(_answer_health, ailments), methods=["GET"], name=path[1:], response_model=None)


def _answer_health(ailments: Callable[[], Sequence[str]]) -> JSONResponse:
    found = list(ailments())
    return JSONResponse({"status": "late" if found else "ok", "problems": found}, 503 if found else 200)


def _answer_errors(app: FastAPI, desktop: Desktop) -> None:
    for kind, status in STATUS.items():
        app.add_exception_handler(kind, partial(_explain, desktop, status))
    app.add_exception_handler(SignInNeeded, to_sign_in)
    app.add_exception_handler(TooOften, too_often(desktop))
    app.add_exception_handler(NoWayIn, no_way_in(desktop))
    app.add_exception_handler(HTTPException, partial(_explain_status, desktop))
    app.add_exception_handler(Exception, partial(_explain_breakage, desktop))


def _explain(desktop: Desktop, status: int, request: Request, _: Exception) -> HTMLResponse:
    return desktop.apology(request, status)


def _explain_status(desktop: Desktop, request: Request, error: Exception) -> HTMLResponse:
    return desktop.apology(request, error.status_code if isinstance(error, HTTPException) else 500)


def _explain_breakage(desktop: Desktop, request: Request, _: Exception) -> HTMLResponse:
    """Starlette answers this one outside all middleware, so it must carry the headers itself."""
    page = desktop.apology(request, 500)
    page.headers.update(HEADERS)
    return page
