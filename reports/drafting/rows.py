"""What was found in a document, row by row: recommendations and actions, each with what is said of it."""

from dataclasses import dataclass

from reports.drafting.contents import Place
from reports.drafting.days import Mention
from reports.drafting.details import Details
from reports.drafting.vocabulary import Class


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A recommendation or an action as the document has it. `number` is the document's own, "" where it has none.

    `source` is its line there, `below` the heading it stands under; `recommendation` is the number of the one that
    stands in the same row of a table.
    """

    klass: Class
    text: str
    place: Place
    source: str
    number: str = ""
    below: str = ""
    addressee: str = ""
    owners: tuple[str, ...] = ()
    days: tuple[Mention, ...] = ()
    amounts: tuple[str, ...] = ()
    references: tuple[str, ...] = ()
    contributors: tuple[str, ...] = ()
    priority: str = ""
    response: str = ""
    reason: str = ""


def found_in_text(klass: Class, details: Details, *, place: Place, source: str) -> Found:
    return Found(
        klass=klass,
        text=details.text,
        place=place,
        source=source,
        owners=details.owners,
        days=details.days,
        amounts=details.amounts,
        references=details.references,
        priority=details.priority,
    )
