"""The chapters: one Markdown file for each, in every language, below `site/help`; and who reads which."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import models
from django.urls import NoReverseMatch, reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from markdown_it import MarkdownIt

from home.base.api import may_enter_admin
from home.people.api import is_office_admin

#: A link to a screen: `[Inbox](url:inbox)` or `[Work](url:inbox?tab=claim)`.
_LINK = re.compile(r'href="url:([\w:.-]+)((?:\?[^"#]*)?(?:#[^"]*)?)"')
_HEADING = re.compile(r"^# (.+)$", re.MULTILINE)


class Role(models.TextChoices):
    """Whom a chapter is written for; the folder of its file."""

    STAFF = "staff", _("For everybody")
    EDITORS = "editors", _("For editors")
    ADMINISTRATORS = "administrators", _("For administrators")


@dataclass(frozen=True)
class Chapter:
    """One chapter in one language; `body` is Markdown without its heading."""

    code: str
    role: str
    title: str
    body: str

    @property
    def lead(self) -> str:
        """Return the first paragraph, without the signs of Markdown."""
        first = self.body.strip().split("\n\n")[0]
        return re.sub(r"\[([^\]]*)\]\([^)]*\)|[*`#]", r"\1", first).replace("\n", " ")

    @property
    def outline(self) -> str:
        """Return what the chapter says it is about: its lead and its headings."""
        return " ".join([self.lead, *re.findall(r"^#+ (.+)$", self.body, re.MULTILINE)])

    def html(self) -> SafeString:
        """Return the text as HTML, with links to the screens that it names."""
        return mark_safe(_LINK.sub(_address, _markdown().render(self.body)))


def roles_for(user: Any) -> list[str]:
    """Return for which roles the person reads; costs no query while nothing changes."""
    allowed = {
        Role.STAFF: bool(user.is_authenticated),
        Role.EDITORS: may_enter_admin(user),
        Role.ADMINISTRATORS: is_office_admin(user),
    }
    return [role.value for role, may in allowed.items() if may]


def chapters_for(user: Any) -> list[Chapter]:
    """Return the chapters that the person reads, in the active language and in their order."""
    roles = roles_for(user)
    return [chapter for chapter in all_chapters(language()) if chapter.role in roles]


def language() -> str:
    """Return the language in which the help is read: the active one, where there is help in it."""
    active = (get_language() or "")[:2]
    return active if (_folder() / active).is_dir() and active else settings.LANGUAGE_CODE


@cache
def all_chapters(language: str) -> tuple[Chapter, ...]:
    """Return every chapter in a language; files are read once in a process."""
    found = []
    for role in Role:
        for file in sorted((_folder() / language / role.value).glob("*.md")):
            text = file.read_text(encoding="utf-8")
            heading = _HEADING.search(text)
            if heading is None:
                raise ValueError(f"{file} has no heading: its first line must begin with '# '.")
            code = file.stem.split("-", 1)[1]
            found.append(Chapter(code, role.value, heading[1].strip(), text[heading.end() :].strip()))
    return tuple(found)


def links_of(text: str) -> list[str]:
    """Return the names of the screens to which a text links."""
    return re.findall(r"\]\(url:([\w:.-]+)", text)


def _folder() -> Path:
    return Path(settings.HELP_DIR)


@cache
def _markdown() -> MarkdownIt:
    """Return a reader of Markdown that lets no HTML through."""
    reader = MarkdownIt("commonmark", {"html": False}).enable("table")
    reader.validateLink = lambda url: url.startswith(("url:", "/", "#"))  # type: ignore[method-assign]
    return reader


def _address(match: re.Match[str]) -> str:
    """Return the address of a screen; one that this office does not have leads to the help itself."""
    try:
        return f'href="{reverse(match[1])}{match[2]}"'
    except NoReverseMatch:
        return f'href="{reverse("help")}"'
