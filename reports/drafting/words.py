"""What is said about a document and its draft, in the three languages."""

from collections.abc import Mapping
from typing import Final

from engine.text import Text
from reports.drafting.contents import Place, Remark

_UNITS: Final = {
    "line": Text("linje", "linje", "line"),
    "paragraph": Text("avsnitt", "avsnitt", "paragraph"),
    "row": Text("rad", "rad", "row"),
    "page": Text("side", "side", "page"),
    "table": Text("tabell", "tabell", "table"),
    "sheet": Text("ark", "ark", "sheet"),
}
WORDS: Final[Mapping[str, Text]] = {
    # what the file is and why it cannot be read
    "empty": Text("Filen er tom.", "Fila er tom.", "The file is empty."),
    "too_large": Text(
        "Filen er større enn {most} MB. Del den opp, eller ta ut bildene.",
        "Fila er større enn {most} MB. Del ho opp, eller ta ut bileta.",
        "The file is larger than {most} MB. Split it, or take out the pictures.",
    ),
    "binary": Text(
        "Filen er verken tekst, Word, Excel, PDF eller CSV. Lagre den som .docx, .xlsx, .pdf, .csv eller .txt.",
        "Fila er korkje tekst, Word, Excel, PDF eller CSV. Lagre ho som .docx, .xlsx, .pdf, .csv eller .txt.",
        "The file is neither text, Word, Excel, PDF nor CSV. Save it as .docx, .xlsx, .pdf, .csv or .txt.",
    ),
    "old_office": Text(
        "Filen er lagret i et gammelt Office-format eller med passord. Lagre den som .docx eller .xlsx uten passord.",
        "Fila er lagra i eit gammalt Office-format eller med passord. Lagre ho som .docx eller .xlsx utan passord.",
        "The file is in an old Office format or has a password. Save it as .docx or .xlsx without a password.",
    ),
    "bomb": Text(
        "Pakket ut er filen på over {most} MB. Den er ikke pakket ut og ikke lest.",
        "Pakka ut er fila på over {most} MB. Ho er ikkje pakka ut og ikkje lesen.",
        "Unpacked, the file is more than {most} MB. It was not unpacked, and not read.",
    ),
    "broken": Text(
        "Filen er skadet og kan ikke åpnes. Åpne den i programmet den ble laget i, og lagre den på nytt.",
        "Fila er skadd og kan ikkje opnast. Opne ho i programmet ho vart laga i, og lagre ho på nytt.",
        "The file is damaged and cannot be opened. Open it in the program that made it, and save it anew.",
    ),
    "encrypted": Text(
        "PDF-en er låst med passord. Lagre den uten passord.",
        "PDF-en er låst med passord. Lagre han utan passord.",
        "The PDF is locked with a password. Save it without one.",
    ),
    "scanned": Text(
        "PDF-en har {pages} sider, men ingen tekst: den er trolig skannet. Kjør tekstgjenkjenning på den først.",
        "PDF-en har {pages} sider, men ingen tekst: han er truleg skanna. Køyr tekstgjenkjenning på han først.",
        "The PDF has {pages} pages, but no text: it is probably scanned. Run text recognition on it first.",
    ),
    "gave_up": Text(
        "Lesingen tok for lang tid eller for mye minne, og ble stanset. Del filen opp, eller lagre den som ren tekst.",
        "Lesinga tok for lang tid eller for mykje minne, og vart stansa. Del fila opp, eller lagre ho som rein tekst.",
        "Reading took too long or too much memory, and was stopped. Split the file, or save it as plain text.",
    ),
    "nothing": Text(
        "Det ble ikke funnet noen anbefalinger eller tiltak. Punktene må stå som en liste under en overskrift med "
        "«anbefalinger» eller «tiltak», eller i en tabell med slike kolonner.",
        "Det vart ikkje funne nokon tilrådingar eller tiltak. Punkta må stå som ei liste under ei overskrift med "
        "«tilrådingar» eller «tiltak», eller i ein tabell med slike kolonnar.",
        "No recommendations or actions were found. They must stand as a list below a heading with “recommendations” "
        "or “actions”, or in a table with such columns.",
    ),
    # what was read with care, or not read
    "other_kind": Text(
        "Navnet sier {said}, men filen er {kind}; den er lest som det den er.",
        "Namnet seier {said}, men fila er {kind}; ho er lesen som det ho er.",
        "The name says {said}, but the file is {kind}; it was read as what it is.",
    ),
    "charset": Text(
        "Lest med tegnsettet {charset}.", "Lesen med teiknsettet {charset}.", "Read in the charset {charset}."
    ),
    "delimiter": Text(
        "Kolonnene er skilt med {name}.", "Kolonnane er skilde med {name}.", "Columns are parted by {name}."
    ),
    "page_heads": Text(
        "{count} linjer med sidehode eller sidetall er ikke regnet som tekst.",
        "{count} linjer med sidehovud eller sidetal er ikkje rekna som tekst.",
        "{count} lines of page heads or page numbers were not taken as text.",
    ),
    "cut": Text(
        "Dokumentet er lengre enn det som blir lest; resten fra {place} er ikke lest.",
        "Dokumentet er lengre enn det som blir lese; resten frå {place} er ikkje lesen.",
        "The document is longer than what is read; the rest from {place} was not read.",
    ),
    "prose": Text(
        "Under «{heading}» står det tekst, men ingen liste ({place}): ingenting er hentet derfra.",
        "Under «{heading}» står det tekst, men inga liste ({place}): ingenting er henta derifrå.",
        "Below “{heading}” there is text, but no list ({place}): nothing was taken from it.",
    ),
    "table": Text(
        "En tabell ble ikke lest, for ingen kolonne er kjent igjen ({place}: {head}).",
        "Ein tabell vart ikkje lesen, for ingen kolonne er kjend att ({place}: {head}).",
        "A table was not read, for no column was recognised ({place}: {head}).",
    ),
    "columns": Text(
        "Disse kolonnene er ikke kjent igjen og ikke lest: {columns} ({place}).",
        "Desse kolonnane er ikkje kjende att og ikkje lesne: {columns} ({place}).",
        "These columns were not recognised and not read: {columns} ({place}).",
    ),
    "more_rows": Text(
        "{place} har ingen egen tekst og er lagt til raden over.",
        "{place} har ingen eigen tekst og er lagd til rada over.",
        "{place} has no text of its own and was added to the row above.",
    ),
    "tracked": Text(
        "Dokumentet har sporede endringer: {inserted} innsettinger er lest, {deleted} slettinger er ikke lest.",
        "Dokumentet har spora endringar: {inserted} innsetjingar er lesne, {deleted} slettingar er ikkje lesne.",
        "The document has tracked changes: {inserted} insertions were read, {deleted} deletions were not.",
    ),
    "nested": Text(
        "En tabell inne i en tabell er lest for seg ({place}).",
        "Ein tabell inne i ein tabell er lesen for seg ({place}).",
        "A table within a table was read on its own ({place}).",
    ),
    "boxes": Text(
        "{count} tekstbokser er ikke lest.", "{count} tekstboksar er ikkje lesne.", "{count} text boxes were not read."
    ),
    "notes": Text(
        "Fotnoter og kommentarer er ikke lest.",
        "Fotnotar og kommentarar er ikkje lesne.",
        "Footnotes and comments were not read.",
    ),
    "merged": Text(
        "Arket «{sheet}» har {count} sammenslåtte områder; verdien gjelder for alle radene de dekker.",
        "Arket «{sheet}» har {count} samanslegne område; verdien gjeld for alle radene dei dekkjer.",
        "Sheet “{sheet}” has {count} merged ranges; their value counts for every row they cover.",
    ),
    "formulas": Text(
        "Arket «{sheet}» har {count} formler; verdien som sist ble regnet ut, er lest.",
        "Arket «{sheet}» har {count} formlar; verdien som sist vart rekna ut, er lesen.",
        "Sheet “{sheet}” has {count} formulas; the value last worked out was read.",
    ),
    "uncached": Text(
        "Arket «{sheet}» har {count} formler uten utregnet verdi ({cells}): de er lest som tomme. "
        "Åpne filen i et regneark og lagre den.",
        "Arket «{sheet}» har {count} formlar utan utrekna verdi ({cells}): dei er lesne som tomme. "
        "Opne fila i eit rekneark og lagre ho.",
        "Sheet “{sheet}” has {count} formulas without a value ({cells}): they were read as empty. "
        "Open the file in a spreadsheet program and save it.",
    ),
    "hidden": Text(
        "Arket «{sheet}» er skjult og ikke lest.",
        "Arket «{sheet}» er skjult og ikkje lese.",
        "Sheet “{sheet}” is hidden and was not read.",
    ),
    "blank_pages": Text(
        "Disse sidene har ingen tekst og er ikke lest (bilder eller skannet): {pages}.",
        "Desse sidene har ingen tekst og er ikkje lesne (bilete eller skanna): {pages}.",
        "These pages have no text and were not read (pictures, or scanned): {pages}.",
    ),
    "dense_page": Text(
        "Side {page} holder mer enn det som blir lest, og er ikke lest.",
        "Side {page} held meir enn det som blir lese, og er ikkje lesen.",
        "Page {page} holds more than is read, and was not read.",
    ),
    "renumbered": Text(
        "Numre mangler eller står to ganger; {what} er nummerert på nytt. Dokumentets egne numre står ved kilden.",
        "Nummer manglar eller står to gonger; {what} er nummererte på nytt. Dei eigne "
        "numra i dokumentet står ved kjelda.",
        "Numbers are missing or stand twice; the {what} were numbered anew. The document's own stand at the source.",
    ),
    "no_register": Text(
        "Ingen innstillinger, intet register: ingen har sett etter om enhetene er kjent.",
        "Ingen innstillingar, ikkje noko register: ingen har sett etter om einingane er kjende.",
        "No settings, no register: nobody looked whether the units are known.",
    ),
    # holes, and what has to be looked at
    "no_decided_on": Text(
        "dagen planen ble vedtatt, er ikke funnet",
        "dagen planen vart vedteken, er ikkje funnen",
        "the day the plan was decided was not found",
    ),
    "decided_on": Text(
        "dette er datoen dokumentet bærer ({place}); er det dagen planen ble vedtatt?",
        "dette er datoen dokumentet ber ({place}); er det dagen planen vart vedteken?",
        "this is the date the document bears ({place}); is it the day the plan was decided?",
    ),
    "no_coordinator": Text(
        "hvem koordinerer? Skriv enhetens kode. Uten den blir planen ikke importert",
        "kven koordinerer? Skriv koden til eininga. Utan han blir planen ikkje importert",
        "who coordinates? Write the unit's code. Without it the plan is not imported",
    ),
    "no_executive": Text(
        "hvem skal ha rapporten? Skriv unit:KODE eller person:NØKKEL",
        "kven skal ha rapporten? Skriv unit:KODE eller person:NØKKEL",
        "who gets the report? Write unit:CODE or person:KEY",
    ),
    "evaluation": Text(
        "gjettet ut fra dokumentets navn og tittel",
        "gjetta ut frå namnet og tittelen på dokumentet",
        "guessed from the document's name and title",
    ),
    "amount": Text("beløp nevnt i dokumentet", "beløp nemnt i dokumentet", "amount mentioned in the document"),
    "no_addressee": Text(
        "det står ikke hvem anbefalingen går til; uten noe her er den til dere selv",
        "det står ikkje kven tilrådinga går til; utan noko her er ho til dykk sjølve",
        "it does not say to whom this goes; with nothing here, it is to yourselves",
    ),
    "addressee": Text(
        "skriv own hvis dette er dere selv", "skriv own om dette er dykk sjølve", "write own if this is yourselves"
    ),
    "response": Text(
        "svaret er ikke forstått: «{written}»",
        "svaret er ikkje forstått: «{written}»",
        "the response was not understood: “{written}”",
    ),
    "no_owner": Text("ingen eier er nevnt", "ingen eigar er nemnd", "no owner is mentioned"),
    "several_owners": Text(
        "flere eiere; velg én som owner, de andre under contributors",
        "fleire eigarar; vel éin som owner, dei andre under contributors",
        "several owners; choose one as owner, the others under contributors",
    ),
    "unknown_owner": Text(
        "registeret kjenner ingen enhet med dette navnet",
        "registeret kjenner inga eining med dette namnet",
        "the register knows no unit by this name",
    ),
    "unchecked_owner": Text(
        "skriv enhetens kode som owner, og enheten under units",
        "skriv koden til eininga som owner, og eininga under units",
        "write the unit's code as owner, and the unit under units",
    ),
    "no_due": Text("ingen frist er nevnt", "ingen frist er nemnd", "no deadline is mentioned"),
    "several_dues": Text(
        "flere frister: {written}; den første er tatt",
        "fleire fristar: {written}; den første er teken",
        "several deadlines: {written}; the first was taken",
    ),
    "unclear_due": Text(
        "fristen «{written}» er ingen bestemt dag",
        "fristen «{written}» er ingen bestemt dag",
        "the deadline “{written}” is no certain day",
    ),
    "length_due": Text(
        "«{written}» er regnet fra planens dato",
        "«{written}» er rekna frå datoen til planen",
        "“{written}” is counted from the plan's date",
    ),
    "other_day": Text(
        "«{written}» er nevnt, men ikke som frist for dette",
        "«{written}» er nemnt, men ikkje som frist for dette",
        "“{written}” is mentioned, but not as a deadline for this",
    ),
    "no_such_recommendation": Text(
        "viser til anbefaling {number}, som ikke er funnet",
        "viser til tilråding {number}, som ikkje er funnen",
        "refers to recommendation {number}, which was not found",
    ),
    "report": Text(
        "er dette rapporten om planen, skriv workflow: report",
        "er dette rapporten om planen, skriv workflow: report",
        "if this is the report on the plan, write workflow: report",
    ),
    "cut_text": Text(
        "tittelen er forkortet; hele teksten står i body",
        "tittelen er korta ned; heile teksten står i body",
        "the title is shortened; the whole text is in body",
    ),
    # the account and the head of the file
    "HOLE": Text("HULL", "HOL", "HOLE"),
    "CHECK": Text("SJEKK", "SJEKK", "CHECK"),
    "made": Text(
        "Utkast laget av {name} ({kind}).", "Utkast laga av {name} ({kind}).", "Draft made from {name} ({kind})."
    ),
    "nothing_saved": Text(
        "Ingenting er importert. Gå gjennom det som er merket {hole} og {check}, og kjør "
        "tiltak import når alt stemmer.",
        "Ingenting er importert. Gå gjennom det som er merkt {hole} og {check}, og køyr tiltak import når alt stemmer.",
        "Nothing is imported. Go through what is marked {hole} and {check}, and run tiltak import when all is right.",
    ),
    "counts": Text(
        "Funnet: {recommendations} anbefalinger, {actions} tiltak, {units} enheter, "
        "{days} datoer, {amounts} beløp, {holes} hull.",
        "Funne: {recommendations} tilrådingar, {actions} tiltak, {units} einingar, "
        "{days} datoar, {amounts} beløp, {holes} hol.",
        "Found: {recommendations} recommendations, {actions} actions, {units} units, "
        "{days} dates, {amounts} amounts, {holes} holes.",
    ),
    "units": Text(
        "Enheter i dokumentet som ikke er kjent; fyll ut og ta bort # foran dem som skal være med:",
        "Einingar i dokumentet som ikkje er kjende; fyll ut og ta bort # framfor dei som skal vere med:",
        "Units in the document that are not known; fill in and take away the # before those that are to be in:",
    ),
    "recommendations": Text("anbefalingene", "tilrådingane", "recommendations"),
    "actions": Text("tiltakene", "tiltaka", "actions"),
}
_NAMES: Final = {
    ";": Text("semikolon", "semikolon", "semicolons"),
    ",": Text("komma", "komma", "commas"),
    "\t": Text("tabulator", "tabulator", "tabs"),
    "|": Text("loddrett strek", "loddrett strek", "vertical bars"),
}


def say(remark: Remark, language: str) -> str:
    return WORDS[remark.key].say(language).format(**{key: _said(it, language) for key, it in remark.values.items()})


def _said(value: object, language: str) -> object:
    if isinstance(value, Place):
        return where(value, language)
    if isinstance(value, Remark):
        return say(value, language)
    return _NAMES[value].say(language) if isinstance(value, str) and value in _NAMES else value


def where(place: Place, language: str) -> str:
    """ "table 2, row 5", "line 12–14"."""
    kind, _, name = place.within.partition(":")
    outside = f"{_UNITS[kind].say(language)} {name}, " if kind else ""
    last = f"–{place.last}" if place.last > place.first else ""
    return f"{outside}{_UNITS[place.unit].say(language)} {place.first}{last}"
