"""Plugins are found in the folder and by entry points; what is wrong with one is said with its name."""

import sys
from importlib.metadata import EntryPoint

import pytest

from plugins.api.config import API_VERSION, PluginConfig
from plugins.api.discovery import PluginError, survey

GOOD = """
from plugins.api.config import PluginConfig

class {name}Config(PluginConfig):
    name = "{package}.{label}"
    api = "{api}"
    title = "{name}"
    version = "2.1"
"""


@pytest.fixture
def house(tmp_path, monkeypatch, request):
    """Return a function that writes a plugin below a package of its own, and one that surveys it."""
    package = f"house_{abs(hash(request.node.name))}"
    root = tmp_path / package
    root.mkdir()
    (root / "__init__.py").touch()
    monkeypatch.syspath_prepend(str(tmp_path))

    def write(label, text=None, api=">=1.0,<2"):
        (root / label).mkdir()
        (root / label / "__init__.py").touch()
        text = (
            GOOD.format(name=label.title(), package=package, label=label, api=api) if text is None else text
        )
        (root / label / "apps.py").write_text(text)

    def look(entries=(), disabled=()):
        return survey(folder=root, package=package, entries=entries, disabled=disabled)

    write.look, write.package, write.root = look, package, root
    yield write
    for name in [name for name in sys.modules if name.startswith(package)]:
        del sys.modules[name]


def test_every_folder_with_a_plugin_config_is_found_in_order(house):
    house("stamps")
    house("api")
    house("plain", "from django.apps import AppConfig\n\nclass PlainConfig(AppConfig):\n    name = 'x'\n")
    house("cars")
    (house.root / "empty").mkdir()
    found = house.look()
    assert [(p.label, p.version, p.usable) for p in found] == [("cars", "2.1", True), ("stamps", "2.1", True)]
    assert found[0].path == f"{house.package}.cars.apps.CarsConfig"


def test_a_plugin_for_another_interface_is_found_but_not_usable(house):
    house("future", api=">=2,<3")
    (found,) = house.look()
    assert found.outdated and not found.usable


def test_a_broken_plugin_is_named_with_its_file_and_how_to_switch_it_off(house):
    house("broken", "import no_such_thing_at_all")
    with pytest.raises(PluginError) as raised:
        house.look()
    text = str(raised.value)
    assert "'broken'" in text
    assert str(house.root / "broken" / "apps.py") in text
    assert "no_such_thing_at_all" in text
    assert "PLUGINS_DISABLED=broken" in text


def test_a_plugin_that_is_switched_off_is_not_even_imported(house):
    house("broken", "raise RuntimeError")
    (found,) = house.look(disabled=["broken"])
    assert found.disabled and not found.usable


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("title = 'T'", "has no `api`"),
        ("api = '>=1'", "has no `title`"),
        ("title = 'T'\n    api = 'always'", "is not a version range"),
    ],
)
def test_what_a_config_must_say_is_named(house, body, words):
    text = (
        "from plugins.api.config import PluginConfig\n\nclass C(PluginConfig):\n    name = 'x.y'\n    " + body
    )
    house("odd", text)
    with pytest.raises(PluginError, match=words):
        house.look()


def test_two_configs_in_one_file_are_refused(house):
    one = GOOD.format(name="One", package="x", label="one", api=">=1")
    two = GOOD.format(name="Two", package="x", label="two", api=">=1")
    house("double", one + two)
    with pytest.raises(PluginError, match="more than one"):
        house.look()


def test_an_entry_point_is_found_by_its_dotted_path_or_with_a_colon(house):
    house("cars")
    for value in (f"{house.package}.cars.apps.CarsConfig", f"{house.package}.cars.apps:CarsConfig"):
        entry = EntryPoint(name="cars", value=value, group="congso.plugins")
        (found,) = survey(folder=house.root / "empty", package=house.package, entries=[entry])
        assert (found.label, found.usable) == ("cars", True)


def test_a_folder_and_an_entry_point_cannot_share_a_label(house):
    house("cars")
    entry = EntryPoint("cars", f"{house.package}.cars.apps:CarsConfig", "congso.plugins")
    with pytest.raises(PluginError, match="Two plugins are called 'cars'"):
        house.look(entries=[entry])


def test_an_entry_point_that_names_something_else_is_refused(house):
    entry = EntryPoint("odd", "collections:OrderedDict", "congso.plugins")
    with pytest.raises(PluginError, match="does not name a PluginConfig"):
        house.look(entries=[entry])


def test_the_interface_of_this_site_fits_the_range_that_the_docs_recommend():
    class Some(PluginConfig):
        api = ">=1.0,<2"

    assert Some.fits(API_VERSION)
    assert Some.fits("1.9")
    assert not Some.fits("2.0")
