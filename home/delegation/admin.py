"""Delegations and authorities to sign in the Wagtail admin: made and revoked there, never changed or deleted."""

from __future__ import annotations

from typing import Any

import django_filters
from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods
from wagtail.admin import messages
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.panels import FieldPanel, FieldRowPanel, ObjectList
from wagtail.admin.ui.tables import BulkActionsCheckboxColumn, Column
from wagtail.admin.widgets.button import Button
from wagtail.permission_policies import ModelPermissionPolicy
from wagtail.snippets.views.snippets import CreateView, IndexView, SnippetViewSet, SnippetViewSetGroup

from home.people.api import (
    Delegation,
    PersonField,
    SearchingForm,
    SigningAuthority,
    User,
    is_office_admin,
    is_search,
    known_matters,
)

from .acts import delegate, give_authority, revoke, revoke_authority
from .gates import authorities_visible_to, delegations_visible_to


class OfficeAdmins(ModelPermissionPolicy):
    """Administrators of the office look and add; nobody changes or deletes what decisions refer to."""

    def user_has_permission(self, user: Any, action: str) -> bool:
        """Allow looking and adding."""
        return action in {"view", "add"} and is_office_admin(user)

    def user_has_any_permission(self, user: Any, actions: Any) -> bool:
        """Allow looking and adding."""
        return any(self.user_has_permission(user, action) for action in actions)


class MandateForm(SearchingForm, WagtailAdminModelForm):
    """A mandate with its matters by name."""

    matters = forms.MultipleChoiceField(
        label=_("Matters"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("None ticked: all matters."),
    )

    def prepare(self) -> None:
        """Offer the known matters, and people by the chooser that all pages share."""
        self.fields["matters"].choices = list(known_matters().items())  # type: ignore[attr-defined]
        for name, field in self.fields.items():
            queryset = getattr(field, "queryset", None)
            if queryset is not None and queryset.model is User:
                self.fields[name] = PersonField(label=field.label, help_text=field.help_text)


class ActingCreateView(CreateView):
    """Stores by an act, so that the trail knows of it."""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """Show the form again when somebody was searched for."""
        return self.get(request, *args, **kwargs) if is_search(request.POST) else super().post(request)

    def save_instance(self) -> Any:
        """Return what the act made."""
        row = self.form.instance
        by: Any = self.request.user
        if isinstance(row, Delegation):
            names = ["principal", "delegate", "since", "until", "matters", "reason"]
            return delegate(by=by, **{name: getattr(row, name) for name in names})
        names = ["holder", "on_behalf_of", "capacity", "since", "until", "position", "department"]
        values = {name: getattr(row, name) for name in [*names, "document", "matters"]}
        return give_authority(by=by, **values)

    def get_success_buttons(self) -> list[Any]:
        """Offer no way to change it."""
        return []


class MandateFilter(WagtailFilterSet):
    """Where it stands today, and a person."""

    state = django_filters.ChoiceFilter(
        method="by_state", label=_("State"), choices=Delegation.State.choices, widget=forms.RadioSelect
    )
    person = django_filters.CharFilter(method="by_person", label=_("Person"))

    #: The two columns that name people.
    people: tuple[str, str]

    def by_state(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        """Keep those of one state."""
        today, state = timezone.localdate(), Delegation.State
        if value == state.REVOKED:
            return rows.filter(revoked_at__isnull=False)
        rows = rows.filter(revoked_at__isnull=True)
        if value == state.PLANNED:
            return rows.filter(since__gt=today)
        if value == state.OVER:
            return rows.filter(until__lt=today)
        return rows.filter(since__lte=today).exclude(until__lt=today)

    def by_person(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        """Keep those that name, on either side, people whose name holds every word."""
        found = User.objects.named_like(value).values("pk")
        one, other = (rows.filter(**{f"{column}__in": found}) for column in self.people)
        return one | other


class DelegationFilter(MandateFilter):
    """Of delegations."""

    people = ("principal", "delegate")

    class Meta:
        model = Delegation
        fields: list[str] = []


class AuthorityFilter(MandateFilter):
    """Of authorities to sign."""

    people = ("holder", "on_behalf_of")

    class Meta:
        model = SigningAuthority
        fields = ["capacity"]


class MandateIndexView(IndexView):
    """The list, with a way to revoke."""

    def get_list_more_buttons(self, instance: Any) -> list[Any]:
        """Add the button where there is anything left to revoke."""
        buttons: list[Any] = super().get_list_more_buttons(instance)
        if instance.may_be_revoked:
            url = f"{self.index_url}{instance.pk}/revoke/"
            buttons.append(Button(gettext("Revoke"), url=url, icon_name="cross", priority=30))
        return buttons

    @cached_property
    def columns(self) -> list[Any]:
        """Offer nothing to tick: there is nothing to do with several rows."""
        return [column for column in super().columns if not isinstance(column, BulkActionsCheckboxColumn)]

    @cached_property
    def show_export_buttons(self) -> bool:
        """Export nothing: the trail is where it is protected."""
        return False


class StateColumn(Column):
    """Where a row stands today, in words."""

    def get_value(self, instance: Any) -> str:
        """Return the label of the state."""
        return str(instance.state.label)


class MandateViewSet(SnippetViewSet):
    """What both lists share."""

    index_view_class = MandateIndexView
    add_view_class = ActingCreateView
    copy_view_enabled = False
    inspect_view_enabled = True
    ordering = ["-since", "-pk"]


class DelegationViewSet(MandateViewSet):
    """Who stands in for whom."""

    model = Delegation
    icon = "user"
    menu_label = _("Delegations")
    filterset_class = DelegationFilter
    list_display = ["__str__", StateColumn("state", label=_("State")), "made_by"]
    inspect_view_fields = [
        *("principal", "delegate", "since", "until", "matters", "reason"),
        *("made_by", "made_at", "revoked_by", "revoked_at"),
    ]
    edit_handler = ObjectList(
        [
            FieldPanel("principal"),
            FieldPanel("delegate"),
            FieldRowPanel([FieldPanel("since"), FieldPanel("until")]),
            FieldPanel("matters"),
            FieldPanel("reason"),
        ],
        base_form_class=MandateForm,
    )

    def get_queryset(self, request: HttpRequest) -> Any:
        """Fetch the people along with the rows."""
        return delegations_visible_to(request.user)


class AuthorityViewSet(MandateViewSet):
    """Who signs for whom."""

    model = SigningAuthority
    icon = "edit"
    menu_label = _("Authorities to sign")
    filterset_class = AuthorityFilter
    list_display = [
        *("holder", "capacity", "on_behalf_of", "since", "until"),
        StateColumn("state", label=_("State")),
    ]
    inspect_view_fields = [
        *("holder", "capacity", "on_behalf_of", "position", "department", "document", "since", "until"),
        *("matters", "made_by", "made_at", "revoked_by", "revoked_at"),
    ]
    edit_handler = ObjectList(
        [
            FieldPanel("holder"),
            FieldPanel("capacity"),
            FieldPanel("on_behalf_of"),
            FieldPanel("position"),
            FieldPanel("department"),
            FieldRowPanel([FieldPanel("since"), FieldPanel("until")]),
            FieldPanel("document"),
            FieldPanel("matters"),
        ],
        base_form_class=MandateForm,
    )

    def get_queryset(self, request: HttpRequest) -> Any:
        """Fetch people and places along with the rows."""
        return authorities_visible_to(request.user)


class MandateGroup(SnippetViewSetGroup):
    """The menu "Ủy quyền"."""

    items = (DelegationViewSet, AuthorityViewSet)
    menu_label = _("Delegation")
    menu_icon = "user"
    menu_name = "delegation"
    menu_order = 260


@require_http_methods(["GET", "HEAD", "POST"])
def revoke_in_admin(request: HttpRequest, model: str, pk: int) -> HttpResponse:
    """Ask, then revoke a `delegation` or `signingauthority`; 404 for who does not administer the office."""
    by: Any = request.user
    rows = delegations_visible_to(by) if model == "delegation" else authorities_visible_to(by)
    row = rows.filter(pk=pk).first() if is_office_admin(by) else None
    if row is None:
        raise Http404
    if request.method == "POST":
        _revoke(request, row)
    elif row.may_be_revoked:
        title = gettext("Revoke")
        context = {"row": row, "page_title": title, "header_title": title, "header_icon": "cross"}
        return render(request, "delegation/admin/revoke.html", context)
    return redirect(f"wagtailsnippets_people_{model}:list")


def _revoke(request: HttpRequest, row: Any) -> None:
    by: Any = request.user
    try:
        if isinstance(row, Delegation):
            revoke(row.pk, by=by)
        else:
            revoke_authority(row.pk, by=by)
    except ValidationError as error:
        messages.warning(request, " ".join(error.messages))
    else:
        messages.success(request, gettext("Revoked: %(row)s") % {"row": row})
