"""The page types: home, news, notices, standard pages."""

from .articles import Article, NewsIndexPage, NewsPage, NoticeIndexPage, NoticePage
from .department_sections import DepartmentSection
from .form_page import FormPage
from .plain import HomePage, StandardPage
from .receipts import NoticeReceipt
from .urgency import Urgency

__all__ = [
    "Article",
    "DepartmentSection",
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
