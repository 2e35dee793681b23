"""The only place where the parts meet: settings in, a running service out."""

import os
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from engine.desk import Desk
from engine.ports import Clock
from engine.sweep import Swept
from engine.workflow import Workflows
from notifications.packing import pack_ripe
from store.sql import SqlStore
from tiltak.settings import Settings, load

DEFAULT_FILE = Path("tiltak.toml")


@dataclass(frozen=True, slots=True)
class Options:
    """What stands before the command: which settings file."""

    config: Path | None = None

    def settings(self) -> Settings:
        named = self.config or (Path(path) if (path := os.environ.get("TILTAK_CONFIG")) else None)
        return load(named or (DEFAULT_FILE if DEFAULT_FILE.exists() else None), os.environ)


@dataclass(slots=True)
class Service:
    """Everything that runs: a desk for errands, a store, and the rounds that the ticker makes."""

    settings: Settings
    store: SqlStore
    desk: Desk
    clock: Clock
    swept_at: datetime | None = field(default=None)

    @property
    def workflows(self) -> Workflows:
        return self.desk.workflows

    def last_sweep(self) -> datetime | None:
        return self.swept_at

    def sweep(self) -> Swept:
        """Decide what is due, and pack what may leave."""
        swept = self.desk.sweep()
        pack_ripe(self.store, self.store, self.clock, host=self.settings.mail.message_id_host)
        self.swept_at = self.clock.now()
        return swept
