"""The page types: home, news, notices, standard pages."""

from .articles import Article, NewsIndexPage, NewsPage, NoticeIndexPage, NoticePage
from .categories import NewsCategory
from .department_sections import DepartmentSection
from .discussion import Comment, Star
from .feed_keys import FeedKey
from .form_page import FormPage
from .plain import HomePage, StandardPage
from .readership import NewsReaders, NewsVisit
from .receipts import NoticeReceipt
from .related import RelatedNews
from .shared_blocks import SharedBlock
from .urgency import Urgency

__all__ = [
    "Article",
    "Comment",
    "DepartmentSection",
    "FeedKey",
    "FormPage",
    "HomePage",
    "NewsCategory",
    "NewsIndexPage",
    "NewsPage",
    "NewsReaders",
    "NewsVisit",
    "NoticeIndexPage",
    "NoticePage",
    "NoticeReceipt",
    "RelatedNews",
    "SharedBlock",
    "StandardPage",
    "Star",
    "Urgency",
]
