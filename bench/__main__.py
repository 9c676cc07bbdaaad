"""`make bench`: measure, print a table, write `var/bench.json`.

`python -m bench page start.first` measures only the rows whose names begin so. The databases are measured one
after the other, each in a process of its own.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from bench.context import ROOT, Context, served
from bench.registry import DATABASES, SCALES, Result, chosen, load
from tools import postgres

COLUMNS = ("name", "database", "scale", "median_ms", "queries", "baseline", "ratio", "goal", "ok")


def measure(database: str, scale: str, words: Sequence[str]) -> list[Result]:
    """Measure the chosen rows on one database (or those that need none: "")."""
    rows = [row for row in chosen(load(), words) if row.per_database == bool(database)]
    results: list[Result] = []
    with tempfile.TemporaryDirectory(prefix="congso-bench-") as folder:
        context = Context(database, scale, SCALES[scale], Path(folder))
        if rows and database:
            with served(context):
                for row in rows:
                    results += row.measure(context)
        else:
            for row in rows:
                results += row.measure(context)
    return results


def in_own_process(database: str, scale: str, words: Sequence[str]) -> list[Result]:
    """Measure in a child process: Django can be set up for one database only."""
    environment = {**os.environ, "DATABASE_URL": ""}
    if database == "postgresql":
        with postgres.temporary_server(["fsync=on"]) as url:
            return _child(database, scale, words, {**environment, "DATABASE_URL": url})
    return _child(database, scale, words, environment)


def _child(database: str, scale: str, words: Sequence[str], environment: dict[str, str]) -> list[Result]:
    with tempfile.NamedTemporaryFile(suffix=".json") as output:
        command = [sys.executable, "-m", "bench", "--one", database, "--output", output.name, *words]
        given = {**environment, "SCALE": scale}
        subprocess.run(command, check=True, cwd=ROOT, env=given)  # noqa: S603
        return [Result(**found) for found in json.loads(Path(output.name).read_text())]


def table(results: Sequence[Result]) -> str:
    """Return the results as a table of text."""
    lines = [COLUMNS, *(tuple(_cell(row.as_json()[name]) for name in COLUMNS) for row in results)]
    widths = [max(len(line[column]) for line in lines) for column in range(len(COLUMNS))]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)) for line in lines
    )


def _cell(value: object) -> str:
    if value is None:
        return "–"
    if isinstance(value, bool):
        return "ok" if value else "NO"
    return f"{value:.2f}" if isinstance(value, float) else str(value)


def write(results: Sequence[Result], path: Path) -> None:
    """Write the rows as JSON."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps([row.as_json() for row in results], indent=1, ensure_ascii=False) + "\n")


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure what is asked for; return 0 when everything could be measured."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("rows", nargs="*", help="beginnings of row names")
    parser.add_argument("--database", choices=DATABASES, action="append", help="measure on this one only")
    parser.add_argument("--one", choices=DATABASES, help=argparse.SUPPRESS)
    parser.add_argument("--output", type=Path, default=ROOT / "var" / "bench.json")
    options = parser.parse_args(arguments)
    scale = os.environ.get("SCALE") or "small"
    if scale not in SCALES:
        parser.error(f"SCALE={scale} is unknown. Known: {', '.join(SCALES)}")
    if options.one:
        write(measure(options.one, scale, options.rows), options.output)
        return 0
    results = measure("", scale, options.rows)
    if any(row.per_database for row in chosen(load(), options.rows)):
        for database in options.database or DATABASES:
            print(f"==> Measuring on {database}", flush=True)
            results += in_own_process(database, scale, options.rows)
            write(results, options.output)  # a run that is broken off leaves what it has measured
    write(results, options.output)
    print(table(results))
    return 0


if __name__ == "__main__":
    sys.exit(main())
