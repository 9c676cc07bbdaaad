"""Addresses of news that are no pages: stars and comments, feeds."""

from django.urls import path

from . import comment_views as talk
from . import news_feeds as feeds

urlpatterns = [
    path("feed.rss", feeds.news_feed, {"kind": "rss"}, name="news_rss"),
    path("feed.atom", feeds.news_feed, {"kind": "atom"}, name="news_atom"),
    path("feeds/", feeds.feed_list, name="news_feeds"),
    path("feeds/renew/", feeds.feed_renew, name="feed_renew"),
    path("feeds/revoke/", feeds.feed_revoke, name="feed_revoke"),
    path("comments/", talk.comment_list, name="comment_list"),
    path("comments/<key:pk>/decide/", talk.comment_decide, name="comment_decide"),
    path("comments/<key:pk>/delete/", talk.comment_delete, name="comment_delete"),
    path("<key:pk>/visit/", talk.news_visit, name="news_visit"),
    path("<key:pk>/talk/", talk.news_talk, name="news_talk"),
    path("<key:pk>/star/", talk.news_star, name="news_star"),
]
