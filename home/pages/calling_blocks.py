"""Blocks that lead a reader on: whom to call, which form to fill in, which dossier to start, and shared blocks."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.functional import cached_property
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.snippets.blocks import SnippetChooserBlock

from home.base.api import start_choices, start_offer
from home.people.api import Department, Membership

from .block_readers import reader_of

#: What such a block shows depends on the reader and the hour: a page with one is not kept for an audience.
LIVING = frozenset({"form", "start"})


class PersonChooserBlock(blocks.ChooserBlock):
    """One of the people who work here."""

    @cached_property
    def target_model(self) -> Any:
        """Return the model of people."""
        from home.people.models import User

        return User

    @cached_property
    def widget(self) -> Any:
        """Return the chooser of the admin."""
        from .person_chooser import person_chooser

        return person_chooser.widget_class()

    def get_form_state(self, value: Any) -> Any:
        """Return what the chooser shows of the person."""
        return self.widget.get_value_data(value)

    class Meta:
        icon = "user"


class ContactCardBlock(blocks.StructBlock):
    """A person or a department, with what the directory says of them today."""

    title = blocks.CharBlock(label=_("Heading"), required=False, max_length=120)
    person = PersonChooserBlock(label=_("Person"), required=False)
    department = SnippetChooserBlock(Department, label=_("Department"), required=False)
    note = blocks.CharBlock(
        label=_("For what"),
        required=False,
        max_length=200,
        help_text=_("For example: registers of documents."),
    )

    def clean(self, value: Any) -> Any:
        """Refuse a card of nobody."""
        cleaned = super().clean(value)
        if not cleaned.get("person") and not cleaned.get("department"):
            raise blocks.StructBlockValidationError(
                block_errors={"person": ValidationError(gettext("Choose a person or a department."))}
            )
        return cleaned

    def get_context(self, value: Any, parent_context: dict[str, Any] | None = None) -> dict[str, Any]:
        """Add who is still here: whoever has left, and a department that is closed, are not shown. One query."""
        context: dict[str, Any] = super().get_context(value, parent_context)
        person, department = value.get("person"), value.get("department")
        context["person"] = person if person is not None and person.is_active else None
        context["department"] = department if department is not None and department.is_active else None
        if context["person"]:
            places = Membership.objects.current().filter(user=person).select_related("position", "department")
            context["place"] = places.order_by("-is_primary", "position__rank", "pk").first()
        return context

    class Meta:
        icon = "user"
        label = _("Contact card")
        template = "pages/blocks/contact_card.html"


class FormCardBlock(blocks.StructBlock):
    """A form, with whether it takes answers now; only for those who may see it."""

    page = blocks.PageChooserBlock(label=_("Form"), page_type="pages.FormPage")
    text = blocks.CharBlock(label=_("Text"), required=False, max_length=300)

    def get_context(self, value: Any, parent_context: dict[str, Any] | None = None) -> dict[str, Any]:
        """Add the form as far as the reader may see it. Two queries at most."""
        from .form_page import FormPage

        context: dict[str, Any] = super().get_context(value, parent_context)
        page = value.get("page")
        seen = FormPage.objects.visible_to(reader_of(parent_context))
        form = seen.filter(pk=page.pk).first() if page is not None else None
        context["form_page"] = form
        context["is_full"] = form is not None and form.limits.is_full(form.source)
        return context

    class Meta:
        icon = "form"
        label = _("Form")
        template = "pages/blocks/form_card.html"


class StartBlock(blocks.StructBlock):
    """A button that starts a dossier; only for those who may start it."""

    what = blocks.ChoiceBlock(label=_("What is started"), choices=start_choices)
    text = blocks.CharBlock(label=_("Text"), required=False, max_length=300)

    def get_context(self, value: Any, parent_context: dict[str, Any] | None = None) -> dict[str, Any]:
        """Add what the reader may start."""
        context: dict[str, Any] = super().get_context(value, parent_context)
        context["offer"] = start_offer(reader_of(parent_context), value.get("what") or "")
        return context

    class Meta:
        icon = "plus"
        label = _("Start a dossier")
        template = "pages/blocks/start.html"
