"""The pages in a real browser: nothing blocked, nothing cut off, nothing that a screen reader stumbles over."""

import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import uvicorn
from fastapi import FastAPI
from playwright.sync_api import Browser, sync_playwright

from tests.needed_tools import need
from tests.web.cast import june_2012
from tests.web.conftest import app_for
from tests.web.test_pages import CASE, LETTER, PLAN

pytestmark = pytest.mark.browser

AXE = (Path(__file__).parent / "vendor" / "axe.min.js").read_text("utf-8")
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
PATHS = (PLAN, CASE, "/case/iom-2011-6", "/outbox", LETTER, f"{LETTER}?view=headers", f"{LETTER}?view=text", "/nowhere")


class Served:
    """The app on a port of its own, in a thread."""

    def __init__(self, app: FastAPI) -> None:
        self.server = uvicorn.Server(uvicorn.Config(app, host="127.0.0.1", port=0, log_level="error", lifespan="off"))
        self.socket = self.server.config.bind_socket()
        self.thread = threading.Thread(target=self.server.run, kwargs={"sockets": [self.socket]}, daemon=True)
        self.thread.start()

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.socket.getsockname()[1]}"

    def stop(self) -> None:
        self.server.should_exit = True
        self.thread.join(10)
        self.socket.close()


@pytest.fixture(scope="module")
def address(pages: FastAPI) -> Iterator[str]:
    served = Served(pages)
    yield served.address
    served.stop()


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    path = need("chromium")
    with sync_playwright() as started:
        browser = started.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield browser
        browser.close()


class Visit:
    """A page opened in its own window, with everything its console said."""

    def __init__(self, browser: Browser, url: str, *, width: int = 1280, colours: str = "light") -> None:
        self.context = browser.new_context(
            viewport={"width": width, "height": 900},
            color_scheme="dark" if colours == "dark" else "light",
            forced_colors="active" if colours == "forced" else "none",
            locale="nb-NO",
            bypass_csp=False,
        )
        self.page = self.context.new_page()
        self.said: list[str] = []
        self.page.on("console", lambda message: self.said.append(message.text))
        self.page.on("pageerror", lambda error: self.said.append(str(error)))
        self.page.goto(url)

    def __enter__(self) -> "Visit":
        return self

    def __exit__(self, *_: object) -> None:
        self.context.close()

    def faults(self) -> list[str]:
        """What axe finds. It is evaluated by the debugger, which no policy of the page holds back."""
        self.page.evaluate(AXE)
        options = {"runOnly": {"type": "tag", "values": RULES}, "iframes": False}
        found = self.page.evaluate("options => axe.run(document, options)", options)
        return [f"{it['id']}: {node['html'][:160]}" for it in found["violations"] for node in it["nodes"]]

    def overflow(self) -> int:
        return int(self.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"))


@pytest.mark.parametrize("colours", ["light", "dark"])
@pytest.mark.parametrize("path", PATHS)
def test_axe_finds_nothing_and_the_policy_blocks_nothing(
    chromium: Browser, address: str, path: str, colours: str
) -> None:
    with Visit(chromium, address + path, colours=colours) as visit:
        said = [it for it in visit.said if "404 (Not Found)" not in it]
        assert said == []
        assert visit.faults() == []


@pytest.mark.parametrize("path", PATHS)
def test_nothing_is_wider_than_a_phone_or_than_a_screen_at_400_per_cent(
    chromium: Browser, address: str, path: str
) -> None:
    with Visit(chromium, address + path, width=390) as visit:
        assert visit.overflow() == 0
        visit.page.set_viewport_size({"width": 320, "height": 256})  # 1280 by 1024 at 400 %
        assert visit.overflow() == 0


@pytest.mark.parametrize("path", [PLAN, CASE, "/outbox"])
def test_axe_finds_nothing_on_a_phone(chromium: Browser, address: str, path: str) -> None:
    with Visit(chromium, address + path, width=390) as visit:
        assert visit.faults() == []


def test_the_fonts_and_styles_come_from_here(chromium: Browser, address: str) -> None:
    with Visit(chromium, address + PLAN) as visit:
        assert visit.page.evaluate("document.fonts.ready.then(() => document.fonts.check('16px Inter'))")
        hosts = visit.page.evaluate("performance.getEntriesByType('resource').map(it => new URL(it.name).origin)")
        assert set(hosts) == {address}


def test_a_script_in_a_letter_does_not_run(chromium: Browser) -> None:
    year = june_2012()
    letter_id, letter = next(iter(year.shelf.post.items()))
    script = b"<p id='seen'>Hei</p><script>top.document.title='broken in'; document.body.textContent='ran'</script>"
    raw = b"Content-Type: text/html; charset=utf-8\r\n\r\n" + script
    year.shelf.post[letter_id] = replace(letter, raw=raw)
    served = Served(app_for(year))
    try:
        with Visit(chromium, f"{served.address}/outbox/{letter_id}") as visit:
            frame = visit.page.frame_locator("iframe.letter")
            assert frame.locator("#seen").inner_text() == "Hei"
            assert "broken in" not in visit.page.title()
        with Visit(chromium, f"{served.address}/outbox/{letter_id}/html") as visit:
            assert visit.page.locator("#seen").inner_text() == "Hei"
    finally:
        served.stop()


def test_a_visitor_can_live_the_year_with_the_keyboard_alone(chromium: Browser) -> None:
    year = june_2012()
    served = Served(app_for(year))
    try:
        with Visit(chromium, f"{served.address}/case/iom-2011-6?lang=en") as visit:
            page = visit.page
            page.keyboard.press("Tab")
            assert page.evaluate("document.activeElement.textContent") == "Skip to the content"
            page.keyboard.press("Enter")
            page.locator("summary", has_text="Assign").focus()
            page.keyboard.press("Enter")
            page.keyboard.press("Tab")
            page.keyboard.type("HUM")
            page.keyboard.press("Tab")
            page.keyboard.press("Enter")
            page.wait_for_url("**/case/iom-2011-6")
            assert page.locator(".stages .now .name").inner_text() == "Assigned"
        assert year.shelf.case("iom-2011-6").owner == "HUM"
        with Visit(chromium, served.address + PLAN + "?lang=en") as visit:
            visit.page.get_by_role("button", name="+ 1 week").click()
            visit.page.wait_for_load_state()
            assert "Thursday 28 June 2012" in visit.page.locator(".clock").inner_text()
    finally:
        served.stop()


def test_colours_forced_by_the_system_leave_every_part_visible(chromium: Browser, address: str) -> None:
    with Visit(chromium, address + PLAN, colours="forced") as visit:
        assert visit.faults() == []
        strokes = visit.page.eval_on_selector_all(".bar .part", "parts => parts.map(it => getComputedStyle(it).stroke)")
        paper = visit.page.evaluate("getComputedStyle(document.querySelector('.card')).backgroundColor")
        assert strokes
        assert paper not in strokes
