"""The entries of the menu that belong to no other room: the home page, and the directory of people."""

from django.utils.translation import gettext_lazy as _

from .navigation import MenuItem, Section, menu

menu.register(MenuItem(code="home", label=_("Home"), icon="home", url="/", order=0))
menu.register(
    MenuItem(
        code="people",
        label=_("People"),
        icon="address-book",
        url_name="people_directory",
        section=Section.OFFICE,
        order=50,
        visible=lambda user: user.is_authenticated,
    )
)
