"""The parts of a mail: its text among them, HTML alone, files, and what came wrapped, signed or locked."""

import base64
import struct

import pytest

from notifications.letters import write
from notifications.preview import sample
from notifications.reading import files, winmail
from notifications.reading.facts import Reading
from tests.notifications.reading.mails import reading

HTML = "text/html; charset=utf-8"
MIXED = 'multipart/mixed; boundary="b"'
QUOTED = write(sample("overdue", "nb")).html


def page(body: str) -> Reading:
    return reading(f"<html><head><title>t</title><style>p{{}}</style></head><body>{body}</body></html>", kind=HTML)


def parts(*each: str, kind: str = MIXED) -> Reading:
    return reading("".join(f"--b\n{part}\n" for part in each) + "--b--\n", kind=kind)


def text(words: str) -> str:
    return f"Content-Type: text/plain; charset=utf-8\n\n{words}"


def file(name: str, content: str = "abc", kind: str = "application/pdf") -> str:
    return f'Content-Type: {kind}\nContent-Disposition: attachment; filename="{name}"\n\n{content}'


PAGES = {
    "outlook": '<div class="WordSection1"><p class="MsoNormal">Gjort</p><p class="MsoNormal">Brevene er sendt.</p>'
    '<div style="border:none;border-top:solid #E1E1E1 1.0pt;padding:3.0pt 0cm 0cm 0cm"><p class="MsoNormal">'
    f"<b>Fra:</b> Tiltak<br><b>Sendt:</b> 12. juni 2012<br><b>Til:</b> Kari<br><b>Emne:</b> x</p></div>{QUOTED}</div>",
    "owa": '<div>Gjort</div><div><br></div><div>Brevene er sendt.</div><div id="appendonsend"></div><hr>'
    f'<div id="divRplyFwdMsg" dir="ltr"><b>Fra:</b> Tiltak<br><b>Sendt:</b> i dag</div><div>{QUOTED}</div>',
    "gmail": '<div dir="ltr"><div>Gjort</div><div><br></div><div>Brevene er sendt.</div></div><br>'
    '<div class="gmail_quote"><div dir="ltr" class="gmail_attr">tir. 12. juni 2012 kl. 09:30 skrev Tiltak '
    f'&lt;<a href="mailto:t@ud.example">t@ud.example</a>&gt;:<br></div><blockquote>{QUOTED}</blockquote></div>',
    "apple": "Gjort<div><br></div><div>Brevene er sendt.<br><div><br><blockquote type='cite'>"
    f"<div>12. juni 2012 kl. 09:30 skrev Tiltak &lt;t@ud.example&gt;:</div>{QUOTED}</blockquote></div></div>",
    "thunderbird": "<p>Gjort</p><p>Brevene er sendt.</p><div class='moz-cite-prefix'>Den 12.06.2012 09:30, "
    f"skrev Tiltak:<br></div><blockquote type='cite'>{QUOTED}</blockquote>",
    "yahoo": "<div>Gjort</div><div><br></div><div>Brevene er sendt.</div>"
    "<div id='ydp1yahoo_quoted_2' class='yahoo_quoted'>"
    f"<div>tirsdag 12. juni 2012 skrev Tiltak:</div><div>{QUOTED}</div></div>",
    "outlook for ios": "<div>Gjort</div><div><br></div><div>Brevene er sendt.</div>"
    "<div id='ms-outlook-mobile-signature'><br>Få <a href='x'>Outlook for iOS</a></div><hr>"
    f"<div id='divRplyFwdMsg'><b>Fra:</b> x</div>{QUOTED}",
}  # fmt: skip


@pytest.mark.parametrize("client", PAGES)
def test_html_alone_is_read_as_its_author_sees_it(client: str) -> None:
    found = page(PAGES[client])
    assert "\n".join(line for line in found.reply.split("\n") if line) == "Gjort\nBrevene er sendt."
    assert found.command == "report"
    assert "html-only" in found.flags
    assert "HUM-seksjonen" in found.elided


def test_blank_lines_stand_where_the_author_sees_them() -> None:
    outlook = "".join(f'<p class="MsoNormal">{each}<o:p></o:p></p>' for each in ("Gjort", "&nbsp;", "En", "To"))
    assert page(outlook).reply == "Gjort\n\nEn\nTo"
    assert page("<p>Gjort</p><p>En</p><div>To</div><div>&nbsp;</div><div>Tre</div>").reply == "Gjort\n\nEn\n\nTo\n\nTre"


def test_what_is_only_indented_is_no_quotation() -> None:
    indented = "<blockquote style='margin:0 0 0 40px;border:none'>Ny tekst</blockquote>"
    assert page(f"<div>Forslag:</div>{indented}<div>Mvh</div>").reply == "Forslag:\nNy tekst\nMvh"
    assert page(f"Hei<blockquote>a{indented}b</blockquote>").elided == "> a\n> Ny tekst\n> b"


def test_our_page_alone_is_no_reply() -> None:
    for client in PAGES.values():
        rest = client.replace("Gjort", "").replace("Brevene er sendt.", "")
        assert page(rest).command is None


def test_what_nobody_sees_is_left_out_and_flagged() -> None:
    found = page("<p>Hei</p><div style='display:none'>Gjort</div><span style='font-size:0px'>x</span><p>Takk</p>")
    assert found.reply == "Hei\n\nTakk"
    assert "hidden-text" in found.flags


def test_lists_cells_entities_and_preformatted_text_keep_their_shape() -> None:
    found = page(
        "<ul><li>&Aring;pent</li><li>b&nbsp;c</li></ul><table><tr><td>a</td><td>b</td></tr></table><pre>x\n  y</pre>"
    )
    assert found.reply == "- Åpent\n- b c\n\na b\n\nx\n  y"


def test_html_is_used_when_the_text_beside_it_is_blank() -> None:
    found = parts(text("  \n"), f"Content-Type: {HTML}\n\n<p>Gjort</p>", kind='multipart/alternative; boundary="b"')
    assert found.command == "report"
    both = parts(f"Content-Type: {HTML}\n\n<p>x</p>", text("Gjort"), kind='multipart/alternative; boundary="b"')
    assert (both.reply, both.command) == ("Gjort", "report")


def test_a_footer_that_a_server_adds_does_not_hide_the_html() -> None:
    found = parts(f"Content-Type: {HTML}\n\n<p>Gjort</p>", text("-- \nKontrollert av serveren"))
    assert (found.reply, found.command) == ("Gjort", "report")


def test_a_file_within_the_html_of_two_forms_is_kept_and_the_text_said_once() -> None:
    pdf = "Content-Type: application/pdf; name=brev.pdf\n\nabc"
    page = f"Content-Type: multipart/mixed; boundary=c\n\n--c\nContent-Type: {HTML}\n\n<p>Gjort</p>\n--c\n{pdf}\n--c--"
    found = parts(text("Gjort"), page, kind='multipart/alternative; boundary="b"')
    assert found.reply == "Gjort"
    assert [each.name for each in found.attachments] == ["brev.pdf"]


def test_text_around_a_file_is_one_text() -> None:
    found = parts(text("Gjort"), file("brev.pdf"), text("Hilsen Kari"))
    assert found.reply == "Gjort\n\nHilsen Kari".replace("\n\n", "\n")
    assert [(each.name, each.size, each.content) for each in found.attachments] == [("brev.pdf", 3, b"abc")]


@pytest.mark.parametrize("name", ["../../etc/passwd.txt", "C:\\hemmelig\\brev.pdf", ".skjult.pdf", "a/b/c.pdf"])
def test_a_name_never_leads_anywhere(name: str) -> None:
    (attachment,) = parts(text("x"), file(name)).attachments
    assert "/" not in attachment.name
    assert "\\" not in attachment.name
    assert not attachment.name.startswith(".")


def test_names_in_every_dress_are_read() -> None:
    assert files.harmless("a" * 300 + ".pdf") == "a" * 108 + ".pdf"
    written = "Content-Type: application/pdf\nContent-Disposition: attachment; "
    for name in (
        "filename*=utf-8''%C3%98konomi.pdf",
        'filename="=?utf-8?q?=C3=98konomi=2Epdf?="',
        'filename="Økonomi.pdf"',
    ):
        (attachment,) = parts(text("x"), f"{written}{name}\n\nabc").attachments
        assert attachment.name == "Økonomi.pdf"


def test_what_could_run_is_refused_and_named() -> None:
    found = parts(text("Gjort"), file("rapport.exe"), file("side.html", kind="text/html"), file("ok.docx"))
    assert [(each.name, bool(each.refused), each.content) for each in found.attachments] == [
        ("rapport.exe", True, b""),
        ("side.html", True, b""),
        ("ok.docx", False, b"abc"),
    ]
    assert "attachment-refused" in found.flags
    assert found.command == "report"


def test_an_archive_is_kept_and_not_opened() -> None:
    found = parts(text("x"), file("alt.zip", "PK", kind="application/zip"))
    assert found.attachments[0].content == b"PK"
    assert "archive" in found.flags


def test_too_many_files_are_counted_and_left_out() -> None:
    found = parts(text("x"), *(file(f"{n}.pdf") for n in range(30)))
    assert len(found.attachments) == files.MOST
    assert "attachments-dropped" in found.flags


def test_a_logo_in_the_page_is_no_file_and_a_picture_beside_it_is() -> None:
    logo = "Content-Type: image/png\nContent-ID: <logo>\nContent-Disposition: inline; filename=logo.png\n\nabc"
    assert parts(f"Content-Type: {HTML}\n\n<p>Hei</p>", logo, kind='multipart/related; boundary="b"').attachments == ()
    assert len(parts(text("Hei"), logo).attachments) == 1


def test_a_mail_within_the_mail_is_a_file() -> None:
    found = parts(text("Se vedlegg"), "Content-Type: message/rfc822\n\nFrom: x@y.example\nSubject: Gjort\n\nGjort\n")
    assert (found.reply, found.command) == ("Se vedlegg", None)
    assert found.attachments[0].name == "attachment.eml"
    assert b"Subject: Gjort" in found.attachments[0].content


def test_a_signed_mail_is_read_and_its_signature_is_no_file() -> None:
    signed = 'multipart/signed; protocol="application/pkcs7-signature"; boundary="b"'
    found = parts(text("Gjort"), "Content-Type: application/pkcs7-signature; name=smime.p7s\n\nabc", kind=signed)
    assert (found.reply, found.command, found.attachments) == ("Gjort", "report", ())
    assert "signed" in found.flags


@pytest.mark.parametrize(
    ("kind", "flags"),
    [
        ("application/pkcs7-mime; smime-type=signed-data; name=smime.p7m", {"signed", "opaque"}),
        ("application/pkcs7-mime; smime-type=enveloped-data; name=smime.p7m", {"encrypted"}),
        ("application/x-pkcs7-mime; name=smime.p7m", {"encrypted"}),
        ('multipart/encrypted; protocol="application/pgp-encrypted"; boundary="b"', {"encrypted"}),
    ],
)
def test_a_locked_mail_is_held(kind: str, flags: set[str]) -> None:
    found = reading("--b\n\nMIIB\n--b--\n", kind=kind)
    assert flags <= found.flags
    assert (found.klass, found.reply, found.command) == ("reply", "", None)


def test_pgp_in_the_text_is_noticed() -> None:
    assert "encrypted" in reading("-----BEGIN PGP MESSAGE-----\n\nabc\n-----END PGP MESSAGE-----").flags
    assert "signed" in reading("-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA256\n\nHei").flags


def _attribute(level: int, key: int, value: bytes) -> bytes:
    return struct.pack("<BII", level, key, len(value)) + value + struct.pack("<H", sum(value) & 0xFFFF)


def _property(kind: int, number: int, value: bytes) -> bytes:
    return struct.pack("<HHII", kind, number, 1, len(value)) + value + b"\0" * (-len(value) % 4)


def packed() -> bytes:
    """As Outlook writes it: a text, and a file whose long name stands among its properties."""
    body = struct.pack("<I", 1) + _property(
        winmail.UNICODE, winmail.PLAIN, "Gjort\r\nAlt på plass.\0".encode("utf-16-le")
    )
    named = struct.pack("<I", 1) + _property(winmail.UNICODE, winmail.LONG_NAME, "Økonomi.pdf\0".encode("utf-16-le"))
    return (
        struct.pack("<IH", winmail.SIGNATURE, 1)
        + _attribute(1, winmail.PROPERTIES, body)
        + _attribute(2, winmail.FILE_BEGINS, b"\0" * 14)
        + _attribute(2, winmail.FILE_NAME, b"OKONOM~1.PDF\0")
        + _attribute(2, winmail.FILE_DATA, b"%PDF")
        + _attribute(2, winmail.FILE_PROPERTIES, named)
    )


def test_winmail_dat_is_unpacked() -> None:
    data = base64.b64encode(packed()).decode()
    part = f"Content-Type: application/ms-tnef; name=winmail.dat\nContent-Transfer-Encoding: base64\n\n{data}"
    found = parts(part)
    assert (found.reply, found.command) == ("Gjort\nAlt på plass.", "report")
    assert [(each.name, each.content) for each in found.attachments] == [("Økonomi.pdf", b"%PDF")]
    assert "winmail" in found.flags


def test_a_text_beside_winmail_dat_is_the_text() -> None:
    data = base64.b64encode(packed()).decode()
    part = f"Content-Type: application/ms-tnef; name=winmail.dat\nContent-Transfer-Encoding: base64\n\n{data}"
    assert parts(text("Ferdig"), part).reply == "Ferdig"


def test_a_winmail_dat_that_breaks_off_is_read_as_far_as_it_goes() -> None:
    whole = packed()
    for end in range(len(whole)):
        winmail.unpack(whole[:end])
    assert winmail.unpack(b"nothing of the kind") is None
