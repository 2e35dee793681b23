"""Every answer carries the headers that keep foreign code out."""

from copy import deepcopy
from dataclasses import replace
from html.parser import HTMLParser

import pytest
from starlette.testclient import TestClient

from tests.web.cast import WORKFLOWS, Year
from tests.web.conftest import app_for, browser
from tests.web.test_pages import PAGES
from web.app import create_app

FILES = ("/static/app.css", "/static/nothing.css", "/static/tiltak.svg")


@pytest.mark.parametrize("path", [*PAGES, *FILES, "/", "/healthz"])
def test_every_answer_carries_a_strict_policy(client: TestClient, path: str) -> None:
    headers = client.get(path).headers
    policy = headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "script-src" not in policy
    assert "frame-ancestors 'none'" in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"


class Broken:
    def __getattr__(self, name: str) -> object:
        raise RuntimeError(f"the store fell over when asked for {name}")


def test_even_a_broken_store_gives_a_kind_page_with_the_headers(lived: Year) -> None:
    broken = Broken()
    app = create_app(
        desk=lived.desk,
        reader=broken,  # type: ignore[arg-type]
        workflows=WORKFLOWS,
        clock=lived.clock,
        demo=lived,
    )
    answer = browser(app).get("/plan/iom-2011")
    assert answer.status_code == 500
    assert "Something went wrong" in answer.text
    assert "fell over" not in answer.text
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]


class Markup(HTMLParser):
    """Every tag and every attribute of a page."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: list[tuple[str, str]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes += [(name, value or "") for name, value in attrs]


@pytest.mark.parametrize("path", PAGES)
def test_no_page_has_a_style_or_a_script_of_its_own_or_anything_from_elsewhere(client: TestClient, path: str) -> None:
    markup = Markup(client.get(path).text)
    assert not {"script", "style", "object", "embed", "base"} & markup.tags
    assert [name for name, _ in markup.attributes if name == "style" or name.startswith("on")] == []
    assert [value for name, value in markup.attributes if name in ("href", "src", "action") and "//" in value] == []


def test_a_letter_with_a_script_is_shown_in_a_box_that_runs_none(lived: Year) -> None:
    year = deepcopy(lived)
    letter_id, letter = next(iter(year.shelf.post.items()))
    raw = b"Content-Type: text/html; charset=utf-8\r\n\r\n<p style='color:red'>Hei</p><script>alert(1)</script>"
    year.shelf.post[letter_id] = replace(letter, raw=raw)
    visitor = browser(app_for(year))
    page = visitor.get(f"/outbox/{letter_id}").text
    assert (
        f'<iframe class="letter" sandbox="allow-popups allow-popups-to-escape-sandbox" src="/outbox/{letter_id}/html"'
        in page
    )
    assert "alert" not in page
    policy = visitor.get(f"/outbox/{letter_id}/html").headers["Content-Security-Policy"]
    assert "sandbox allow-popups allow-popups-to-escape-sandbox" in policy.split("; ")  # its links can be followed
    assert "default-src 'none'" in policy
    assert "script-src" not in policy
    assert "frame-ancestors 'self'" in policy
