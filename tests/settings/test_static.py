"""What is served, and what is not."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from django.contrib.staticfiles import finders
from django.test import RequestFactory
from whitenoise.middleware import WhiteNoiseMiddleware

from settings.static import ICONS_DIR

pytestmark = pytest.mark.once

ROOT = Path(__file__).resolve().parent.parent.parent


@pytest.fixture(scope="module")
def collected(tmp_path_factory) -> Path:
    """Collect as `make run` does: hashed names, and a link to nothing stops it."""
    data = tmp_path_factory.mktemp("data")
    environment = {**os.environ, "DATA": str(data), "DJANGO_SETTINGS_MODULE": "settings.development"}
    command = [sys.executable, "manage.py", "collectstatic", "--noinput", "--verbosity", "0"]
    subprocess.run(command, cwd=ROOT, env=environment, check=True)
    return data / "static"


def test_front_end_packages_are_there():
    for name in ("vendor/tabler/css/tabler.min.css", "vendor/tabler/js/tabler.min.js"):
        assert finders.find(name), name
    assert finders.find("vendor/be-vietnam-pro/files/be-vietnam-pro-vietnamese-400-normal.woff2")
    assert (ICONS_DIR / "bell.svg").read_text().startswith("<svg")


def test_packages_that_are_not_free_are_never_served(collected):
    names = [path.relative_to(collected).as_posix() for path in collected.rglob("*")]
    assert [name for name in names if "apexcharts" in name or "/libs/" in name] == []
    assert finders.find("vendor/tabler/libs/apexcharts/dist/apexcharts.min.js") is None


def test_files_are_collected_under_hashed_names(collected):
    names = json.loads((collected / "staticfiles.json").read_text())["paths"]
    for name in ("vendor/tabler/css/tabler.min.css", "wagtailadmin/css/core.css"):
        assert re.search(r"\.[0-9a-f]{12}\.css$", names[name])
        assert (collected / names[name]).exists()


def test_hashed_files_are_kept_by_browsers_for_ever(collected, settings):
    settings.STATIC_ROOT = collected
    manifest = "django.contrib.staticfiles.storage.ManifestStaticFilesStorage"
    settings.STORAGES = {**settings.STORAGES, "staticfiles": {"BACKEND": manifest}}
    name = json.loads((collected / "staticfiles.json").read_text())["paths"][
        "vendor/tabler/css/tabler.min.css"
    ]
    serve = WhiteNoiseMiddleware(lambda request: None)
    answer = serve(RequestFactory().get(f"{django_settings.STATIC_URL}{name}"))
    assert answer.status_code == 200
    assert "immutable" in answer["Cache-Control"]


def test_no_lock_names_a_registry():
    for name in (
        "package-lock.json",
        *(f"requirements/{lock}.txt" for lock in ("base", "test", "uv", "node")),
    ):
        text = (ROOT / name).read_text()
        assert '"resolved"' not in text, name
        assert "--index-url" not in text, name
