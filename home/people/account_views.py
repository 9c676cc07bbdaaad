"""Login, logout, passwords, language and the own profile."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import views as auth_views
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse_lazy
from django.utils import translation
from django.utils.decorators import method_decorator
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST
from django.views.generic import RedirectView, UpdateView
from django.views.i18n import set_language as django_set_language

from .forms import LoginForm, PasswordResetForm, PhotoForm, ProfileForm
from .models import User
from .photos import set_photo
from .places import departments_of

#: Where a visitor's choice of language waits for the login.
CHOSEN_LANGUAGE = "chosen_language"


class LoginView(auth_views.LoginView):
    """Log in by user name or e-mail address, then go on to the page that was asked for."""

    authentication_form = LoginForm

    def form_valid(self, form: Any) -> HttpResponse:
        """Log in (with a new session key) and keep the language that was chosen on this page."""
        chosen = self.request.session.get(CHOSEN_LANGUAGE)
        answer = super().form_valid(form)
        if chosen:
            self.request.session.pop(CHOSEN_LANGUAGE, None)
            _store_language(form.get_user(), chosen)
        return answer


class LogoutView(auth_views.LogoutView):
    """Log out (by POST) and come back to the login page."""


class PasswordChangeView(auth_views.PasswordChangeView):
    """Change the own password; other sessions of the person end."""

    success_url = reverse_lazy("profile")

    def form_valid(self, form: Any) -> HttpResponse:
        """Store, stay logged in here, and say so."""
        messages.success(self.request, _("Your password has been changed. Other devices were logged out."))
        return super().form_valid(form)


@method_decorator(login_not_required, name="dispatch")
class PasswordResetView(auth_views.PasswordResetView):
    """Ask for a link by mail; the answer is the same whether or not the address is known."""

    form_class = PasswordResetForm


class ProfileView(UpdateView):
    """The own profile: telephones, room, what one does and language, with the places that the office has noted."""

    model = User
    form_class = ProfileForm
    template_name = "people/profile.html"
    success_url = reverse_lazy("profile")

    def get_object(self, queryset: Any = None) -> User:
        """Return a fresh copy of the visitor, so that a refused change shows nowhere else on the page."""
        return User.objects.get(pk=self.request.user.pk)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the current memberships."""
        current = self.object.memberships.current().select_related("department", "position")
        return super().get_context_data(
            **kwargs,
            memberships=current,
            departments=departments_of(self.object),
            photo_form=PhotoForm(),
            person=User.objects.get(pk=self.object.pk),
        )

    def form_valid(self, form: Any) -> HttpResponse:
        """Store and confirm, in the language that now holds."""
        answer = super().form_valid(form)
        with translation.override(self.object.language):
            messages.success(self.request, gettext("Your profile has been saved."))
        return answer


@require_POST
def photo_of_mine(request: HttpRequest) -> HttpResponse:
    """Store the own photo (`photo`), or take it away (`remove`)."""
    user: Any = request.user
    if "remove" in request.POST:
        set_photo(user, None)
        messages.success(request, _("Your photo has been removed."))
        return redirect("profile")
    form = PhotoForm(request.POST, request.FILES)
    if form.is_valid():
        set_photo(user, form.cleaned_data["photo"])
        messages.success(request, _("Your photo has been saved."))
    else:
        for error in form.errors.get("photo", [_("Please choose a picture.")]):
            messages.error(request, str(error))
    return redirect("profile")


@login_not_required
@require_POST
def set_language(request: HttpRequest) -> HttpResponse:
    """Set the language for this browser, and for the person who is logged in or logs in next."""
    answer = django_set_language(request)
    language = request.POST.get("language", "")
    if language in dict(settings.LANGUAGES):
        if isinstance(request.user, User):
            _store_language(request.user, language)
        else:
            request.session[CHOSEN_LANGUAGE] = language
    return answer


@method_decorator(login_not_required, name="dispatch")
class AdminLoginRedirect(RedirectView):
    """Lead Wagtail's own login and password pages to those of the site: one door, one lock."""

    pattern_name = "login"
    query_string = True

    def get_redirect_url(self, *args: Any, **kwargs: Any) -> str | None:
        """Drop what the address of the replaced page carried, but not the query."""
        return super().get_redirect_url()


def _store_language(user: Any, language: str) -> None:
    user.language = language
    user.save(update_fields=["language"])
