"""What this room adds to Wagtail's admin."""

from django.contrib.auth.models import Permission
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.html import json_script
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from .kinds.base import field_kinds


@hooks.register("register_admin_menu_item")
def answers_menu_item() -> MenuItem:
    """Lead to the answers that the person may read; the page itself decides which."""
    return MenuItem(
        _("Answers to forms"), reverse("answer_sets"), name="answers", icon_name="form", order=350
    )


@hooks.register("insert_editor_js")
def words_of_the_editor() -> SafeString:
    """Write into the page what the script of the editor of forms has to know: its words, and how kinds are compared."""
    words = {
        "choose": gettext("— choose —"),
        "removed": gettext("removed"),
        "unnamed": gettext("(without a name)"),
        "value": gettext("Value"),
        "insert": gettext("Insert the answer to a question…"),
    }
    shapes = {kind.code: kind.shape for kind in field_kinds}
    return json_script(words, "forms-words") + json_script(shapes, "forms-shapes")


@hooks.register("register_permissions")
def permissions_about_answers() -> QuerySet[Permission]:
    """Offer to groups who may name readers of answers, and who among the readers may delete answers for good."""
    offered = ["change_answerset", "delete_submission"]
    return Permission.objects.filter(content_type__app_label="forms", codename__in=offered)
