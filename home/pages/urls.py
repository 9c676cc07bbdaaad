"""Addresses of this room that are no pages."""

from django.urls import include, path

from . import reading_views as reading
from . import section_views as sections
from .preview_as import preview_as, preview_as_page
from .search import search, suggest

urlpatterns = [
    path("news/", include("home.pages.news_urls")),
    path("search/", search, name="search"),
    path("search/suggest/", suggest, name="search_suggest"),
    path("preview-as/<key:pk>/", preview_as, name="preview_as"),
    path("preview-as/<key:pk>/page/<key:person>/", preview_as_page, name="preview_as_page"),
    path("sections/", sections.section_list, name="section_list"),
    path("sections/open/", sections.section_open, name="section_open"),
    path("sections/<key:pk>/", sections.section_team, name="section_team"),
    path("sections/<key:pk>/part/", sections.section_part, name="section_part"),
    path("reading/", reading.reading_list, name="reading_list"),
    path("reading/overview/", reading.reading_overview, name="reading_overview"),
    path("reading/<key:pk>/confirm/", reading.reading_confirm, name="reading_confirm"),
    path("reading/<key:pk>/", reading.reading_report, name="reading_report"),
    path("reading/<key:pk>/sheet/", reading.reading_sheet, name="reading_sheet"),
    path("reading/<key:pk>/remind/", reading.reading_remind, name="reading_remind"),
]
