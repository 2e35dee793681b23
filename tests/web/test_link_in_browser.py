"""The page behind a link in a real browser: an officer's three clicks, and a scanner that presses what it finds."""

from collections.abc import Iterator
from datetime import date

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from tests.needed_tools import need
from tests.web.cast import Year
from tests.web.conftest import app_for
from tests.web.test_in_browser import AXE, RULES, Served
from tests.web.test_links import REF, Visitor

pytestmark = pytest.mark.browser


class Office:
    """One who answers for action 3, with the page served to a browser."""

    def __init__(self) -> None:
        self.year = Year().until(date(2012, 1, 9))
        self.year.act("3", "assign", "unit:HUM")
        self.visitor = Visitor(self.year)
        self.served = Served(app_for(self.year, demo=False))

    @property
    def link(self) -> str:
        return self.served.address + self.visitor.path


@pytest.fixture
def office() -> Iterator[Office]:
    opened = Office()
    yield opened
    opened.served.stop()


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    path = need("chromium")
    with sync_playwright() as started:
        browser = started.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def phone(chromium: Browser) -> Iterator[Page]:
    context = chromium.new_context(viewport={"width": 390, "height": 844}, locale="nb-NO")
    yield context.new_page()
    context.close()


def test_an_officer_has_answered_after_three_interactions_on_a_telephone(office: Office, phone: Page) -> None:
    phone.goto(office.link)
    phone.get_by_text("Det er gjort").click()
    phone.get_by_label("Hva er gjort, av hvem og når?").fill("Lagt inn i brevene til begge ambassadene.")
    phone.get_by_role("button", name="Send svar").click()
    assert "Takk." in phone.inner_text("[role=status]")
    assert office.year.shelf.case(REF).state == "reported"
    assert phone.evaluate("document.documentElement.scrollWidth") == 390


def test_the_keyboard_alone_is_enough(office: Office, phone: Page) -> None:
    phone.goto(office.link)
    phone.locator("#c-start").focus()
    phone.keyboard.press("Space")
    phone.keyboard.press("Enter")
    phone.wait_for_selector("[role=status]")
    assert office.visitor.moves()[-1] == "start"


@pytest.mark.parametrize("look", ["light", "dark"])
def test_nothing_on_the_page_stops_a_screen_reader(office: Office, phone: Page, look: str) -> None:
    for prepare in ("", "report"):
        if prepare:
            office.visitor.post(choice="report", text="Lagt inn.")
        phone.goto(f"{office.link}?look={look}")
        phone.evaluate(AXE)
        found = phone.evaluate("rules => axe.run({runOnly: {type: 'tag', values: rules}})", RULES)
        assert [(it["id"], it["nodes"][0]["html"]) for it in found["violations"]] == []


def test_a_scanner_that_presses_every_button_and_submits_every_form_changes_nothing(
    office: Office, chromium: Browser
) -> None:
    before = office.visitor.moves()
    pages = [office.link]
    for number in range(2):
        context = chromium.new_context()
        scanner = context.new_page()
        for path in pages:
            scanner.goto(path)
            buttons = scanner.locator("button")
            for place in range(buttons.count()):
                scanner.goto(path)
                scanner.evaluate("document.querySelectorAll('details').forEach(it => { it.open = true })")
                scanner.locator("button").nth(place).click()
            for place in range(scanner.locator("form").count()):
                scanner.goto(path)
                with scanner.expect_navigation():
                    scanner.evaluate("place => document.forms[place].submit()", place)
        context.close()
        assert office.visitor.moves() == before
        if number == 0:  # the page with the button that undoes
            office.visitor.post(choice="report", text="Lagt inn.")
            before = office.visitor.moves()
