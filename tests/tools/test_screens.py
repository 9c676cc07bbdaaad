"""What runs on one database only: a rule that is written down, with modules that exist and that need no other."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.screens import SCREENS, is_screen

ROOT = Path(__file__).resolve().parent.parent.parent
OWN = re.compile(
    r"vendor|cursor\(|transaction=True|transactional_db|select_for_update|tests\.elsewhere|two_workers|\.raw\("
)


def modules() -> list[Path]:
    return [path for path in (ROOT / "tests").rglob("test_*.py") if is_screen(str(path.relative_to(ROOT)))]


@pytest.mark.parametrize("place", SCREENS)
def test_each_place_exists(place):
    assert list((ROOT / place).glob("test_*.py")) if place.endswith("/") else (ROOT / place).is_file()


def test_none_needs_a_database_of_its_own_kind():
    assert modules()
    assert [path.name for path in modules() if OWN.search(path.read_text())] == []


def test_rooms_that_depend_on_the_database_are_no_screens():
    for place in ("workflows/engine", "workflows/dossiers", "home/audit", "home/meetings", "home/forms"):
        assert not is_screen(f"tests/{place}/test_any.py::test_any"), place
