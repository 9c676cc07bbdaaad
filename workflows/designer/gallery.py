"""The gallery in the Wagtail admin: start a dossier type from a template, or from another type."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe
from wagtail.admin import messages

from home.forms.api import SchemaError, localized
from home.people.api import Department
from workflows.definitions.api import DamagedVersionError, Definition, Names, definition_of
from workflows.dossiers.api import DossierType
from workflows.engine.api import Drawing, Extra, draw_definition

from .access import builds_types, own_departments, types_seen_by
from .gallery_files import Template, templates
from .intake import RefusedIntakeError, take_in

EDIT, LIST = "wagtailsnippets_designer_flowdraft:edit", "wagtailsnippets_designer_flowdraft"
PAGE = 12


@dataclass(frozen=True)
class Card:
    """One thing to start from."""

    address: str
    title: str
    summary: str
    drawing: Drawing | None
    department: str = ""


class StartForm(forms.Form):
    """What the new type is called, and which departments stand in it; `owner` is limited to one's own."""

    title = forms.CharField(label=gettext_lazy("Title in Vietnamese"), max_length=200)
    title_en = forms.CharField(label=gettext_lazy("Title in English"), max_length=200, required=False)

    def __init__(self, *args: Any, user: Any, asks: Mapping[str, tuple[str, str]], **kwargs: Any) -> None:
        """Ask for the departments of `asks`: name → (label, help)."""
        super().__init__(*args, **kwargs)
        self.asked = tuple(asks)
        active = Department.objects.filter(is_active=True)
        for name, (label, words) in asks.items():
            units = own_departments(user).filter(is_active=True) if name == "owner" else active
            only = units.first() if name == "owner" and units.count() == 1 else None
            self.fields[f"unit_{name}"] = forms.ModelChoiceField(
                units, label=label, help_text=words, initial=only
            )

    def chosen(self) -> dict[str, str]:
        """Return the code of the department for each name."""
        return {name: self.cleaned_data[f"unit_{name}"].code for name in self.asked}

    def named(self, definition: Definition) -> Definition:
        """Return the definition under the new title."""
        title, english = self.cleaned_data["title"], self.cleaned_data["title_en"]
        return definition.model_copy(update={"title": {"vi": title, "en": english} if english else title})


@require_safe
def gallery(request: HttpRequest) -> HttpResponse:
    """Show templates, and a page of the types that may be copied; 404 for who builds no types."""
    _builders_only(request)
    found = types_seen_by(request.user).select_related("current", "department").order_by("title", "pk")
    page = Paginator(found, PAGE).get_page(request.GET.get("p"))
    context = {
        "templates": [_template_card(name, template) for name, template in templates().items()],
        "types": _type_cards(list(page.object_list)),
        "page": page,
    }
    return _page(request, "gallery.html", _("Start from a template"), context)


@require_http_methods(["GET", "HEAD", "POST"])
def start_from_template(request: HttpRequest, name: str) -> HttpResponse:
    """Ask which departments stand in a template, then open it in the editor; 404 for who builds no types."""
    _builders_only(request)
    template = templates().get(name)
    if template is None:
        raise Http404
    asks = {ask.code: (localized(ask.label), localized(ask.help)) for ask in template.asks}
    form = _form(request, asks, template.title)
    if form.is_bound and form.is_valid():
        definition = form.named(template.filled(form.chosen()))
        if answer := _start(request, form, definition, f"template:{name}"):
            return answer
    context = {"form": form, "card": _template_card(name, template)}
    return _page(request, "start.html", _started(localized(template.title)), context, form)


@require_http_methods(["GET", "HEAD", "POST"])
def start_from_type(request: HttpRequest, type_pk: int) -> HttpResponse:
    """Ask for which department another type is copied, then open the copy; 404 for a type out of reach."""
    _builders_only(request)
    kind = get_object_or_404(types_seen_by(request.user).select_related("current", "department"), pk=type_pk)
    try:
        definition = _current(kind)
    except DamagedVersionError:
        raise Http404 from None
    asks = {"owner": (_("Department"), _("The copy belongs to this department."))}
    form = _form(request, asks, _copy_of(definition))
    if form.is_bound and form.is_valid():
        copy = form.named(_for(definition, form.chosen()["owner"]))
        if answer := _start(request, form, copy, f"type:{kind.code}"):
            return answer
    [card] = _type_cards([kind])
    return _page(request, "start.html", _started(str(kind)), {"form": form, "card": card}, form)


def _start(request: HttpRequest, form: StartForm, definition: Definition, source: str) -> HttpResponse | None:
    user: Any = request.user
    try:
        draft = take_in(definition, by=user, source=source, anew=True)
    except (RefusedIntakeError, SchemaError) as error:
        form.add_error(None, str(error))
        return None
    messages.success(request, _("“%(title)s” is in the editor. It is not published yet.") % {"title": draft})
    return redirect(EDIT, draft.pk)


def _started(title: str) -> str:
    return _("Start from “%(title)s”") % {"title": title}


def _builders_only(request: HttpRequest) -> None:
    if not builds_types(request.user):
        raise Http404


def _form(request: HttpRequest, asks: Mapping[str, tuple[str, str]], title: Any) -> StartForm:
    both = title if isinstance(title, dict) else {"vi": title}
    initial = {"title": both.get("vi", ""), "title_en": both.get("en", "")}
    data = request.POST if request.method == "POST" else None
    return StartForm(data, user=request.user, asks=asks, initial=initial)


def _template_card(name: str, template: Template) -> Card:
    definition = template.sample()
    words = {ask.code: localized(ask.label) for ask in template.asks}
    names = Names.of(definition.canonical()).also("department", words)
    return Card(
        address=reverse(f"{LIST}:start_from_template", args=[name]),
        title=localized(template.title),
        summary=localized(template.summary),
        drawing=draw_definition(definition, Extra(name=f"template-{name}"), names),
    )


def _type_cards(kinds: Sequence[DossierType]) -> list[Card]:
    """Return a card for each type; the names in all pictures are looked up at once."""
    readable: dict[int, Definition] = {}
    for kind in kinds:
        try:
            readable[kind.pk] = _current(kind)
        except DamagedVersionError:  # the log and the checks of flows name it; here it has no picture
            continue
    names = dict(zip(readable, Names.each([one.canonical() for one in readable.values()]), strict=True))
    return [
        Card(
            address=reverse(f"{LIST}:start_from_type", args=[kind.pk]),
            title=str(kind),
            summary=kind.description,
            drawing=draw_definition(readable[kind.pk], Extra(name=f"type-{kind.pk}"), names[kind.pk])
            if kind.pk in readable
            else None,
            department=str(kind.department or ""),
        )
        for kind in kinds
    ]


def _current(kind: DossierType) -> Definition:
    assert kind.current is not None  # noqa: S101 - `types_seen_by` gives no others
    return definition_of(kind.current)


def _copy_of(definition: Definition) -> dict[str, str]:
    title = definition.title
    both = title if isinstance(title, dict) else {"vi": title}
    marks = {"vi": "(bản sao)", "en": "(copy)"}
    return {language: f"{words} {marks[language]}" for language, words in both.items()}


def _for(definition: Definition, department: str) -> Definition:
    """Return the definition for another department: its numbers come from registers of its own."""
    if department == definition.department:
        return definition
    data = definition.canonical() | {"department": department}
    return Definition.parse(_own_registers(data, department))


def _own_registers(data: Any, department: str) -> Any:
    if isinstance(data, list):
        return [_own_registers(one, department) for one in data]
    if not isinstance(data, dict):
        return data
    found = {key: _own_registers(value, department) for key, value in data.items()}
    if isinstance(found.get("register"), dict):
        found["register"] = found["register"] | {"code": _own(found["register"]["code"], department)}
    elif found.get("kind") == "number":
        found["register"] = _own(found["register"], department)
    return found


def _own(register: str, department: str) -> str:
    return f"{register[: 39 - len(department)]}-{department}"


def _page(
    request: HttpRequest, template: str, title: str, context: dict[str, Any], form: StartForm | None = None
) -> HttpResponse:
    context |= {"page_title": title, "header_title": title}
    failed = form is not None and form.is_bound
    return render(request, f"designer/admin/{template}", context, status=422 if failed else 200)
