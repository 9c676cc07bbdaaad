"""What each step of the wizard asks."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth.password_validation import password_validators_help_text_html, validate_password
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from home.office.api import checked_colour, draw_logo
from home.people.api import UploadForm, User, nfc
from plugins.api.api import installed_plugins

from .choices import installable

COLOUR = "#1d5aa8"


class OfficeForm(forms.Form):
    """What the office is called."""

    name = forms.CharField(label=gettext_lazy("Name of the office"), max_length=120)
    name_en = forms.CharField(
        label=gettext_lazy("Name in English"),
        max_length=120,
        required=False,
        help_text=gettext_lazy("Shown to whoever reads in English; when empty, the other name is."),
    )
    language = forms.ChoiceField(
        label=gettext_lazy("Language of the office"),
        choices=[("vi", "Tiếng Việt"), ("en", "English")],
        help_text=gettext_lazy("The first pages are written in it. Everybody may read in their own."),
    )

    def clean_name(self) -> str:
        """Return the name in its normal form."""
        return nfc(self.cleaned_data["name"])

    def clean_name_en(self) -> str:
        """Return the name in its normal form."""
        return nfc(self.cleaned_data["name_en"])


class LooksForm(forms.Form):
    """Logo and colour."""

    logo = forms.FileField(
        label=gettext_lazy("Logo"),
        required=False,
        help_text=gettext_lazy("PNG, JPEG or WebP, up to 2 MB. It is drawn anew, at most 512 × 256 points."),
        widget=forms.FileInput(attrs={"accept": "image/png,image/jpeg,image/webp"}),
    )
    no_logo = forms.BooleanField(label=gettext_lazy("Without a logo"), required=False)
    colour = forms.CharField(
        label=gettext_lazy("Colour"),
        max_length=7,
        initial=COLOUR,
        widget=forms.TextInput(attrs={"type": "color", "class": "form-control-color"}),
        help_text=gettext_lazy("For buttons and links; dark enough for white text."),
    )

    def clean_logo(self) -> Any:
        """Return the logo as we keep it."""
        sent = self.cleaned_data["logo"]
        return draw_logo(sent) if sent else None

    def clean_colour(self) -> str:
        """Refuse what nobody could read."""
        return checked_colour(self.cleaned_data["colour"])


class PeopleForm(UploadForm):
    """The workbook with departments, positions and people."""


class AdministratorForm(forms.ModelForm):
    """The first administrator. `kept` says that a password was chosen before: it need not be typed again."""

    password = forms.CharField(
        label=gettext_lazy("Password"),
        strip=False,
        required=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    again = forms.CharField(
        label=gettext_lazy("Password again"),
        strip=False,
        required=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    class Meta:
        model = User
        fields = ["last_name", "first_name", "username", "email"]

    def __init__(self, *args: Any, kept: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kept = kept
        for name in ("last_name", "first_name", "email"):
            self.fields[name].required = True
        self.fields["last_name"].label = _("Family and middle name")
        self.fields["first_name"].label = _("Given name")
        self.fields["password"].help_text = (
            _("Leave it empty to keep the one that you have chosen.")
            if kept
            else password_validators_help_text_html()
        )

    def clean(self) -> dict[str, Any]:
        """Compare both passwords."""
        cleaned: dict[str, Any] = super().clean() or {}
        password, again = cleaned.get("password"), cleaned.get("again")
        if not password and not self.kept:
            self.add_error("password", _("Choose a password."))
        if password != again:
            self.add_error("again", _("The two passwords differ."))
        return cleaned

    def _post_clean(self) -> None:
        """Ask the rules of the site when name and address are known, which a password may not resemble."""
        super()._post_clean()  # type: ignore[misc]
        password = self.cleaned_data.get("password")
        if password:
            try:
                validate_password(password, self.instance)
            except ValidationError as error:
                self.add_error("password", error)


class ExtrasForm(forms.Form):
    """Which plugins are set up at once, and whether the invented office is loaded."""

    plugins = forms.MultipleChoiceField(
        label=gettext_lazy("Set up these plugins"), required=False, widget=forms.CheckboxSelectMultiple
    )
    demo = forms.BooleanField(
        label=gettext_lazy("Load the invented office, to try things out"),
        required=False,
        help_text=gettext_lazy(
            "Sixty invented people, news, meetings and two hundred dossiers. It takes up to a minute, and can be "
            "removed later without touching what is yours."
        ),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        found = installable()
        field: Any = self.fields["plugins"]
        field.choices = [
            (plugin.label, f"{plugin.title} – {plugin.description}" if plugin.description else plugin.title)
            for plugin in installed_plugins()
            if plugin.label in found
        ]
        if not found:
            del self.fields["plugins"]


class ReviewForm(forms.Form):
    """The last step asks nothing."""
