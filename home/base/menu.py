"""The first entry of the menu."""

from django.utils.translation import gettext_lazy as _

from .navigation import MenuItem, menu

menu.register(MenuItem(code="home", label=_("Home"), icon="home", url="/", order=0))
