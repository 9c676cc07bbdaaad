"""The screen on which an administrator removes the invented office."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods
from wagtail.admin import messages
from wagtail.admin.menu import MenuItem

from plugins.api.api import RemovalError

from .demo import demo_names, remove_demo, try_removal


class ConfirmForm(forms.Form):
    """The name of what is removed, typed by hand."""

    typed = forms.CharField(max_length=100)

    def __init__(self, name: str, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.name = name
        label = gettext_lazy("Type “%(name)s” to remove it for good") % {"name": name}
        self.fields["typed"].label = label

    def clean_typed(self) -> str:
        """Compare what was typed."""
        typed: str = self.cleaned_data["typed"].strip()
        if typed != self.name:
            raise forms.ValidationError(
                _("This is not “%(name)s”. Nothing was removed.") % {"name": self.name}
            )
        return typed


class DemoMenuItem(MenuItem):
    """The entry of the menu: for whoever may do everything, as long as there is a demo."""

    def __init__(self) -> None:
        super().__init__(gettext_lazy("Demo content"), "", name="demo-content", icon_name="bin", order=2000)

    @property
    def url(self) -> str:
        """Return the address (not known yet when menus are built)."""
        return reverse("demo_content")

    @url.setter
    def url(self, value: str) -> None:
        """Ignore what the base class sets."""

    def is_shown(self, request: HttpRequest) -> bool:
        """Show it while there is something to remove."""
        return bool(request.user.is_superuser) and bool(demo_names())


@require_http_methods(["GET", "HEAD", "POST"])
def demo_content(request: HttpRequest) -> HttpResponse:
    """Tell what would go and what would stay; remove it when its name was typed. 404 for all but superusers."""
    names = demo_names()
    if not request.user.is_superuser or not names:
        raise Http404
    name = names[0]
    form = ConfirmForm(name, request.POST if request.method == "POST" else None)
    report, refusal = None, ""
    try:
        if request.method == "POST" and form.is_valid():
            done = remove_demo(name, by=request.user)
            total = sum(line.count for line in done.gone)
            messages.success(request, _("The demo is removed: %(count)d things are gone.") % {"count": total})
            return redirect("wagtailadmin_home")
        report = try_removal(name, by=request.user)
    except RemovalError as error:
        refusal = str(error)
    title = _("Demo content")
    context = {"form": form, "report": report, "refusal": refusal, "name": name}
    context |= {"page_title": title, "header_title": title}
    return render(request, "setup/admin/demo.html", context, status=422 if form.is_bound else 200)
