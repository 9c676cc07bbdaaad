"""Addresses of dossiers and tasks, whoever serves them."""

from __future__ import annotations

from django.urls import reverse

from workflows.dossiers.api import Dossier


def dossier_url(dossier: Dossier) -> str:
    """Return the page of a dossier."""
    return reverse("dossier", args=[dossier.pk])


def task_url(task_id: int) -> str:
    """Return the page of a task."""
    return reverse("task", args=[task_id])
