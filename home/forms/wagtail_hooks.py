"""What this room adds to Wagtail's admin."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem


@hooks.register("register_admin_menu_item")
def answers_menu_item() -> MenuItem:
    """Lead to the answers that the person may read; the page itself decides which."""
    return MenuItem(
        _("Answers to forms"), reverse("answer_sets"), name="answers", icon_name="form", order=350
    )
