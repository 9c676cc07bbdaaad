"""Addresses of this room."""

from django.urls import path

from . import feed_views, views

app_name = "meetings"

urlpatterns = [
    path("meetings/", views.week, name="week"),
    path("meetings/new/", views.create, name="create"),
    path("meetings/calendar/", feed_views.subscribe, name="subscribe"),
    path("meetings/calendar/renew/", feed_views.renew, name="renew"),
    path("meetings/calendar/revoke/", feed_views.revoke, name="revoke"),
    path("meetings/feed/<slug:token>.ics", feed_views.feed, name="feed"),
    path("meetings/<int:pk>/", views.meeting_page, name="meeting"),
    path("meetings/<int:pk>/meeting.ics", feed_views.meeting_file, name="file"),
    path("meetings/<int:pk>/edit/", views.edit, name="edit"),
    path("meetings/<int:pk>/cancel/", views.cancel, name="cancel"),
]
