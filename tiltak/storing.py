"""The database alone, for whoever needs nothing else of the service: no rules are read, no page is made."""

from store.migrate import migrate
from store.sql import SqlStore, open_store
from tiltak.settings import Settings


def stored(settings: Settings) -> SqlStore:
    """The organisation's store, in a database of this version."""
    migrate(settings.service.database)
    return open_store(settings.service.database, organisation=settings.as_organisation())
