"""The first run on a bare machine: which ways are tried, and what is said when none leads on."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import pytest

from tools import bootstrap

pytestmark = pytest.mark.once


@pytest.fixture
def bare(tmp_path, monkeypatch) -> Path:
    """A checkout on a machine without uv; every command that is tried is written down."""
    tools = tmp_path / ".tools"
    tools.mkdir()
    monkeypatch.setattr(bootstrap, "TOOLS", tools)
    monkeypatch.setattr(bootstrap, "VENV", tmp_path / ".venv")
    monkeypatch.setattr(bootstrap, "PYTHON", tmp_path / ".venv" / "bin" / "python")
    monkeypatch.setattr(bootstrap, "NODE_MODULES", tmp_path / "node_modules")
    on_path = {"apt-get", "dpkg-deb"}
    monkeypatch.setattr(shutil, "which", lambda name: f"/usr/bin/{name}" if name in on_path else None)
    return tmp_path


class Commands:
    """Stands in for the machine: remembers commands, and fails those whose words it is told."""

    def __init__(self, *failing: str) -> None:
        self.failing, self.seen = failing, []

    def __call__(self, *words, cwd=None, env=None) -> bool:
        line = " ".join(str(word) for word in words)
        self.seen.append(line)
        if any(word in line for word in self.failing):
            return False
        if "apt-get download" in line:
            (cwd / "python3-pip-whl_23_all.deb").touch()
        if "dpkg-deb" in line:
            folder = Path(words[-1]) / "usr" / "share" / "python-wheels"
            folder.mkdir(parents=True)
            (folder / "pip-23-py3-none-any.whl").touch()
        if "--target" in line:
            target = Path(words[words.index("--target") + 1])
            (target / "bin").mkdir(parents=True)
            (target / "bin" / "uv").touch()
        return True


def test_pip_of_a_virtual_environment_comes_first(bare, monkeypatch):
    commands = Commands()
    monkeypatch.setattr(bootstrap, "quietly", commands)
    assert bootstrap.find_uv() == bare / ".tools" / "uv" / "bin" / "uv"
    assert "-m venv" in commands.seen[0]
    assert all("--require-hashes" in line for line in commands.seen if " install " in line)
    assert not any("apt-get" in line for line in commands.seen)


def test_without_ensurepip_the_wheel_of_debian_serves(bare, monkeypatch):
    commands = Commands("-m venv")
    monkeypatch.setattr(bootstrap, "quietly", commands)
    bootstrap.find_uv()
    assert any("apt-get download python3-pip-whl" in line for line in commands.seen)
    assert any("pip-23-py3-none-any.whl/pip install" in line for line in commands.seen)
    assert not any("apt-get install" in line for line in commands.seen)


def test_without_package_lists_our_own_are_fetched(bare, monkeypatch):
    commands = Commands("-m venv", "apt-get download")
    monkeypatch.setattr(bootstrap, "quietly", commands)
    monkeypatch.setattr(bootstrap.os, "geteuid", lambda: 1000)
    with pytest.raises(bootstrap.BootstrapError):
        bootstrap.find_uv()
    updates = [line for line in commands.seen if line.endswith("update")]
    assert len(updates) == 1
    assert "Dir::State::Lists" in updates[0]


def test_root_installs_the_missing_module(bare, monkeypatch):
    commands = Commands("-m venv", "dpkg-deb")
    monkeypatch.setattr(bootstrap, "quietly", commands)
    monkeypatch.setattr(bootstrap.os, "geteuid", lambda: 0)
    with pytest.raises(bootstrap.BootstrapError):
        bootstrap.find_uv()
    assert "apt-get install -y python3-venv" in commands.seen


def test_when_nothing_works_the_command_to_run_is_named(bare, monkeypatch):
    monkeypatch.setattr(bootstrap, "quietly", Commands("-m venv", "apt-get"))
    monkeypatch.setattr(bootstrap.os, "geteuid", lambda: 1000)
    with pytest.raises(bootstrap.BootstrapError, match="apt-get install -y python3-venv"):
        bootstrap.find_uv()


def test_packages_are_installed_again_only_when_a_lock_changes(bare, monkeypatch):
    locks = bare / "requirements"
    locks.mkdir()
    (locks / "base.txt").write_text("django==5.2.19")
    ran: list[str] = []

    def run(*words, **options):
        ran.append(" ".join(map(str, words)))
        bootstrap.PYTHON.parent.mkdir(parents=True, exist_ok=True)
        bootstrap.PYTHON.touch()

    monkeypatch.setattr(bootstrap, "LOCKS", locks)
    monkeypatch.setattr(bootstrap, "run", run)
    monkeypatch.setattr(bootstrap, "find_uv", lambda: Path("uv"))
    bootstrap.python_packages(["base"])
    assert [line.split()[1] for line in ran] == ["venv", "pip"]
    assert "--require-hashes" in ran[1]
    bootstrap.python_packages(["base"])
    assert len(ran) == 2
    (locks / "base.txt").write_text("django==5.2.20")
    bootstrap.python_packages(["base"])
    assert [line.split()[1] for line in ran] == ["venv", "pip", "pip"]


def test_front_end_is_installed_again_only_when_its_lock_changes(bare, monkeypatch):
    for name in ("package.json", "package-lock.json", ".npmrc"):
        (bare / name).write_text("{}")
    ran: list[str] = []

    def run(*words, **options):
        ran.append(" ".join(map(str, words)))
        (bare / "node_modules").mkdir(exist_ok=True)

    monkeypatch.setattr(bootstrap, "ROOT", bare)
    monkeypatch.setattr(bootstrap, "run", run)
    monkeypatch.setattr(bootstrap, "find_npm", lambda: (Path("npm"), {}))
    bootstrap.front_end()
    bootstrap.front_end()
    assert ran == ["npm ci --ignore-scripts --no-progress"]
    (bare / "package-lock.json").write_text('{"changed": true}')
    bootstrap.front_end()
    assert len(ran) == 2


def test_machine_without_node_gets_it_as_a_python_package(bare, monkeypatch):
    asked = []
    monkeypatch.setattr(bootstrap, "python_packages", asked.append)
    npm, environment = bootstrap.find_npm()
    assert asked == [["node"]]
    assert npm == bare / ".venv" / "bin" / "npm"
    assert environment["PATH"].startswith(str(npm.parent))


def test_failing_step_is_told_and_ends_with_an_error(bare, capsys):
    code = f"import sys; sys.exit({1})"
    with pytest.raises(bootstrap.BootstrapError, match="This command failed"):
        bootstrap.run(sys.executable, "-c", code, cwd=bare)
