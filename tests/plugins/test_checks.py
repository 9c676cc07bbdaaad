"""System checks say what is wrong with plugins; the site itself stays up."""

import pytest
from django.apps import apps
from django.core.checks import ERROR
from django.core.management import call_command

from plugins.api import discovery
from plugins.api.checks import check_api_range, check_prefixes, check_registries
from plugins.api.config import PluginConfig
from plugins.api.installed import installed_plugins
from plugins.api.registry import Registry


class OldConfig(PluginConfig):
    name = "plugins.old"
    api = "<1"
    title = "Old"


@pytest.fixture
def an_outdated_plugin(monkeypatch):
    old = discovery.Found("old", "plugins.old.apps.OldConfig", OldConfig, "plugins/old/apps.py", "0.9")
    monkeypatch.setattr(discovery, "_found", [old])
    return old


def test_a_plugin_for_another_interface_is_reported_and_stops_nothing(an_outdated_plugin):
    (message,) = check_api_range(None)
    assert message.id == "plugins.E001"
    assert "'old'" in message.msg and "<1" in message.msg
    assert not message.is_serious(ERROR)
    call_command("check", tags=["plugins"])


def test_an_outdated_plugin_is_listed_with_its_state(an_outdated_plugin):
    (line,) = installed_plugins()
    assert (line.label, line.title, line.version, line.api, line.state) == (
        "old",
        "Old",
        "0.9",
        "<1",
        "outdated",
    )


def test_a_broken_contribution_is_reported_with_its_file(monkeypatch):
    registry = Registry(object, module="some_kinds")
    monkeypatch.setattr(registry, "_load", lambda: 1 / 0)
    monkeypatch.setattr("plugins.api.checks.registries", lambda: [registry])
    (message,) = check_registries(None)
    assert message.id == "plugins.E002"
    assert "ZeroDivisionError" in message.msg


def test_broken_entries_are_reported(monkeypatch):
    class Thing:
        code = "Not A Code"

    registry = Registry(Thing, noun="thing")
    registry.register(Thing)
    monkeypatch.setattr("plugins.api.checks.registries", lambda: [registry])
    (message,) = check_registries(None)
    assert message.id == "plugins.E003"
    assert "Not A Code" in message.msg


def test_address_prefixes_must_be_well_formed_and_unique(monkeypatch):
    class Fake(PluginConfig):
        def __init__(self, label, url_prefix):
            self.label, self.url_prefix = label, url_prefix

    configs = [Fake("a", "leave/"), Fake("b", "leave/"), Fake("c", "/c")]
    monkeypatch.setattr(apps, "get_app_configs", lambda: configs)
    messages = [message.msg for message in check_prefixes(None)]
    assert len(messages) == 2
    assert "'a' and 'b'" in messages[0]
    assert "'c'" in messages[1] and "x/c/" in messages[1]


def test_this_site_passes():
    assert check_api_range(None) == []
    assert check_registries(None) == []
    assert check_prefixes(None) == []
