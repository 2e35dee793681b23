"""What is vendored is what was vendored."""

import importlib.util
import shutil
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).parents[2]
LISTS = (ROOT / "web/static/vendor/vendor.toml", ROOT / "tests/web/vendor/vendor.toml")


@pytest.fixture(scope="module")
def vendor() -> ModuleType:
    spec = importlib.util.spec_from_file_location("vendor", ROOT / "scripts/vendor.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("listing", LISTS, ids=lambda path: path.parts[-4])
def test_every_vendored_file_is_the_one_listed(vendor: ModuleType, listing: Path) -> None:
    assert list(vendor.differences(listing)) == []


@pytest.mark.parametrize("listing", LISTS, ids=lambda path: path.parts[-4])
def test_every_package_comes_with_its_licence(vendor: ModuleType, listing: Path) -> None:
    for package in vendor.packages(listing):
        texts = [file["name"] for file in package["file"] if "LICENCE" in file["name"]]
        assert texts, f"{package['name']} brings no licence text"
        assert package["licence"]


def test_a_changed_a_missing_and_a_stray_file_are_all_told(vendor: ModuleType, tmp_path: Path) -> None:
    folder = shutil.copytree(LISTS[0].parent, tmp_path / "vendor")
    (folder / "designsystemet.css").write_text("body{}", "utf-8")
    (folder / "inter-latin.woff2").unlink()
    (folder / "stray.js").write_text("", "utf-8")
    told = " ".join(vendor.differences(folder / "vendor.toml"))
    assert "designsystemet.css is not the file" in told
    assert "inter-latin.woff2 is missing" in told
    assert "stray.js is not in vendor.toml" in told
