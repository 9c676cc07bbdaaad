"""The forms that are measured."""

from __future__ import annotations

from typing import Any

from home.forms.api import FormSchema, stream_of


def questions(number: int) -> dict[str, Any]:
    """Return a form with so many questions of six kinds, as the profile would write it."""
    kinds: list[dict[str, Any]] = [
        {"kind": "text"},
        {"kind": "long_text"},
        {"kind": "number", "min": 0, "max": 1000},
        {"kind": "money"},
        {"kind": "date"},
        {"kind": "choice", "choices": [{"value": code, "label": code.upper()} for code in "abc"]},
    ]
    fields = [
        {"key": f"q{n}", "label": f"Câu hỏi {n}", "required": True} | kinds[n % len(kinds)]
        for n in range(number)
    ]
    return {"title": f"{number} câu hỏi", "sections": [{"title": "Nội dung", "fields": fields}]}


_POSTED = {
    "text": "Câu trả lời",
    "long_text": "Hai\ndòng",
    "number": "12",
    "money": "1.000.000",
    "date": "24/11/2026",
    "choice": "a",
}


def schema_of(number: int) -> FormSchema:
    """Return that form."""
    return FormSchema.model_validate(questions(number))


def posted_to(schema: FormSchema) -> dict[str, str]:
    """Return a right answer to every question."""
    return {
        field.key: _POSTED.get(field.kind, "24/11/2026" if field.kind == "date" else "a")
        for field in schema.fields()
    }


def make_form_page(schema: FormSchema) -> str:
    """Publish a form page that asks `schema` and return the address that its form posts to."""
    from django.urls import reverse

    from home.pages.api import HomePage
    from home.pages.form_page import FormPage

    content = stream_of(schema.model_dump(mode="json"))
    page = FormPage(title="Đo biểu mẫu", slug="do-bieu-mau", sections=content)
    HomePage.objects.get().add_child(instance=page)
    return reverse("form_page", args=[page.pk])
