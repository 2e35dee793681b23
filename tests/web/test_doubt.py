"""While nobody knows what day it is: every page says so, and no form changes anything."""

from datetime import UTC, datetime
from typing import Literal

import pytest
from httpx2 import Response

from engine.health import Ailment
from tests.web.cast import Year
from tests.web.conftest import SAME_ORIGIN, app_for, browser

SWEPT, SHOWN = datetime(2012, 6, 12, 8, 0, tzinfo=UTC), datetime(2012, 8, 3, 6, 30, tzinfo=UTC)
ASKS = {"nb": "Er klokka riktig?", "nn": "Er klokka rett?", "en": "Is the clock right?"}
NOTHING = {"nb": "Ingenting ble endret.", "nn": "Ingenting vart endra.", "en": "Nothing was changed."}


def doubt(what: Literal["ahead", "back"]) -> list[Ailment]:
    return [Ailment(what=what, at=SHOWN, swept=SWEPT)]


def assign(year: Year, language: str) -> Response:
    case = year.shelf.case("iom-2011-3")
    form = {"move": "assign", "seen": str(case.version), "owner": "REG"}
    return browser(app_for(year), language).post("/case/iom-2011-3", data=form, headers=SAME_ORIGIN)


@pytest.mark.parametrize("language", ASKS)
def test_a_form_is_refused_while_the_clock_has_leapt_and_says_why_and_what_to_do(young: Year, language: str) -> None:
    young.doubted = doubt("ahead")
    before = young.shelf.case("iom-2011-3")
    answer = assign(young, language)
    assert answer.status_code == 503
    assert ASKS[language] in answer.text
    assert NOTHING[language] in answer.text
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    assert young.shelf.case("iom-2011-3") == before
    assert [it.move for it in young.shelf.history("iom-2011-3")] == ["open"]


@pytest.mark.parametrize("path", ["/plan/iom-2011", "/case/iom-2011-3", "/outbox"])
def test_every_page_says_that_the_clock_has_leapt_and_only_then(young: Year, path: str) -> None:
    client = browser(app_for(young))
    assert ASKS["en"] not in client.get(path).text
    young.doubted = doubt("ahead")
    said = client.get(path).text
    assert "The clock shows 03.08.2012 08:30, but the deadlines were last looked at 12.06.2012 10:00." in said


def test_a_clock_that_went_back_is_told_and_stops_nobody(young: Year) -> None:
    young.doubted = doubt("back")
    client = browser(app_for(young), "nb")
    assert "Til klokka har tatt det igjen" in client.get("/plan/iom-2011").text
    assert assign(young, "nb").status_code == 303
    assert young.shelf.case("iom-2011-3").state == "assigned"
