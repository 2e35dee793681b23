"""Fetch the vendored styles, fonts and test tools again with `npm pack`, and check that they are those we have seen."""

import argparse
import hashlib
import subprocess
import sys
import tarfile
import tempfile
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
LISTS = (ROOT / "web/static/vendor/vendor.toml", ROOT / "tests/web/vendor/vendor.toml")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="compare the files in place; fetch nothing")
    check = parser.parse_args().check
    faults = [fault for listing in LISTS for fault in (differences(listing) if check else fetch(listing))]
    for fault in faults:
        sys.stderr.write(f"{fault}\n")
    return 1 if faults else 0


def packages(listing: Path) -> list[dict[str, Any]]:
    return list(tomllib.loads(listing.read_text("utf-8"))["package"])


def differences(listing: Path) -> Iterator[str]:
    """Every vendored file that is missing, unlisted, or not the one whose checksum is listed."""
    files = [file for package in packages(listing) for file in package["file"]]
    for file in files:
        path = listing.parent / file["name"]
        if not path.is_file():
            yield f"{path} is missing"
        elif checksum(path.read_bytes()) != file["sha256"]:
            yield f"{path} is not the file that was vendored"
    for path in sorted(set(listing.parent.iterdir()) - {listing.parent / file["name"] for file in files} - {listing}):
        yield f"{path} is not in {listing.name}"


def fetch(listing: Path) -> Iterator[str]:
    for package in packages(listing):
        content = unpacked(f"{package['name']}@{package['version']}")
        for file in package["file"]:
            found = content[f"package/{file['from']}"]
            if checksum(found) == file["sha256"]:
                (listing.parent / file["name"]).write_bytes(found)
            else:
                yield f"{package['name']} {package['version']} brings another {file['from']} than the one listed"


def unpacked(wanted: str) -> dict[str, bytes]:
    """The files of a package, read in memory: nothing in it is run, and no path of its choosing is written."""
    with tempfile.TemporaryDirectory() as folder:
        command = ["npm", "pack", "--silent", "--ignore-scripts", "--pack-destination", folder, wanted]
        subprocess.run(command, check=True, capture_output=True)
        with tarfile.open(next(Path(folder).iterdir())) as archive:
            return {member.name: archive.extractfile(member).read() for member in archive if member.isfile()}  # type: ignore[union-attr]


def checksum(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


if __name__ == "__main__":
    sys.exit(main())
