"""The demo's buttons, and the door that keeps other pages from pressing them."""

from datetime import date, timedelta

import pytest

from tests.web.cast import Year
from tests.web.conftest import HERE, SAME_ORIGIN, app_for, browser


def move(year: Year, ref: str, language: str = "en", **form: object):  # type: ignore[no-untyped-def]
    seen = {"seen": year.shelf.case(ref).version}
    return browser(app_for(year), language).post(f"/case/{ref}", data={**seen, **form}, headers=SAME_ORIGIN)


def test_the_clock_goes_forward_and_the_visitor_comes_back_to_the_page(young: Year) -> None:
    answer = browser(app_for(young)).post("/demo/week", data={"back": "/outbox?before=7"}, headers=SAME_ORIGIN)
    assert (answer.status_code, answer.headers["location"]) == (303, "/outbox?before=7")
    assert young.today() == date(2011, 9, 1)


def test_the_next_event_is_the_day_on_the_button(young: Year) -> None:
    visitor = browser(app_for(young))
    planned = young.next_event()
    assert planned
    assert f"Next event ({planned.day} September)" in visitor.get("/plan/iom-2011").text
    visitor.post("/demo/event", headers=SAME_ORIGIN)
    assert young.today() == planned


def test_a_working_day_steps_over_the_weekend(young: Year) -> None:
    young.until(date(2011, 8, 26))
    browser(app_for(young)).post("/demo/workday", headers=SAME_ORIGIN)
    assert young.today() == date(2011, 8, 29)


AWAY = ("//evil.example", "https://evil.example/", "/\\evil.example", "/a\r\nSet-Cookie: x=y", "")


@pytest.mark.parametrize("back", AWAY)
def test_nobody_is_led_away_from_the_pages(young: Year, back: str) -> None:
    answer = browser(app_for(young)).post("/demo/workday", data={"back": back}, headers=SAME_ORIGIN)
    assert answer.headers["location"] == "/"


def test_a_move_is_made_as_whoever_may_make_it(young: Year) -> None:
    answer = move(young, "iom-2011-6", move="assign", owner="HUM")
    assert (answer.status_code, answer.headers["location"]) == (303, "/case/iom-2011-6")
    case, event = young.shelf.case("iom-2011-6"), young.shelf.history("iom-2011-6")[-1]
    assert (case.state, case.owner) == ("assigned", "HUM")
    assert (event.by, event.through) == ("unit:GIL", "web")
    assert move(young, "iom-2011-6", move="report", text="Vurdert i møte 3. september.").status_code == 303
    assert young.shelf.case("iom-2011-6").statement == "Vurdert i møte 3. september."
    assert young.shelf.history("iom-2011-6")[-1].by == "unit:HUM"


def test_the_form_asks_for_what_the_move_needs(young: Year) -> None:
    page = browser(app_for(young)).get("/case/iom-2011-6").text
    assert '<select id="move-assign-owner" name="owner" required>' in page
    assert '<option value="HUM">HUM section</option>' in page
    assert 'id="move-decline-text"' in page
    move(young, "iom-2011-6", move="assign", owner="HUM")
    assert 'id="move-start-text"' not in browser(app_for(young)).get("/case/iom-2011-6").text


@pytest.mark.parametrize(
    ("language", "sorry"), [("nb", "Noen var raskere"), ("nn", "Nokon var raskare"), ("en", "Somebody was faster")]
)
def test_a_late_click_is_told_that_somebody_was_faster(young: Year, language: str, sorry: str) -> None:
    answer = move(young, "iom-2011-6", language, move="assign", owner="HUM", seen=0)
    assert answer.status_code == 409
    assert sorry in answer.text
    assert 'href="/case/iom-2011-6"' in answer.text
    assert young.shelf.case("iom-2011-6").state == "proposed"


@pytest.mark.parametrize(
    ("form", "status"),
    [
        ({"move": "assign"}, 422),  # no owner
        ({"move": "assign", "owner": "HUM", "seen": "many"}, 422),
        ({}, 422),
        ({"move": "close"}, 409),
        ({"move": "no-such-move"}, 409),
        ({"move": "decline", "text": "   "}, 422),
    ],
)
def test_a_wish_the_rules_refuse_changes_nothing(young: Year, form: dict[str, str], status: int) -> None:
    before = young.shelf.case("iom-2011-6")
    answer = move(young, "iom-2011-6", **form)
    assert answer.status_code == status
    assert "<h1>" in answer.text
    assert young.shelf.case("iom-2011-6") == before


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": "none"},
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://127.0.0.1.evil.example"},
        {"Sec-Fetch-Site": "cross-site", "Origin": HERE},
    ],
)
def test_a_form_on_another_page_presses_no_button_here(young: Year, headers: dict[str, str]) -> None:
    visitor = browser(app_for(young))
    for path, form in (("/demo/week", {}), ("/case/iom-2011-6", {"move": "assign", "owner": "HUM", "seen": "2"})):
        answer = visitor.post(path, data=form, headers=headers)
        assert answer.status_code == 403
        assert "Content-Security-Policy" in answer.headers
        assert "This was not sent from here" in answer.text
    assert young.today() == date(2011, 8, 25)
    assert young.shelf.case("iom-2011-6").state == "proposed"


def test_a_browser_without_fetch_metadata_is_known_by_its_origin(young: Year) -> None:
    answer = browser(app_for(young)).post("/demo/workday", headers={"Origin": HERE})
    assert answer.status_code == 303
    assert young.today() - date(2011, 8, 25) == timedelta(days=1)


def test_the_demo_answers_to_no_other_name_than_its_own(young: Year) -> None:
    answer = browser(app_for(young)).get("/outbox", headers={"Host": "rebound.example"})
    assert answer.status_code == 400
    assert "Content-Security-Policy" in answer.headers
