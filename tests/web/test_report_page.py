"""The report as a page and as files to save: shown to those who may see the plan, true to what people wrote."""

import json
from copy import deepcopy
from dataclasses import replace

import pytest
from starlette.testclient import TestClient

from tests.web.cast import Year
from tests.web.conftest import app_for, browser
from tests.web.test_pages import shown

REPORT = "/plan/iom-2011/report"
HOSTILE = "<script>alert(1)</script> & {{ 7*7 }} #let *x* \\ “sitat”"


def test_the_page_says_what_is_and_will_be_done_by_whom_and_when(client: TestClient) -> None:
    page = shown(client, REPORT)
    assert "Draft. Shows what was known at the end of 21 June 2012." in page
    assert "The plan of 25 August 2011 has eight actions" in page
    for heading in ("Which actions have been carried out, by whom and when", "Which actions will be carried out"):
        assert heading in page
    assert 'href="/plan/iom-2011/report"' in client.get("/plan/iom-2011").text


def test_lateness_counts_by_the_last_deadline_and_by_the_first(client: TestClient) -> None:
    page = shown(client, REPORT)
    assert "31 days after the last agreed deadline of 21.05.2012 the first deadline is not known" in page
    assert "20 days after the deadline of 15.11.2011" in page


@pytest.mark.parametrize(
    ("language", "draft"), [("nb", "Utkast. Viser det"), ("nn", "Utkast. Viser det"), ("en", "Draft.")]
)
def test_it_speaks_the_language_of_its_reader_and_marks_that_of_the_plan(
    lived: Year, language: str, draft: str
) -> None:
    page = browser(app_for(lived), language).get(REPORT)
    assert draft in page.text
    assert f'<html lang="{language}"' in page.text
    assert ('<span class="strong" lang="nb">' in page.text) == (language != "nb")


def test_a_file_is_saved_and_never_shown_by_the_browser(client: TestClient) -> None:
    file = client.get(f"{REPORT}?format=html&on=2012-01-31")
    assert file.headers["content-disposition"].startswith('attachment; filename="iom-2011-2012-01-31-en.html"')
    assert file.headers["content-security-policy"] == "default-src 'none'; sandbox"
    assert "31 January 2012" in file.text
    facts = client.get(f"{REPORT}?format=json")
    assert facts.headers["content-disposition"].startswith('attachment; filename="iom-2011-2012-06-21.json"')
    assert json.loads(facts.content)["on"] == "2012-06-21"


def test_a_day_without_a_report_and_a_plan_that_is_none_are_refused_in_words(client: TestClient) -> None:
    assert client.get(f"{REPORT}?on=2012-06-22").status_code == 422
    assert client.get(f"{REPORT}?on=2011-08-24").status_code == 422
    assert client.get(f"{REPORT}?on=12.06.2012").status_code == 422
    assert client.get(f"{REPORT}?format=exe").status_code == 422
    assert client.get("/plan/none/report").status_code == 404
    assert client.post(REPORT).status_code in (403, 405)


def test_markup_in_what_people_wrote_is_only_text(lived: Year) -> None:
    year = deepcopy(lived)
    for ref in ("iom-2011", "iom-2011-2", "iom-2011-4"):
        year.shelf.kept[ref] = year.shelf.case(ref).evolve(title=HOSTILE, statement=HOSTILE, body=HOSTILE)
    assert year.shelf.evaluated
    evaluation, advice = year.shelf.evaluated
    year.shelf.evaluated = evaluation, [replace(it, text=HOSTILE, reason=HOSTILE) for it in advice]
    client = browser(app_for(year))
    for page in (client.get(REPORT).text, client.get(f"{REPORT}?format=html").text):
        assert "<script" not in page
        assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp; {{ 7*7 }}" in page


def test_looking_changes_nothing_and_asks_a_bounded_number_of_questions(lived: Year) -> None:
    year = deepcopy(lived)
    client = browser(app_for(year))
    before = deepcopy(year.shelf.kept), sum(map(len, year.shelf.lines.values()))
    year.shelf.asked = 0
    assert client.get(REPORT).status_code == 200
    few = year.shelf.asked
    for n in range(30):
        copy = year.shelf.case("iom-2011-1").evolve(ref=f"iom-2011-x{n}")
        year.shelf.kept[copy.ref] = copy
        year.shelf.lines[copy.ref] = [replace(it, ref=copy.ref) for it in year.shelf.lines["iom-2011-1"]]
    year.shelf.asked = 0
    assert client.get(REPORT).status_code == 200
    assert year.shelf.asked == few <= 9
    assert before == ({k: it for k, it in year.shelf.kept.items() if "x" not in k}, before[1])
