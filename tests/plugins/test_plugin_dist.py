"""A plugin that is a distribution of its own is found through its entry point and reaches every room."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from plugins.api.api import registries
from tests.plugin_dist.install import HERE, install
from tests.ready import lay_ready

ROOT = Path(__file__).resolve().parents[2]


def run(folder, *args, **env):
    path = os.pathsep.join([str(folder), str(ROOT)])
    environment = {
        **os.environ,
        "PYTHONPATH": path,
        "DJANGO_SETTINGS_MODULE": "settings.test",
        "DATA": str(folder / "data"),
        "DATABASE_URL": "",
        "PYTHONIOENCODING": "utf-8",
        **env,
    }
    return subprocess.run(
        [sys.executable, *args], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )


@pytest.fixture(scope="module")
def installed(tmp_path_factory):
    folder = tmp_path_factory.mktemp("site-packages")
    (folder / "data").mkdir()
    install(folder)
    return folder


@pytest.fixture(scope="module")
def seen(installed):
    """Return what an office sees that had been running before the plugin came."""
    lay_ready(installed / "data" / "test.sqlite3")
    done = run(installed, "-m", "tests.plugin_dist.probe")
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_it_is_found_through_its_entry_point(seen):
    version, api, state, source = seen["plugins"]["congso_stamps"]
    assert (version, api, state) == ("1.2.3", ">=1.0,<2", "ok")
    assert source.startswith("congso-stamps 1.2.3")
    assert seen["errors"] == []


def test_it_uses_every_extension_point_that_exists(seen):
    without = [
        module
        for module, codes in seen["registries"].items()
        if not any(c.startswith("stamp") for c in codes)
    ]
    assert without == [], f"tests/plugin_dist does not use: {without}"
    ours = {r.module for r in registries() if r.declared_in.split(".")[0] in ("home", "workflows", "plugins")}
    assert ours <= set(seen["registries"])
    files = {file.stem for file in (HERE / "congso_stamps").glob("*.py")}
    assert ours <= files


def test_its_page_template_and_style_are_served_under_its_own_prefix(seen):
    assert seen["url"] == "/stamps/"
    assert seen["status"] == 200
    assert "Dấu tròn" in seen["page"]
    assert "congso_stamps/stamps.css" in seen["page"]


def test_its_words_are_translated_also_in_our_menu(seen):
    assert seen["titles"]["congso_stamps"] == "Con dấu"
    assert seen["page"].count("Con dấu") >= 2


def test_its_profile_is_loaded_under_its_label(seen):
    assert 2 in seen["counts"].values()
    assert seen["found"] == ["Dấu tròn"]


def test_it_can_be_switched_off(installed):
    code = "import django; django.setup(); from django.apps import apps; print(apps.is_installed('congso_stamps'))"
    assert run(installed, "-c", code).stdout.strip() == "True"
    assert run(installed, "-c", code, PLUGINS_DISABLED="congso_stamps").stdout.strip() == "False"


def test_its_step_is_edited_without_code_for_the_editor(seen):
    editor = seen["editor"]
    assert {"id", "title", "stamp"} <= set(editor["options"])
    assert editor["back"] == [{"id": "s1", "kind": "stamp", "title": "Đóng dấu", "stamp": "tròn"}]
