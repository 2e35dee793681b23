"""What is attached to a case: never shown by the browser, whatever it is, but saved under a harmless name."""

import re
from typing import Final
from urllib.parse import quote

from starlette.responses import Response

from engine.case import Document

HEADERS: Final = {
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "Referrer-Policy": "no-referrer",
}


def download(document: Document) -> Response:
    plain = re.sub(r"[^A-Za-z0-9._-]", "_", document.name)
    named = f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(document.name, safe='')}"
    return Response(document.content, media_type=document.type, headers={**HEADERS, "Content-Disposition": named})
