"""Documents as people send them, made here: a plan that has lost its bullets, Word, Excel and PDF files."""

import io
import zipfile
from collections.abc import Sequence
from typing import Any

import docx
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from openpyxl import Workbook
from pypdf import PdfReader, PdfWriter

# What is left when the text of a PDF is copied: each line followed by an empty one, no bullets, heads of pages within.
COPIED = """\
Oppfølging av gjennomgangen av Havneforbundets opplæring

I mars ble gjennomgangen av opplæringen i Havneforbundet (HF) lagt fram. Seksjon for fartøy sender med

dette et forslag til oppfølging. Støtten var om lag 12 millioner kroner i årene 2019 til 2024.

Gjennomgangen tilrår følgende

for HFs opplæring:

 kartlegge hva mannskapene kan før kursene planlegges (særlig de som går til

øvelser-/redningskurs)

  føre en felles oversikt over fullførte kurs

 la private skoler ta seg av kokkekursene

for HD som bevilgende myndighet:

 gi tilskudd for tre år om gangen

Rapporten ble drøftet med partene 3. mars. Den ligger på hjemmesiden:

http://havn.example/rapporter?nr=

17  og på intranettet.

 Merknadene fra partene, som stort sett er enige i forslagene,  er samlet i et eget notat fra

rådgiveren.



Side 2 Oppfølging – Opplæring i

 Havneforbundet 14.06.25



Side 3 Oppfølging – Opplæring i

 Havneforbundet 14.06.25



Forslag til tiltak:

 Rådene brukes i det videre samarbeidet med HF.

 FART-seksjonen, som overtar kontakten med HF fra 1. september 2025, tar opp gjennomgangen i

styremøtene i HF.

 Kystavdelingen/fagseksjonene viser til gjennomgangen i brevene til de havnene som får

tilskudd.

 SJØ/LAND-seksjonen rapporterer til direktøren innen ett år om hvordan det har gått.

"""


def archive(members: dict[str, bytes]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as made:
        for name, content in members.items():
            made.writestr(name, content)
    return packed.getvalue()


def with_member(raw: bytes, name: str, content: bytes) -> bytes:
    """An archive with one of its members replaced."""
    with zipfile.ZipFile(io.BytesIO(raw)) as packed:
        return archive({it: packed.read(it) for it in packed.namelist()} | {name: content})


def saved(document: Any) -> bytes:
    """The bytes of a Word document or a workbook."""
    held = io.BytesIO()
    document.save(held)
    return held.getvalue()


def element(tag: str, *children: Any, **attributes: str) -> Any:
    made = OxmlElement(tag)
    for name, value in attributes.items():
        made.set(qn(f"w:{name}"), value)
    for child in children:
        made.append(child)
    return made


def run(text: str, *, tag: str = "w:t") -> Any:
    held = element(tag)
    held.text = text
    held.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
    return element("w:r", held)


def word_plan() -> Any:
    """Headings, real lists and a table."""
    made = docx.Document()
    made.add_paragraph("Oppfølgingsplan for tilsynet", style="Title")
    made.add_paragraph("Oslo, 3. februar 2026")
    made.add_paragraph("Anbefalinger", style="Heading 1")
    made.add_paragraph("Til departementet", style="Heading 2")
    made.add_paragraph("Følg opp innkjøpene", style="List Number")
    made.add_paragraph("Andre forhold", style="Heading 1")
    made.add_paragraph("Noe som ikke er noe tiltak", style="List Bullet")
    made.add_paragraph("Tiltak", style="Heading 1")
    with_rows(
        made,
        ["Nr.", "Tiltak", "Ansvarlig", "Frist", "Merknad"],
        ["1", "Gå gjennom rutinene (anbefaling 1)", "Innkjøpsseksjonen", "1. mai 2026", "haster"],
        ["2", "Lag en mal", "", "snarest", ""],
    )
    return made


def with_rows(document: Any, *rows: list[str]) -> Any:
    table = document.add_table(rows=0, cols=len(rows[0]))
    for row in rows:
        for cell, text in zip(table.add_row().cells, row, strict=True):
            cell.text = text
    return table


def workbook(*rows: Sequence[object]) -> Any:
    made = Workbook()
    sheet = made.active
    assert sheet is not None
    for row in rows:
        sheet.append(row)
    return made


def pdf(*pages: list[str]) -> bytes:
    """A PDF written by hand, one font, one line of text below the other."""
    kids = " ".join(f"{4 + 2 * at} 0 R" for at in range(len(pages)))
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {len(pages)} >>",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
    ]
    for at, lines in enumerate(pages):
        shown = "".join(f"({line}) Tj T* " for line in lines)
        stream = f"BT /F1 11 Tf 14 TL 50 800 Td {shown}ET" if lines else ""
        resources = "<< /Font << /F1 3 0 R >> >>"
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources {resources} /Contents {5 + 2 * at} 0 R >>"
        )
        objects.append(f"<< /Length {len(stream)} >>\nstream\n{stream}\nendstream")
    text, places = "%PDF-1.4\n", []
    for number, each in enumerate(objects, 1):
        places.append(len(text))
        text += f"{number} 0 obj\n{each}\nendobj\n"
    table = "".join(f"{place:010} 00000 n \n" for place in places)
    size = len(objects) + 1
    end = f"trailer\n<< /Size {size} /Root 1 0 R >>\nstartxref\n{len(text)}\n%%EOF"
    return f"{text}xref\n0 {size}\n0000000000 65535 f \n{table}{end}".encode("cp1252")


def locked(raw: bytes, password: str) -> bytes:
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(raw)))
    writer.encrypt(user_password=password, owner_password="owner", algorithm="RC4-128")
    held = io.BytesIO()
    writer.write(held)
    return held.getvalue()
