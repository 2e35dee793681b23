"""What a report says, in bokmål, nynorsk and English."""

from typing import Final

from engine.text import Text
from reports.yearly.tongue import Counted


def _same(none: tuple[str, str, str], one: tuple[str, str, str], many: tuple[str, str, str]) -> Counted:
    return Counted(Text(*none), Text(*one), Text(*many))


SUBJECT: Final = Text("Rapport etter ett år", "Rapport etter eitt år", "Report after one year")
DRAFT: Final = Text(
    "Utkast. Viser det som var kjent ved utgangen av {day}.",
    "Utkast. Viser det som var kjent ved utgangen av {day}.",
    "Draft. Shows what was known at the end of {day}.",
)
FOOTER: Final = Text("{ref}: utkast per {day}", "{ref}: utkast per {day}", "{ref}: draft as of {day}")
PAGE: Final = Text("Side {page} av {pages}", "Side {page} av {pages}", "Page {page} of {pages}")

TO: Final = Text("Til", "Til", "To")
FROM: Final = Text("Fra", "Frå", "From")
COPY: Final = Text("Kopi", "Kopi", "Copy")
DATE: Final = Text("Dato", "Dato", "Date")
DUE: Final = Text("Rapportfrist", "Rapportfrist", "Report due")
PLAN: Final = Text("Plan", "Plan", "Plan")
FILE: Final = Text("Saksnummer", "Saksnummer", "File number")
EVALUATION: Final = Text("Evaluering", "Evaluering", "Evaluation")

ACTIONS: Final = _same(
    ("Planen av {day} har ingen tiltak", "Planen av {day} har ingen tiltak", "The plan of {day} has no actions"),
    ("Planen av {day} har ett tiltak", "Planen av {day} har eitt tiltak", "The plan of {day} has one action"),
    ("Planen av {day} har {n} tiltak", "Planen av {day} har {n} tiltak", "The plan of {day} has {n} actions"),
)
DONE: Final = _same(
    ("ingen er gjennomført", "ingen er gjennomførte", "none has been carried out"),
    ("ett er gjennomført", "eitt er gjennomført", "one has been carried out"),
    ("{n} er gjennomført", "{n} er gjennomførte", "{n} have been carried out"),
)
PLANNED: Final = _same(
    ("ingen gjenstår", "ingen står att", "none remains"),
    ("ett gjenstår", "eitt står att", "one remains"),
    ("{n} gjenstår", "{n} står att", "{n} remain"),
)
ENDED: Final = _same(
    ("ingen er oppgitt", "ingen er oppgitt", "none was given up"),
    ("ett blir ikke gjennomført", "eitt blir ikkje gjennomført", "one will not be carried out"),
    ("{n} blir ikke gjennomført", "{n} blir ikkje gjennomførte", "{n} will not be carried out"),
)
DATED: Final = _same(
    ("Ingen av tiltakene har frist", "Ingen av tiltaka har frist", "None of the actions has a deadline"),
    ("Ett av tiltakene har frist", "Eitt av tiltaka har frist", "One of the actions has a deadline"),
    ("{n} av tiltakene har frist", "{n} av tiltaka har frist", "{n} of the actions have a deadline"),
)
OWNED: Final = _same(
    (
        "ingen har nøyaktig én ansvarlig enhet",
        "ingen har nøyaktig éi ansvarleg eining",
        "none has exactly one responsible unit",
    ),
    (
        "ett har nøyaktig én ansvarlig enhet",
        "eitt har nøyaktig éi ansvarleg eining",
        "one has exactly one responsible unit",
    ),
    (
        "{n} har nøyaktig én ansvarlig enhet",
        "{n} har nøyaktig éi ansvarleg eining",
        "{n} have exactly one responsible unit",
    ),
)
BARE: Final = _same(
    (
        "Alle de {of} anbefalingene har et eget tiltak",
        "Alle dei {of} tilrådingane har eit eige tiltak",
        "All {of} recommendations have an action of their own",
    ),
    (
        "Én av {of} anbefalinger har ikke noe eget tiltak",
        "Éi av {of} tilrådingar har ikkje noko eige tiltak",
        "One of {of} recommendations has no action of its own",
    ),
    (
        "{n} av {of} anbefalinger har ikke noe eget tiltak",
        "{n} av {of} tilrådingar har ikkje noko eige tiltak",
        "{n} of {of} recommendations have no action of their own",
    ),
)
ANSWERED: Final = _same(
    ("ingen er uttrykkelig besvart", "ingen er uttrykkjeleg svara på", "none has been answered explicitly"),
    ("én er uttrykkelig besvart", "éi er uttrykkjeleg svara på", "one has been answered explicitly"),
    ("{n} er uttrykkelig besvart", "{n} er uttrykkjeleg svara på", "{n} have been answered explicitly"),
)
OVERDUE: Final = _same(
    (
        "Ingen av dem som gjenstår, er over fristen",
        "Ingen av dei som står att, er over fristen",
        "None of those that remain is overdue",
    ),
    (
        "Ett av dem som gjenstår, er over fristen",
        "Eitt av dei som står att, er over fristen",
        "One of those that remain is overdue",
    ),
    (
        "{n} av dem som gjenstår, er over fristen",
        "{n} av dei som står att, er over fristen",
        "{n} of those that remain are overdue",
    ),
)
MOVED: Final = _same(
    ("Ingen frist er flyttet", "Ingen frist er flytta", "No deadline has been moved"),
    ("Fristen er flyttet for ett tiltak", "Fristen er flytta for eitt tiltak", "The deadline of one action was moved"),
    (
        "Fristen er flyttet for {n} tiltak",
        "Fristen er flytta for {n} tiltak",
        "The deadlines of {n} actions were moved",
    ),
)
SILENT: Final = _same(
    (
        "Alle som har fått et tiltak, har gitt lyd fra seg",
        "Alle som har fått eit tiltak, har gitt lyd frå seg",
        "Everybody who was given an action has said something",
    ),
    (
        "For ett tiltak har den ansvarlige ikke svart",
        "For eitt tiltak har den ansvarlege ikkje svart",
        "For one action whoever is responsible has not answered",
    ),
    (
        "For {n} tiltak har de ansvarlige ikke svart",
        "For {n} tiltak har dei ansvarlege ikkje svart",
        "For {n} actions those responsible have not answered",
    ),
)
UNCHECKED: Final = _same(
    ("alle er kontrollert", "alle er kontrollerte", "all of them have been checked"),
    (
        "ett av de gjennomførte er ikke kontrollert ennå",
        "eitt av dei gjennomførte er ikkje kontrollert enno",
        "one of those carried out has not been checked yet",
    ),
    (
        "{n} av de gjennomførte er ikke kontrollert ennå",
        "{n} av dei gjennomførte er ikkje kontrollerte enno",
        "{n} of those carried out have not been checked yet",
    ),
)

LONE: Final = _same(
    (
        "Anbefalingen har et eget tiltak",
        "Tilrådinga har eit eige tiltak",
        "The recommendation has an action of its own",
    ),
    (
        "Anbefalingen har ikke noe eget tiltak",
        "Tilrådinga har ikkje noko eige tiltak",
        "The recommendation has no action of its own",
    ),
    ("", "", ""),
)

WHAT_DONE: Final = Text(
    "Hvilke tiltak er gjennomført, av hvem og når",
    "Kva tiltak er gjennomførte, av kven og når",
    "Which actions have been carried out, by whom and when",
)
WHAT_PLANNED: Final = Text(
    "Hvilke tiltak vil bli gjennomført, av hvem og når",
    "Kva tiltak vil bli gjennomførte, av kven og når",
    "Which actions will be carried out, by whom and when",
)
WHAT_ENDED: Final = Text(
    "Hvilke tiltak blir ikke gjennomført",
    "Kva tiltak blir ikkje gjennomførte",
    "Which actions will not be carried out",
)
WHAT_MISSING: Final = Text("Hva som mangler", "Kva som manglar", "What is missing")
WHO_SILENT: Final = Text("Hvem som ikke har svart", "Kven som ikkje har svart", "Who has not answered")
WHO_ASKED: Final = Text("Hvem som ble spurt", "Kven som vart spurde", "Who was asked")
WHAT_MOVED: Final = Text("Frister som er flyttet", "Fristar som er flytta", "Deadlines that were moved")
WHAT_ADVISED: Final = Text("Anbefalingene", "Tilrådingane", "The recommendations")
ANNEX_TEXTS: Final = Text(
    "Vedlegg 1: Tiltakene i sin helhet", "Vedlegg 1: Tiltaka i sin heilskap", "Annex 1: The actions in full"
)
ANNEX_LOG: Final = Text("Vedlegg 2: Endringslogg", "Vedlegg 2: Endringslogg", "Annex 2: Change log")
NOTHING_DONE: Final = Text(
    "Ingen tiltak er gjennomført ennå.", "Ingen tiltak er gjennomførte enno.", "No action has been carried out yet."
)
NOTHING_PLANNED: Final = Text("Ingen tiltak gjenstår.", "Ingen tiltak står att.", "No action remains.")
NOTHING_MISSING: Final = Text("Ingenting mangler.", "Ingenting manglar.", "Nothing is missing.")

NO: Final = Text("Nr.", "Nr.", "No.")
ACTION: Final = Text("Tiltak", "Tiltak", "Action")
ACTION_RESULT: Final = Text("Tiltak og resultat", "Tiltak og resultat", "Action and result")
ACTION_REASON: Final = Text("Tiltak og begrunnelse", "Tiltak og grunngiving", "Action and reason")
ACTION_STATUS: Final = Text("Tiltak og status", "Tiltak og status", "Action and status")
BY: Final = Text("Av", "Av", "By")
WHEN: Final = Text("Når", "Når", "When")
OLD: Final = Text("Fra", "Frå", "From")
NEW: Final = Text("Til", "Til", "To")
WHY: Final = Text("Hvorfor, og hvem som bestemte", "Kvifor, og kven som bestemte", "Why, and who decided")
RECOMMENDATION: Final = Text("Anbefaling", "Tilråding", "Recommendation")
RESPONSE: Final = Text("Svar", "Svar", "Response")
ADDRESSEE: Final = Text("Rettet til", "Retta til", "Addressed to")
SINCE: Final = Text("Spurt", "Spurd", "Asked")
REMINDED: Final = Text("Påminnelser", "Påminningar", "Reminders")
ANSWER: Final = Text("Svar", "Svar", "Answer")
DAY: Final = Text("Dag", "Dag", "Day")
WHO: Final = Text("Hvem", "Kven", "Who")
WHAT: Final = Text("Hva", "Kva", "What")
CASE: Final = Text("Sak", "Sak", "Case")

NOBODY: Final = Text("ingen er ansvarlig", "ingen er ansvarleg", "nobody is responsible")
WRITTEN: Final = Text("«{said}»", "«{said}»", "“{said}”")
NO_UNIT: Final = Text("ingen enhet som kan svare", "inga eining som kan svare", "no unit that can answer")
WITH: Final = Text("sammen med {others}", "saman med {others}", "with {others}")
UNDATED: Final = Text("ingen frist", "ingen frist", "no deadline")
IN_TIME: Final = Text("innen {what} {day}", "innan {what} {day}", "within {what} {day}")
WITHOUT: Final = Text("hadde ingen frist", "hadde ingen frist", "had no deadline")
UNKNOWN: Final = Text("ukjent", "ukjend", "unknown")
NOT_CHECKED: Final = Text("ikke kontrollert ennå", "ikkje kontrollert enno", "not checked yet")
NO_WORD: Final = Text(
    "Det er ikke sagt noe om dette tiltaket.",
    "Det er ikkje sagt noko om dette tiltaket.",
    "Nothing was said about this action.",
)
ONLY_A_SIGN: Final = Text(
    "Ingen redegjørelse. Sist hørt fra {day}.",
    "Inga utgreiing. Sist høyrt frå {day}.",
    "No statement. Last heard of on {day}.",
)
NO_REASON: Final = Text("Ingen grunn er oppgitt.", "Ingen grunn er oppgitt.", "No reason was given.")
IN_FULL: Final = Text("(hele teksten i vedlegg 1)", "(heile teksten i vedlegg 1)", "(full text in annex 1)")
THIS: Final = Text("Dette er denne rapporten.", "Dette er denne rapporten.", "This is the present report.")
DECIDED: Final = Text("{who}, {day}", "{who}, {day}", "{who}, {day}")

_LATE_1: Final = ("1 dag etter {what} {day}", "1 dag etter {what} {day}", "1 day after {what} {day}")
_LATE: Final = ("{days} dager etter {what} {day}", "{days} dagar etter {what} {day}", "{days} days after {what} {day}")
LATE: Final = _same(_LATE, _LATE_1, _LATE)
THE_DEADLINE: Final = Text("fristen", "fristen", "the deadline of")
THE_FIRST: Final = Text("den første fristen", "den første fristen", "the first deadline of")
THE_LAST: Final = Text("den siste avtalte fristen", "den siste avtalte fristen", "the last agreed deadline of")
FORGOTTEN: Final = Text(
    "den første fristen er ukjent", "den første fristen er ukjend", "the first deadline is not known"
)

REMINDERS: Final = _same(
    ("ingen", "ingen", "none"),
    ("1, den {day}", "1, den {day}", "1, on {day}"),
    ("{count}, sist {day}", "{count}, sist {day}", "{count}, last on {day}"),
)
HAS_ANSWERED: Final = Text("har svart", "har svart", "has answered")
HAS_NOT: Final = Text("har ikke svart", "har ikkje svart", "has not answered")

ONE_ACTION: Final = Text("tiltak {numbers}", "tiltak {numbers}", "action {numbers}")
SOME_ACTIONS: Final = Text("tiltakene {numbers}", "tiltaka {numbers}", "actions {numbers}")
ONE_ADVICE: Final = Text("anbefaling {numbers}", "tilråding {numbers}", "recommendation {numbers}")
SOME_ADVICE: Final = Text("anbefalingene {numbers}", "tilrådingane {numbers}", "recommendations {numbers}")
LACKS_OWNER: Final = Text("Ingen ansvarlig enhet", "Inga ansvarleg eining", "No responsible unit")
LACKS_ONE: Final = Text("Mer enn én å vente på", "Meir enn éin å vente på", "More than one to wait for")
LACKS_DATE: Final = Text("Ingen frist", "Ingen frist", "No deadline")
LACKS_RESPONSE: Final = Text(
    "Anbefaling uten uttrykkelig svar", "Tilråding utan uttrykkjeleg svar", "Recommendation without an explicit answer"
)
LACKS_ACTION: Final = Text(
    "Anbefaling uten eget tiltak", "Tilråding utan eige tiltak", "Recommendation without an action of its own"
)
LACKS_WORD: Final = Text(
    "Ingen redegjørelse for hva som er gjort", "Inga utgreiing om kva som er gjort", "No statement of what was done"
)

RESPONSES: Final = {
    "accepted": Text("Godtatt", "Godteken", "Accepted"),
    "partly": Text("Delvis godtatt", "Delvis godteken", "Partly accepted"),
    "rejected": Text("Avvist", "Avvist", "Rejected"),
    "": Text("ikke besvart", "ikkje svara på", "not answered"),
}
OURSELVES: Final = Text("egen organisasjon", "eigen organisasjon", "own organisation")
NO_OWN: Final = Text("ikke noe eget tiltak", "ikkje noko eige tiltak", "no action of its own")

STANDINGS: Final = {
    "done": Text("{n} gjennomført", "{n} gjennomført", "{n} carried out"),
    "answered": Text("{n} meldt gjennomført", "{n} meldt gjennomført", "{n} reported as done"),
    "planned": Text("{n} gjenstår", "{n} står att", "{n} remaining"),
    "ended": Text("{n} blir ikke gjennomført", "{n} blir ikkje gjennomført", "{n} not to be carried out"),
}

STATUS: Final = Text("Status", "Status", "Status")
QUESTION: Final = Text("Spørsmål", "Spørsmål", "Question")
RESULT: Final = Text("Redegjørelse", "Utgreiing", "Statement")
RESPONSIBLE: Final = Text("Ansvarlig", "Ansvarleg", "Responsible")
COORDINATOR: Final = Text("Koordinator", "Koordinator", "Coordinator")
DEADLINES: Final = Text("Frister", "Fristar", "Deadlines")
COVERS: Final = Text("Anbefalinger", "Tilrådingar", "Recommendations")
DOCUMENTS: Final = Text("Vedlagte dokumenter", "Vedlagde dokument", "Documents attached")
THE_PLAN: Final = Text("Planen", "Planen", "The plan")

MOVES: Final = {
    "open": Text("Opprettet", "Oppretta", "Opened"),
    "deadline": Text("Ny frist", "Ny frist", "New deadline"),
    "move the deadline": Text("Ny frist", "Ny frist", "New deadline"),
    "hand over": Text("Overlevert", "Overlevert", "Handed over"),
    "hold": Text("Påminnelser på pause", "Påminningar på pause", "Reminders paused"),
    "comment": Text("Kommentar", "Kommentar", "Comment"),
    "rules": Text("Nye regler", "Nye reglar", "New rules"),
    "undo": Text("Trukket tilbake", "Trekt tilbake", "Taken back"),
    "pass on": Text("Sendt videre til en kollega", "Sendt vidare til ein kollega", "Passed on to a colleague"),
    "revoke": Text("Lenker trukket tilbake", "Lenkjer trekte tilbake", "Links taken back"),
}
BY_RULE: Final = Text("etter regel", "etter regel", "by rule")
FOR: Final = Text("{who} for {other}", "{who} for {other}", "{who} for {other}")
EXCHANGED: Final = Text("{old} → {new}", "{old} → {new}", "{old} → {new}")
HASH: Final = Text(
    "Loggen kan bare vokse, og hver linje bærer kontrollsummen av den forrige. Kontrollsum (SHA-256) av hele loggen:",
    "Loggen kan berre vekse, og kvar linje ber kontrollsummen av den førre. Kontrollsum (SHA-256) av heile loggen:",
    "The log can only grow, and each line carries the checksum of the one before. Checksum (SHA-256) of the whole log:",
)
