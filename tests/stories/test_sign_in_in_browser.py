"""Signing in as a person does it, in a real browser; and a robot in another one that presses the first button."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.stories.guests import COORDINATOR, mailed
from tests.stories.world import World
from tests.web.test_in_browser import Served, Visit, chromium  # noqa: F401
from tiltak.pages import pages

pytestmark = pytest.mark.browser
CASE = "/case/IOM-2011-3"


@pytest.fixture
def database(migrated: Path, tmp_path: Path) -> str:
    """What differs between databases is tried in tests/store."""
    shutil.copy(migrated, tmp_path / "tiltak.db")
    return f"sqlite:///{tmp_path / 'tiltak.db'}"


@pytest.fixture
def served(world: World) -> Iterator[str]:
    opened = Served(pages(world.service))
    yield opened.address
    opened.stop()


@pytest.mark.parametrize(("colours", "width"), [("light", 1280), ("dark", 390)])
def test_a_person_comes_in_and_a_robot_does_not(
    chromium: Browser, world: World, served: str, colours: str, width: int  # noqa: F811
) -> None:  # fmt: skip
    with Visit(chromium, f"{served}/?lang=en", width=width, colours=colours) as visit:
        page = visit.page
        page.goto(served + CASE)
        assert visit.faults() == []
        page.get_by_label("E-mail address").fill(COORDINATOR)
        page.get_by_role("button", name="Send me a link").click()
        page.wait_for_selector(".code")
        assert visit.faults() == []
        link = served + mailed(world, COORDINATOR)
        robot_presses(chromium, link)
        assert world.service.store.entrance.sessions() == []
        page.goto(link)
        assert (visit.faults(), visit.overflow()) == ([], 0)
        page.get_by_role("button", name="Sign in").click()
        page.wait_for_url(f"**{CASE}*")
        assert (visit.faults(), visit.overflow()) == ([], 0)
        page.locator("summary", has_text="End without pursuing").click()
        form = page.locator("form", has=page.locator("input[value=decline]"))
        form.get_by_label("Why?").fill("Dekket av et annet tiltak")
        form.get_by_role("button").click()
        page.wait_for_selector(".receipt")
        assert "Geir Eksempel" in page.locator(".receipt").inner_text()
        page.goto(f"{served}/sessions")
        assert (visit.faults(), visit.overflow()) == ([], 0)
        page.get_by_role("button", name="Sign out everywhere").click()
        page.goto(served + CASE)
        assert "/sign-in?back=" in page.url
        assert [it for it in visit.said if "status of 4" not in it] == []
    assert world.case(3).state == "declined"


def robot_presses(chromium: Browser, link: str) -> None:  # noqa: F811
    """With the button, and with a script that asks nobody whether a field is empty."""
    with Visit(chromium, link) as robot:
        robot.page.locator("main button").first.click()
        robot.page.evaluate("document.querySelector('main form').submit()")
        robot.page.wait_for_selector(".odd")
