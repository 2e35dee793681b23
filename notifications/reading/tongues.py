"""How mail programs speak: the words by which they introduce what they quote, in the languages we meet.

Bokmål, nynorsk and English come first; Danish, Swedish and German because colleagues use them; the others cost nothing.
"""

import re
from typing import Final


def _words(text: str) -> frozenset[str]:
    return frozenset(each.strip() for each in text.split(",") if each.strip())


#: Labels of a header that is shown above a quoted mail, by what they introduce.
LABELS: Final = {
    "from": _words(
        "fra, frå, from, von, från, de, van, da, od, od kogo, avsender, avsendar, avsändare, afsender, absender, "
        "lähettäjä, expéditeur, remitente, remetente, mittente, afzender, nadawca, от, отправитель, від, frá, "
        "寄件者, 发件人, 差出人"
    ),
    "sent": _words(
        "sendt, sendt den, dato, sent, date, datum, gesendet, skickat, skickat den, sänt, envoyé, enviado, "
        "enviado el, "
        "enviada em, fecha, data, inviato, verzonden, lähetetty, päivämäärä, päiväys, pvm, wysłano, data, dne, "
        "odesláno, "
        "отправлено, дата, надіслано, sent on, sendt på, tid, 寄件日期, 发送时间, 送信日時, dags"
    ),
    "to": _words(
        "til, to, an, till, à, a, para, aan, do, komu, mottaker, mottakere, mottakar, mottakarar, modtager, "
        "empfänger, "
        "mottagare, destinataire, destinatario, destinatário, vastaanottaja, кому, 收件者, 收件人, 宛先"
    ),
    "cc": _words("kopi, kopi til, kopi:, cc, kopia, kopie, copie, copia, cópia, kopio, dw, копия, копія, 副本, afrit"),
    "subject": _words(
        "emne, subject, betreff, ämne, objet, objet, asunto, assunto, oggetto, onderwerp, aihe, temat, předmět, "
        "тема, "
        "vedrørende, 主旨, 主题, 件名, efni, re"
    ),
    "other": _words(
        "bcc, blindkopi, blindkopi til, svar til, svar-til, reply-to, vedlegg, attachments, attachment, "
        "viktighet, viktigheit, "
        "prioritet, importance, priority, wichtigkeit, organisasjon, organization, kategorier, kategoriar, "
        "categories, "
        "når, kor, hvor, when, where, list-id, anlagen, bilagor, vigtighed, resent-from, sensitivitet, sensitivity"
    ),
}
LABELLED: Final = {word: role for role in reversed(LABELS) for word in LABELS[role]}

VERB: Final = re.compile(
    r"\b(?:skrev|skreiv|wrote|schrieb|hat geschrieben|geschrieben|(?:a )?écrit|escribió|escreveu|ha scritto"
    r"|schreef|kirjoitti"
    r"|napisał(?:\(a\)|a)?|pisze|skrifaði|написала?|пишет|пише|napsal(?:\(a\))?|sendte|sende)\b|写道|寫道",
    re.IGNORECASE,
)
FIRST_PERSON: Final = re.compile(
    r"\b(?:jeg|eg|vi|me|i|we|jag|ich|wir|je|nous)\s+(?:skrev|skreiv|wrote|schrieb)\b"
    r"|\b(?:skrev|skreiv|wrote)\s+(?:jeg|eg|vi|me|i|we|jag|til|to|at|om|about|a|an|one|some|my|the|at)\b",
    re.IGNORECASE,
)
MAIL_ADDRESS: Final = re.compile(r"[\w.+%'-]{1,64}@[\w-]{1,64}\.[\w.-]{1,64}")
YEAR: Final = re.compile(r"\b(?:19|20)\d\d\b|\b\d{1,2}[./-]\d{1,2}[./-]\d\d\b|\d年")
CLOCK: Final = re.compile(
    r"\b\d{1,2}:\d\d|(?:kl\.?|klokka|klokken|klokkan|kello|um|om|à|at|ob|o godz\.)\s*\d{1,2}[.:h]\d\d"
    r"|\b\d{1,2}\.\d\d [+-]\d{4}"
    r"|\b\d{1,2} ?[ap]m\b",
    re.IGNORECASE,
)

_MONTHS: Final = (
    r"jan|feb|mar|mars|märz|apr|mai|maj|may|jun|juni|jul|juli|aug|sep|sept|okt|oct|nov|des|dec|dez|janv|févr|avr"
    r"|juin|juil"
    r"|août|déc|ene|abr|ago|dic|gen|giu|lug|set|ott"
)
_DAYS: Final = (
    r"man|mån|ma|må|mo|mon|mandag|måndag|monday|montag|lun|tir|tirs|tirsdag|tys|tysdag|tis|tisdag|ti|ty|tue"
    r"|tuesday|die|di|dienstag|mar"
    r"|ons|onsdag|on|wed|wednesday|mi|mit|mittwoch|mer|mié|tor|tors|torsdag|to|thu|thursday|do|don|donnerstag|jeu"
    r"|jue|gio"
    r"|fre|fredag|fr|fri|friday|fre|freitag|ven|vie|lør|lørdag|lau|laur|laurdag|lör|lördag|lø|la|sat|saturday|sa"
    r"|sam|samstag"
    r"|søn|søndag|sun|sundag|sön|söndag|sø|su|sunday|so|son|sonntag|dim|dom|sáb|sab|pon|wt|śr|czw|pt|sob|niedz|пн"
    r"|вт|ср|чт|пт|сб|вс"
    r"|segunda|terça|quarta|quinta|sexta|sábado|domingo|lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche"
)
#: How the line begins with which a program introduces a quotation.
BEGINNING: Final = re.compile(
    rf"^[\W_]{{0,6}}(?:(?:on|den|am|le|el|em|il|op|på|at|dnia|w dniu|dne|ons|в"
    rf"|пн)\s+(?:(?:{_DAYS})[.,]{{0,2}}\s+)?(?:den\s+|d\.\s*)?(?:kl\.?\s*)?(?:\d|(?:{_MONTHS})\w*\.?\s+\d)"
    rf"|(?:{_DAYS})[.,]{{0,2}}\s+(?:den\s+|d\.\s*)?(?:\d|(?:{_MONTHS})\w*\.?\s+\d)"
    rf"|\d{{1,2}}(?:[./-]\s?(?:\d|(?:{_MONTHS}))|\.?\s+(?:de\s+)?(?:{_MONTHS}))"
    r"|\d{1,2}\.?\s+\w{3,10}\.?,?\s+\d{4}|\d{4}[./-]\d|\d{4}年)",
    re.IGNORECASE,
)

#: An older Gmail introduces so, and GroupWise, without any verb.
BARE: Final = re.compile(
    r"^\d{4}-\d\d-\d\d \d{1,2}:\d\d (?:GMT|UTC)[+-]\d\d:\d\d .{2,200}$|^>>> .{3,100}\d.{0,100} >>>$"
)

_MESSAGE: Final = (
    r"(?:opprinnelig|opprinneleg|opphavleg|opphaveleg|oprindelig|ursprungligt|original|ursprüngliche|urspr\."
    r"|videresendt|vidaresendt|videresend|"
    r"videresendte|vidarebefordrat|vidarebefordrad|weitergeleitete|forwarded|begin forwarded|start på videresendt|"
    r"originalt|alkuperäinen|välitetty|oorspronkelijk|doorgestuurd|mensaje|messaggio|mensagem|message|wiadomość"
    r"|исходное|"
    r"пересылаемое|svar på|reply|antwort)[ -]{0,2}"
    r"(?:e-?post|melding|meldinga|meldingen|meddelelse|meddelande|meddelandet|message|messages|nachricht|mail"
    r"|e-?mail|viesti|bericht|original|originale|"
    r"d'origine|transféré|reenviado|inoltrato|originalt|сообщение|encaminhada)?"
)
#: "-----Opprinnelig melding-----" and its kin, and what some programs write without the dashes.
SEPARATOR: Final = re.compile(
    rf"^\W*[-–—_=*]{{2,}}\s*{_MESSAGE}\b(?:[^.!?]{{0,60}}$|\s*[-–—_=*]{{2,}})"
    r"|^\W*-{3,}.{3,200}\b(?:skrev|skreiv|wrote|schrieb|écrit|escribió)\b\W*-*\s*:?\s*-{2,}\s*$"
    r"|^\W*(?:begin forwarded message|(?:start på )?(?:videresendt|vidaresendt) (?:melding|e-post)"
    r"|videresendt meddelelse"
    r"|vidarebefordrat (?:meddelande|mejl|brev)|weitergeleitete nachricht|anfang der weitergeleiteten nachricht"
    r"|opprinnelig melding|opprinneleg melding|original message|oprindelig meddelelse|ursprungligt meddelande"
    r"|ursprüngliche nachricht|début du message (?:réexpédié|transféré)|inicio del mensaje reenviado"
    r"|message transféré"
    r"|inizio messaggio inoltrato)\s*:?\W*$",
    re.IGNORECASE,
)
FORWARDING: Final = re.compile(
    r"videresend|vidaresend|forwarded|vidarebefordra|weitergeleitet|videresendt|réexpédié|transféré|reenviado"
    r"|inoltrato|doorgestuurd"
    r"|välitetty|пересылаем|encaminhada",
    re.IGNORECASE,
)
FORWARDED_SUBJECT: Final = re.compile(r"^\s*(?:vs|fw|fwd|vb|wg|vid|tr|i|rv|enc|doorst)\s*:", re.IGNORECASE)

#: The line above which an answer is to be written, as our own letters print it.
MARKERS: Final = re.compile(
    r"skriv svaret ditt over denne (?:linjen|linja|lina)|(?:write|type) your (?:reply|answer) above this line"
    r"|svar over denne (?:linjen|linja|lina)|reply above this line",
    re.IGNORECASE,
)

_DEVICE: Final = (
    r"i-?phone\w*|i-?pad\w*|i-?pod\w*|mobil\w*|mobile|android\w*|samsung\w*|galaxy\w*|huawei|sony|xperia|htc"
    r"|nokia|oneplus|pixel\w*"
    r"|outlook|windows|smart(?:tele|phone|telefon)\w*|tele(?:fon|phone)\w*|tlf|phone|nettbrett\w*|surfplatta"
    r"|tablet\w*|blackberry"
    r"|yahoo|proton\w*|cell|handy|mail|mailbox|e-?post\w*|airmail|spark|k-9|gmail|alcatel|ipad|macbook|mac|pc"
    r"|mobiltelefon\w*"
    r"|gsm|lumia|motorola|lg|xiaomi|redmi|smartphone|device|hey|thunderbird|boxer|nine|bluemail|newton|work"
)
_SENT: Final = (
    r"(?:sendt|sent|skickat|skickad|sänt|gesendet|envoyé|verzonden|verstuurd|enviado|inviato|lähetetty|wysłan[eo]"
    r"|skrevet|skrive|send)"
)
_BY: Final = (
    r"(?:fra|frå|from|via|med|with|by|von|från|depuis|vanaf|met|mit|desde|do|da|z|de|del|dal|på|using|aus|am|mijn)"
)
_MINE: Final = r"(?:my|a|an|the|min|mitt|mi|en|et|ei|ein|eit|mon|meinem|meiner|mijn|meu|il|mio|minun|mojego|way)"
#: What telephones and programs put below a mail by themselves.
BY_MACHINE: Final = re.compile(
    rf"^[\W_]{{0,6}}{_SENT}\s+{_BY}\s+(?:{_MINE}\s+)?\W{{0,2}}(?:[\w-]+\s+){{0,2}}\W?(?:{_DEVICE})\b.{{0,140}}$"
    rf"|^[\W_]{{0,6}}{_SENT}\s+{_BY}\s+{_MINE}\s+[\w-]{{1,20}}[\W_]*$"
    rf"|^[\W_]{{0,6}}(?:sent|sendt)\s+by\s+.{{1,40}}$"
    r"|^[\W_]{0,6}(?:få|hent|last ned|skaff(?: deg)?|prøv|get|download|hämta|skaffa|obtenir|télécharg\w+"
    r"|hol(?:en)?(?: sie sich)?|download|scarica"
    r"|obtener|descarg\w+|ottieni|baixar|obter)\s+\[?outlook\b.{0,160}$"
    r"|^[\W_]{0,6}(?:få|hent|last ned|get|download)\s+[\w-]{2,20}\s+(?:for|til)\s+(?:ios|iphone|android|mobil)\W*$"
    r"|^[\W_]{0,6}\[?outlook\s+(?:for|för|für|pour|para|per|voor)\s+(?:ios|android|mac).{0,160}$"
    r"|^[\W_]{0,6}(?:von mein\w+|diese nachricht wurde von|diese e-mail wurde von|from my|someone from|fra min"
    r"|frå min)\s.{0,30}(?:" + _DEVICE + r")\b.{0,60}$"
    r"|^.{0,4}從我的.{1,20}傳送$|^.{0,4}(?:发自我的|從我的).{1,30}$|^.{0,4}отправлено (?:с|из).{1,40}$"
    r"|^[\W_]{0,6}(?:denne e-posten (?:er|ble|vart) (?:sendt|skannet|kontrollert)|virusfri|virus-free)\b.{0,160}$",
    re.IGNORECASE,
)
GREETING: Final = re.compile(
    r"^\W*(?:(?:med |m\.? ?)?(?:beste|vennlig|venleg|venlig|vennleg|gode|god|kjærlig|varm|hjertelig)?\s*(?:hilsen"
    r"|helsing|hilsener|helsingar|hilsning)(?:ar|er)?"
    r"|(?:de )?(?:beste|best|kind|warm|kindest|many)?\s*(?:hilsner|helsingar|regards|wishes)|mvh|m\.?v\.?h|vh|bh"
    r"|hilsen|helsing|best|regards|br|kind regards|sincerely|yours(?: sincerely| faithfully)?"
    r"|cheers|thanks|takk|mange takk|tusen takk|på forhånd takk|på førehand takk|thank you|många hälsningar"
    r"|med vänlig hälsning(?:ar)?|vänliga hälsningar|hälsningar"
    r"|mit freundlichen grüßen|mfg|viele grüße|(?:de )?bedste hilsner|kh|vennligst)\b(?P<rest>.{0,60})$",
    re.IGNORECASE,
)
