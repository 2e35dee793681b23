"""DKIM and DMARC checked by ourselves: a signed mail is proven, and one that was changed or not signed is not."""

import subprocess
from pathlib import Path

import dkim
import pytest

from notifications.incoming.proof import proof, proven
from notifications.reading.facts import Envelope, Reading, Verdict
from tests.needed_tools import need

HEADERS = b"From: Per <per@ud.example>\r\nTo: svar@ud.example\r\nSubject: SV: 3\r\n"
MAIL = HEADERS + b"Date: Mon, 1 Jun 2026 12:00:00 +0200\r\n\r\ngjort\r\n"


class Names:
    """A DNS with one domain: its key, and a policy that refuses what is not signed."""

    def __init__(self, folder: Path) -> None:
        openssl, key = need("openssl"), folder / "key.pem"
        subprocess.run([openssl, "genrsa", "-traditional", "-out", key, "2048"], check=True, capture_output=True)
        public = subprocess.run([openssl, "rsa", "-in", key, "-pubout"], check=True, capture_output=True, text=True)
        self.private = key.read_bytes()
        self.records = {
            "s._domainkey.ud.example": "v=DKIM1; k=rsa; p=" + "".join(public.stdout.splitlines()[1:-1]),
            "_dmarc.ud.example": "v=DMARC1; p=reject",
        }

    def __call__(self, name: object, *_: object, **__: object) -> object:
        asked = (name.decode() if isinstance(name, bytes) else str(name)).rstrip(".")
        found = self.records.get(asked)
        return found.encode() if found and "domainkey" in asked else found

    def signed(self, raw: bytes) -> bytes:
        signature: bytes = dkim.sign(raw, b"s", b"ud.example", self.private)
        return signature + raw


@pytest.fixture(scope="module")
def names(tmp_path_factory: pytest.TempPathFactory) -> Names:
    return Names(tmp_path_factory.mktemp("dkim"))


def result(raw: bytes, names: Names) -> tuple[str, str]:
    found = proof(raw, names)
    assert found
    return found.results.get("dmarc", ""), found.domains.get("dmarc", "")


def test_a_mail_that_its_domain_has_signed_is_proven(names: Names) -> None:
    assert result(names.signed(MAIL), names) == ("pass", "ud.example")


def test_a_mail_that_was_changed_or_never_signed_is_refused_by_the_domains_own_policy(names: Names) -> None:
    assert result(names.signed(MAIL).replace(b"gjort", b"lukk"), names)[0] == "fail"
    assert result(MAIL, names)[0] == "fail"


def test_a_domain_without_a_policy_proves_nothing(names: Names) -> None:
    assert result(MAIL.replace(b"ud.example", b"annet.example"), names)[0] in ("none", "")


def test_our_own_word_is_asked_for_only_where_our_mail_server_has_none(names: Names) -> None:
    raw = names.signed(MAIL)
    asked = proven(Reading(klass="reply"), raw, names)
    assert [(it.authserv_id, it.trusted, it.results["dmarc"]) for it in asked.envelope.verdicts] == [
        ("tiltak", True, "pass")
    ]
    said = Verdict(authserv_id="mx.ud.example", results={"dmarc": "fail"}, domains={}, trusted=True)
    known = Reading(klass="reply", envelope=Envelope(verdicts=(said,)))
    assert proven(known, raw, names) == known


def test_what_cannot_be_asked_is_no_proof(names: Names) -> None:
    def away(*_: object, **__: object) -> object:
        raise TimeoutError("no name server answers")

    found = proof(names.signed(MAIL), away)
    assert found is None or found.results.get("dmarc") != "pass"
