"""The environment is read in one place, and every variable is described."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
READ = re.compile(r"""(?:\benv(?:\.\w+)?|\brequired)\(\s*["']([A-Z][A-Z0-9_]+)["']""")
OS_READ = re.compile(r"""os\.(?:environ(?:\.get\(|\[|\.setdefault\()|getenv\()\s*["']([A-Z][A-Z0-9_]+)["']""")
DESCRIBED = re.compile(r"^\| `([A-Z][A-Z0-9_]+)` \|", re.MULTILINE)
#: Read by make and its tools, not by the site.
TOOLS = {"PORT", "HOST", "DEMO", "DEMO_PASSWORD", "SCALE", "CHROMIUM", "CI", "WEB_CONCURRENCY"}


def used() -> set[str]:
    return {name for path in (ROOT / "settings").glob("*.py") for name in READ.findall(path.read_text())}


def described() -> set[str]:
    return set(DESCRIBED.findall((ROOT / "docs" / "reference" / "environment.md").read_text()))


def test_every_variable_is_described_and_every_described_variable_is_used():
    assert described() == used() | TOOLS


def test_nothing_but_settings_reads_the_environment():
    rooms = [path for name in ("home", "workflows", "plugins") for path in (ROOT / name).rglob("*.py")]
    assert rooms
    found = [
        str(path.relative_to(ROOT)) for path in rooms if re.search(r"os\.(environ|getenv)", path.read_text())
    ]
    assert found == []


def test_variables_of_the_tools_are_read_by_the_tools():
    texts = [path.read_text() for path in [*(ROOT / "tools").glob("*.py"), *(ROOT / "bench").rglob("*.py")]]
    text = "\n".join([*texts, (ROOT / "Makefile").read_text(), (ROOT / "Dockerfile").read_text()])
    assert [name for name in sorted(TOOLS) if name not in text] == []
