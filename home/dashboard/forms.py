"""One's own links."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from django import forms
from django.core.exceptions import ValidationError
from django.forms import BaseFormSet, formset_factory
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from home.people.api import nfc

from .layout import MOST_LINKS

_HELP = _("A page of this site (/…) or any other page (https://…).")


class LinkForm(forms.Form):
    """One link: a name and an address."""

    label = forms.CharField(label=pgettext_lazy("link", "Name"), max_length=80)
    url = forms.CharField(label=_("Address"), max_length=500, help_text=_HELP)

    def clean_label(self) -> str:
        """Return the name in its normal form."""
        label = nfc(self.cleaned_data["label"])
        if not label:
            raise ValidationError(_("Give the link a name."))
        return label

    def clean_url(self) -> str:
        """Accept paths of this site and pages of others; nothing that a browser would run."""
        url: str = self.cleaned_data["url"].strip()
        inside = url.startswith("/") and url_has_allowed_host_and_scheme(url, allowed_hosts=None)
        if not inside and not _is_web_page(url):
            raise ValidationError(_HELP)
        return url


def _is_web_page(url: str) -> bool:
    try:
        parts = urlsplit(url)
        return (
            parts.scheme in ("http", "https") and bool(parts.hostname) and not any(c.isspace() for c in url)
        )
    except ValueError:
        return False


LinkFormSet: type[BaseFormSet[Any]] = formset_factory(
    LinkForm, extra=3, can_delete=True, max_num=MOST_LINKS, validate_max=True, absolute_max=MOST_LINKS + 10
)
