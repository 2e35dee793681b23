"""Documents that are damaged, locked, wrapped or worse: a clear account, and never half of something."""

import warnings
from datetime import date

import pytest

from reports.drafting.apart import draft_apart
from reports.drafting.archives import MOST_UNPACKED
from reports.drafting.draft import Draft, draft
from reports.drafting.kinds import read_contents
from reports.drafting.yaml_text import account
from tests.reports.documents import (
    archive,
    element,
    locked,
    pdf,
    run,
    saved,
    with_member,
    with_rows,
    word_plan,
    workbook,
)

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
ACTIONS = ["Tiltak", "Ansvarlig", "Frist"]
FILLED = ((2, "Første"), (100_003, "Siste"))


def drafted(raw: bytes, name: str) -> Draft:
    return draft(read_contents(raw, name), name, None)


def titles(found: Draft) -> list[str]:
    return [str(it.facts["title"]) for it in found.actions]


def keys(found: Draft) -> list[str]:
    return [it.key for it in found.remarks]


def told(found: Draft, key: str) -> dict[str, object]:
    return dict(next(it.values for it in found.remarks if it.key == key))


@pytest.mark.parametrize(
    ("raw", "name", "why"),
    [
        (b"", "a.docx", "empty"),
        (b" \r\n\n", "a.txt", "empty"),
        (bytes(range(256)) * 40, "a.txt", "binary"),
        (b"\x89PNG\r\n\x1a\n" + bytes(400), "plan.docx", "binary"),
        (b"\xff\xd8\xff\xe0" + bytes(400), "scan.pdf", "binary"),
        (b"<!DOCTYPE html><html><p>Tiltak</p></html>", "plan.xlsx", "binary"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "plan.docx", "old_office"),
        (b"PK\x03\x04 and no more", "plan.xlsx", "broken"),
        (archive({"word/document.xml": b"<w"}), "plan.docx", "broken"),
        (archive({"xl/workbook.xml": b""}), "plan.xlsx", "broken"),
        (b"%PDF-1.7\nnothing else", "plan.pdf", "broken"),
        (archive({"a.txt": b"Tiltak"}), "plan.zip", "binary"),
        (b"Ingen lister her.\n", "brev.txt", "nothing"),
    ],
)
def test_what_cannot_be_read_is_refused_with_the_reason(raw: bytes, name: str, why: str) -> None:
    found = drafted(raw, name)
    assert found.refused
    assert found.refused.key == why
    assert not found.actions
    assert all(account(found, language)[0] for language in ("nb", "nn", "en"))


def test_a_damaged_end_of_a_real_file_is_refused() -> None:
    for raw, name in ((saved(word_plan()), "a.docx"), (saved(workbook(ACTIONS)), "a.xlsx")):
        found = drafted(raw[: len(raw) // 2], name)
        assert found.refused
        assert found.refused.key == "broken"


def test_deleted_text_is_not_read_and_inserted_text_is() -> None:
    document = word_plan()
    document.add_paragraph("Flere tiltak", style="Heading 1")
    item = document.add_paragraph("Lag ", style="List Bullet")
    author = {"id": "1", "author": "A", "date": "2026-01-01T00:00:00Z"}
    item._p.append(element("w:del", run("ingen ", tag="w:delText"), **author))
    item._p.append(element("w:ins", run("en ny "), **author))
    item._p.append(run("rutine"))
    moved = document.add_paragraph("", style="List Bullet")
    moved._p.append(element("w:moveFrom", run("Flyttet bort"), **author))
    table = with_rows(document, ["Tiltak", "Frist"], ["Slettet rad", "1. mai 2026"], ["Beholdt rad", "2. mai 2026"])
    table.rows[1]._tr.get_or_add_trPr().append(element("w:del", **author))
    found = drafted(saved(document), "sporet.docx")
    assert titles(found)[2:] == ["Lag en ny rutine", "Beholdt rad"]
    assert told(found, "tracked") == {"inserted": 1, "deleted": 3}


def test_a_table_within_a_table_is_read_on_its_own_and_it_is_said() -> None:
    document = word_plan()
    table = with_rows(document, ["Tiltak", "Frist"], ["Ytre", "1. mai 2026"])
    inner = table.cell(1, 0).add_table(2, 2)
    for at, words in enumerate(["Tiltak", "Ansvarlig", "Indre", "Innkjøpsseksjonen"]):
        inner.cell(at // 2, at % 2).text = words
    found = drafted(saved(document), "nøstet.docx")
    assert titles(found)[2:] == ["Ytre", "Indre"]
    assert "nested" in keys(found)


def test_what_stands_in_text_boxes_and_comments_is_told() -> None:
    document = word_plan()
    box = element("w:pict", element("w:txbxContent", element("w:p", run("Gjemt"))))
    document.add_paragraph("Tekst")._p.append(element("w:r", box))
    document.paragraphs[0]._p.append(element("w:r", element("w:commentReference", id="0")))
    found = drafted(saved(document), "bokser.docx")
    assert told(found, "boxes") == {"count": 1}
    assert "notes" in keys(found)


def test_a_scanned_pdf_is_told_from_one_with_text() -> None:
    found = drafted(pdf([], []), "skannet.pdf")
    assert found.refused
    assert (found.refused.key, found.refused.values["pages"]) == ("scanned", 2)


def test_pages_without_text_are_named_and_the_others_read() -> None:
    found = drafted(pdf(["Tiltak:", "\\225 Lag en rutine"], [], ["Vedlegg"]), "halv.pdf")
    assert titles(found) == ["Lag en rutine"]
    assert told(found, "blank_pages") == {"pages": "2"}


def test_a_pdf_with_a_password_is_refused_and_one_locked_against_printing_alone_is_read() -> None:
    plain = pdf(["Tiltak:", "\\225 Lag en rutine"])
    found = drafted(locked(plain, "hemmelig"), "låst.pdf")
    assert found.refused
    assert found.refused.key == "encrypted"
    assert titles(drafted(locked(plain, ""), "åpen.pdf")) == ["Lag en rutine"]


def test_a_merged_cell_counts_for_every_row_it_covers() -> None:
    made = workbook(ACTIONS, ["Første", "HR", date(2026, 5, 1)], ["Andre", None, None], ["Tredje", "IT", None])
    made.active.merge_cells("B2:B3")
    made.active.merge_cells("C2:C4")
    found = drafted(saved(made), "slått-sammen.xlsx")
    assert [it.facts["owner_as_written"] for it in found.actions] == ["HR", "HR", "IT"]
    assert [it.facts["due"] for it in found.actions] == [date(2026, 5, 1)] * 3
    assert told(found, "merged")["count"] == 2


def test_an_action_merged_over_two_rows_is_one_with_two_owners() -> None:
    made = workbook(ACTIONS, ["Første", "HR", date(2026, 5, 1)], [None, "IT", None], ["Andre", "IT", None])
    made.active.merge_cells("A2:A3")
    found = drafted(saved(made), "slått-sammen.xlsx")
    assert titles(found) == ["Første", "Andre"]
    assert found.actions[0].facts["owner_as_written"] == "HR / IT"
    assert "more_rows" in keys(found)


def test_a_formula_gives_the_value_last_worked_out_and_one_without_is_told() -> None:
    raw = saved(workbook(ACTIONS, ["Første", "HR", "=C9"], ["Andre", "=B2", None]))
    found = drafted(raw, "formler.xlsx")
    assert titles(found) == ["Første", "Andre"]
    assert told(found, "uncached") == {"sheet": "Sheet", "count": 2, "cells": "C2, B3"}
    assert [hole.key for hole in found.actions[1].holes] == ["no_owner", "no_due"]


def test_a_hidden_sheet_is_not_read() -> None:
    made = workbook(ACTIONS, ["Synlig", "HR", None])
    hidden = made.create_sheet("Gammelt")
    hidden.append(["Tiltak", "Frist"])
    hidden.append(["Skjult", None])
    hidden.sheet_state = "hidden"
    found = drafted(saved(made), "skjult.xlsx")
    assert titles(found) == ["Synlig"]
    assert told(found, "hidden") == {"sheet": "Gammelt"}


def test_a_hundred_thousand_empty_rows_are_nothing() -> None:
    empty = "".join(f'<row r="{at}" spans="1:3"><c r="A{at}" s="0"/></row>' for at in range(3, 100_003))
    cells = "".join(
        f'<c r="{c}1" t="inlineStr"><is><t>{name}</t></is></c>' for c, name in zip("ABC", ACTIONS, strict=True)
    )
    first, last = (f'<row r="{at}"><c r="A{at}" t="inlineStr"><is><t>{it}</t></is></c></row>' for at, it in FILLED)
    sheet = f'<worksheet xmlns="{MAIN}"><dimension ref="A1:XFD1048576"/><sheetData><row r="1">{cells}</row>'
    whole = f"{sheet}{first}{empty}{last}</sheetData></worksheet>".encode()
    found = drafted(with_member(saved(workbook(ACTIONS)), "xl/worksheets/sheet1.xml", whole), "tom.xlsx")
    assert titles(found) == ["Første", "Siste"]
    assert found.actions[1].found.place.first == 100_003


def test_a_csv_from_old_windows_with_semicolons_is_read() -> None:
    raw = 'sep=;\r\nTiltak;Ansvarleg;Frist\r\n"Få på plass;\r\nreglar";Økonomi;1. mai 2026\r\n;;\r\n'.encode("cp1252")
    found = drafted(raw, "plan.csv")
    assert titles(found) == ["Få på plass; reglar"]
    assert found.actions[0].facts["owner_as_written"] == "Økonomi"
    assert told(found, "charset") == {"charset": "cp1252"}
    assert any("semicolons" in line for line in account(found, "en"))


@pytest.mark.parametrize("mark", ["\ufeff", ""])
@pytest.mark.parametrize("sign", [";", "\t", ",", "|"])
def test_every_delimiter_is_found_out(sign: str, mark: str) -> None:
    lines = [["Nr", "Tiltak", "Ansvarlig"], ["1", "Følg opp", "HR"], ["2", "Følg med", "IT"]]
    found = drafted((mark + "\n".join(sign.join(line) for line in lines)).encode(), "plan.csv")
    assert titles(found) == ["Følg opp", "Følg med"]
    assert told(found, "delimiter") == {"name": sign}


def test_a_file_is_read_as_what_it_is_and_not_as_its_name_says() -> None:
    found = drafted(b"Tiltak;Ansvarlig\nLag en rutine;HR\nGjennomgang;IT\n", "plan.xlsx")
    assert titles(found) == ["Lag en rutine", "Gjennomgang"]
    assert told(found, "other_kind") == {"said": ".xlsx", "kind": "csv"}
    assert told(drafted(saved(word_plan()), "plan.pdf"), "other_kind") == {"said": ".pdf", "kind": "docx"}


def test_an_archive_that_unpacks_to_far_too_much_is_not_unpacked() -> None:
    bomb = archive({"word/document.xml": bytes(MOST_UNPACKED + 1)})
    assert len(bomb) < 1 << 20
    found = drafted(bomb, "plan.docx")
    assert found.refused
    assert found.refused.key == "bomb"


def test_a_table_nobody_recognises_is_told() -> None:
    found = drafted(saved(workbook(["Farge", "Antall"], ["Rød", 3])), "farger.xlsx")
    assert found.refused
    assert any("Farge | Antall" in line for line in account(found, "en"))


def test_a_document_is_read_in_a_process_of_its_own_with_the_same_result() -> None:
    raw = saved(word_plan())
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        assert draft_apart(raw, "plan.docx", None) == drafted(raw, "plan.docx")


def test_a_document_that_takes_too_long_or_too_much_memory_is_refused() -> None:
    raw = b"Tiltak:\n- Lag en rutine\n"
    for found in (
        draft_apart(raw, "plan.txt", None, seconds=0.01),
        draft_apart(raw * 80_000, "plan.txt", None, memory=1 << 20),
    ):
        assert found.refused
        assert found.refused.key == "gave_up"
