"""Mail that was packed into its own signature, as Outlook does when asked for S/MIME: what is inside is read."""

import base64
import subprocess
from collections.abc import Callable

import pytest
from asn1crypto import cms

from notifications.reading.facts import Reading
from tests.needed_tools import need
from tests.notifications.reading.mails import reading


@pytest.fixture(scope="module")
def signer(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., bytes]:
    """Somebody's mail program, which packs what they write into a signature of their own."""
    folder, openssl = tmp_path_factory.mktemp("signer"), need("openssl")
    made = ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-subj", "/CN=Kari"]
    subprocess.run([openssl, *made, "-keyout", "key", "-out", "cert"], cwd=folder, check=True, capture_output=True)

    def sign(inside: bytes, *how: str) -> bytes:
        asked = ["cms", "-sign", "-nodetach", "-binary", "-signer", "cert", "-inkey", "key", "-outform", "DER", *how]
        return subprocess.run([openssl, *asked], cwd=folder, input=inside, check=True, capture_output=True).stdout

    return sign


def packed(content: bytes, kind: str = "application/pkcs7-mime; smime-type=signed-data; name=smime.p7m") -> Reading:
    return reading(base64.encodebytes(content).decode(), "Content-Transfer-Encoding: base64", kind=kind)


INSIDE = (
    b"Content-Type: multipart/mixed; boundary=i\r\n\r\n"
    b"--i\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nGjort\r\n\r\nBrevene er sendt.\r\n"
    b"--i\r\nContent-Type: application/pdf; name=brev.pdf\r\n\r\n%PDF-1.7\r\n--i--\r\n"
)


@pytest.mark.parametrize("how", [(), ("-stream",)], ids=["at once", "in pieces of unknown length"])
@pytest.mark.parametrize(
    "kind",
    [
        "application/pkcs7-mime; smime-type=signed-data; name=smime.p7m",
        "application/x-pkcs7-mime; name=smime.p7m",
        "application/octet-stream; name=smime.p7m",
    ],
)
def test_a_mail_packed_into_its_signature_is_read_as_what_is_inside(
    signer: Callable[..., bytes], how: tuple[str, ...], kind: str
) -> None:
    found = packed(signer(INSIDE, *how), kind)
    assert (found.klass, found.command, found.statement) == ("reply", "report", "Brevene er sendt.")
    assert [it.name for it in found.attachments] == ["brev.pdf"]
    assert found.flags & {"signed", "opaque", "encrypted"} == {"signed"}


def wrapped(inside: bytes) -> bytes:
    """Signed by nobody, which is enough for a tower."""
    content = cms.EncapsulatedContentInfo({"content_type": "data", "content": inside})
    signed = cms.SignedData(
        {"version": "v3", "digest_algorithms": [], "encap_content_info": content, "signer_infos": []}
    )
    return bytes(cms.ContentInfo({"content_type": "signed_data", "content": signed}).dump())


def test_a_signature_within_a_signature_is_opened_and_a_tower_of_them_is_left(signer: Callable[..., bytes]) -> None:
    head = b"Content-Type: application/pkcs7-mime; smime-type=signed-data\r\nContent-Transfer-Encoding: binary\r\n\r\n"
    inner = signer(INSIDE)
    assert packed(signer(head + inner)).command == "report"
    for _ in range(25):
        inner = wrapped(head + inner)
    tower = packed(inner)
    assert (tower.command, "too-deep" in tower.flags) == (None, True)


@pytest.mark.parametrize(
    "spoilt",
    [
        lambda whole: whole[: len(whole) // 2],
        lambda _: b"\x30\x80" * 5_000,
        lambda whole: b"\x30\x84\xff\xff\xff\xff" + whole,
        lambda whole: whole.replace(INSIDE[:40], b"\x24\x80" * 20),
        lambda _: b"",
    ],
    ids=["cut", "nested without end", "longer than it is", "hollow", "empty"],
)
def test_a_broken_signature_is_held(signer: Callable[..., bytes], spoilt: Callable[[bytes], bytes]) -> None:
    found = packed(spoilt(signer(INSIDE)))
    assert found.flags >= {"signed", "opaque"}
    assert (found.klass, found.command, found.reply) == ("reply", None, "")


def test_an_encrypted_mail_stays_closed_whatever_its_part_is_called() -> None:
    sealed = bytes(cms.ContentInfo({"content_type": "data", "content": INSIDE}).dump())
    named = packed(sealed, "application/octet-stream; name=smime.p7m")
    assert named.flags & {"encrypted", "signed", "opaque"} == {"encrypted"}
    assert (named.klass, named.command, named.reply) == ("reply", None, "")
