"""The entry of the menu."""

from django.utils.translation import gettext_lazy as _

from home.base.api import MenuItem, Section, menu

menu.register(
    MenuItem(
        code="meetings",
        label=_("Weekly schedule"),
        icon="calendar-week",
        url_name="meetings:week",
        section=Section.OFFICE,
        order=40,
        visible=lambda user: user.is_authenticated,
    )
)
