"""A draft from a document: what is found, what is a hole, and a plan file that nobody can import unread."""

import io
import os
import re
from datetime import date
from pathlib import Path

import pytest
from openpyxl import load_workbook

from engine.errors import Faulty
from engine.people import Organisation, Person, Register, Unit
from engine.text import Text
from reports.drafting.draft import Draft, Known, draft
from reports.drafting.kinds import read_contents
from reports.drafting.template import template
from reports.drafting.words import WORDS
from reports.drafting.yaml_text import account, write_draft
from reports.plan_file import read_plan
from tests.reports.documents import COPIED, pdf, saved, with_rows, word_plan, workbook
from tests.stories.world import WORKFLOWS

REGISTER = Register(
    organisation=Organisation(key="hd", name=Text.same("HD")),
    units={
        "F": Unit(code="F", name=Text.same("FART-seksjonen"), head="kim", parent="TOP"),
        "TOP": Unit(code="TOP", name=Text.same("Ledelsen")),
        "X": Unit(code="X", name=Text.same("=En annen")),
    },
    persons={"kim": Person(key="kim", name="Kim Eksempel", unit="F")},
)
SEED = os.environ.get("TILTAK_FOUNDING_TEXT", "")


def drafted(raw: bytes | str, name: str, known: Known | None = None) -> Draft:
    raw = raw.encode() if isinstance(raw, str) else raw
    return draft(read_contents(raw, name), name, known)


def texts(found: Draft) -> list[str]:
    return [str(it.facts["text"]) for it in found.recommendations]


def titles(found: Draft) -> list[str]:
    return [str(it.facts["title"]) for it in found.actions]


def holes(found: Draft) -> list[list[str]]:
    return [[hole.key for hole in it.holes] for it in found.actions]


def test_a_copied_text_without_bullets_gives_its_recommendations_and_actions() -> None:
    found = drafted(COPIED, "havn.txt")
    assert [(it.facts["number"], it.facts["addressee"]) for it in found.recommendations] == [
        *[("R1", "HF"), ("R2", "HF"), ("R3", "HF"), ("R4", "HD")]
    ]
    assert texts(found)[0].endswith("til øvelser-/redningskurs)")
    assert len(found.actions) == 4
    assert titles(found)[0] == "Rådene brukes i det videre samarbeidet med HF"


def test_a_day_belongs_to_an_action_only_where_it_limits_it() -> None:
    _, board, letters, report = drafted(COPIED, "havn.txt").actions
    assert "due" not in board.facts
    assert [it.key for it in board.checks if it.key == "other_day"]
    assert "due" not in letters.facts
    assert report.facts["due"] == {"after": date(2025, 6, 14), "by": "1y", "roll": "next"}


def test_owners_are_those_with_whom_a_sentence_begins() -> None:
    owners = [it.facts.get("owner_as_written") for it in drafted(COPIED, "havn.txt").actions]
    assert owners == [None, "FART-seksjonen", "Kystavdelingen / fagseksjonene", "SJØ/LAND-seksjonen"]


def test_every_hole_is_marked() -> None:
    assert holes(drafted(COPIED, "havn.txt")) == [
        ["no_owner", "no_due"],
        ["unchecked_owner", "no_due"],
        ["several_owners", "no_due"],
        ["unchecked_owner"],
    ]


def test_an_owner_the_register_knows_has_its_code_and_another_is_said_to_be_unknown() -> None:
    known = Known(units={"F": ("FART-seksjonen",)}, own=("hd", "Havnedepartementet"))
    found = drafted(COPIED, "havn.txt", known)
    assert found.actions[1].facts["owner"] == "F"
    assert [hole.key for hole in found.actions[3].holes] == ["unknown_owner"]
    assert found.recommendations[3].facts["addressee"] == "own"


def test_what_is_written_is_a_plan_file_once_somebody_says_who_coordinates() -> None:
    found = drafted(COPIED, "havn.txt")
    text = write_draft(found, None, "nb")
    with pytest.raises(Faulty, match="nobody coordinates this plan"):
        read_plan(text, "plan.yaml", workflows=WORKFLOWS)
    confirmed = text.replace("# coordinator:", "coordinator: A\nunits: [{code: A, name: A}]")
    plan = read_plan(confirmed, "plan.yaml", workflows=WORKFLOWS)
    assert [it.title for it in plan.cases] == titles(found)
    assert [it.text for it in plan.recommendations] == texts(found)
    assert plan.cases[3].facts == {"source": "havn.txt, linje 59"}
    assert plan.decided_on == date(2025, 6, 14)


def test_the_source_line_stands_above_each_entry() -> None:
    text = write_draft(drafted(COPIED, "havn.txt"), None, "en")
    assert "  # line 15: føre en felles oversikt over fullførte kurs\n" in text
    assert text.count("HOLE: no deadline is mentioned") == 3


def test_units_the_register_knows_come_with_everybody_they_name() -> None:
    known = Known(units={"F": ("FART-seksjonen",)})
    text = write_draft(drafted(COPIED, "havn.txt", known), REGISTER, "nn")
    plan = read_plan(text.replace("# coordinator:", "coordinator: F"), "plan.yaml", workflows=WORKFLOWS)
    assert {it.code for it in plan.units} == {"F", "TOP"}
    assert [it.key for it in plan.persons] == ["kim"]
    assert plan.cases[1].owner == "F"


def test_a_word_file_gives_its_lists_and_tables() -> None:
    found = drafted(saved(word_plan()), "plan.docx")
    assert found.title == "Oppfølgingsplan for tilsynet"
    assert found.decided_on == date(2026, 2, 3)
    assert [(it.facts["text"], it.facts["addressee"]) for it in found.recommendations] == [
        ("Følg opp innkjøpene", "departementet")
    ]
    first, second = found.actions
    assert first.facts["due"] == date(2026, 5, 1)
    assert first.facts["owner_as_written"] == "Innkjøpsseksjonen"
    assert first.facts["recommendations"] == ["1"]
    assert [hole.key for hole in second.holes] == ["no_owner", "unclear_due"]
    assert any("Merknad" in line for line in account(found, "en"))


def test_a_pdf_gives_its_lists_page_by_page() -> None:
    found = drafted(
        pdf(
            ["Recommendations to the board:", "\\225 Keep a list of grants", "\\225 Publish the list"],
            ["Page 2", "Actions", "1. The Grants Office publishes the list by 1 March 2026.", "2. Train the staff."],
        ),
        "plan.pdf",
    )
    assert texts(found) == ["Keep a list of grants", "Publish the list"]
    assert found.actions[0].facts["due"] == date(2026, 3, 1)
    assert found.actions[0].facts["owner_as_written"] == "The Grants Office"
    assert found.actions[0].found.place.within == "page:2"


def test_a_sheet_gives_recommendations_with_the_actions_that_answer_them() -> None:
    made = workbook(
        ["Plan 2026"],
        ["Tilråding", "Tiltak", "Ansvarleg eining", "Frist", "Svar"],
        ["Lag rutinar", "Skriv rutinane", "Økonomi", date(2026, 6, 30), "Godtatt"],
        ["Lag rutinar", "Kurs for alle", "Personal", None, None],
    )
    found = drafted(saved(made), "plan.xlsx")
    assert texts(found) == ["Lag rutinar"]
    assert found.recommendations[0].facts["response"] == "accepted"
    assert [it.facts["recommendations"] for it in found.actions] == [["R1"], ["R1"]]
    assert found.actions[0].facts["due"] == date(2026, 6, 30)
    assert holes(found) == [["unchecked_owner"], ["unchecked_owner", "no_due"]]


def test_numbers_that_stand_twice_are_given_anew_and_it_is_said() -> None:
    found = drafted("Actions:\n1. Do this now.\n2. Do that.\n\nFurther actions:\n1. Do more.\n2. And more.\n", "a.txt")
    assert [it.facts["number"] for it in found.actions] == ["1", "2", "3", "4"]
    assert "renumbered" in [it.key for it in found.remarks]


def test_text_below_a_heading_that_is_no_list_is_told() -> None:
    found = drafted(
        "Recommendations\n\nThey ought to do better, says the report, and soon.\n\nActions:\n- Do better\n", "a.txt"
    )
    assert texts(found) == []
    assert titles(found) == ["Do better"]
    assert any("Below “Recommendations” there is text, but no list (line 3)" in line for line in account(found, "en"))


def test_labels_behind_or_below_an_action_are_read() -> None:
    found = drafted(
        "Tiltak:\n- Lag en rutine. Ansvarlig: HR-seksjonen. Frist: 1. april 2026.\n- Kurs\n"
        "Ansvarlig: Drift; frist: 2026-05-01\n",
        "a.txt",
    )
    assert titles(found) == ["Lag en rutine", "Kurs"]
    assert [it.facts["owner_as_written"] for it in found.actions] == ["HR-seksjonen", "Drift"]
    assert [it.facts["due"] for it in found.actions] == [date(2026, 4, 1), date(2026, 5, 1)]


@pytest.mark.parametrize(
    ("text", "due"),
    [
        ("Gjøre det innen 1. mars 2026", date(2026, 3, 1)),
        ("Gjere det innan utgangen av 2026", date(2026, 12, 31)),
        ("Do it by the end of June 2026", date(2026, 6, 30)),
        ("Do it no later than 2. quarter 2026", date(2026, 6, 30)),
        ("Gjøre det senest 01.03.26", date(2026, 3, 1)),
        ("Do it within six weeks", None),
        ("Gjøre det innen 31. februar 2026", None),
        ("Gjøre det innen 1. mars", None),
        ("Overta ansvaret fra 1. mars 2026", None),
    ],
)
def test_a_deadline_is_a_day_behind_a_word_that_limits(text: str, due: date | None) -> None:
    (action,) = drafted(f"Tiltak:\n- {text}\n", "a.txt").actions
    assert action.facts.get("due") == due
    assert bool(due) or action.holes[-1].key in ("unclear_due", "no_due")


def test_a_recommendation_that_is_refused_or_spoken_about_otherwise_keeps_the_words() -> None:
    made = workbook(["No", "Recommendation", "Response"], [1, "Do it", "Rejected"], [2, "Do that", "We will see"])
    first, second = drafted(saved(made), "r.xlsx").recommendations
    assert first.facts["response"] == "rejected"
    assert [it.values["written"] for it in second.checks if it.key == "response"] == ["We will see"]


def test_what_is_said_is_said_in_three_languages_with_the_same_blanks_to_fill() -> None:
    for key, text in WORDS.items():
        blanks = {tuple(sorted(re.findall(r"{(\w+)}", words))) for words in (text.nb, text.nn, text.en)}
        assert len(blanks) == 1, key


def test_every_line_of_a_hostile_text_stays_a_comment() -> None:
    found = drafted("Actions:\n- Do\x85it\u2028coordinator: X \x07 now\n", "a.txt")
    lines = write_draft(found, None, "en").split("\n")
    assert not [it for it in lines if it.startswith("coordinator")]


@pytest.mark.skipif(not SEED, reason="TILTAK_FOUNDING_TEXT names no file")
def test_the_founding_text_gives_nine_recommendations_and_eight_actions() -> None:
    path = Path(SEED)
    found = drafted(path.read_bytes(), path.name)
    assert (len(found.recommendations), len(found.actions)) == (9, 8)
    assert sum("due" in it.facts for it in found.actions) == 1


def test_a_list_in_a_list_says_more_about_the_item_above() -> None:
    found = drafted("Actions:\n- Train the staff:\n    - in Oslo\n    - in Bergen\n- Write a guide\n", "a.txt")
    assert titles(found) == ["Train the staff: in Oslo; in Bergen", "Write a guide"]


def test_a_table_in_word_with_merged_cells_counts_one_recommendation_once() -> None:
    made = word_plan()
    table = with_rows(made, ["Recommendation", "Action"], ["Be careful", "Look left"], ["", "Look right"])
    table.cell(1, 0).merge(table.cell(2, 0))
    found = drafted(saved(made), "plan.docx")
    assert texts(found)[-1] == "Be careful"
    assert len(found.recommendations) == 2
    assert found.actions[-1].facts["recommendations"] == found.actions[-2].facts["recommendations"] == ["R2"]


def test_a_template_offers_the_units_of_the_register_and_takes_no_name_for_a_formula() -> None:
    book = load_workbook(io.BytesIO(template(REGISTER, "nb")))
    _, acts, units = book.worksheets
    assert units.sheet_state == "hidden"
    assert [(cell.value, cell.data_type) for cell in units["A"][1:]] == [
        ("=En annen", "s"),
        ("FART-seksjonen", "s"),
        ("Ledelsen", "s"),
    ]
    assert "'Enheter'!$A$2:$A$4" in [it.formula1 for it in acts.data_validations.dataValidation]


def test_the_head_of_a_page_is_no_part_of_the_item_that_runs_over_it() -> None:
    head = "Side {} Oppfølging av havnene\n Kystverket 14.06.25\n"
    text = (
        "Tiltak:\n- Kartlegge hva mannskapene kan før kursene planlegges, og\n{}meld fra til alle.\n- Kurs\n{}- Mer\n"
    )
    found = drafted(text.format(head.format(2), head.format(3)), "a.txt")
    assert titles(found)[0].endswith("planlegges, og meld fra til alle")
    assert titles(found)[1:] == ["Kurs", "Mer"]
    assert found.decided_on == date(2025, 6, 14)
