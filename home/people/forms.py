"""The forms of the public side: login, password reset, profile."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.forms import PasswordResetForm as DjangoPasswordResetForm
from django.utils.translation import gettext_lazy as _

from .models import User
from .photos import drawn
from .tasks import send_password_reset


class LoginForm(AuthenticationForm):
    """User name or e-mail address, and password. All failures read the same."""

    error_messages = {
        "invalid_login": _(
            "This user name and password do not fit. Please check both, and the Caps Lock key."
        ),
        "inactive": _("This user name and password do not fit. Please check both, and the Caps Lock key."),
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["username"].label = _("User name or e-mail address")


class PasswordResetForm(DjangoPasswordResetForm):
    """Asks for the e-mail address. The mail leaves in the background, so that its delay tells nothing."""

    def get_users(self, email: str) -> Any:
        """Return the active people with this address, those who never had a password included."""
        return User.objects.active().filter(email=email.strip().lower())

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Send each active person with this address a link of their own."""
        for person in self.get_users(self.cleaned_data["email"]):
            send_password_reset.enqueue(person.pk)


class ProfileForm(forms.ModelForm):
    """What people change about themselves."""

    class Meta:
        model = User
        fields = ["phone", "mobile", "room", "about", "language"]
        widgets = {
            "phone": forms.TextInput(attrs={"autocomplete": "tel-extension", "type": "tel"}),
            "mobile": forms.TextInput(attrs={"autocomplete": "tel", "type": "tel"}),
            "about": forms.Textarea(attrs={"rows": 4}),
        }


class PhotoForm(forms.Form):
    """One picture, drawn anew before it is kept."""

    photo = forms.FileField(
        label=_("Photo"),
        help_text=_("JPEG, PNG or WebP, up to 10 MB. It is cut to a square."),
        widget=forms.ClearableFileInput(attrs={"accept": "image/jpeg,image/png,image/webp"}),
    )

    def clean_photo(self) -> Any:
        """Return the picture as we keep it."""
        return drawn(self.cleaned_data["photo"])
