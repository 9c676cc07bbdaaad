"""Translations without gettext's own programs: collect, merge, check and compile them with Babel.

The catalogue is `site/locale/vi/LC_MESSAGES/django.po`. A room under construction may keep its translations
in `site/locale/vi/parts/<room>.po`: what stands there wins, and `merge` copies it into the catalogue.
Messages of other packages (Wagtail's Vietnamese is thin) may be translated in the same two places.
"""

from __future__ import annotations

import argparse
import functools
import os
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parent.parent
LOCALE = ROOT / "site" / "locale"
LANGUAGE = "vi"
ELSEWHERE = "A message of another package."
HEADER = r"""# Vietnamese words of the office. Kept up to date by `make fix`.
msgid ""
msgstr ""
"Language: vi\n"
"Plural-Forms: nplurals=1; plural=0;\n"
"MIME-Version: 1.0\n"
"Content-Type: text/plain; charset=utf-8\n"
"Content-Transfer-Encoding: 8bit\n"

"""
ROOMS = ("home", "workflows", "plugins", "settings")
TEMPLATES = {".html", ".txt", ".svg", ".xml"}
KEYWORDS: dict[str, tuple[int | tuple[int, str], ...] | None] = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
    "npgettext_lazy": ((1, "c"), 2, 3),
}
Key = tuple[object, str | None]


def key_of(message: Message) -> Key:
    """Return what tells one message from another: its text (both forms, if plural) and its context."""
    return (message.id, message.context)


# --- where the messages are --------------------------------------------------------------------------------


def sources(root: Path = ROOT) -> Iterator[Path]:
    """Yield every Python module and template of the product."""
    for room in ROOMS:
        for path in sorted((root / room).rglob("*")):
            if path.suffix == ".py" or (path.suffix in TEMPLATES and "templates" in path.parts):
                yield path
    for path in sorted((root / "site" / "templates").rglob("*")):
        if path.suffix in TEMPLATES:
            yield path


def as_python(path: Path) -> bytes:
    """Return the file as Python source: a template becomes its messages, the rest blanked out."""
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".py":
        return text.encode()
    from django.utils.translation.template import templatize

    code = templatize(text, origin=str(path))
    return re.sub(r"(?m)^[ \t]+", "", code).encode()


def extracted(root: Path = ROOT) -> Catalog:
    """Return a catalogue of every message in the sources, untranslated."""
    catalog = empty()
    for path in sources(root):
        found = extract("python", BytesIO(as_python(path)), KEYWORDS, ["Translators:"], {"encoding": "utf-8"})
        for _line, message, comments, context in found:
            if message:
                catalog.add(message, auto_comments=comments, context=context)
    return catalog


@functools.cache
def ids_of_other_packages() -> frozenset[Key]:
    """Return the messages that installed packages (Django, Wagtail, viewflow, …) bring themselves."""
    import django

    found: set[Key] = set()
    for name in ("en", LANGUAGE):
        for path in Path(django.__file__).parent.parent.glob(f"**/locale/{name}/LC_MESSAGES/django.po"):
            with path.open("rb") as file:
                found.update(key_of(message) for message in read_po(file) if message.id)
    return frozenset(found)


# --- catalogues --------------------------------------------------------------------------------------------


def empty() -> Catalog:
    """Return an empty catalogue of the language."""
    return Catalog(locale=LANGUAGE, charset="utf-8", fuzzy=False)


def load(path: Path) -> Catalog:
    """Read a catalogue; an absent file is an empty one."""
    if not path.exists():
        return empty()
    with path.open("rb") as file:
        return read_po(file, locale=LANGUAGE)


def catalogue_path(locale: Path = LOCALE) -> Path:
    """Return the file of the catalogue."""
    return locale / LANGUAGE / "LC_MESSAGES" / "django.po"


def parts(locale: Path = LOCALE) -> list[Path]:
    """Return the catalogues of rooms under construction."""
    return sorted((locale / LANGUAGE / "parts").glob("*.po"))


def known(locale: Path = LOCALE) -> dict[Key, Message]:
    """Return every translation at hand: the catalogue, and the parts over it."""
    found: dict[Key, Message] = {}
    for path in [catalogue_path(locale), *parts(locale)]:
        for message in load(path):
            if message.id and is_translated(message):
                found[key_of(message)] = message
    return found


def is_translated(message: Message) -> bool:
    """Say whether every form of a message has a translation that a person has agreed to."""
    forms = message.string if isinstance(message.string, list | tuple) else (message.string,)
    return bool(forms) and all(forms) and not message.fuzzy


def merged(template: Catalog, locale: Path = LOCALE) -> Catalog:
    """Return the catalogue as it should be: the messages of the sources, translated as far as known."""
    result, translations = empty(), known(locale)
    for message in template:
        if message.id:
            have = translations.get(key_of(message))
            text = have.string if have else None
            result.add(message.id, text, context=message.context, auto_comments=message.auto_comments)
    for key, message in translations.items():
        if result.get(message.id, message.context) is None and key in ids_of_other_packages():
            result.add(message.id, message.string, context=message.context, auto_comments=[ELSEWHERE])
    return result


def as_text(catalog: Catalog) -> bytes:
    """Return a catalogue as a PO file that only changes when its messages do."""
    buffer = BytesIO()
    write_po(buffer, catalog, width=110, no_location=True, sort_output=True, omit_header=True)
    return HEADER.encode() + buffer.getvalue()


# --- commands ----------------------------------------------------------------------------------------------


def show_template() -> int:
    """Print every message of the sources, untranslated."""
    sys.stdout.buffer.write(as_text(extracted()))
    return 0


def merge(locale: Path = LOCALE) -> int:
    """Write the catalogue anew, with every translation kept that still has a message."""
    template = extracted()
    catalog = merged(template, locale)
    path = catalogue_path(locale)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(as_text(catalog))
    missing = [message for message in catalog if message.id and not is_translated(message)]
    print(f"{path.name}: {len(catalog)} messages, {len(missing)} without translation")
    for key, message in sorted(known(locale).items(), key=str):
        if catalog.get(message.id, message.context) is None:
            print(f"  no longer in the sources: {key[0]!r}")
    return 0


def check(locale: Path = LOCALE) -> int:
    """Compare the catalogue with the sources; print what is wrong and return how many things are."""
    faults = list(_faults(extracted(), locale))
    for fault in faults:
        print(fault)
    print(f"Translations: {len(faults)} faults" if faults else "Translations: up to date")
    return min(len(faults), 1)


def _faults(template: Catalog, locale: Path) -> Iterator[str]:
    have = {key_of(message): message for message in load(catalogue_path(locale)) if message.id}
    want = merged(template, locale)
    for message in want:
        if not message.id:
            continue
        found = have.get(key_of(message))
        if found is None:
            yield f"not in the catalogue (`make fix` adds it): {message.id!r}"
        elif not is_translated(found):
            yield f"without translation: {message.id!r}"
        elif found.string != message.string:
            yield f"translated otherwise in a part (`make fix` takes it over): {message.id!r}"
        if is_translated(message):
            yield from (f"{message.id!r}: {error}" for error in message.check())
    for key in have.keys() - {key_of(message) for message in want}:
        yield f"no longer in the sources (`make fix` removes it): {key[0]!r}"
    yield from _contradictions(locale)


def _contradictions(locale: Path) -> Iterator[str]:
    """Yield what two parts translate in two ways: which of them were right would depend on their names."""
    said: dict[Key, tuple[object, str]] = {}
    for path in parts(locale):
        for message in load(path):
            if message.id and is_translated(message):
                string, first = said.setdefault(key_of(message), (message.string, path.name))
                if string != message.string:
                    yield f"translated otherwise in {first} and {path.name}: {message.id!r}"


def compile_all(locale: Path = LOCALE) -> int:
    """Write the `.mo` files that Django reads, from the catalogues and the parts; skip what is up to date.

    `djangojs.po` beside the catalogue holds the words of other packages' scripts; nothing of ours is in it.
    """
    for language in sorted(path for path in locale.glob("*") if path.is_dir()):
        folder = language / "LC_MESSAGES"
        catalogues = {path.with_suffix(".mo"): [path] for path in sorted(folder.glob("*.po"))}
        if more := sorted(language.glob("parts/*.po")):
            catalogues.setdefault(folder / "django.mo", []).extend(more)
        for target, files in catalogues.items():
            together = [language / "parts"] if more and target.stem == "django" else []
            if not target.exists() or target.stat().st_mtime < _newest([*files, *together]):
                _compile(files, target)
    return 0


def _compile(files: Iterable[Path], target: Path) -> None:
    """Write one `.mo`; of several files the later ones stand over the earlier."""
    target.parent.mkdir(exist_ok=True)
    catalog = empty()
    for path in files:
        for message in load(path):
            if message.id and is_translated(message):
                catalog.add(message.id, message.string, context=message.context)
                added = catalog.get(message.id, message.context)
                if added is not None:
                    added.string = message.string
    draft = target.with_suffix(f".{os.getpid()}")
    with draft.open("wb") as file:
        write_mo(file, catalog)
    draft.replace(target)


def _newest(paths: Iterable[Path]) -> float:
    return max(path.stat().st_mtime for path in paths)


COMMANDS: dict[str, Callable[[], int]] = {
    "extract": show_template,
    "merge": merge,
    "check": check,
    "compile": compile_all,
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; return the exit code."""
    parser = argparse.ArgumentParser(description="Collect, merge, check and compile translations.")
    parser.add_argument("command", choices=sorted(COMMANDS))
    return COMMANDS[parser.parse_args(arguments).command]()


if __name__ == "__main__":
    sys.exit(main())
