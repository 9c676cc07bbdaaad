"""From a fresh checkout to the first page, with packages in the cache of the machine, and once more."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

from bench.context import ROOT, Context, free_port
from bench.registry import Result, row

FIRST, SECOND = 90.0, 8.0  # seconds
OURS = {"DJANGO_SETTINGS_MODULE", "DATABASE_URL", "BASE_URL", "VIRTUAL_ENV", "MAKEFLAGS", "MAKELEVEL", "PATH"}


@row("start", per_database=False)
def start(context: Context) -> Iterator[Result]:
    """Copy the checkout, run `make run` twice, and measure until the first page stands."""
    checkout = context.folder / "checkout"
    copy_checkout(checkout)
    for name, goal in (("start.first", FIRST), ("start.second", SECOND)):
        seconds = seconds_to_first_page(checkout, context.folder / "data")
        yield Result(
            name=name,
            database="sqlite",
            scale="demo",
            median_ms=seconds * 1000,
            goal=f"≤ {goal:.0f} s",
            ok=seconds <= goal,
        )


def copy_checkout(target: Path) -> None:
    """Copy what Git knows or would take up: no environment, no packages, no data."""
    listing = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
    names = subprocess.run(listing, check=True, cwd=ROOT, capture_output=True, text=True).stdout  # noqa: S603
    for name in filter(lambda name: (ROOT / name).is_file(), names.splitlines()):
        (target / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(ROOT / name, target / name)


def seconds_to_first_page(checkout: Path, data: Path) -> float:
    """Return the time of one `make run` until its front page is there; end it again."""
    port, started = free_port(), time.monotonic()
    environment = {name: value for name, value in os.environ.items() if name not in OURS}
    environment["PATH"] = os.pathsep.join(
        folder for folder in os.environ["PATH"].split(os.pathsep) if not folder.startswith(str(ROOT))
    )
    command = ["make", "run", f"PORT={port}", f"DATA={data}"]
    process = subprocess.Popen(command, cwd=checkout, env=environment, stdout=subprocess.DEVNULL)  # noqa: S603
    try:
        while not _answers(f"http://127.0.0.1:{port}/"):
            if process.poll() is not None or time.monotonic() - started > 600:
                raise RuntimeError("`make run` does not serve a page.")
            time.sleep(0.05)
        return time.monotonic() - started
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(60)


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=10) as answer:  # noqa: S310
            return bool(answer.status == 200)
    except urllib.error.HTTPError as error:
        raise RuntimeError(f"The first page answers {error.code}.") from error
    except OSError:
        return False
