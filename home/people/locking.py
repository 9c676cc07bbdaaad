"""Locks for rules that look at more rows than those that they concern."""

from __future__ import annotations

from collections.abc import Iterable

from django.apps import apps
from django.db import models


class RuleLock(models.Model):
    """One row a rule: whoever checks the rule in order to write holds it until the commit."""

    name = models.CharField(max_length=40, primary_key=True)

    def __str__(self) -> str:
        return self.name


def hold_rule(name: str) -> None:
    """Wait for everybody else who is writing under this rule; call it inside the transaction."""
    locked = RuleLock.objects.select_for_update()
    if not locked.filter(pk=name).exists():
        RuleLock.objects.get_or_create(pk=name)
    locked.get(pk=name)


def hold_people(ids: Iterable[int]) -> None:
    """Keep these people as they are (active or not) until the commit.

    Rows that only refer to them are not kept waiting, those of the audit trail among them.
    """
    people = apps.get_model("people.User")._base_manager.filter(pk__in=set(ids)).order_by("pk")
    list(people.select_for_update(no_key=True).values_list("pk"))
