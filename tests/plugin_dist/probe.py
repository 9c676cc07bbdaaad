"""Runs in a process of its own where the sample plugin is installed, and prints as JSON what the site sees."""

import json
import sys

import django

django.setup()

from django.contrib.auth import get_user_model  # noqa: E402
from django.core.checks import run_checks  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.test import Client  # noqa: E402
from django.urls import reverse  # noqa: E402
from django.utils import translation  # noqa: E402

from plugins.api.api import installed_plugins, load_profile, registries  # noqa: E402


def edited() -> dict[str, object]:
    """Take a step of the plugin through the editor's blocks and back; the plugin has no code for them."""
    from workflows.steps.blocks.api import steps_part

    part = steps_part()
    step = {"id": "s1", "kind": "stamp", "title": "Đóng dấu", "help": "", "stamp": "tròn"}
    value = part.block.to_python(part.raw([step], {}))
    block = part.kinds["stamp"].block
    return {"label": str(block.label), "options": list(block.child_blocks), "back": part.read(value, {})}


def main() -> None:
    """Walk through all that the plugin brings."""
    call_command("migrate", verbosity=0)
    counts = load_profile("congso_stamps").counts
    user = get_user_model().objects.create_user(
        "an.nv", password="x", first_name="An", last_name="Nguyễn Văn"
    )
    client = Client()
    client.force_login(user)
    page = client.get("/stamps/")
    from home.base.api import search_sources

    with translation.override("vi"):
        titles = {plugin.label: str(plugin.title) for plugin in installed_plugins()}
    seen = {
        "plugins": {p.label: [p.version, p.api, p.state, p.source] for p in installed_plugins()},
        "titles": titles,
        "registries": {r.module: r.codes() for r in registries()},
        "errors": [str(message) for message in run_checks() if message.level >= 40],
        "url": reverse("congso_stamps:list"),
        "status": page.status_code,
        "page": page.content.decode(),
        "found": [hit.title for hit in search_sources.get("stamps").search(user, "tròn", 5)],
        "editor": edited(),
        "counts": {f"{what}/{outcome}": number for (what, outcome), number in counts.items()},
    }
    json.dump(seen, sys.stdout)


main()
