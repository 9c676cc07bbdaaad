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
    ("vendor/be-vietnam-pro/files", NODE_MODULES / "@fontsource" / "be-vietnam-pro" / "files"),
]


class OfficeStaticFilesConfig(StaticFilesConfig):
    """Collect what is linked to and nothing else: every file is hashed and compressed.

    viewflow's own screens are not used, and its files are incomplete (a font is missing), which would stop
    collecting under hashed names.
    """

    ignore_patterns = [
        *("CVS", ".*", "*~", "*.md", "*.ts", "*.scss"),
        *("node_modules", "viewflow"),
        *("tabler-flags.*", "tabler-marketing.*", "tabler-payments.*", "tabler-socials.*"),
        *("*.rtl.*", "*.esm.*"),
    ]
