"""What this room adds to the menu."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from home.base.api import MenuItem, Section, menu
from home.people.api import User, is_office_admin

from .frame_numbers import MINE
from .report_scope import may_report


def _is_person(user: Any) -> bool:
    return isinstance(user, User) and user.is_active


def _is_dispatcher(user: Any) -> bool:
    return _is_person(user) and is_office_admin(user)


def _answers_for_others(user: Any) -> bool:
    return _is_person(user) and may_report(user)


menu.register(
    MenuItem(
        code="inbox",
        label=_("Inbox"),
        icon="inbox",
        url_name="inbox",
        order=10,
        section=Section.WORK,
        visible=_is_person,
        number=MINE,
    )
)
menu.register(
    MenuItem(
        code="dossiers",
        label=_("Dossiers"),
        icon="folder",
        url_name="dossiers",
        order=20,
        section=Section.WORK,
        visible=_is_person,
    )
)
menu.register(
    MenuItem(
        code="dossier_start",
        label=_("Start a dossier"),
        icon="file-plus",
        url_name="dossier_start",
        order=30,
        section=Section.WORK,
        visible=_is_person,
    )
)
menu.register(
    MenuItem(
        code="dispatch",
        label=_("To be dispatched"),
        icon="arrows-split-2",
        url_name="dispatch",
        order=40,
        section=Section.WORK,
        visible=_is_dispatcher,
    )
)
menu.register(
    MenuItem(
        code="reports",
        label=_("Reports"),
        icon="chart-bar",
        url_name="reports",
        order=50,
        section=Section.WORK,
        visible=_answers_for_others,
    )
)
