"""What somebody wrote above, below and between the lines of our letter, as their mail program sends it."""

import pytest

from notifications.letters import write
from notifications.preview import LETTERS, sample
from notifications.reading.commands import command
from tests.notifications.reading.clients import CLIENTS, Client, arrows, indented, letter
from tests.notifications.reading.mails import TODAY, WORDS, reading

every_client = pytest.mark.parametrize("client", CLIENTS, ids=lambda it: f"{it.name} ({it.language})")
WORD = {"nb": "Gjort", "nn": "Gjort", "en": "Done"}
TEXTS = (
    "Gjort\n\nBrevene ble sendt 3. mai til alle ambassadene:\n- Abuja\n- Nairobi",
    "Hei,\n\nDen 3. mars skrev vi til alle:\n\n- Fra: Oslo\n- Til: Nairobi\n\nSvar fra dem ventes.\n\nMvh Kari",
    "Takk, vi ser på det.\n\nMed vennlig hilsen\nKari Nordmann\nSeniorrådgiver\nTelefon: 22 00 00 00",
)


@every_client
def test_what_stands_above_our_letter_is_the_reply_and_nothing_else(client: Client) -> None:
    for text in TEXTS:
        found = reading(f"{text}\n\n{client.below()}")
        assert found.klass == "reply"
        assert found.reply == text
        assert "interleaved" not in found.flags


@every_client
def test_a_command_above_our_letter_is_understood(client: Client) -> None:
    found = reading(f"{WORD[client.language]}.\n\n{client.below()}")
    assert (found.command, found.reply) == ("report", f"{WORD[client.language]}.")


@every_client
def test_our_letter_alone_is_no_reply_and_no_command(client: Client) -> None:
    found = reading(client.below())
    assert found.command is None
    assert found.reply == ""
    assert "empty" in found.flags


@every_client
def test_no_line_is_lost(client: Client) -> None:
    body = f"{TEXTS[0]}\n\n{client.below()}\n\n-- \nKari"
    found = reading(body)
    kept = sorted(line.strip() for line in f"{found.reply}\n{found.elided}".split("\n") if line.strip())
    assert kept == sorted(line.strip() for line in body.split("\n") if line.strip())


@pytest.mark.parametrize(
    "client",
    [
        it
        for it in CLIENTS
        if it.quote is arrows and it.introduction and "iphone" not in it.name and "ipad" not in it.name
    ],
    ids=lambda it: f"{it.name} ({it.language})",
)
def test_an_answer_below_the_whole_quotation_counts(client: Client) -> None:
    found = reading(f"{client.below()}\n\n{WORD[client.language]}\n\nAlle brev er ute.\n\n-- \nKari")
    assert found.reply == f"{WORD[client.language]}\n\nAlle brev er ute."
    assert found.command == "report"
    assert "bottom-posted" in found.flags


@pytest.mark.parametrize(
    "client",
    [it for it in CLIENTS if it.quote is arrows and it.introduction],
    ids=lambda it: f"{it.name} ({it.language})",
)
def test_answers_between_the_lines_are_kept_and_need_a_person(client: Client) -> None:
    lines = client.below().split("\n")
    middle = len(lines) - 8
    body = "\n".join([*lines[:middle], "", "Gjort", "", *lines[middle:], "", "Det kommer i august."])
    found = reading(body)
    assert found.reply == "Gjort\n\nDet kommer i august."
    assert "interleaved" in found.flags
    assert found.command is None


def test_a_quotation_that_the_author_chose_stays() -> None:
    found = reading("> Står det en henvisning i brevene?\n\nJa, i alle.")
    assert found.reply == "> Står det en henvisning i brevene?\n\nJa, i alle."


BY_MACHINE = (
    "Sendt fra min iPhone",
    "Sendt frå iPhonen min",
    "Sendt fra mobilen",
    "Sendt frå mobilen min",
    "Sendt fra Outlook for Android",
    "Sendt fra min Samsung Galaxy-smarttelefon.",
    "Sendt fra min Huawei-mobil",
    "Sendt fra Yahoo Mail på Android",
    "Sendt fra Mail for Windows",
    "Sendt fra E-post for Windows 10",
    "Sendt med Proton Mail sikker e-post.",
    "Få Outlook for iOS",
    "Hent Outlook for Mac",
    "Last ned Outlook for iOS<https://aka.ms/o0ukef>",
    "[Outlook for iOS](https://aka.ms/o0ukef)",
    "Sent from my iPhone",
    "Get Outlook for iOS",
    "Skickat från min iPad",
    "Von meinem iPhone gesendet",
)
BY_HAND = (
    "Sendt fra kontoret i går, og arkivert.",
    "Sendt til alle ambassadene 3. mai",
    "Hent rapporten i arkivet.",
    "Sent from my desk, it was easier than by mobile phone.",
)


@pytest.mark.parametrize("line", BY_MACHINE)
def test_what_a_telephone_adds_is_left_out(line: str) -> None:
    assert reading(f"Gjort\n\nAlt er sendt.\n\n{line}").reply == "Gjort\n\nAlt er sendt."


@pytest.mark.parametrize("line", BY_HAND)
def test_what_only_looks_like_it_stays(line: str) -> None:
    assert reading(f"Hei\n\n{line}").reply == f"Hei\n\n{line}"


@pytest.mark.parametrize("delimiter", ["-- ", "--", "—"])
def test_a_signature_is_left_out(delimiter: str) -> None:
    found = reading(f"Vi er i gang.\n\n{delimiter}\nKari Nordmann\nSeniorrådgiver\n22 00 00 00")
    assert found.reply == "Vi er i gang."
    assert "Seniorrådgiver" in found.elided


def test_what_a_server_adds_below_the_quotation_is_no_answer() -> None:
    footer = "Denne e-posten kan inneholde fortrolig informasjon.\nEr du ikke rette mottaker, slett den."
    found = reading(f"Gjort\n\n{CLIENTS[0].below()}\n\n{footer}")
    assert (found.reply, found.command) == ("Gjort", "report")
    assert "interleaved" not in found.flags


@pytest.mark.parametrize("subject", ["VS: Over fristen", "Fwd: Over fristen", "Vs: Brev"])
def test_a_mail_passed_on_is_flagged_and_commands_nothing(subject: str) -> None:
    header = (
        "---------- Forwarded message ---------\nFra: Tiltak <tiltak@ud.example>\n"
        "Date: tir. 12. juni 2012 kl. 09:30\nSubject: Over fristen\nTo: <kari@ud.example>\n\n\n"
    )
    found = reading(f"Gjort\n\n{header}{letter('nb')}", f"Subject: {subject}")
    assert "forwarded" in found.flags
    assert found.reply == "Gjort"
    assert found.command is None


def test_text_below_a_bare_header_is_nobodys_for_certain() -> None:
    found = reading("Fra: Tiltak <tiltak@ud.example>\nSendt: 12. juni 2012 09:30\nTil: Kari\nEmne: Brevene\n\nGjort")
    assert (found.reply, found.command) == ("", None)
    assert {"empty", "text-after-header"} <= found.flags


def test_our_own_marker_ends_the_reply_in_three_languages() -> None:
    for marker in (
        "Skriv svaret ditt over denne linjen",
        "Skriv svaret ditt over denne lina",
        "Write your reply above this line",
    ):
        assert reading(f"I gang\n\n--- {marker} ---\nGjort").reply == "I gang"


def test_no_letter_of_ours_holds_a_line_that_is_a_command() -> None:
    for name in LETTERS:
        for language in ("nb", "nn", "en"):
            written = write(sample(name, language))
            for line in written.text.split("\n"):
                assert command(line, WORDS, received=TODAY) is None, line


def test_no_letter_of_ours_sent_back_in_whatever_form_commands_anything() -> None:
    for name in LETTERS:
        for language in ("nb", "nn", "en"):
            written = write(sample(name, language))
            for body in (written.text, indented(written.text), arrows(written.text)):
                assert reading(body).command is None
            assert reading(written.html, kind="text/html; charset=utf-8").command is None
