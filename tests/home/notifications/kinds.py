"""A kind of this room's tests."""

from django.utils.translation import get_language

from home.notifications.api import NotificationKind, kinds

GREETING = NotificationKind(
    code="test.greeting",
    label="Lời chào",
    subject=lambda params: f"[{get_language()}] Chào {params['name']}",
    body=lambda params: "Thân thư",
)
if GREETING.code not in kinds:
    kinds.register(GREETING)
