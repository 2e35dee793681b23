"""The first line of a reply: a command when it is one whole, in any of three languages, and else a sentence."""

from datetime import date

import pytest

from notifications.reading import commands
from notifications.reading.commands import command, vocabulary
from tests.notifications.reading.mails import TODAY, WORDS, reading
from workflows.loading import load

OBEYED = {
    "Gjort": ("report", None),
    "gjort": ("report", None),
    "GJORT!": ("report", None),
    "Gjort.": ("report", None),
    "«gjort»": ("report", None),
    "*Ferdig*": ("report", None),
    "  Ferdig ": ("report", None),
    "I\u00a0gang.": ("start", None),
    "i  gang": ("start", None),
    "Startet": ("start", None),
    "Starta": ("start", None),
    "Påbyrja": ("start", None),
    "Done": ("report", None),
    "In progress": ("start", None),
    "3 gjort": ("report", "3"),
    "3: Gjort": ("report", "3"),
    "3. Gjort.": ("report", "3"),
    "3) gjort": ("report", "3"),
    "[3] gjort": ("report", "3"),
    "Sak 3: gjort": ("report", "3"),
    "Tiltak nr. 3: gjort": ("report", "3"),
    "Tiltak 12 ferdig": ("report", "12"),
    "nr. 4 i gang": ("start", "4"),
    "#3 done": ("report", "3"),
    "IOM-2011-3 gjort": ("report", "iom-2011-3"),
    "Ferdig 42": ("report", "42"),
    "Ikke oss": ("not_ours", None),
    "Ikkje oss.": ("not_ours", None),
    "Not ours": ("not_ours", None),
    "3 ikke oss": ("not_ours", "3"),
    "Mer tid": ("more_time", None),
    "Ingen merknader": ("nothing", None),
    "Motteke": ("accept", None),
}
SENTENCES = (
    "Ikke gjort",
    "Ikkje gjort enno",
    "Gjort?",
    "Er dette gjort",
    "Gjort, brevet ble sendt 3. mai",
    "Gjort det meste",
    "Nesten ferdig",
    "not done",
    "Vi er godt i gang",
    "Hei",
    "Takk",
    "> gjort",
    "gjort».",
    "Svar:",
    "«gjort",
    "Svar på denne e-posten. Begynn gjerne med «gjort» (rapporter som gjennomført)",
    "mer tid til å diskutere dette",
    "mer tid til fredag og så ser vi",
    "borte bra",
    "videre til neste møte",
    "3",
    "3 4 gjort",
    "gjort " * 40,
    "",
)  # fmt: skip


@pytest.mark.parametrize("line", OBEYED)
def test_a_whole_line_is_a_command(line: str) -> None:
    found = command(line.replace("\u00a0", " "), WORDS, received=TODAY)
    assert found
    names = found.names
    assert OBEYED[line][0] in names or (OBEYED[line][0] == "nothing" and names)
    assert found.number == OBEYED[line][1]


@pytest.mark.parametrize("line", SENTENCES)
def test_a_sentence_is_no_command(line: str) -> None:
    assert command(line, WORDS, received=TODAY) is None


@pytest.mark.parametrize("language", ["nb", "nn", "en"])
def test_every_word_of_every_workflow_is_understood(language: str) -> None:
    for workflow in load().by_key.values():
        for move in workflow.moves.values():
            for phrase in move.say.get(language, ()):
                found = command(f"{phrase.capitalize()}.", WORDS, received=TODAY)
                assert found, phrase
                assert move.name in found.names


@pytest.mark.parametrize(
    ("line", "day"),
    [
        ("Mer tid til 29.06", date(2026, 6, 29)),
        ("mer tid til fredag 19. juni.", date(2026, 6, 19)),
        ("Meir tid til 1. august", date(2026, 8, 1)),
        ("vi treng meir tid til utgangen av juni", date(2026, 6, 30)),
        ("More time until 29 June", date(2026, 6, 29)),
        ("We need more time until June 29", date(2026, 6, 29)),
        ("Mer tid: to uker", date(2026, 6, 23)),
        ("utsettelse til 1. juli", date(2026, 7, 1)),
        ("Treng meir tid fram til 1. juli", date(2026, 7, 1)),
    ],
)
def test_more_time_comes_with_a_day(line: str, day: date) -> None:
    found = reading(f"{line}\n\nVi venter på svar.")
    assert found.command == "more_time"
    assert found.argument
    assert found.argument.day == day
    assert found.statement == "Vi venter på svar."


@pytest.mark.parametrize(
    "line",
    [
        "mer tid til 31.06",
        "more time until 6/7",
        "mer tid til uke 27",
        "mer tid til slutten av juni",
        "mer tid til neste uke",
    ],
)
def test_a_day_that_could_be_two_is_asked_for_and_not_guessed(line: str) -> None:
    found = reading(line)
    assert found.command == "more_time"
    assert found.argument
    assert found.argument.day is None
    assert "ambiguous-date" in found.flags


@pytest.mark.parametrize(
    ("line", "begins", "ends"),
    [
        ("Fravær til 15. juli", TODAY, date(2026, 7, 15)),
        ("Fravær 3.7–15.7", date(2026, 7, 3), date(2026, 7, 15)),
        ("Fråvær frå 3. til 15. juli", date(2026, 7, 3), date(2026, 7, 15)),
        ("Away until 15 July", TODAY, date(2026, 7, 15)),
    ],
)  # fmt: skip
def test_an_absence_is_told_in_a_line(line: str, begins: date, ends: date) -> None:
    found = reading(line)
    assert found.command == "absence"
    assert found.argument
    assert (found.argument.day, found.argument.until) == (begins, ends)


@pytest.mark.parametrize(
    "line", ["Fravær til 15. juli, stedfortreder Ola@ud.example", "Away until 15 July, ola@ud.example"]
)
def test_an_absence_may_name_who_stands_in(line: str) -> None:
    found = reading(line)
    assert found.command == "absence"
    assert found.argument
    assert (found.argument.until, found.argument.person) == (date(2026, 7, 15), "ola@ud.example")


def test_whose_it_is_may_stand_behind_a_colon() -> None:
    found = reading("Ikke oss: HUM-seksjonen\n\nDe overtok i mai.")
    assert found.command == "not_ours"
    assert found.argument
    assert found.argument.written == "HUM-seksjonen"
    assert reading("Ikke oss HUM-seksjonen").command is None


def test_passing_on_needs_an_address() -> None:
    found = reading("Videre til Ola Nordmann <ola@ud.example>")
    assert found.command == "pass_on"
    assert found.argument
    assert commands.person(found.argument).address == "ola@ud.example"
    assert commands.person(found.argument).name == "Ola Nordmann"
    assert reading("Videre til Ola").command is None


def test_only_the_first_line_is_a_command() -> None:
    assert reading("Hei,\n\nGjort").command is None
    assert reading("\n\n  Gjort  \n\nBrevene er sendt.").command == "report"


def test_what_follows_is_the_statement_without_greeting_and_name() -> None:
    found = reading("Gjort\n\nBrevene er sendt.\n\nMed vennlig hilsen\nKari Nordmann\nSeniorrådgiver")
    assert found.statement == "Brevene er sendt."
    assert reading("Gjort\n\nMvh Kari").statement == ""


def test_several_cases_in_one_mail_are_noticed() -> None:
    found = reading("3 gjort\n4 i gang\n\nMvh Kari")
    assert (found.command, found.number) == ("report", "3")
    assert "more-commands" in found.flags


def test_one_word_may_mean_different_moves_in_different_workflows() -> None:
    words = vocabulary(load().by_key.values())
    assert words["gjort"] == ("report",)
    assert all(names for names in words.values())


@pytest.mark.parametrize(
    "headers",
    [
        ["Auto-Submitted: auto-replied"],
        ["X-Spam-Flag: YES"],
        ["X-Tiltak-Loop: ud"],
        ["From: tiltak@ud.example"],
        ["Subject: VS: Over fristen", "From: Kari <kari@ud.example>\r\nFrom: Per <per@ud.example>"],
        ["Return-Path: <>"],
        ["Precedence: bulk"],
    ],
)  # fmt: skip
def test_a_command_in_what_no_single_person_sent_is_not_obeyed(headers: list[str]) -> None:
    assert reading("Gjort", *headers).command is None


def test_a_word_in_subject_signature_or_quotation_is_not_obeyed() -> None:
    assert reading("Vi ser på det.\n\n-- \nGjort", "Subject: Gjort").command is None
    assert reading("-- \nGjort").command is None
    assert reading("\n\nDen 12. juni 2026 kl. 09:30 skrev Tiltak <tiltak@ud.example>:\n> Gjort\n").command is None
    assert reading("Gj\u202ert").command is None
