"""No log tells a secret: what follows `/sign-in/` or `/l/` in an address opens a door."""

import logging
import re
from typing import Any, Final

SECRET: Final = re.compile(r"(/(?:sign-in|l)/)[^\s/?#\"']+")


class Unspoken(logging.Filter):
    """Lets every record through, without the secrets."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg = _without(record.msg)
        if isinstance(record.args, tuple):
            record.args = tuple(_without(it) for it in record.args)
        return True


def _without(said: Any) -> Any:
    return SECRET.sub(r"\1…", said) if isinstance(said, str) else said


def keep_secrets() -> None:
    """On the handlers, for a filter on a logger would miss what the loggers below it say."""
    for name in ("", "uvicorn", "uvicorn.access", "uvicorn.error"):
        for handler in logging.getLogger(name).handlers:
            handler.addFilter(Unspoken())
