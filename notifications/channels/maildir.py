"""A folder in the Maildir format, into which a mail server on this machine delivers."""

from pathlib import Path
from threading import Event

from engine.inbound import Keep, Received
from notifications.channels.source import SourceError, cut


class Maildir:
    """What is new is kept and then moved to `cur`, marked as seen: a name is new until then, and only once."""

    def __init__(self, folder: Path, *, limit: int, idle: float = 60) -> None:
        self.folder, self.limit, self.idle = folder, limit, idle

    @property
    def name(self) -> str:
        return f"maildir:{self.folder}"

    def collect(self, keep: Keep) -> int:
        try:
            paths = sorted(path for path in (self.folder / "new").iterdir() if path.is_file())
        except OSError as error:
            raise SourceError(f"inbound.folder {self.folder} cannot be read: {error.strerror or error}") from error
        return sum(self._took(path, keep) for path in paths)

    def wait(self, stop: Event) -> None:
        stop.wait(self.idle)

    def close(self) -> None:
        """Nothing is held open."""

    def _took(self, path: Path, keep: Keep) -> bool:
        try:
            with path.open("rb") as stream:
                raw, size = cut(stream, self.limit)
        except FileNotFoundError:
            return False  # another process was faster
        keep(Received(source=self.name, raw=raw, size=size))
        seen = self.folder / "cur" / f"{path.name.partition(':')[0]}:2,S"
        try:
            path.rename(seen)
        except FileNotFoundError:
            return False
        return True
