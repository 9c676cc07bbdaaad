"""The steps of the wizard: what each asks, keeps, and says of itself in the summary."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Any, ClassVar

from django import forms
from django.contrib.auth.hashers import make_password
from django.core.files.base import ContentFile
from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from home.people.api import FileRefusedError, run_import, summary_of
from plugins.api.api import installed_plugins

from .choices import others
from .forms import AdministratorForm, ExtrasForm, LooksForm, OfficeForm, PeopleForm, ReviewForm
from .models import SetupDraft
from .opening import OpeningError, check_extras

SHOWN_PROBLEMS = 100
SHADES = ["#1d5aa8", "#a61c28", "#0b6b4f", "#7a4a00", "#5b3fa0", "#155e75"]


class Step(ABC):
    """One step. `take` keeps what a valid form says in the draft, which the caller stores."""

    code: ClassVar[str]
    title: ClassVar[str | Promise]
    lead: ClassVar[str | Promise]
    template: ClassVar[str] = "setup/step.html"

    @abstractmethod
    def form(self, request: HttpRequest, draft: SetupDraft) -> forms.BaseForm:
        """Return the form: bound when it was sent, else filled with what was kept."""

    @abstractmethod
    def take(self, form: Any, draft: SetupDraft) -> bool:
        """Keep the answers of a valid form; return False where something is still wrong, with errors in the form."""

    def context(self, form: Any, draft: SetupDraft) -> dict[str, Any]:
        """Return what the template shows besides the form."""
        return {}

    def skip(self, draft: SetupDraft) -> bool:
        """Leave the step out; return False where it may not be."""
        return False

    def summary(self, draft: SetupDraft) -> list[tuple[str, str]]:
        """Return what was answered, as pairs of name and value."""
        return []

    def told(self, draft: SetupDraft) -> dict[str, Any]:
        """Return what was kept; empty before the step was done."""
        kept: dict[str, Any] = draft.answers.get(self.code) or {}
        return kept


def _sent(request: HttpRequest) -> Any:
    return request.POST if request.method == "POST" else None


class OfficeStep(Step):
    """What the office is called."""

    code = "office"
    title = gettext_lazy("Office")
    lead = gettext_lazy("The name stands in the header of every page, in mails and on printed papers.")

    def form(self, request: HttpRequest, draft: SetupDraft) -> forms.BaseForm:
        """Return the form."""
        return OfficeForm(_sent(request), initial=self.told(draft))

    def take(self, form: Any, draft: SetupDraft) -> bool:
        """Keep names and language."""
        draft.answers[self.code] = form.cleaned_data
        return True

    def summary(self, draft: SetupDraft) -> list[tuple[str, str]]:
        """Return names and language."""
        told = self.told(draft)
        language = "English" if told["language"] == "en" else "Tiếng Việt"
        return [
            (_("Name of the office"), told["name"]),
            (_("Name in English"), told["name_en"] or "–"),
            (_("Language of the office"), language),
        ]


class LooksStep(Step):
    """Logo and colour."""

    code = "looks"
    title = gettext_lazy("Logo and colour")
    lead = gettext_lazy("You may leave both as they are, and change them later in the administration.")
    template = "setup/looks.html"

    def form(self, request: HttpRequest, draft: SetupDraft) -> forms.BaseForm:
        """Return the form."""
        files = request.FILES if request.method == "POST" else None
        return LooksForm(_sent(request), files, initial=self.told(draft))

    def context(self, form: Any, draft: SetupDraft) -> dict[str, Any]:
        """Say whether there is a logo to show, and offer shades that can be read."""
        return {"has_logo": bool(draft.logo), "shades": SHADES}

    def take(self, form: Any, draft: SetupDraft) -> bool:
        """Keep the colour, and the logo in a file of its own; the one before goes."""
        logo = form.cleaned_data["logo"]
        if draft.logo and (logo or form.cleaned_data["no_logo"]):
            draft.logo.delete(save=False)
        if logo:
            draft.logo.save("logo", logo, save=False)
        draft.answers[self.code] = {"colour": form.cleaned_data["colour"]}
        return True

    def summary(self, draft: SetupDraft) -> list[tuple[str, str]]:
        """Return the colour, and whether there is a logo."""
        return [(_("Logo"), _("yes") if draft.logo else _("none")), (_("Colour"), self.told(draft)["colour"])]


class PeopleStep(Step):
    """Departments, positions and people from a workbook; may be left out."""

    code = "people"
    title = gettext_lazy("Departments and people")
    lead = gettext_lazy(
        "They come from one Excel workbook, which is checked row by row before anything is stored. You may leave this "
        "out and import them later."
    )
    template = "setup/people.html"

    def form(self, request: HttpRequest, draft: SetupDraft) -> forms.BaseForm:
        """Return the form."""
        return PeopleForm(_sent(request), request.FILES if request.method == "POST" else None)

    def take(self, form: Any, draft: SetupDraft) -> bool:
        """Try the file; keep it when every row is good."""
        file = form.cleaned_data["file"]
        try:
            result = run_import(file)
        except FileRefusedError as error:
            form.add_error("file", str(error))
            return False
        form.result = result
        if not result.ok:
            return False
        self._forget(draft)
        file.seek(0)
        draft.people.save("people", ContentFile(file.read()), save=False)
        draft.answers[self.code] = {"name": file.name[:120], "counts": summary_of(result)}
        return True

    def skip(self, draft: SetupDraft) -> bool:
        """Go on without a workbook."""
        self._forget(draft)
        draft.answers[self.code] = {"name": "", "counts": []}
        return True

    def context(self, form: Any, draft: SetupDraft) -> dict[str, Any]:
        """Show what is wrong with the rows, and the file that is kept."""
        result = getattr(form, "result", None)
        problems = result.problems if result is not None else []
        return {
            "problems": problems[:SHOWN_PROBLEMS],
            "problem_count": len(problems),
            "kept": self.told(draft),
        }

    def summary(self, draft: SetupDraft) -> list[tuple[str, str]]:
        """Return the file with its counts."""
        told = self.told(draft)
        counts: list[tuple[str, str]] = [(name, text) for name, text in told["counts"]]
        return [(_("Workbook"), told["name"] or _("none: imported later")), *counts]

    def _forget(self, draft: SetupDraft) -> None:
        if draft.people:
            draft.people.delete(save=False)


class AdministratorStep(Step):
    """The first administrator, who may do everything."""

    code = "administrator"
    title = gettext_lazy("Administrator")
    lead = gettext_lazy("The first person who can log in, and may do everything. Others are added later.")

    def form(self, request: HttpRequest, draft: SetupDraft) -> forms.BaseForm:
        """Return the form."""
        told = self.told(draft)
        return AdministratorForm(_sent(request), initial=told, kept=bool(told))

    def take(self, form: Any, draft: SetupDraft) -> bool:
        """Keep who it is, and of the password only what the database of users would hold."""
        names = ("last_name", "first_name", "username", "email")
        told = {name: getattr(form.instance, name) for name in names}
        typed = form.cleaned_data["password"]
        told["password"] = make_password(typed) if typed else self.told(draft)["password"]
        draft.answers[self.code] = told
        return True

    def summary(self, draft: SetupDraft) -> list[tuple[str, str]]:
        """Return who it is."""
        told = self.told(draft)
        name = f"{told['last_name']} {told['first_name']}"
        return [(_("Administrator"), name), (_("User name"), told["username"]), (_("E-mail"), told["email"])]


class ExtrasStep(Step):
    """Plugins, and the invented office."""

    code = "extras"
    title = gettext_lazy("Plugins and demo")
    lead = gettext_lazy(
        "Plugins bring dossier types of their own. Those that are not chosen now can be set up later."
    )
    template = "setup/extras.html"

    def form(self, request: HttpRequest, draft: SetupDraft) -> forms.BaseForm:
        """Return the form."""
        return ExtrasForm(_sent(request), initial=self.told(draft))

    def context(self, form: Any, draft: SetupDraft) -> dict[str, Any]:
        """Name the plugins that cannot be chosen, with the reason."""
        return {"others": others()}

    def take(self, form: Any, draft: SetupDraft) -> bool:
        """Try what was chosen; keep it when it fits this office."""
        chosen = {"plugins": form.cleaned_data.get("plugins", []), "demo": form.cleaned_data["demo"]}
        try:
            check_extras(draft, **chosen)
        except OpeningError as error:
            form.add_error(None, str(error))
            return False
        draft.answers[self.code] = chosen
        return True

    def summary(self, draft: SetupDraft) -> list[tuple[str, str]]:
        """Return what was chosen."""
        told = self.told(draft)
        chosen = [plugin.title for plugin in installed_plugins() if plugin.label in told["plugins"]]
        demo = _("yes, to try things out") if told["demo"] else _("no")
        return [(_("Plugins"), ", ".join(chosen) or _("none")), (_("Invented office"), demo)]


class ReviewStep(Step):
    """All answers once more."""

    code = "review"
    title = gettext_lazy("Open the office")
    lead = gettext_lazy("Nothing has been stored yet. When you open the office, all of it is, or nothing.")
    template = "setup/review.html"

    def form(self, request: HttpRequest, draft: SetupDraft) -> forms.BaseForm:
        """Return an empty form."""
        return ReviewForm(_sent(request))

    def take(self, form: Any, draft: SetupDraft) -> bool:
        """Keep nothing."""
        return True

    def context(self, form: Any, draft: SetupDraft) -> dict[str, Any]:
        """Return the summaries of all steps before."""
        return {"parts": [(step, step.summary(draft)) for step in STEPS[:-1]]}


STEPS: list[Step] = [
    OfficeStep(),
    LooksStep(),
    PeopleStep(),
    AdministratorStep(),
    ExtrasStep(),
    ReviewStep(),
]


def first_open(draft: SetupDraft) -> Step:
    """Return the first step that has not been done."""
    return next((step for step in STEPS if step.code not in draft.answers), STEPS[-1])
