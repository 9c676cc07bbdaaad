"""Load a profile: a folder of YAML files that says what an office starts with.

Every file is read, its shape checked and its references checked before anything is written; then all sections
load in one transaction. Nothing is ever half-loaded.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from pydantic import BaseModel

from .installed import plugin_configs
from .profile_context import ProfileContext
from .profile_records import noting, store
from .profile_shape import Shape, parse_shape
from .profile_yaml import Problem, ProfileError, YamlFile, read_yaml
from .registry import Registry

if TYPE_CHECKING:
    from .profile_removal import Removal


class SectionError(Exception):
    """What a section finds wrong only while it loads: pairs of place and sentence. Everything is taken back."""

    def __init__(self, problems: Iterable[tuple[str, str]]) -> None:
        self.problems = list(problems)
        super().__init__("; ".join(f"{place}: {message}" for place, message in self.problems))


class ProfileSection(ABC):
    """One kind of thing that profiles hold: the file `<code>.yaml`, or all files of the folder `<code>/`.

    `model` is the shape of one file; `order` says when it loads (what others refer to comes first).
    """

    code: ClassVar[str]
    order: ClassVar[int] = 100
    model: ClassVar[type[BaseModel]]
    #: Models (`app.model`) of which a demo's rows are noted, so that `remove` finds them again.
    records: ClassVar[tuple[str, ...]] = ()
    #: Models whose rows only accompany others (revisions, bells): they keep nothing from being removed.
    bookkeeping: ClassVar[tuple[str, ...]] = ()

    def stored(self) -> Mapping[str, Iterable[str]]:
        """Return the codes that the database already has, by kind (`{"department": [...]}`)."""
        return {}

    def provides(self, data: Any) -> Mapping[str, Iterable[str]]:
        """Return the codes that this file adds, by kind."""
        return {}

    def check(self, data: Any, context: ProfileContext) -> Iterable[tuple[str, str]]:
        """Return what is wrong with the file, as pairs of place and sentence; nothing is written yet."""
        return ()

    @abstractmethod
    def load(self, data: Any, context: ProfileContext) -> None:
        """Write one file into the database; running it again changes nothing."""

    def before_removal(self, removal: Removal) -> None:  # noqa: B027
        """Prepare the removal of a demo; raise `RemovalError` to refuse it. Called once."""

    def remove(self, removal: Removal) -> None:
        """Remove what was noted of `records`; called again as long as anything went in a round."""
        for thing in removal.things(*self.records):
            removal.remove(thing)

    def after_removal(self, removal: Removal) -> None:  # noqa: B027
        """Finish the removal of a demo: what could not go is dealt with here. Called once."""


#: Apps contribute sections in `profile_sections.py`; entries are classes.
sections: Registry[type[ProfileSection]] = Registry(
    ProfileSection, module="profile_sections", noun="profile section"
)


class ProfileInfo(Shape):
    """The file `profile.yaml`. `plugins` names plugins whose own profile is loaded in the same go."""

    title: str
    version: int
    order: int = 100
    demo: bool = False
    plugins: list[str] = []


@dataclass
class _Part:
    """One file of a section."""

    section: ProfileSection
    file: YamlFile
    data: Any = None


def profile_folders() -> dict[str, Path]:
    """Return every profile this site knows: those of the office, then those of plugins under their label."""
    result: dict[str, Path] = {}
    for config in plugin_configs():
        if (config.profile_folder / "profile.yaml").is_file():
            result[config.label] = config.profile_folder
    for root in settings.PROFILE_DIRS:
        for file in sorted(Path(root).glob("*/profile.yaml")):
            result[file.parent.name] = file.parent
    return result


def load_profile(
    name: str, *, dry_run: bool = False, say: Callable[[str], None] | None = None
) -> ProfileContext:
    """Load a profile, all or nothing; with `dry_run` everything is tried and taken back.

    Raises `ProfileError` that lists every problem found in the files.
    """
    folders = profile_folders()
    if name not in folders:
        message = _("No profile is called “%(name)s”. Known: %(known)s.")
        raise ProfileError(Problem(name, "", message % {"name": name, "known": ", ".join(folders)}))
    info, parts = _read(name, folders)
    with transaction.atomic():
        anchor = _anchor(name, info)
        context = ProfileContext(name, folders[name], anchor, demo=info.demo, dry_run=dry_run)
        _check(parts, context)
        with noting() as made:
            for part in parts:
                if say:
                    say(f"{part.section.code}: {part.file.name}")
                _load(part, context)
        _remember(name, info, anchor)
        if info.demo:
            store(
                name, [*made, *context.taken_up], [kind for section in sections for kind in section.records]
            )
        if dry_run:
            transaction.set_rollback(True)
    return context


def profile_codes(name: str) -> dict[str, set[str]]:
    """Return the codes that a profile brings, by kind, without loading it. Raises `ProfileError`."""
    _info, parts = _read(name, profile_folders())
    found: dict[str, set[str]] = {}
    for part in parts:
        for kind, codes in part.section.provides(part.data).items():
            found.setdefault(kind, set()).update(codes)
    return found


def _load(part: _Part, context: ProfileContext) -> None:
    try:
        part.section.load(part.data, context)
    except SectionError as error:
        raise ProfileError(*(part.file.problem(*problem) for problem in error.problems)) from error
    except Exception as error:
        error.add_note(f"While loading {part.file.name} (section {part.section.code!r}); nothing was kept.")
        raise
    context.loaded.append(part.file.name)


def _read(name: str, folders: Mapping[str, Path]) -> tuple[ProfileInfo, list[_Part]]:
    """Read and shape-check all files; raise with every problem."""
    problems: list[Problem] = []
    info = _info(name, folders[name])
    parts: list[_Part] = []
    for label in (name, *info.plugins):
        if label in folders:
            parts += _parts(label, folders[label], problems)
    for part in parts:
        part.data, found = parse_shape(part.section.model, part.file)
        problems += found
    if problems:
        raise ProfileError(*problems)
    return info, sorted(parts, key=lambda part: part.section.order)


def _info(name: str, folder: Path) -> ProfileInfo:
    info, problems = parse_shape(ProfileInfo, read_yaml(folder / "profile.yaml", f"{name}/profile.yaml"))
    if info is None:
        raise ProfileError(*problems)
    return info


def _parts(label: str, folder: Path, problems: list[Problem]) -> Iterator[_Part]:
    for path in sorted(folder.rglob("*.yaml")):
        place = path.relative_to(folder)
        if place == Path("profile.yaml"):
            continue
        code = place.parts[0].removesuffix(".yaml")
        name = f"{label}/{place.as_posix()}"
        if code not in sections:
            message = _("No profile section is called “%(code)s”. Known: %(known)s.")
            known = ", ".join(sorted(sections.codes()))
            problems.append(Problem(name, "", message % {"code": code, "known": known}))
            continue
        try:
            yield _Part(sections.get(code)(), read_yaml(path, name))
        except ProfileError as error:
            problems += error.problems


def _check(parts: list[_Part], context: ProfileContext) -> None:
    """Check references between files and with the database."""
    for section in sections:
        context.add_codes(section().stored())
    for part in parts:
        context.add_codes(part.section.provides(part.data))
    problems = [
        part.file.problem(place, message)
        for part in parts
        for place, message in part.section.check(part.data, context)
    ]
    if problems:
        raise ProfileError(*problems)


def _anchor(name: str, info: ProfileInfo) -> date:
    """Return the day of the first load; refuse to go back to an older version."""
    from .profile_models import LoadedProfile

    row = LoadedProfile.objects.filter(name=name).first()
    if row is None:
        return timezone.localdate()
    if row.version > info.version:
        message = _("Version %(loaded)s is loaded already; this folder holds the older version %(version)s.")
        values = {"loaded": row.version, "version": info.version}
        raise ProfileError(Problem(f"{name}/profile.yaml", "version", message % values))
    return row.anchor_on


def _remember(name: str, info: ProfileInfo, anchor: date) -> None:
    from .profile_models import LoadedProfile

    row, created = LoadedProfile.objects.get_or_create(
        name=name, defaults={"version": info.version, "title": info.title, "anchor_on": anchor}
    )
    if not created and (row.version, row.title) != (info.version, info.title):
        row.version, row.title = info.version, info.title
        row.save()
