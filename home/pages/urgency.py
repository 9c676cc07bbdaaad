"""How pressing a notice is."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Urgency(models.TextChoices):
    """How pressing a notice is (độ khẩn; Nghị định 30/2020/NĐ-CP, Phụ lục I)."""

    NORMAL = "normal", _("Normal")
    URGENT = "urgent", _("Urgent")
    VERY_URGENT = "very_urgent", _("Very urgent")
    EXPRESS = "express", _("Express")
