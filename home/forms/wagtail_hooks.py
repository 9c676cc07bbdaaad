"""What this room adds to Wagtail's admin."""

from django.urls import reverse
from django.utils.html import json_script
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem


@hooks.register("register_admin_menu_item")
def answers_menu_item() -> MenuItem:
    """Lead to the answers that the person may read; the page itself decides which."""
    return MenuItem(
        _("Answers to forms"), reverse("answer_sets"), name="answers", icon_name="form", order=350
    )


@hooks.register("insert_editor_js")
def words_of_the_editor() -> SafeString:
    """Write the words of the editor of forms into the page, for its script."""
    words = {
        "choose": gettext("— choose —"),
        "removed": gettext("removed"),
        "unnamed": gettext("(without a name)"),
        "value": gettext("Value"),
        "insert": gettext("Insert the answer to a question…"),
    }
    return json_script(words, "forms-words")
