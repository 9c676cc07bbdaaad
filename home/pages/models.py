"""The page types: home, news, notices, standard pages."""

from .articles import Article, NewsIndexPage, NewsPage, NoticeIndexPage, NoticePage
from .form_page import FormPage
from .plain import HomePage, StandardPage
from .receipts import NoticeReceipt
from .urgency import Urgency

__all__ = [
    "Article",
    "FormPage",
    "HomePage",
    "NewsIndexPage",
    "NewsPage",
    "NoticeIndexPage",
    "NoticePage",
    "NoticeReceipt",
    "StandardPage",
    "Urgency",
]
