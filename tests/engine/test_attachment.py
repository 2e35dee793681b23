"""What may be attached: files of known kinds that are what they say, of a sensible size, under a harmless name."""

from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.attachment import KINDS, LARGEST, LONGEST_NAME, Unfit, document_of, harmless_name
from engine.case import Document

BEGINNINGS = {
    "pdf": b"%PDF-1.7", "docx": b"PK\x03\x04", "xlsx": b"PK\x03\x04", "pptx": b"PK\x03\x04", "odt": b"PK\x03\x04",
    "ods": b"PK\x03\x04", "odp": b"PK\x03\x04", "txt": "æ".encode(), "csv": b"a;b", "png": b"\x89PNG\r\n\x1a\n",
    "jpg": b"\xff\xd8\xff\xe0", "jpeg": b"\xff\xd8\xff\xe1",
}  # fmt: skip
NO_TEXT = b"\0\x01"


def test_every_kind_has_an_example_here() -> None:
    assert set(BEGINNINGS) == set(KINDS)


@pytest.mark.parametrize("kind", BEGINNINGS)
def test_a_file_of_a_known_kind_is_kept_under_its_checksum(kind: str) -> None:
    content = BEGINNINGS[kind] + b"innhold"
    assert document_of(f"Brev.{kind.upper()}", content) == Document(
        id=sha256(content).hexdigest(), name=f"Brev.{kind.upper()}", type=KINDS[kind][0], size=len(content),
        content=content,
    )  # fmt: skip


def test_only_the_last_ending_says_what_kind_a_file_is() -> None:
    assert document_of("brev.v2.pdf", b"%PDF-1.7").type == "application/pdf"


def why(name: str, content: bytes) -> str:
    with pytest.raises(Unfit) as refused:
        document_of(name, content)
    assert str(refused.value) == f"{harmless_name(name)!r} is not taken ({refused.value.why})"
    assert refused.value.name == harmless_name(name)
    return refused.value.why


@pytest.mark.parametrize("kind", BEGINNINGS)
def test_a_file_that_is_not_what_its_name_says_is_not_taken(kind: str) -> None:
    assert why(f"brev.{kind}", NO_TEXT) == "content"


@pytest.mark.parametrize("name", ["brev.exe", "brev.html", "brev.svg", "pdf", "brev.pdf.exe", "brev."])
def test_a_file_of_another_kind_is_not_taken(name: str) -> None:
    assert why(name, BEGINNINGS["pdf"]) == "kind"


def test_a_file_is_neither_empty_nor_larger_than_it_may_be() -> None:
    assert why("../brev.txt", b"") == "empty"
    assert document_of("brev.txt", b"x" * LARGEST).size == LARGEST == 20 * 1024 * 1024
    assert why("brev.txt", b"x" * (LARGEST + 1)) == "large"


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("brev.pdf", "brev.pdf"),
        ("C:\\Users\\kari\\brev.pdf", "brev.pdf"),
        ("../../etc/passwd", "passwd"),
        ("Hva nå?.pdf", "Hva nå.pdf"),
        ('a<b>c|d"e*f.pdf', "abcdef.pdf"),
        ("?.pdf", "fil.pdf"),
        ("mappe/", "mappe"),
        ("  brev .pdf ", "brev.pdf"),
        ("brev\u202efdp.exe", "brevfdp.exe"),
        ("br\0ev\n.pdf", "brev.pdf"),
        ("brev.v2.pdf", "brev.v2.pdf"),
        ("..brev..pdf", "brev.pdf"),
        (". .pdf", "fil.pdf"),
        ("", "fil"),
        ("...", "fil"),
        ("/", "fil"),
        ("a" * 200, "a" * 120),
        ("b" + "a" * 200 + ".pdf", "b" + "a" * 115 + ".pdf"),
        ("X.pdf", "X.pdf"),
        ("mappe/X", "X"),
        ("a." + "b" * 200, "b" * 120),
    ],
)
def test_of_a_name_the_last_part_is_kept_without_what_could_lead_elsewhere(name: str, kept: str) -> None:
    assert harmless_name(name) == kept


@given(st.text(max_size=300))
def test_every_name_is_harmless_short_and_stays_as_it_is(name: str) -> None:
    kept = harmless_name(name)
    assert 0 < len(kept) <= LONGEST_NAME
    assert not set(kept) & set('/\\:*?"<>|\0\n\u202e')
