"""What this room adds to the Wagtail admin."""

from __future__ import annotations

from django.urls import URLPattern, path
from wagtail import hooks
from wagtail.permissions import register_permission_policy
from wagtail.snippets.models import register_snippet

from home.people.api import Delegation, SigningAuthority

from .admin import MandateGroup, OfficeAdmins, revoke_in_admin

register_permission_policy(Delegation, OfficeAdmins(Delegation))
register_permission_policy(SigningAuthority, OfficeAdmins(SigningAuthority))
register_snippet(MandateGroup)


@hooks.register("register_admin_urls")
def revoke_urls() -> list[URLPattern]:
    """Return the addresses where a row is revoked; they lie below those of its list."""
    return [
        path(
            f"snippets/people/{model}/<int:pk>/revoke/",
            revoke_in_admin,
            {"model": model},
            name=f"{model}_revoke",
        )
        for model in ("delegation", "signingauthority")
    ]
