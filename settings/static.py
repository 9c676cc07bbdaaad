"""Which static files are collected, and from where: the office's own, and the locked front-end packages."""

from pathlib import Path

from django.contrib.staticfiles.apps import StaticFilesConfig

from .environment import ROOT

NODE_MODULES = ROOT / "node_modules"

#: Folder of the outline icons (`bell.svg`, …). They are drawn into the page, not served one by one.
ICONS_DIR = NODE_MODULES / "@tabler" / "icons" / "icons" / "outline"

#: Only these folders are served: Tabler's `dist/libs` holds packages that are not free software.
PACKAGES: list[tuple[str, Path]] = [
    ("vendor/tabler/css", NODE_MODULES / "@tabler" / "core" / "dist" / "css"),
    ("vendor/tabler/js", NODE_MODULES / "@tabler" / "core" / "dist" / "js"),
    ("vendor/tabler/img", NODE_MODULES / "@tabler" / "core" / "dist" / "img"),
    ("vendor/be-vietnam-pro", NODE_MODULES / "@fontsource" / "be-vietnam-pro"),
]


class OfficeStaticFilesConfig(StaticFilesConfig):
    """Leave out what nobody links to; viewflow ships an incomplete `node_modules` that would stop us."""

    ignore_patterns = ["CVS", ".*", "*~", "node_modules", "package.json", "*.md", "*.ts", "*.scss"]
