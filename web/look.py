"""Turns a page's values into HTML in the reader's language and colours."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote, urlencode

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse

from engine.text import LANGUAGES
from web import words
from web.language import Tongue, catalogue, preferred

FOLDER: Final = Path(__file__).parent
LOOKS: Final = ("auto", "light", "dark")
NAMES: Final = {"nb": "Bokmål", "nn": "Nynorsk", "en": "English"}
A_YEAR: Final = 365 * 24 * 3600


@cache
def environment(language: str) -> Environment:
    made = Environment(
        loader=FileSystemLoader(FOLDER / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
    )
    made.install_gettext_translations(catalogue(language), newstyle=True)  # type: ignore[attr-defined]
    return made


@dataclass(frozen=True, slots=True)
class Reading:
    """How one reader wants the pages: in which language, and light, dark or as the system has it."""

    language: str
    look: str

    @property
    def tongue(self) -> Tongue:
        return Tongue(self.language)


def reading(request: Request, otherwise: str = "nb") -> Reading:
    """From the address, else the cookie, else what the browser accepts."""
    accepted = preferred(request.headers.get("accept-language", ""), otherwise)
    language = wished(request, "lang", LANGUAGES) or accepted
    return Reading(language, wished(request, "look", LOOKS) or "auto")


def wished(request: Request, name: str, allowed: tuple[str, ...]) -> str:
    """What the address says, or else a cookie; "" when neither does."""
    wishes = (request.query_params.get(name), request.cookies.get(name))
    return next((wish for wish in wishes if wish in allowed), "") or ""


def render(request: Request, template: str, *, status: int = 200, tongue: Tongue, **values: Any) -> HTMLResponse:
    look = reading(request).look
    frame = {"languages": NAMES, "look": look, "tongue": tongue, "address": _address(request), "words": words}
    html = environment(tongue.language).get_template(template).render(**frame, **values)
    response = HTMLResponse(html, status)
    response.headers["Content-Language"] = tongue.language
    _remember(request, response)
    return response


def _address(request: Request) -> Callable[..., str]:
    """This page again with another language or look."""
    kept = [(key, value) for key, value in request.query_params.multi_items() if key not in ("lang", "look")]
    path = quote(request.scope["path"]) if request.method in ("GET", "HEAD") else "/"

    def again(**changes: str) -> str:
        return f"{path}?{urlencode([*kept, *changes.items()])}"

    return again


def _remember(request: Request, response: HTMLResponse) -> None:
    """A cookie for the choice of language and colours; it changes nothing but presentation."""
    for name, allowed in (("lang", LANGUAGES), ("look", LOOKS)):
        wish = request.query_params.get(name)
        if wish in allowed:
            secure = request.url.scheme == "https"
            response.set_cookie(name, wish, max_age=A_YEAR, httponly=True, samesite="lax", secure=secure)
