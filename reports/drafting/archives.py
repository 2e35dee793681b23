"""Office files are archives: what is in one, and whether it may be unpacked."""

import io
import zipfile
from typing import Final

MOST_UNPACKED: Final = 200 << 20
MOST_MEMBERS: Final = 5_000


def names(raw: bytes) -> set[str]:
    """Raises zipfile.BadZipFile for what is no archive."""
    with zipfile.ZipFile(io.BytesIO(raw)) as archive:
        return set(archive.namelist())


def too_large(raw: bytes) -> bool:
    """By what the archive says of itself: it cannot give more than that, for reading stops there."""
    with zipfile.ZipFile(io.BytesIO(raw)) as archive:
        members = archive.infolist()
        return len(members) > MOST_MEMBERS or sum(it.file_size for it in members) > MOST_UNPACKED
