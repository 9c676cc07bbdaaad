"""A form as YAML: for another office, a profile, or a look at what was picked."""

from __future__ import annotations

import yaml

from plugins.api.api import ProfileError, parse_yaml

from .problems import Problem, SchemaError
from .schema import FormSchema


def form_to_yaml(schema: FormSchema) -> str:
    """Return a form as YAML, without what is as it would be anyway."""
    return yaml.safe_dump(schema.canonical(), allow_unicode=True, sort_keys=False, width=100)


def form_from_yaml(source: str | bytes, name: str = "yaml") -> FormSchema:
    """Return the form that YAML describes; `name` is what messages call the file. Raises `SchemaError`."""
    try:
        return FormSchema.parse(parse_yaml(source, name).data)
    except ProfileError as error:
        raise SchemaError(Problem("", str(one), code="yaml") for one in error.problems) from None
