"""What follows when a notice that must be read is published."""

from __future__ import annotations

from typing import Any

from .articles import NoticePage
from .reading import ask


def ask_readers(sender: type[Any], instance: Any, **kwargs: Any) -> None:
    """Tell those asked, once in each round; Wagtail's signal also comes from scheduled publication."""
    if isinstance(instance, NoticePage) and instance.must_read and instance.live:
        notice = NoticePage.objects.select_related("audience_rule").get(pk=instance.pk)
        ask(notice)
