"""Whose turn it is in groups that share work."""

from __future__ import annotations

from django.db import models

from home.people.api import User


class Rotation(models.Model):
    """The order in which the people of a group were asked; the row is the lock of whoever chooses the next.

    `key` is the rule, the department and the position (`round_robin:TC:officer`); `asked` holds the keys of people,
    each once, the last one asked at the end.
    """

    key = models.CharField(max_length=240, unique=True)
    asked = models.JSONField(default=list)

    def __str__(self) -> str:
        return self.key

    def turn(self, person: User) -> tuple[int, int]:
        """Return by what people are ordered: never asked first, then asked longest ago; by key among equals."""
        return (self.asked.index(person.pk) if person.pk in self.asked else -1, person.pk)
