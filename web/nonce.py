"""A form knows that it was opened here, a short while ago: its nonce is in the page and, signed, in a cookie.

The key is the digest of the link's token: every node has it, nobody else, and no secret needs to be set.
"""

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from starlette.requests import Request
from starlette.responses import Response

LASTS: Final = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class Nonce:
    """`digest` is that of the link whose page the form is on."""

    digest: str
    secure: bool

    @property
    def cookie(self) -> str:
        """One for each link, so that two of them can be open side by side. `__Host-` needs https."""
        return f"{'__Host-' if self.secure else ''}tiltak-{self.digest[:12]}"

    def give(self, response: Response, value: str, now: datetime) -> None:
        stamped = f"{int(now.timestamp())}.{value}"
        response.set_cookie(
            self.cookie, f"{stamped}.{self._signed(stamped)}", max_age=int(LASTS.total_seconds()), path="/",
            httponly=True, samesite="lax", secure=self.secure,
        )  # fmt: skip

    def fits(self, request: Request, value: str, now: datetime) -> bool:
        """Whether the form was opened by this browser, and not long ago."""
        stamped, _, signature = request.cookies.get(self.cookie, "").rpartition(".")
        at, _, kept = stamped.partition(".")
        if not (value and at.isdecimal() and hmac.compare_digest(signature, self._signed(stamped))):
            return False
        age = now.timestamp() - int(at)
        return hmac.compare_digest(kept, value) and 0 <= age <= LASTS.total_seconds()

    def _signed(self, stamped: str) -> str:
        return hmac.new(self.digest.encode(), stamped.encode(), hashlib.sha256).hexdigest()


def fresh() -> str:
    return secrets.token_hex(16)
