"""What the pages show, and that looking at them changes nothing."""

import re
from copy import deepcopy
from dataclasses import replace
from datetime import date
from html import unescape

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from engine.attachment import document_of
from tests.web.cast import Year
from tests.web.conftest import HERE, app_for, browser
from tests.web.test_language import forms, written

PLAN = "/plan/iom-2011"
CASE = "/case/iom-2011-3"
LETTER = "/outbox/00000000000000000000000005"
VIEWS = tuple(f"{LETTER}?view={view}" for view in ("html", "text", "headers", "source"))
PAGES = (PLAN, CASE, "/case/iom-2011-5", "/case/iom-2011-6", "/case/iom-2011", "/outbox", *VIEWS, "/nowhere")


def words(html: str) -> str:
    """What a reader sees or hears, with spaces put right."""
    heard = " ".join(re.findall(r'(?:aria-label|title)="([^"]*)"', html))
    seen = re.sub(r"<(script|style).*?</\1>|<[^>]+>", " ", html, flags=re.DOTALL)
    return re.sub(r"\s+", " ", unescape(f"{seen} {heard}"))


def shown(client: TestClient, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, answer.text
    return words(answer.text)


def test_the_only_plan_is_the_front_page(client: TestClient) -> None:
    answer = client.get("/")
    assert (answer.status_code, answer.headers["location"]) == (303, PLAN)


def test_several_plans_are_listed(lived: Year) -> None:
    two = deepcopy(lived)
    two.shelf.kept["other"] = two.shelf.case("iom-2011").evolve(ref="other", plan="other", title="Another plan")
    page = browser(app_for(two)).get("/")
    assert page.status_code == 200
    assert 'href="/plan/other"' in page.text
    assert 'href="/plan/iom-2011"' in page.text


def test_the_overview_says_how_many_cases_wait_and_for_whom(client: TestClient) -> None:
    assert re.search(r"<h1>\d+ cases wait for HUM section</h1>", client.get(PLAN).text)


def test_an_owner_that_gets_no_mail_is_a_decision_in_the_plans_own_words(client: TestClient) -> None:
    page = shown(client, PLAN)
    assert "Action 6: “Giverne” is not a recipient" in page
    assert "Nobody has been asked for 208 working days." in page


def test_a_plan_that_lies_in_a_drawer_is_a_decision_itself(young: Year) -> None:
    ref = young.shelf.case("iom-2011")
    page = shown(browser(app_for(young)), PLAN)
    assert "The plan:" not in page
    young.shelf.kept["iom-2011"] = ref.evolve(state="decided")
    page = shown(browser(app_for(young)), PLAN)
    assert "The plan: decided Since 25 August. What can be done: distribute the plan." in page
    assert "Nobody has been asked yet." in page


def test_an_action_that_covers_everything_covers_nothing_of_its_own(lived: Year) -> None:
    year = deepcopy(lived)
    everything = tuple(it.number for it in year.shelf.evaluated[1]) if year.shelf.evaluated else ()
    year.shelf.kept["iom-2011-1"] = year.shelf.case("iom-2011-1").evolve(recommendations=everything)
    page = shown(browser(app_for(year)), PLAN)
    assert "action of their own 2 of 9" in page
    assert "R6 Overlat opplæring av politiet til andre IOM Partly accepted Action 1 no action of its own" in page


def test_silence_is_a_decision_and_says_what_happens_if_nothing_is_done(client: TestClient) -> None:
    page = shown(client, PLAN)
    assert "Action 3: no answer, 22 working days over" in page
    assert re.search(r"Regional department has not answered \d+ reminders\.", page)
    assert "If nothing is done, it comes in the digest to HUM section on" in page


def test_an_answer_waits_to_be_read_in_its_own_words(client: TestClient) -> None:
    assert "HUM section answered on 7 June: “Rapporten og planen lå ved i dialogen om tre søknader.”" in shown(
        client, PLAN
    )


def test_the_report_date_shows_its_arithmetic(client: TestClient) -> None:
    sum_ = "25.08.2011 + 1 year = Saturday 25.08.2012 → Monday 27.08.2012, next working day"
    assert sum_ in shown(client, PLAN)
    assert sum_ in shown(client, "/case/iom-2011-8")


def test_the_holes_of_the_plan_are_counted(client: TestClient) -> None:
    page = shown(client, PLAN)
    for fact in ("Actions with a date 5 of 8", "Actions with exactly one owner 5 of 8", "action of their own 2 of 9"):
        assert fact in page


def ruled(lived: Year, regime: str, received: str, **more: object) -> str:
    year = deepcopy(lived)
    facts = {"regime": regime, "received on": received}
    year.shelf.kept["iom-2011"] = year.shelf.case("iom-2011").evolve(facts=facts, **more)
    return shown(browser(app_for(year)), PLAN)


def test_the_rules_of_its_regime_say_how_late_a_plan_came(lived: Year) -> None:
    page = ruled(lived, "norad-2006", "2011-05-04", opened_on=date(2011, 8, 25))
    assert "Rules followed Instruction of 2006 on evaluation of Norwegian aid" in page
    arithmetic = "15.06.2011 04.05.2011 + 6 weeks = Wednesday 15.06.2011. It came 71 days late."
    assert f"Plan due by these rules {arithmetic}" in page
    assert "It came in time." in ruled(lived, "norad-2006", "2011-05-04", opened_on=date(2011, 6, 15))


def test_a_copy_that_the_rules_ask_for_and_nobody_gets_is_a_hole(lived: Year) -> None:
    page = ruled(lived, "norad-2006", "2011-05-04", copies=())
    assert "Copy of the report to nobody yet The rules ask for a copy to: Norad's evaluation department" in page
    assert "Copy of the report to HUM section" in ruled(lived, "norad-2006", "2011-05-04", copies=("unit:HUM",))


def test_rules_without_deadlines_and_rules_that_are_gone_are_said_to_be_so(lived: Year) -> None:
    assert "Deadlines by these rules none" in ruled(lived, "norad-2022", "")
    assert "Rules followed ours-1999 These rules are not loaded any more." in ruled(lived, "ours-1999", "")
    assert "Rules followed" not in shown(browser(app_for(lived)), PLAN)


def test_the_plan_bar_says_in_words_what_it_draws(client: TestClient) -> None:
    assert 'aria-label="1 closed, 1 reported, 3 in progress, 1 assigned, 2 proposed"' in client.get(PLAN).text


def test_the_most_urgent_action_stands_first_and_the_closed_one_last(client: TestClient) -> None:
    table = re.search(r'<table class="cases".*?</table>', client.get(PLAN).text, re.DOTALL)
    assert table
    assert re.findall(r'<td role="cell" class="num">(\d+)</td>', table[0]) == ["3", "7", "8", "1", "4", "6", "5", "2"]


def test_the_next_mail_of_each_action_is_told_with_day_and_recipient(client: TestClient, lived: Year) -> None:
    ahead = lived.desk.forecast(lived.shelf.cases("iom-2011"))
    first = next(it for it in ahead if it.case.number == "7" and it.told)
    row = re.search(r'<tr role="row">\s*<td role="cell" class="num">7</td>.*?</tr>', client.get(PLAN).text, re.DOTALL)
    assert row
    assert f"{first.day:%d.%m.%Y}" in row[0]
    assert first.told[0][1].name.en in row[0]


def test_the_year_ahead_is_the_engines_own_forecast(client: TestClient, lived: Year) -> None:
    ahead = [it for it in lived.desk.forecast(lived.shelf.cases("iom-2011")) if it.told]
    rows = client.get(PLAN).text.split('<time datetime="')[1:]
    shown_ = [(row[:10], ref) for row in rows for ref in re.findall(r'href="/case/([^"]+)"', row.partition("</tr>")[0])]
    until = lived.today().replace(year=2013)
    assert sorted(shown_) == sorted((str(it.day), it.case.ref) for it in ahead if it.day <= until)
    assert len(rows) < len(shown_)  # what is the same for several cases is said once


def test_a_recommendation_without_an_action_says_so(client: TestClient) -> None:
    page = shown(client, PLAN)
    assert "R6 Overlat opplæring av politiet til andre IOM Partly accepted no action of its own" in page
    assert "U1 Vurder avtaler over flere år own organisation Accepted Action 6" in page


def test_a_case_keeps_its_earlier_deadlines_with_their_reasons(client: TestClient) -> None:
    page = shown(client, CASE)
    assert "Earlier: unknown date Avklaring med økonomiseksjonen" in page
    assert "Earlier: 01.03.2012 Skrivene kommer i mai, HUM section" in page
    assert "21.05.2012 22 working days over" in page


def test_a_case_tells_what_comes_next(client: TestClient, lived: Year) -> None:
    comes = [it for it in lived.desk.forecast([lived.shelf.case("iom-2011-3")]) if it.told][:3]
    aside = re.search(r'id="h-next".*?</section>', client.get(CASE).text, re.DOTALL)
    assert aside
    assert re.findall(r'datetime="([\d-]+)"', aside[0]) == [str(it.day) for it in comes]


def test_the_history_links_each_mail_and_names_the_mails_that_were_not_sent(lived: Year) -> None:
    year = deepcopy(lived)
    page = browser(app_for(year)).get(CASE).text
    mails = {notice.key for notice in year.shelf.notices("iom-2011-3")}
    linked = re.findall(r'href="/outbox/(\d+)"', page)
    assert len(linked) == len(mails)
    silent = [it for it in year.shelf.decisions["iom-2011-3"].values() if it.outcome == "inhibited"]
    assert page.count("another reminder about the same is already running") == len(silent)


def test_history_says_who_did_what_through_what(client: TestClient) -> None:
    page = shown(client, "/case/iom-2011-5")
    assert "Report as done → Reported HUM section, through a link in an e-mail" in page
    assert "Handed over Tiltak, by rule" in page
    assert "Opened → Proposed GIL section, when the plan was read in" in page


def test_the_outbox_shows_each_letter_with_its_reason(client: TestClient, lived: Year) -> None:
    page = client.get("/outbox").text
    assert f"{len(lived.shelf.post)} e-mails have been written" in page
    assert "Action 3: reminder, deadline passed, 10 working days after the deadline" in words(page)


def test_the_outbox_pages_on_until_the_oldest_letter(lived: Year) -> None:
    year = deepcopy(lived)
    letter_id, letter = next(iter(year.shelf.post.items()))
    for number in range(1000, 1070):
        year.shelf.post[str(number)] = replace(letter, id=str(number))
        year.shelf.packed[str(number)] = year.shelf.packed[letter_id]
    visitor, path, seen = browser(app_for(year)), "/outbox", list[str]()
    while path:
        page = visitor.get(path).text
        seen += re.findall(r'href="/outbox/(\d+)"', page)
        older = re.search(r'href="(/outbox\?before=\d+)"', page)
        path = older[1] if older else ""
    assert seen == [it.id for it in year.shelf.letters()]


def test_a_letter_can_be_read_four_ways(client: TestClient) -> None:
    html, text, headers, source = (client.get(path).text for path in VIEWS)
    assert 'sandbox="allow-popups allow-popups-to-escape-sandbox"' in html
    assert "dette venter på svar" in text
    assert "Auto-Submitted" in headers
    assert "Content-Transfer-Encoding" in source


def test_a_letter_in_broken_bytes_is_shown_as_well_as_can_be(lived: Year) -> None:
    year = deepcopy(lived)
    broken = (
        b"Subject: =?nonsense?Q?=E5?= \xe5\r\nContent-Type: text/plain; charset=no-such\r\n\r\nbl\xc3\xa5b\xe6r\r\n"
    )
    letter_id, letter = next(iter(year.shelf.post.items()))
    year.shelf.post[letter_id] = replace(letter, raw=broken)
    visitor = browser(app_for(year))
    assert "blåb" in visitor.get(f"/outbox/{letter_id}?view=text").text
    for view in ("html", "headers", "source"):
        assert visitor.get(f"/outbox/{letter_id}?view={view}").status_code == 200


def test_a_letter_that_is_not_written_yet_says_so(lived: Year) -> None:
    year = deepcopy(lived)
    letter_id, letter = next(iter(year.shelf.post.items()))
    year.shelf.post[letter_id] = replace(letter, raw=None, subject="", status="queued", sent_at=None)
    page = words(browser(app_for(year)).get(f"/outbox/{letter_id}").text)
    assert "This letter is not written yet." in page
    assert "(not written yet)" in page


@pytest.mark.parametrize(
    ("language", "sorry"),
    [("nb", "Her er det ingenting"), ("nn", "Her er det ingenting"), ("en", "There is nothing here")],
)
@pytest.mark.parametrize("path", ["/plan/none", "/case/none", "/outbox/none", "/nowhere", "/outbox/none/html"])
def test_an_unknown_address_is_a_kind_page(pages: FastAPI, path: str, language: str, sorry: str) -> None:
    answer = browser(pages, language).get(path)
    assert answer.status_code == 404
    assert f'<html lang="{language}"' in answer.text
    assert sorry in answer.text


@pytest.mark.parametrize("language", ["nb", "nn"])
@pytest.mark.parametrize("path", PAGES)
def test_no_english_is_left_on_a_norwegian_page(pages: FastAPI, path: str, language: str) -> None:
    page = words(browser(pages, language).get(path).text)
    left = []
    for message in written(language):
        for english, ours in zip(forms(message.id), forms(message.string), strict=False):
            fixed = re.sub(r"%\(\w+\)s|<[^>]+>", "", english).strip()
            if " " in fixed and "%(" not in english and english != ours and fixed in page:
                left.append(english)
    assert left == []


def test_the_choice_of_language_and_colours_is_kept_in_a_cookie(pages: FastAPI) -> None:
    visitor = TestClient(pages, base_url=HERE)
    assert '<html lang="nn" data-color-scheme="dark">' in visitor.get(f"{PLAN}?lang=nn&look=dark").text
    assert '<html lang="nn" data-color-scheme="dark">' in visitor.get("/outbox").text
    assert '<html lang="nn" data-color-scheme="dark">' in visitor.get("/outbox?lang=xx&look=%22%3E").text


def test_a_switch_leads_to_the_same_page(client: TestClient) -> None:
    assert f'href="{LETTER}?view=text&amp;lang=nb"' in client.get(f"{LETTER}?view=text&lang=en").text


def test_looking_never_acts(lived: Year) -> None:
    year = deepcopy(lived)
    visitor = browser(app_for(year))
    before = deepcopy(year.shelf)
    for path in (*PAGES, "/", "/demo/week", "/demo/event", f"{PLAN}?lang=nn&look=dark"):
        visitor.get(path)
        visitor.head(path)
    before.asked = year.shelf.asked
    assert year.shelf == before


@pytest.mark.parametrize(("path", "most"), [(PLAN, 7), (CASE, 11), ("/outbox", 6), (LETTER, 5)])
def test_a_page_asks_the_store_few_questions_however_large_the_plan(lived: Year, path: str, most: int) -> None:
    year = deepcopy(lived)
    for number in range(9, 60):
        ref = f"iom-2011-{number}"
        year.shelf.kept[ref] = year.shelf.case("iom-2011-3").evolve(ref=ref, number=str(number))
    visitor = browser(app_for(year))
    year.shelf.asked = 0
    assert visitor.get(path).status_code == 200
    assert year.shelf.asked <= most


def test_words_from_outside_are_never_markup(lived: Year) -> None:
    year = deepcopy(lived)
    evil = "<script>alert(1)</script>\"'><img src=x>"
    for case in list(year.shelf.kept.values()):
        year.shelf.kept[case.ref] = case.evolve(title=evil, statement=evil, question=evil, owner_as_written=evil)
    visitor = browser(app_for(year))
    for path in (PLAN, CASE, "/case/iom-2011-5", "/outbox", LETTER):
        page = visitor.get(path).text
        assert "<script" not in page
        assert "<img" not in page


def test_a_ref_may_hold_any_sign(lived: Year) -> None:
    year, ref = deepcopy(lived), "plan 2012/ø#1?a=b&c"
    year.shelf.kept[ref] = year.shelf.case("iom-2011-6").evolve(ref=ref, title="Odd one out")
    year.shelf.lines[ref] = []
    visitor = browser(app_for(year))
    link = re.search(r'href="(/case/plan[^"]*)"', visitor.get(PLAN).text)
    assert link
    page = visitor.get(unescape(link[1]))
    assert page.status_code == 200
    again = re.search(r'href="(/case/[^"]*lang=nn)"', page.text)
    assert again
    assert "Odd one out" in visitor.get(f"{unescape(again[1])}&lang=en").text
    form = re.search(r'<form method="post" action="(/case/[^"]*)"', page.text)
    assert form
    wish = {"move": "assign", "owner": "HUM", "seen": str(year.shelf.case(ref).version)}
    moved = visitor.post(unescape(form[1]), data=wish, headers={"Sec-Fetch-Site": "same-origin"})
    assert moved.status_code == 303
    assert "Odd one out" in visitor.get(moved.headers["location"]).text


def test_without_a_demo_and_without_a_door_nothing_is_shown_to_anyone(lived: Year) -> None:
    visitor = browser(app_for(lived, demo=False))
    front = visitor.get("/")
    assert front.status_code == 200
    assert "This service works by mail" in front.text
    for path in (PLAN, CASE, "/outbox", LETTER, f"{LETTER}/html"):
        assert visitor.get(path).status_code == 404
    assert visitor.get("/healthz").json() == {"status": "ok", "problems": []}
    assert visitor.get("/static/app.css").status_code == 200


def test_a_program_may_ask_why_and_is_answered_in_words(client: TestClient) -> None:
    found = client.get("/api/explain/iom-2011-3?lang=nb").json()
    assert found["ref"] == "iom-2011-3"
    assert "ansvarlig er Regionalavdelingen" in found["standing"]
    assert found["decided"]
    assert found["rules"]
    assert found["coming"]
    quiet = client.get("/api/explain/iom-2011-3?on=2010-01-01&until=2010-01-31").json()
    assert quiet["decided"][0].startswith("nothing was decided from 2010-01-01 to 2010-01-31")
    missing = client.get("/api/explain/nothing")
    assert (missing.status_code, missing.json()) == (404, {"error": "there is no case 'nothing'"})
    assert client.get("/api/explain/iom-2011-3?on=yesterday").status_code == 422


def test_without_a_door_no_program_is_told_anything(lived: Year) -> None:
    shut = browser(app_for(lived, demo=False))
    assert shut.get("/api/explain/iom-2011-3").status_code == 404


def test_what_is_attached_to_a_case_is_on_its_page_and_only_saved(lived: Year) -> None:
    year = deepcopy(lived)
    ref, kept = "iom-2011-5", document_of("brev.pdf", b"%PDF-1.7 et brev")
    year.shelf.attached[ref][kept.id] = kept
    visitor = browser(app_for(year))
    path = re.findall(r'href="(/document/[^"]+)"', visitor.get(f"/case/{ref}").text)[0]
    found = visitor.get(path)
    assert found.content == b"%PDF-1.7 et brev"
    assert found.headers["content-disposition"].startswith("attachment;")
    assert visitor.get(path.replace(ref, "iom-2011-4")).status_code == 404
