"""The front door of this room: import from here, never from the modules behind it."""

from .body import PageFrame, PageWithBody
from .models import HomePage, NewsIndexPage, NewsPage, NoticeIndexPage, NoticePage, StandardPage, Urgency
from .moderation import EDITORS, MODERATORS, ensure_moderation

__all__ = [
    "EDITORS",
    "MODERATORS",
    "HomePage",
    "NewsIndexPage",
    "NewsPage",
    "NoticeIndexPage",
    "NoticePage",
    "PageFrame",
    "PageWithBody",
    "StandardPage",
    "Urgency",
    "ensure_moderation",
]
