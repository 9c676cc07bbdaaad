"""Starts a process that opens what strangers wrote, waits for it, and ends it when it takes too long.

The process gets a folder, and gives up memory, time and network before it reads the first byte (`limits.py`). It is no
child that shares anything with us: no setting, no database, no secret of the environment.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

_ROOT = Path(__file__).resolve().parents[2]
_START = (
    "import sys; sys.path.insert(0, sys.argv[1]); from importlib import import_module; "
    "import_module(sys.argv[3]).main(sys.argv[2])"
)
#: Few arenas, so that the limit of memory means the same on every machine; no secret of the environment passes on.
_ENVIRONMENT = {"MALLOC_ARENA_MAX": "2", "LANG": "C.UTF-8", "HTTPS_PROXY": "http://127.0.0.1:9"}


def _compiled() -> list[str]:
    """Return the option that lets the process read what is compiled already, where that lies in a place of its own.

    It cannot know by itself: it gets no environment. It writes nothing there.
    """
    return ["-X", f"pycache_prefix={sys.pycache_prefix}"] if sys.pycache_prefix else []


def run_confined(
    module: str, folder: Path, *, patience: float, environment: Mapping[str, str] | None = None
) -> bool:
    """Call `main(folder)` of a module in a process of its own; return whether it ended within `patience` seconds.

    It and its group are gone afterwards. The module must call `limits.give_up` before anything else.
    """
    process = subprocess.Popen(  # noqa: S603
        [sys.executable, "-I", "-B", *_compiled(), "-c", _START, str(_ROOT), str(folder), module],
        cwd=folder,
        env={**_ENVIRONMENT, **(environment or {})},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        process.wait(patience)
    except subprocess.TimeoutExpired:
        return False
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
    return True
