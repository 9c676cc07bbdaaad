"""What people are told about stamps."""

from home.notifications.api import NotificationKind, kinds

kinds.register(
    NotificationKind(
        code="stamp.lost", label="A stamp was lost", subject=lambda params: f"Lost: {params['name']}"
    )
)
