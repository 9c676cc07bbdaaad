"""Choosing one of the people who work here, in the admin: whoever enters it knows the directory."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail.admin.views.generic.chooser import ChooseResultsView, ChooseView
from wagtail.admin.viewsets.chooser import ChooserViewSet

from home.people.api import User


class _ActivePeople:
    """Lists those who work here today, found by any part of the name."""

    ordering = ["sort_name", "pk"]
    request: Any

    def get_object_list(self) -> Any:
        """Return the active people."""
        return User.objects.active()

    def filter_object_list(self, people: Any) -> Any:
        """Keep those whose name holds what was typed, with or without diacritics."""
        query = self.request.GET.get("q", "").replace("\0", "").strip()[:100]
        return people.named_like(query) if query else people


class _PeopleView(_ActivePeople, ChooseView):
    """The window of the chooser."""


class _PeopleResultsView(_ActivePeople, ChooseResultsView):
    """Its list, while somebody types."""


class PersonChooserViewSet(ChooserViewSet):
    """The chooser of people."""

    model = User
    icon = "user"
    choose_one_text = _("Choose a person")
    choose_another_text = _("Choose another person")
    edit_item_text = _("Look at this person")
    choose_view_class = _PeopleView
    choose_results_view_class = _PeopleResultsView
    per_page = 20


person_chooser = PersonChooserViewSet("person_chooser")
