"""How mail programs quote our letter below a reply. All written for these tests."""

from collections.abc import Callable
from dataclasses import dataclass

from notifications.letters import write
from notifications.preview import sample

Quote = Callable[[str], str]


def letter(language: str) -> str:
    return write(sample("overdue", language)).text.rstrip()


def arrows(text: str) -> str:
    return "\n".join(f"> {line}".rstrip() for line in text.split("\n"))


def indented(text: str) -> str:
    return "\n".join(f"    {line}".rstrip() for line in text.split("\n"))


def as_it_was(text: str) -> str:
    return text


@dataclass(frozen=True)
class Client:
    """`introduction` stands above our letter, which `quote` changes."""

    name: str
    language: str
    introduction: str
    quote: Quote = arrows

    def below(self) -> str:
        return f"{self.introduction}\n{self.quote(letter(self.language))}"


CLIENTS = (
    Client("gmail", "nb", "tir. 12. juni 2012 kl. 09:30 skrev Tiltak – oppfølging <tiltak@ud.example>:\n"),
    Client(
        "gmail, wrapped",
        "nb",
        "tir. 12. juni 2012 kl. 09:30 skrev Tiltak – oppfølging for departementet <\ntiltak@ud.example>:\n",
    ),
    Client("gmail, address on its own", "nb", "man. 3. sep. 2012 kl. 13:09 skrev Tiltak <tiltak@ud.example\n>:\n"),
    Client("gmail", "nn", "tys. 12. juni 2012 kl. 09:30 skreiv Tiltak – oppfølging <tiltak@ud.example>:\n"),
    Client("gmail, sunday", "nn", "sun. 17. juni 2012 kl. 21:05 skreiv Tiltak <tiltak@ud.example>:\n"),
    Client("gmail", "en", "On Tue, Jun 12, 2012 at 9:30 AM Tiltak – follow-up <tiltak@ud.example>\nwrote:\n"),
    Client("gmail, 24 hours", "en", "On Tue, 12 Jun 2012 at 09:30, Tiltak <tiltak@ud.example> wrote:\n"),
    Client("apple mail", "nb", "\nDen 12. juni 2012 kl. 09.30 skrev Tiltak – oppfølging <tiltak@ud.example>:\n"),
    Client("apple mail, short", "nb", "12. jun. 2012 kl. 09:30 skrev Tiltak <tiltak@ud.example>:\n"),
    Client("apple mail", "nn", "Den 12. juni 2012 kl. 09.30 skreiv Tiltak <tiltak@ud.example>:\n"),
    Client("apple mail", "en", "On 12 Jun 2012, at 09:30, Tiltak <tiltak@ud.example> wrote:\n"),
    Client(
        "apple mail, no arrows",
        "nb",
        "Den 12. juni 2012 kl. 09.30 skrev Tiltak <tiltak@ud.example>:\n",
        as_it_was,
    ),
    Client("iphone", "nb", "Sendt fra min iPhone\n\n> 12. juni 2012 kl. 09:30 skrev Tiltak <tiltak@ud.example>:\n> "),
    Client(
        "iphone",
        "nn",
        "Sendt frå iPhonen min\n\n> 12. juni 2012 kl. 09:30 skreiv Tiltak <tiltak@ud.example>:\n> ",
    ),
    Client("ipad", "en", "Sent from my iPad\n\n> On 12 Jun 2012, at 09:30, Tiltak <tiltak@ud.example> wrote:\n> "),
    Client("thunderbird", "nb", "Den 12.06.2012 09:30, skrev Tiltak:"),
    Client("thunderbird, name first", "nb", "Tiltak skrev den 12.06.2012 09:30:"),
    Client("thunderbird, verb first", "nb", "skrev Tiltak – oppfølging:"),
    Client("thunderbird", "nn", "Den 12. juni 2012 09:30, skreiv Tiltak:"),
    Client("thunderbird, name first", "nn", "Tiltak skreiv:"),
    Client("thunderbird", "en", "On 12/06/2012 09:30, Tiltak wrote:"),
    Client("evolution", "nb", "ti., 12.06.2012 kl. 09.30 +0200, skrev Tiltak:"),
    Client("evolution", "nn", "tys den 12. 06. 2012 klokka 09.30 (+0200) skreiv Tiltak:"),
    Client("roundcube", "nb", "Den 2012-06-12 09:30, skrev Tiltak:"),
    Client("roundcube", "nn", "Den 2012-06-12 09:30 skreiv Tiltak:"),
    Client("kmail", "nb", "På tirsdag 12. juni 2012 09.30.00 CEST skrev Tiltak <tiltak@ud.example>:"),
    Client(
        "proton",
        "nb",
        "-------- Opprinnelig melding --------\n"
        "På tirsdag 12. juni 2012 kl. 09:30, Tiltak <tiltak@ud.example> skrev:\n",
    ),
    Client(
        "yahoo",
        "nb",
        "    tirsdag 12. juni 2012 kl. 09:30:11 CEST, skrev Tiltak <tiltak@ud.example>:\n",
        indented,
    ),
    Client(
        "outlook",
        "nb",
        "________________________________\n"
        "Fra: Tiltak – oppfølging <tiltak@ud.example>\n"
        "Sendt: tirsdag 12. juni 2012 09:30\n"
        "Til: Nordmann, Kari <kari@ud.example>\n"
        "Emne: Over fristen: Brevene\n",
        as_it_was,
    ),
    Client(
        "outlook, no rule",
        "nb",
        "Fra: Tiltak – oppfølging <tiltak@ud.example>\n"
        "Sendt: 12. juni 2012 09:30\n"
        "Til: Nordmann, Kari <kari@ud.example>\n"
        "Emne: Over fristen: Brevene\n",
        as_it_was,
    ),
    Client(
        "outlook, bold",
        "nb",
        "________________________________\n"
        "*Fra:* Tiltak – oppfølging <tiltak@ud.example>\n"
        "*Sendt:* 12. juni 2012 09:30\n"
        "*Til:* Nordmann, Kari <kari@ud.example>\n"
        "*Emne:* Over fristen: Brevene\n",
        as_it_was,
    ),
    Client(
        "outlook",
        "nn",
        "________________________________\n"
        "Frå: Tiltak – oppfølging <tiltak@ud.example>\n"
        "Sendt: tysdag 12. juni 2012 09:30\n"
        "Til: Nordmann, Kari <kari@ud.example>\n"
        "Emne: Over fristen: Brevene\n",
        as_it_was,
    ),
    Client(
        "outlook, no rule",
        "nn",
        "Frå: Tiltak – oppfølging <tiltak@ud.example>\n"
        "Sendt: 12. juni 2012 09:30\n"
        "Til: Nordmann, Kari <kari@ud.example>\n"
        "Emne: Over fristen: Brevene\n",
        as_it_was,
    ),
    Client(
        "outlook",
        "en",
        "________________________________\n"
        "From: Tiltak – oppfølging <tiltak@ud.example>\n"
        "Sent: Tuesday, June 12, 2012 9:30 AM\n"
        "To: Nordmann, Kari <kari@ud.example>\n"
        "Subject: Over fristen: Brevene\n",
        as_it_was,
    ),
    Client(
        "outlook, danish",
        "nb",
        "Fra: Tiltak – oppfølging <tiltak@ud.example>\n"
        "Sendt: 12. juni 2012 09:30\n"
        "Til: Nordmann, Kari <kari@ud.example>\n"
        "Emne: Over fristen: Brevene\n",
        as_it_was,
    ),
    Client(
        "outlook, swedish",
        "nb",
        "________________________________\n"
        "Från: Tiltak – oppfølging <tiltak@ud.example>\n"
        "Skickat: den 12 juni 2012 09:30\n"
        "Till: Nordmann, Kari <kari@ud.example>\n"
        "Ämne: Over fristen: Brevene\n",
        as_it_was,
    ),
    Client(
        "outlook, german",
        "en",
        "________________________________\n"
        "Von: Tiltak – oppfølging <tiltak@ud.example>\n"
        "Gesendet: Dienstag, 12. Juni 2012 09:30\n"
        "An: Nordmann, Kari <kari@ud.example>\n"
        "Betreff: Over fristen: Brevene\n",
        as_it_was,
    ),
    Client(
        "outlook for ios",
        "nb",
        "Få Outlook for iOS<https://aka.ms/o0ukef>\n"
        "________________________________\n"
        "Fra: Tiltak – oppfølging <tiltak@ud.example>\n"
        "Sendt: Tuesday, June 12, 2012 9:30:11 AM\n"
        "Til: Nordmann, Kari <kari@ud.example>\n"
        "Emne: Over fristen: Brevene\n",
        as_it_was,
    ),
    Client(
        "outlook for android",
        "nn",
        "Hent Outlook for Android\n"
        "________________________________\n"
        "Frå: Tiltak – oppfølging <tiltak@ud.example>\n"
        "Sendt: tysdag 12. juni 2012 09.30.11\n"
        "Til: Nordmann, Kari <kari@ud.example>\n"
        "Emne: Over fristen: Brevene\n",
        as_it_was,
    ),
    Client("outlook for mac", "nb", "Tiltak <tiltak@ud.example> skrev følgende den 12/06/2012, 09:30:\n", indented),
    Client(
        "outlook express",
        "nb",
        "-----Opprinnelig melding-----\n"
        "Fra: Tiltak – oppfølging <tiltak@ud.example>\n"
        "Sendt: 12. juni 2012 09:30\n"
        "Til: Nordmann, Kari <kari@ud.example>\n"
        "Emne: Over fristen: Brevene\n",
        as_it_was,
    ),
    Client(
        "outlook express",
        "nn",
        "-----Opphavleg melding-----\n"
        "Frå: Tiltak – oppfølging <tiltak@ud.example>\n"
        "Sendt: 12. juni 2012 09:30\n"
        "Til: Nordmann, Kari <kari@ud.example>\n"
        "Emne: Over fristen: Brevene\n",
        as_it_was,
    ),
    Client(
        "samsung",
        "nb",
        "Sendt fra min Samsung Galaxy-smarttelefon.\n"
        "\n"
        "\n"
        "-------- Opprinnelig melding --------\n"
        "Fra: Tiltak <tiltak@ud.example>\n"
        "Dato: 12.06.2012 09:30 (GMT+01:00)\n"
        "Til: Kari Nordmann <kari@ud.example>\n"
        "Emne: Over fristen\n",
        as_it_was,
    ),
    Client(
        "zimbra",
        "nb",
        "----- Opprinnelig melding -----\n"
        'Fra: "Tiltak" <tiltak@ud.example>\n'
        'Til: "Kari Nordmann" <kari@ud.example>\n'
        "Sendt: Tirsdag, 12 Juni, 2012 09:30:11\n"
        "Emne: Over fristen\n",
        as_it_was,
    ),
    Client(
        "notes",
        "nb",
        "Fra:    Tiltak <tiltak@ud.example>\n"
        "Til:    Kari Nordmann/UD/NO@UD\n"
        "Dato:   12.06.2012 09:30\n"
        "Emne:   Over fristen\n",
        as_it_was,
    ),
    Client(
        "notes, dashes",
        "nb",
        "-----Tiltak <tiltak@ud.example> skrev: -----\n"
        "Til: Kari Nordmann/UD/NO@UD\n"
        "Fra: Tiltak <tiltak@ud.example>\n"
        "Dato: 12.06.2012 09:30\n"
        "Emne: Over fristen\n",
        as_it_was,
    ),
    Client("apple mail", "nb", "Den 12. juni 2012 kl. 09.30 skrev Tiltak\n<tiltak@ud.example>:\n"),
    Client("danish gmail", "nb", "Den tirs. 12. jun. 2012 kl. 09.30 skrev Tiltak <tiltak@ud.example>:\n"),
    Client("swedish gmail", "nb", "Den tis 12 juni 2012 kl 09:30 skrev Tiltak <tiltak@ud.example>:\n"),
    Client("german gmail", "en", "Am Di., 12. Juni 2012 um 09:30 Uhr schrieb Tiltak <tiltak@ud.example>:\n"),
    Client("arrows alone", "nb", ""),
)
