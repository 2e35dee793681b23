"""No token is ever logged, whoever writes the line: not by us, not by the web server, not by a library."""

import logging
from typing import Any

from engine.link import redacted


def keep_secrets() -> None:
    """From now on every record of this process is made without the tokens of links and reply addresses."""
    plain = logging.getLogRecordFactory()
    if getattr(plain, "keeps_secrets", False):
        return

    def guarded(*facts: Any, **more: Any) -> logging.LogRecord:
        return without_tokens(plain(*facts, **more))

    guarded.keeps_secrets = True  # type: ignore[attr-defined]
    logging.setLogRecordFactory(guarded)


def without_tokens(record: logging.LogRecord) -> logging.LogRecord:
    record.msg = _told(record.msg)
    if isinstance(record.args, tuple):  # the web server's own formatter wants its five arguments back
        record.args = tuple(_told(it) for it in record.args)
    return record


def _told(it: object) -> object:
    """An exception may hold an address that a server refused; numbers stay numbers."""
    if isinstance(it, BaseException):
        return redacted(str(it))
    return redacted(it) if isinstance(it, str) else it
