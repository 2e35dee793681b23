"""The words by which a plan is known, in bokmål, nynorsk and English: headings, column heads, labels, units."""

import re
from typing import Final, Literal

Class = Literal["recommendation", "action"]

_RECOMMENDS: Final = re.compile(
    r"\b(?:anbefal\w*|tilrå\w*|recommend\w*)\b",
    re.IGNORECASE,
)
_ACTS: Final = re.compile(
    r"\b(?:\w*tiltak\w*|(?:oppfølg|oppfylg|handling)\w*|action\w*|follow-?up|measures?|management\s+response)\b",
    re.IGNORECASE,
)
_RECOMMENDED: Final = re.compile(r"\b(?:anbefaler|anbefalte|tilrår|tilrådde|recommends?|recommended)\b", re.IGNORECASE)
_ADDRESSED: Final = re.compile(r"\b(?:for|til|to)\s+(?P<whom>[^:]{2,80}?)\s*:?$", re.IGNORECASE)
_SENTENCES: Final = re.compile(r"(?<=[.!?])\s+(?=[A-ZÆØÅ])")
_ADDRESSED_ALONE: Final = re.compile(r"^(?:for|til|to)\s", re.IGNORECASE)
_ABBREVIATED: Final = re.compile(r"^([A-ZÆØÅ]{2,}?)s?(?:\s|$)")


def asking(text: str) -> str:
    """The last sentence of a paragraph: it is the one that speaks of the list below."""
    return _SENTENCES.split(text)[-1]


def class_of(heading: str) -> Class | None:
    """What a list below this heading holds; None when the heading does not tell."""
    if _RECOMMENDED.search(heading):
        return "recommendation"
    advice, act = _RECOMMENDS.search(heading), _ACTS.search(heading)
    if advice and act:
        return "recommendation" if advice.start() < act.start() else "action"
    return "recommendation" if advice else "action" if act else None


def addressee(heading: str) -> str:
    """To whom the recommendations below this heading go, "" when it does not say."""
    found = _ADDRESSED.search(heading)
    return shortened(found["whom"]) if found else ""


def only_addresses(heading: str) -> bool:
    return bool(_ADDRESSED_ALONE.match(heading))


def shortened(whom: str) -> str:
    """ "IOMs arbeid" is IOM; anything without such a short name stays as it is written."""
    short = _ABBREVIATED.match(whom)
    return short[1] if short else whom.strip()


Column = Literal[
    "number",
    "recommendation",
    "action",
    "text",
    "owner",
    "due",
    "addressee",
    "response",
    "priority",
    "amount",
    "contributors",
    "answers",
]
HEADS: Final[dict[Column, str]] = {
    "number": r"(?:nr|no|nummer|number|løpenr|løpenummer|id|ref|#)",
    "owner": r"(?:hoved)?(?:ansvar\w*(?:\s+\w+)?|eier|eigar|responsible.*|owner|lead|enhet|eining|unit|"
    r"seksjon|avdeling|hvem|kven|who)",
    "due": r"(?:tids)?(?:frist\w*|dato|due.*|deadline|time\s?frame|ramme\w*|target date|når|when|date|by when|ferdig)",
    "addressee": r"(?:adressat|mottaker|mottakar|addressee|addressed to|rettet til|retta til|directed to)",
    "response": r"(?:svar|respons|response|management response|ledelsens svar|godtatt|accepted\??|accepted/rejected)",
    "priority": r"(?:prioritet|priority|viktighet|viktigheit)",
    "amount": r"(?:beløp|sum|amount|budsjett|budget|kostnad|cost)",
    "contributors": r"(?:bidragsyt[ea]r\w*|medvirkende|medverkande|contribut\w*|support\w*|sammen med|saman med)",
    "answers": r"(?:svarer\s+på|svarar\s+på|answers(?:\s+to)?|gjelder\s+anbefaling\w*|gjeld\s+tilråding\w*)",
    "recommendation": r"(?:anbefal\w*|tilråd\w*|recommendation\w*)",
    "action": r"(?:\w*tiltak\w*|oppfølging\w*|handling\w*|actions?|.*\bactions?|follow-?up.*|measures?|"
    r"aktivitet\w*|activit\w*)",
    "text": r"(?:beskrivelse|beskriving|tekst|innhold|innhald|description|text|what|hva|kva|tittel|title)",
}
_HEADS: Final = {name: re.compile(pattern, re.IGNORECASE) for name, pattern in HEADS.items()}


def column_of(head: str) -> Column | None:
    """Which column a table's head names."""
    words = re.sub(r"[.:*]+|\([^)]*\)", " ", head)
    words = re.sub(
        r"^(?:anbefal\w*|tilråd\w*|recommendation|tiltak\w*|action)\s+(?=(?:nr|no|nummer|number)\b)",
        "",
        words.strip(),
        flags=re.IGNORECASE,
    )
    words = " ".join(words.split())
    if not words or len(words) > 60:
        return None
    return next((name for name, pattern in _HEADS.items() if pattern.fullmatch(words)), None)


RESPONSES: Final = {
    "accepted": re.compile(
        r"^(?:accepted|agree[ds]?|yes|ja|godtatt|akseptert|tiltrådt|tiltres|følges|ja.*)$", re.IGNORECASE
    ),
    "partly": re.compile(r"^(?:part\w*|delvis.*)$", re.IGNORECASE),
    "rejected": re.compile(
        r"^(?:reject\w*|disagree[ds]?|not accepted|no|nei|avvist|avslått|ik?kj?e godt\w+|forkaste[t]?|forkasta)$",
        re.IGNORECASE,
    ),
}


def response_of(text: str) -> str:
    """ "accepted", "partly", "rejected"; "" for words that say something else."""
    return next((name for name, pattern in RESPONSES.items() if pattern.match(text.strip(" ."))), "")
