"""Handing a letter to the mail server: the one place that speaks SMTP, and what each answer means."""

import re
import ssl
from types import TracebackType
from typing import Literal

import aiosmtplib
from aiosmtplib import errors

from notifications.post import SendError

Security = Literal["starttls", "tls", "none"]
LETTERS_PER_CONNECTION = 200
ENHANCED = re.compile(r"5\.(?P<subject>\d{1,3})\.\d{1,3}\b")


class Smtp:
    """One connection for a round, opened at the first letter and again after a break; used as a context manager."""

    def __init__(
        self,
        host: str,
        port: int,
        *,
        security: Security = "starttls",
        username: str = "",
        password: str = "",
        timeout: float = 60,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self._client = aiosmtplib.SMTP(
            hostname=host,
            port=port,
            username=username or None,
            password=password or None,
            timeout=timeout,
            use_tls=security == "tls",
            start_tls=security == "starttls",
            tls_context=tls,
        )
        self._sent = 0

    async def __aenter__(self) -> "Smtp":
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._hang_up()

    async def send(self, raw: bytes, *, sender: str, recipient: str) -> str:
        """The server's answer when it has taken the letter; SendError when it has not, or may have."""
        await self._connected()
        self._sent += 1
        try:
            await self._envelope(sender, recipient)
            return await self._content(raw)
        except SendError as error:
            if error.unknown or error.lost:
                await self._hang_up()
            else:
                await self._reset()
            raise

    async def _connected(self) -> None:
        """A server that cannot be used is nobody's letter's fault: everything waits."""
        if self._client.is_connected and self._sent < LETTERS_PER_CONNECTION:
            return
        await self._hang_up()
        try:
            await self._client.connect()
        except (errors.SMTPException, OSError, ValueError) as error:
            raise SendError(f"the mail server cannot be used: {error}", lost=True) from error

    async def _envelope(self, sender: str, recipient: str) -> None:
        try:
            await self._client.mail(sender)
        except errors.SMTPResponseException as error:
            # no fault of the one who is written to: everything waits
            raise SendError(f"no mail is taken from {sender}: {error.code} {error.message}", lost=True) from error
        except (errors.SMTPException, OSError, UnicodeEncodeError) as error:
            raise SendError(f"the connection was lost: {error}", lost=True) from error
        try:
            await self._client.rcpt(recipient)
        except errors.SMTPResponseException as error:
            said = f"{error.code} {error.message}"
            raise SendError(said, permanent=500 <= error.code < 600, nobody=_nobody(error)) from error
        except (errors.SMTPNotSupported, UnicodeEncodeError) as error:
            raise SendError(f"this server cannot write to {recipient}: {error}", nobody=True) from error
        except (errors.SMTPException, OSError) as error:
            raise SendError(f"the connection was lost: {error}", lost=True) from error

    async def _content(self, raw: bytes) -> str:
        """From here on silence is no refusal: the server may have the letter."""
        try:
            answer = await self._client.data(raw)
        except errors.SMTPResponseException as error:
            raise SendError(f"{error.code} {error.message}", permanent=500 <= error.code < 600) from error
        except (errors.SMTPException, OSError) as error:
            raise SendError(f"no answer after the letter was handed over: {error}", unknown=True) from error
        return f"{answer.code} {answer.message}"

    async def _reset(self) -> None:
        try:
            await self._client.rset()
        except (errors.SMTPException, OSError):
            await self._hang_up()

    async def _hang_up(self) -> None:
        self._sent = 0
        if self._client.is_connected:
            try:
                await self._client.quit()
            except (errors.SMTPException, OSError):
                self._client.close()


def _nobody(error: errors.SMTPResponseException) -> bool:
    """Whether a refused recipient is one that does not exist: 5.1.x (RFC 3463), or 550, 551, 553 without such a code.

    A full mailbox (5.2.x) and a policy against us (5.7.x) say nothing about the address.
    """
    enhanced = ENHANCED.match(error.message)
    return enhanced["subject"] == "1" if enhanced else error.code in (550, 551, 553)
