"""The entry in the navigation."""

from django.utils.translation import gettext_lazy as _

from home.base.api import MenuItem, menu

menu.register(
    MenuItem(
        code="stamps",
        label=_("Stamps"),
        icon="certificate",
        url_name="congso_stamps:list",
        order=900,
        number="stamps",
    )
)
