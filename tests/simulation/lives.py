"""Where each life gets a database of its own, with the schema in it."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from store.migrate import migrate
from tests.postgres_server import postgres_server

Fresh = Callable[[], str]
MEMORY = Path("/dev/shm")


@contextmanager
def databases(*, postgres: bool) -> Iterator[Fresh]:
    if postgres:
        with postgres_server() as server:
            yield server.fresh
        return
    with TemporaryDirectory(prefix="tiltak-lives-", dir=MEMORY if MEMORY.is_dir() else None) as folder:
        yield copies(Path(folder))


def copies(folder: Path) -> Fresh:
    """Copies of one migrated SQLite file: quicker than migrating for every life."""
    schema, place = folder / "schema.db", folder / "life.db"
    migrate(f"sqlite:///{schema}")

    def fresh() -> str:
        for old in folder.glob("life.db*"):
            old.unlink()
        shutil.copy(schema, place)
        return f"sqlite:///{place}"

    return fresh
