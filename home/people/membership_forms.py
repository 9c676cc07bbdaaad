"""Memberships edited inside the form of a person or of a department, all checked together."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import transaction
from django.forms.models import BaseInlineFormSet, inlineformset_factory
from wagtail.admin.forms.formsets import BaseFormSetMixin
from wagtail.admin.widgets import AdminDateInput

from . import rules
from .models import Department, GroupMember, Membership, User, WorkingGroup
from .tree import indented

PREFIX = "memberships"


class MembershipForm(forms.ModelForm):
    """One place of a person."""

    class Meta:
        model = Membership
        fields = ["user", "department", "position", "role", "is_primary", "since", "until"]
        widgets = {"since": AdminDateInput(), "until": AdminDateInput()}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.instance.checked_together = True
        if "department" in self.fields:
            self.fields["department"].label_from_instance = indented  # type: ignore[attr-defined]


class BaseMembershipFormSet(BaseFormSetMixin, BaseInlineFormSet):
    """The memberships of one person or one department."""

    def get_queryset(self) -> Any:
        """Load the names that the rules and the rows show."""
        if not hasattr(self, "_loaded"):
            self._loaded = super().get_queryset().select_related("user", "department", "position")
        return self._loaded

    def clean(self) -> None:
        """Check the rules on the memberships as they will be after saving."""
        super().clean()
        kept = [form for form in self.forms if form not in self.deleted_forms and self._filled(form)]
        if any(form.errors for form in kept):
            return
        beside = [form.instance for form in kept]
        gone = [form.instance.pk for form in self.deleted_forms if form.instance.pk]
        for form in kept:
            try:
                rules.check_membership(form.instance, beside=beside, gone=gone)
            except ValidationError as error:
                form.add_error(None, [message for part in error.error_dict.values() for message in part])

    @transaction.atomic
    def save(self, commit: bool = True) -> Any:
        """Store in an order that never passes through a forbidden state: first lay down, then take up."""
        changed = [form.instance.pk for form in self.initial_forms if form.has_changed()]
        Membership.objects.filter(pk__in=changed).update(role=Membership.Role.MEMBER, is_primary=False)
        return super().save(commit)

    def _filled(self, form: Any) -> bool:
        return bool(form.instance.pk) or form.has_changed()


PersonMemberships = inlineformset_factory(
    User, Membership, MembershipForm, BaseMembershipFormSet, extra=0, exclude=["user"]
)
DepartmentMemberships = inlineformset_factory(
    Department, Membership, MembershipForm, BaseMembershipFormSet, extra=0, exclude=["department"]
)


class GroupMemberForm(forms.ModelForm):
    """One person in a working group."""

    class Meta:
        model = GroupMember
        fields = ["user", "role", "task", "left_on"]
        widgets = {"left_on": AdminDateInput()}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = User.objects.active()
        if self.instance.user_id:
            people = people | User.objects.filter(pk=self.instance.user_id)
        self.fields["user"].queryset = people  # type: ignore[attr-defined]


class BaseGroupFormSet(BaseFormSetMixin, BaseInlineFormSet):
    """The members of one working group."""


GroupMembers = inlineformset_factory(
    WorkingGroup, GroupMember, GroupMemberForm, BaseGroupFormSet, extra=0, fk_name="group"
)


class WithMemberships:
    """Mixin of model forms: `form.memberships` is a form set that is checked and stored with the form."""

    formset_class: type[Any]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        sent = self.is_bound and f"{PREFIX}-TOTAL_FORMS" in self.data  # type: ignore[attr-defined]
        self.memberships = self.formset_class(
            self.data if sent else None,  # type: ignore[attr-defined]
            instance=self.instance,  # type: ignore[attr-defined]
            prefix=PREFIX,
        )

    def is_valid(self) -> bool:
        """Check both, so that all errors show at once; a form sent without memberships leaves them alone."""
        own = super().is_valid()  # type: ignore[misc]
        theirs = not self.memberships.is_bound or self.memberships.is_valid()
        return own and theirs

    @transaction.atomic
    def save(self, commit: bool = True) -> Any:
        """Store the person or department, then the memberships."""
        saved = super().save(commit)  # type: ignore[misc]
        if commit and self.memberships.is_bound:
            self.memberships.instance = saved
            self.memberships.save()
        return saved
