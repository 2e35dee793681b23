"""Plain ASGI middleware: no foreign script, style or form reaches a page, and no foreign page posts here."""

from collections.abc import Callable, Mapping
from typing import Final

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

PAGE_POLICY: Final = (
    "default-src 'none'; style-src 'self'; font-src 'self'; img-src 'self'; frame-src 'self'; form-action 'self'; "
    "frame-ancestors 'none'; base-uri 'none'"
)
# A letter may carry its own style, as mail must, and nothing else; the sandbox takes scripts, forms and the way out.
LETTER_POLICY: Final = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'; base-uri 'none'; sandbox"

WITH_WAY_OUT: Final = " allow-popups allow-popups-to-escape-sandbox"

HEADERS: Final[Mapping[str, str]] = {
    "Content-Security-Policy": PAGE_POLICY,
    "Referrer-Policy": "same-origin",  # "no-referrer" would take the Origin from our own forms as well
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Cache-Control": "no-store",
}


class SafeHeaders:
    """Puts the headers on every response that has not set its own."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        await self.app(scope, receive, with_headers if scope["type"] == "http" else send)


class SameOrigin:
    """Refuses a request that would change something unless the browser says that it comes from these pages."""

    def __init__(self, app: ASGIApp, refusal: Callable[[Request], Response]) -> None:
        self.app, self.refusal = app, refusal

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if _changes(scope) and not _from_here(scope):
            await self.refusal(Request(scope))(scope, receive, send)
        else:
            await self.app(scope, receive, send)


class RightTime:
    """Refuses a request that would change something while nobody knows what day it is: it would keep a wrong date."""

    def __init__(self, app: ASGIApp, leapt: Callable[[], bool], refusal: Callable[[Request], Response]) -> None:
        self.app, self.leapt, self.refusal = app, leapt, refusal

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if _changes(scope) and await run_in_threadpool(self.leapt):
            await self.refusal(Request(scope))(scope, receive, send)
        else:
            await self.app(scope, receive, send)


def _changes(scope: Scope) -> bool:
    return scope["type"] == "http" and scope["method"] not in ("GET", "HEAD", "OPTIONS")


def _from_here(scope: Scope) -> bool:
    headers = Headers(scope=scope)
    if site := headers.get("sec-fetch-site"):
        return site == "same-origin"
    origin = headers.get("origin")
    if origin is None and scope["path"].startswith("/rhythm/"):
        return (
            True  # a mail program's one click on "unsubscribe" comes from no browser (RFC 8058); all else needs a nonce
        )
    # the page behind a link sends no referrer, for which old browsers take the origin away; its nonce stands in
    if origin == "null" and scope["path"].startswith(("/l/", "/rhythm/")):
        return True
    return origin == f"{scope['scheme']}://{headers.get('host')}"
