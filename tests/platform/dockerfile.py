"""Read a Dockerfile and run its steps in folders, without a container engine."""

from __future__ import annotations

import fnmatch
import json
import os
import re
import shlex
import shutil
import subprocess
from dataclasses import dataclass, field
from pathlib import Path


@dataclass
class Stage:
    """One `FROM … AS …` with its instructions in order."""

    name: str
    image: str
    steps: list[tuple[str, str]] = field(default_factory=list)

    def last(self, word: str) -> str:
        """Return the last instruction of a kind."""
        return next(text for found, text in reversed(self.steps) if found == word)


def parse(text: str) -> list[Stage]:
    """Return the stages of a Dockerfile."""
    lines = [line for line in text.splitlines() if not line.lstrip().startswith("#")]
    joined = re.sub(r"\\\n\s*", " ", "\n".join(lines))
    stages: list[Stage] = []
    for line in filter(None, map(str.strip, joined.splitlines())):
        word, _, rest = line.partition(" ")
        if word == "FROM":
            image, _, name = rest.partition(" AS ")
            stages.append(Stage(name or "final", image))
        else:
            stages[-1].steps.append((word, rest.strip()))
    return stages


class Builder:
    """Carries stages out below a folder: `/app` of a stage is `<folder>/<stage>/app`.

    Steps that fetch packages are not run: the environment's own packages, made from the same locks, stand in.
    """

    def __init__(self, root: Path, folder: Path) -> None:
        self.root, self.folder = root, folder
        self.environment: dict[str, str] = {}
        self.ran: list[str] = []
        self.stood_in: list[str] = []

    def place(self, stage: str, path: str) -> Path:
        """Return where an absolute path of a stage lies."""
        return self.folder / stage / path.lstrip("/")

    def build(self, stage: Stage) -> None:
        """Carry out one stage."""
        workdir = self.place(stage.name, "/app")
        workdir.mkdir(parents=True)
        self.place(stage.name, "/data").mkdir()
        self.environment = {"PATH": os.environ["PATH"], "HOME": str(self.folder)}
        for word, text in stage.steps:
            if word == "ENV":
                self._env(stage.name, text)
            elif word == "COPY":
                self._copy(stage.name, workdir, shlex.split(text))
            elif word == "RUN":
                self._run(stage.name, workdir, text)

    def local(self, stage: str, text: str) -> str:
        """Return a text with the stage's absolute paths replaced by real ones."""
        return re.sub(r"(?<![\w./])/(app|data)\b", lambda found: str(self.place(stage, found.group())), text)

    def _env(self, stage: str, text: str) -> None:
        for pair in shlex.split(text):
            name, _, value = pair.partition("=")
            value = self.local(stage, value.replace("$PATH", self.environment["PATH"]))
            self.environment[name] = re.sub(r":/(app)\b", lambda _: f":{self.place(stage, '/app')}", value)

    def _copy(self, stage: str, workdir: Path, words: list[str]) -> None:
        if words[0].startswith("--from="):
            source = self.place(words[0].removeprefix("--from="), words[1])
            target = self.place(stage, words[2]) if words[2].startswith("/") else workdir / words[2]
            shutil.copytree(source, target, symlinks=True, dirs_exist_ok=True)
            return
        *names, target_name = words
        ignored = [line for line in (self.root / ".dockerignore").read_text().split() if line]
        for name in names:
            source = self.root / name
            if source.is_dir():
                shutil.copytree(
                    source, workdir / target_name, ignore=_ignore(self.root, ignored), dirs_exist_ok=True
                )
            else:
                target = (
                    workdir / target_name / source.name
                    if target_name.endswith("/")
                    else workdir / target_name
                )
                target.parent.mkdir(parents=True, exist_ok=True)
                shutil.copy2(source, target)

    def _run(self, stage: str, workdir: Path, text: str) -> None:
        if "npm ci" in text:
            shutil.copytree(self.root / "node_modules", workdir / "node_modules", symlinks=True)
            self.stood_in.append(text)
        elif "pip install" in text:
            (workdir / ".venv").symlink_to(self.root / ".venv")
            self.stood_in.append(text)
        elif "useradd" in text:
            self.stood_in.append(text)
        else:
            command = self.local(stage, text)
            subprocess.run(["sh", "-ec", command], check=True, cwd=workdir, env=self.environment)
            self.ran.append(text)

    def command(self, stage: Stage, word: str = "CMD") -> list[str]:
        """Return the words of the stage's command."""
        return [self.local(stage.name, part) for part in json.loads(stage.last(word))]


def _ignore(root: Path, patterns: list[str]):
    def ignore(folder: str, names: list[str]) -> set[str]:
        found = set()
        for name in names:
            relative = (Path(folder) / name).relative_to(root).as_posix()
            for pattern in patterns:
                plain = pattern.removeprefix("**/")
                if fnmatch.fnmatch(relative, pattern) or (plain != pattern and fnmatch.fnmatch(name, plain)):
                    found.add(name)
        return found

    return ignore
