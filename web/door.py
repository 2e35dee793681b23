"""Who stands at the door: cookies in, a visitor out; and the plain middleware that sends strangers to sign in."""

import ipaddress
from dataclasses import dataclass
from datetime import date
from typing import Final
from urllib.parse import quote, urlencode, urlsplit

from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response

from engine.link import TOKEN
from engine.people import Register
from engine.ports import Clock
from engine.secret import fresh
from engine.sign_in import LINK_LASTS, SESSION_LASTS, Entrance, Visitor, visitor

SESSION, NONCE = "tiltak", "tiltak-asked"
LOOPBACK: Final = ("localhost", "127.0.0.1", "[::1]")


class SignInNeeded(Exception):
    """A page for those who are signed in was asked for by somebody who is not."""


class TooOften(Exception):
    def __init__(self, seconds: int) -> None:
        super().__init__(f"again in {seconds} s")
        self.seconds = seconds


@dataclass(frozen=True, slots=True)
class Door:
    """`base_url` is where people reach the pages: https, or http on this machine."""

    entrance: Entrance
    clock: Clock
    base_url: str

    @property
    def secure(self) -> bool:
        return self.base_url.startswith("https:")

    def named(self, cookie: str) -> str:
        """With the prefix no other host, path or plain connection can have set it."""
        return f"__Host-{cookie}" if self.secure else cookie

    def carried(self, request: Request, cookie: str) -> str:
        """What the browser brings, if it can be ours."""
        value = request.cookies.get(self.named(cookie), "")
        return value if TOKEN.fullmatch(value) else ""

    def visitor(self, request: Request, register: Register, today: date) -> Visitor:
        cookie = self.carried(request, SESSION)
        found = visitor(self.entrance, cookie, register, today=today, now=self.clock.now())
        if found is None:
            raise SignInNeeded
        return found

    def nonce(self, request: Request) -> str:
        """The same for every letter that one browser asks for, so that each of them works there."""
        return self.carried(request, NONCE) or fresh()

    def remember(self, response: Response, cookie: str, value: str) -> None:
        lasts = SESSION_LASTS if cookie == SESSION else 2 * LINK_LASTS
        response.set_cookie(
            self.named(cookie), value, max_age=int(lasts.total_seconds()), httponly=True, samesite="lax",
            secure=self.secure, path="/",
        )  # fmt: skip

    def forget(self, response: Response, cookie: str) -> None:
        response.delete_cookie(self.named(cookie), httponly=True, samesite="lax", secure=self.secure, path="/")


def safe(base_url: str) -> bool:
    """Whether a session may travel there: encrypted, or never leaving this machine."""
    where = urlsplit(base_url)
    return where.scheme == "https" or (where.scheme == "http" and where.hostname in ("localhost", "127.0.0.1", "::1"))


def local(address: str) -> str:
    """Only a path on this host: never `//elsewhere` or a backslash that a browser reads as one."""
    inside = address.startswith("/") and not address.startswith("//") and "\\" not in address
    return address if inside and address.isprintable() else "/"


def to_sign_in(request: Request, _: Exception) -> Response:
    """The same for every address, whether there is anything or not."""
    if request.url.path.startswith("/api/"):
        return JSONResponse({"error": "sign in first"}, 401)
    said = request.query_params.multi_items() if request.method == "GET" else []
    look = [it for it in said if it[0] in ("lang", "look")]  # the next page is to be like this, not only the one after
    query = urlencode([it for it in said if it not in look])
    asked = request.url.path + (f"?{query}" if query else "")
    return RedirectResponse(f"/sign-in?{urlencode([('back', asked), *look], quote_via=quote, safe='')}", 303)


def network(request: Request) -> str:
    """What one subscriber has: an address of IPv4, or the first half of one of IPv6."""
    host = request.client.host if request.client else ""
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return host
    return str(ipaddress.ip_network((address, 64), strict=False)) if address.version == 6 else host
