"""Install the sample plugin into a folder, as an installer would: package, metadata and entry points."""

import shutil
import tomllib
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

HERE = Path(__file__).parent


def install(folder: Path) -> None:
    """Copy the package, compile its translations, and write the `.dist-info` from pyproject.toml."""
    project = tomllib.loads((HERE / "pyproject.toml").read_text())["project"]
    package = folder / "congso_stamps"
    shutil.copytree(HERE / "congso_stamps", package, ignore=shutil.ignore_patterns("__pycache__"))
    for po in package.rglob("*.po"):
        with po.open("rb") as source, po.with_suffix(".mo").open("wb") as target:
            write_mo(target, read_po(source))
    info = folder / f"congso_stamps-{project['version']}.dist-info"
    info.mkdir()
    (info / "METADATA").write_text(
        f"Metadata-Version: 2.1\nName: {project['name']}\nVersion: {project['version']}\n"
    )
    lines = []
    for group, entries in project["entry-points"].items():
        lines += [f"[{group}]", *(f"{name} = {value}" for name, value in entries.items())]
    (info / "entry_points.txt").write_text("\n".join(lines) + "\n")
