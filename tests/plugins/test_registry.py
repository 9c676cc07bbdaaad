"""What a registry promises to the rooms that declare one and to the apps that contribute."""

import sys
import threading
from abc import ABC, abstractmethod

import pytest
from django.apps import apps

from plugins.api.api import Registry, UnknownCodeError, registries


class Kind:
    def __init__(self, code):
        self.code = code


@pytest.fixture
def contributed(tmp_path, monkeypatch):
    """Make an app that contributes by file name; returns a function that writes the file."""
    folder = tmp_path / "contributor"
    folder.mkdir()
    (folder / "__init__.py").touch()
    monkeypatch.syspath_prepend(str(tmp_path))

    class Config:
        name = "contributor"

    monkeypatch.setattr(apps, "get_app_configs", lambda: [Config()])

    def write(text):
        (folder / "some_kinds.py").write_text(text)
        for name in ("contributor", "contributor.some_kinds"):
            sys.modules.pop(name, None)

    yield write
    for name in ("contributor", "contributor.some_kinds"):
        sys.modules.pop(name, None)


def test_an_unknown_code_is_answered_with_the_known_ones():
    registry = Registry(Kind, noun="step")
    registry.register(Kind("approve"))
    with pytest.raises(UnknownCodeError, match=r"No step is called 'aprove'. Known: approve."):
        registry.get("aprove")


def test_what_is_not_of_the_kind_is_refused():
    with pytest.raises(TypeError, match="is not a Kind"):
        Registry(Kind).register("text")


@pytest.mark.parametrize("code", ["", None, 5])
def test_an_entry_without_a_code_is_refused(code):
    with pytest.raises(TypeError, match="code"):
        Registry(Kind).register(Kind(code))


def test_two_entries_cannot_share_a_code_but_one_may_be_registered_twice():
    registry = Registry(Kind)
    entry = registry.register(Kind("a"))
    registry.register(entry)
    with pytest.raises(ValueError, match="'a'"):
        registry.register(Kind("a"))
    assert registry.codes() == ["a"]


def test_apps_contribute_by_file_name(contributed):
    contributed("from tests.plugins import test_registry as t\nt.target.register(t.Kind('one'))\n")
    global target
    target = Registry(Kind, module="some_kinds")
    assert target.codes() == ["one"]


def test_a_broken_file_is_raised_with_its_name_every_time_and_leaves_no_half(contributed):
    contributed("from tests.plugins import test_registry as t\nt.target.register(t.Kind('one'))\n1 / 0\n")
    global target
    target = Registry(Kind, module="some_kinds", noun="some kind")
    for _attempt in range(2):
        with pytest.raises(ZeroDivisionError) as raised:
            target.codes()
        assert "contributor.some_kinds" in raised.value.__notes__[0]
    contributed("from tests.plugins import test_registry as t\nt.target.register(t.Kind('two'))\n")
    assert target.codes() == ["two"]


def test_threads_that_ask_at_once_all_see_everything(contributed):
    contributed(
        "import time\nfrom tests.plugins import test_registry as t\n"
        "t.target.register(t.Kind('one'))\ntime.sleep(0.2)\nt.target.register(t.Kind('two'))\n"
    )
    global target
    target = Registry(Kind, module="some_kinds")
    seen = []
    threads = [threading.Thread(target=lambda: seen.append(target.codes())) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert seen == [["one", "two"]] * 8


def test_override_replaces_hides_and_restores_even_after_an_error():
    registry = Registry(Kind)
    first, second = registry.register(Kind("a")), registry.register(Kind("b"))
    other = Kind("a")
    with pytest.raises(RuntimeError), registry.override(other, without=["b"]):
        assert registry.get("a") is other
        assert registry.codes() == ["a"]
        raise RuntimeError
    assert list(registry) == [first, second]


def test_problems_name_bad_codes_abstract_classes_and_what_the_own_check_says():
    class Base(ABC):
        code = ""

        @abstractmethod
        def run(self): ...

    registry = Registry(Base, noun="thing", check=lambda entry: ["is too slow"])
    registry.register(type("Unfinished", (Base,), {"code": "Bad Code"}))
    assert registry.problems() == [
        "thing 'Bad Code': the code must be lower-case letters, digits and single separators.",
        "thing 'Bad Code': Unfinished does not implement run.",
        "thing 'Bad Code': is too slow",
    ]


def test_a_registry_knows_where_it_was_declared_and_is_listed_while_it_lives():
    registry = Registry(Kind, module="some_kinds")
    assert registry.declared_in == __name__
    assert registry in registries()
    assert Registry(Kind) not in registries()
