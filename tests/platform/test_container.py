"""The image builds and starts: its steps are run in folders, without a container engine."""

from __future__ import annotations

import json
import re
import secrets
import socket
import subprocess
import time
import urllib.request
from pathlib import Path

import pytest
import yaml
from django.core.management import get_commands

from tests.platform.dockerfile import Builder, parse

pytestmark = pytest.mark.once

ROOT = Path(__file__).resolve().parent.parent.parent
STAGES = parse((ROOT / "Dockerfile").read_text())
COMPOSE = yaml.safe_load((ROOT / "compose.yaml").read_text())


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture(scope="module")
def image(tmp_path_factory) -> Builder:
    if not (ROOT / ".venv").exists() or not (ROOT / "node_modules").exists():
        pytest.fail("Run `make setup` first: its packages stand in for those of the image.")
    builder = Builder(ROOT, tmp_path_factory.mktemp("image"))
    for stage in STAGES:
        builder.build(stage)
    return builder


def test_final_image_holds_collected_files_translations_and_icons(image):
    app = image.place("final", "/app")
    manifest = json.loads((app / "static" / "staticfiles.json").read_text())["paths"]
    assert (app / "static" / manifest["vendor/tabler/css/tabler.min.css"]).exists()
    assert (app / "site" / "locale" / "vi" / "LC_MESSAGES" / "django.mo").exists()
    assert (app / "node_modules" / "@tabler" / "icons" / "icons" / "outline" / "bell.svg").exists()


def test_final_image_leaves_out_what_does_not_run(image):
    app = image.place("final", "/app")
    for name in (".git", "tests", "bench", "docs", "var", ".env", "node_modules/@tabler/core"):
        assert not (app / name).exists(), name
    assert not list(app.glob("static/**/apexcharts*"))


def test_container_starts_and_answers(image):
    final, port = STAGES[-1], free_port()
    environment = {
        **image.environment,
        "PORT": str(port),
        "WEB_CONCURRENCY": "1",
        "SECRET_KEY": secrets.token_urlsafe(64),
        "ALLOWED_HOSTS": "office.example",
        "BASE_URL": "https://office.example",
        "DATABASE_URL": "postgres://nobody@127.0.0.1:1/nothing",
        "GUNICORN_CMD_ARGS": "--log-level warning",
    }
    app = image.place("final", "/app")
    server = subprocess.Popen(image.command(final), cwd=app, env=environment, stdout=subprocess.DEVNULL)
    try:
        assert json.loads(wait_for(f"http://127.0.0.1:{port}/-/alive", server)) == {"status": "alive"}
        probe = re.search(r"CMD (\[.*\])$", final.last("HEALTHCHECK"))
        healthy = subprocess.run(json.loads(probe.group(1)), env=environment, cwd=app, check=False)
        assert healthy.returncode == 0
    finally:
        server.terminate()
        server.wait(20)


def wait_for(url: str, server: subprocess.Popen) -> bytes:
    for _ in range(300):
        assert server.poll() is None, "the server ended by itself"
        try:
            with urllib.request.urlopen(url, timeout=2) as answer:
                return answer.read()
        except OSError:
            time.sleep(0.1)
    raise AssertionError(f"{url} did not answer")


def test_image_installs_only_what_is_locked(image):
    assert any("npm ci --ignore-scripts" in step for step in image.stood_in)
    assert any("--require-hashes -r requirements/base.txt" in step for step in image.stood_in)
    assert any("collectstatic" in step for step in image.ran)


def test_container_does_not_run_as_root():
    final = STAGES[-1]
    words = [word for word, _ in final.steps]
    assert final.last("USER") != "root"
    assert words.index("USER") < words.index("CMD")
    assert (
        f"useradd --system --uid 10001 --home-dir /data --shell /usr/sbin/nologin {final.last('USER')}"
        in (final.last("RUN"))
    )


def test_compose_names_every_part_of_the_office():
    assert {"web", "worker", "scheduler", "migrate", "db", "cache"} == set(COMPOSE["services"])
    for name, service in COMPOSE["services"].items():
        for needed in service.get("depends_on", {}):
            assert needed in COMPOSE["services"], f"{name} waits for {needed}"


@pytest.mark.parametrize("name", ["worker", "scheduler", "migrate"])
def test_compose_runs_commands_that_exist(name):
    program, script, command, *_ = COMPOSE["services"][name]["command"]
    assert (program, script) == ("python", "manage.py")
    assert command in get_commands()


def test_compose_gives_production_all_that_it_requires():
    settings = (ROOT / "settings" / "production.py").read_text()
    required = set(re.findall(r'required\("(\w+)"', settings))
    assert required
    for name in ("web", "worker", "scheduler", "migrate"):
        assert required <= set(COMPOSE["services"][name]["environment"])


def test_compose_holds_no_secret():
    for service in COMPOSE["services"].values():
        for name, value in service.get("environment", {}).items():
            if "SECRET" in name or "PASSWORD" in name:
                assert str(value).startswith("${"), name


def test_compose_opens_its_port_to_this_machine_only():
    assert COMPOSE["services"]["web"]["ports"][0].startswith("127.0.0.1:")
