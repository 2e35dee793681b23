"""What came along with a mail, as a case keeps it."""

from engine.case import Document
from engine.inbound import Enclosed
from notifications.reading.facts import Reading


def enclosed(reading: Reading) -> Enclosed:
    files = reading.attachments
    return Enclosed(
        documents=tuple(
            Document(id=it.sha256, name=it.name, type=it.content_type, size=it.size, content=it.content)
            for it in files
            if not it.refused
        ),
        refused=tuple(it.name for it in files if it.refused),
    )
