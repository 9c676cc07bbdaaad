"""Make the working environment out of a bare machine: `.venv`, locked Python and front-end packages.

Runs on nothing but Python's standard library, because nothing else is there yet. Debian 12 ships `python3`
without pip and without ensurepip, so the installer is looked for in this order: uv on PATH, pip of a virtual
environment, pip from Debian's own wheel package (downloaded, not installed), and, as root, apt-get.
"""

from __future__ import annotations

import argparse
import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
TOOLS = ROOT / ".tools"
LOCKS = ROOT / "requirements"
NODE_MODULES = ROOT / "node_modules"
PIP_WHEEL_PACKAGE = "python3-pip-whl"


class BootstrapError(RuntimeError):
    """The machine lacks something that we cannot fetch ourselves; the message says what to do."""


def say(text: str) -> None:
    """Print one line of progress at once."""
    print(f"==> {text}", flush=True)


def run(*command: str | Path, cwd: Path = ROOT, env: dict[str, str] | None = None) -> None:
    """Run a command with its output shown; raise BootstrapError when it fails."""
    words = [str(word) for word in command]
    if subprocess.run(words, check=False, cwd=cwd, env=env).returncode:  # noqa: S603
        raise BootstrapError(f"This command failed: {' '.join(words)}")


def quietly(*command: str | Path, cwd: Path = ROOT) -> bool:
    """Run a command that may well fail; return whether it succeeded."""
    try:
        done = subprocess.run([str(word) for word in command], check=False, cwd=cwd, capture_output=True)  # noqa: S603
    except OSError:
        return False
    return done.returncode == 0


def fingerprint(*paths: Path, extra: str = "") -> str:
    """Return a hash of the files' content, so that a step runs again only when they change."""
    digest = hashlib.sha256(extra.encode())
    for path in paths:
        digest.update(path.name.encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()


@contextmanager
def only_one_at_a_time() -> Iterator[None]:
    """Keep two `make run` of one checkout from building the same environment together."""
    TOOLS.mkdir(exist_ok=True)
    with (TOOLS / "lock").open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


# --- the installer ---------------------------------------------------------------------------------------


def find_uv() -> Path:
    """Return a working uv, fetching it when the machine has none."""
    found = shutil.which("uv")
    own = TOOLS / "uv" / "bin" / "uv"
    if found:
        return Path(found)
    if own.exists():
        return own
    say("Fetching the installer (uv)")
    for attempt in (_uv_by_ensurepip, _uv_by_debian_wheel, _uv_by_apt):
        if attempt() and own.exists():
            return own
    raise BootstrapError(
        "This Python has no pip and none could be fetched. Please run, as root:\n"
        "    apt-get update && apt-get install -y python3-venv\n"
        "and start again."
    )


def _pip_install_uv(*pip: str | Path) -> bool:
    target = TOOLS / "uv"
    shutil.rmtree(target, ignore_errors=True)
    lock = LOCKS / "uv.txt"
    return quietly(*pip, "install", "--quiet", "--require-hashes", "--target", target, "-r", lock)


def _uv_by_ensurepip() -> bool:
    with tempfile.TemporaryDirectory(dir=TOOLS) as folder:
        if not quietly(sys.executable, "-m", "venv", Path(folder) / "env"):
            return False
        return _pip_install_uv(Path(folder) / "env" / "bin" / "python", "-m", "pip")


def _uv_by_debian_wheel() -> bool:
    if not shutil.which("apt-get") or not shutil.which("dpkg-deb"):
        return False
    with tempfile.TemporaryDirectory(dir=TOOLS) as name:
        folder = Path(name)
        deb = _download_deb(folder)
        if deb is None or not quietly("dpkg-deb", "-x", deb, folder / "deb"):
            return False
        wheels = sorted((folder / "deb" / "usr" / "share" / "python-wheels").glob("pip-*.whl"))
        return bool(wheels) and _pip_install_uv(sys.executable, wheels[-1] / "pip")


def _download_deb(folder: Path) -> Path | None:
    """Download Debian's pip wheel; package lists of our own serve where there are none or we are not root."""
    own_lists: list[str] = []
    for option, place in (("State", "state"), ("State::Lists", "lists"), ("Cache", "cache")):
        (folder / place / "partial").mkdir(parents=True, exist_ok=True)
        own_lists += ["-o", f"Dir::{option}={folder / place}"]
    (folder / "cache" / "archives" / "partial").mkdir(parents=True)
    status = ["-o", "Dir::State::status=/var/lib/dpkg/status", "-o", "APT::Sandbox::User="]
    if not quietly("apt-get", "download", PIP_WHEEL_PACKAGE, cwd=folder):
        quietly("apt-get", *own_lists, *status, "update", cwd=folder)
        quietly("apt-get", *own_lists, *status, "download", PIP_WHEEL_PACKAGE, cwd=folder)
    return next(folder.glob(f"{PIP_WHEEL_PACKAGE}_*.deb"), None)


def _uv_by_apt() -> bool:
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        return False
    quietly("apt-get", "update")
    return quietly("apt-get", "install", "-y", "python3-venv") and _uv_by_ensurepip()


# --- Python packages -------------------------------------------------------------------------------------


def python_packages(names: Sequence[str]) -> None:
    """Install the named locks (`base` is `requirements/base.txt`) into `.venv` unless they are there."""
    locks = [LOCKS / f"{name}.txt" for name in names]
    wanted = fingerprint(*locks, extra=sys.version)
    stamp = VENV / f".installed-{'-'.join(names)}"
    if PYTHON.exists() and stamp.exists() and stamp.read_text() == wanted:
        return
    uv = find_uv()
    if not PYTHON.exists():
        say(f"Making the Python environment ({sys.version.split()[0]})")
        run(uv, "venv", "--quiet", "--clear", "--python", sys.executable, VENV, env=_uv_environment())
    say(f"Installing Python packages ({', '.join(lock.name for lock in locks)})")
    files = [word for lock in locks for word in ("-r", str(lock))]
    run(uv, "pip", "install", "--require-hashes", "--python", PYTHON, *files, env=_uv_environment())
    stamp.write_text(wanted)


def _uv_environment() -> dict[str, str]:
    """Return the environment for uv: the machine's Python, never one fetched from elsewhere."""
    return {**os.environ, "UV_PYTHON_DOWNLOADS": "never"}


# --- front-end packages ----------------------------------------------------------------------------------


def front_end() -> None:
    """Install the locked front-end packages into `node_modules` unless they are there already."""
    wanted = fingerprint(ROOT / "package.json", ROOT / "package-lock.json", ROOT / ".npmrc")
    stamp = NODE_MODULES / ".installed"
    if stamp.exists() and stamp.read_text() == wanted:
        return
    npm, environment = find_npm()
    say("Installing front-end packages (package-lock.json)")
    run(npm, "ci", "--ignore-scripts", "--no-progress", env=environment)
    stamp.write_text(wanted)


def find_npm() -> tuple[Path, dict[str, str]]:
    """Return npm and the environment to run it in: the machine's, else the one of a Python wheel."""
    npm, node = shutil.which("npm"), shutil.which("node")
    if npm and node and quietly(npm, "--version"):
        return Path(npm), dict(os.environ)
    python_packages(["node"])
    folder = VENV / "bin"
    return folder / "npm", {**os.environ, "PATH": f"{folder}{os.pathsep}{os.environ.get('PATH', '')}"}


# --- locks -----------------------------------------------------------------------------------------------


def lock() -> None:
    """Choose the newest allowed version of every package again; no lock names where packages come from."""
    uv = find_uv()
    options = (
        "--universal",
        "--python-version",
        "3.11",
        "--generate-hashes",
        "--no-emit-index-url",
        "--no-header",
    )
    for name in ("uv", "node", "base", "test"):  # test.in is bound to what base.txt has chosen
        say(f"Locking {name}.in")
        output = ("-o", f"{name}.txt", "--quiet", "--upgrade")
        run(uv, "pip", "compile", *options, f"{name}.in", *output, cwd=LOCKS, env=_uv_environment())
    say("Locking package.json")
    npm, environment = find_npm()
    (ROOT / "package-lock.json").unlink(missing_ok=True)
    run(npm, "install", "--package-lock-only", "--ignore-scripts", env=environment)


# --- command line ----------------------------------------------------------------------------------------

STEPS: dict[str, Callable[[], None]] = {
    "base": lambda: python_packages(["base"]),
    "test": lambda: python_packages(["base", "test"]),
    "node": front_end,
    "lock": lock,
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Do the named steps in order; return the exit code."""
    parser = argparse.ArgumentParser(description="Prepare the working environment.")
    parser.add_argument("steps", nargs="+", choices=sorted(STEPS))
    names = parser.parse_args(arguments).steps
    if sys.version_info < (3, 11):  # noqa: UP036 - whoever has an older one should hear it from us
        say(f"Python 3.11 or newer is needed; this is {sys.version.split()[0]}.")
        return 1
    try:
        with only_one_at_a_time():
            for name in names:
                STEPS[name]()
    except BootstrapError as error:
        print(f"\n{error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
