"""The site's own addresses, and the trivial page."""

from django.urls import path

from bench.context import HELLO
from bench.hello import hello
from settings.urls import urlpatterns as office

urlpatterns = [path(HELLO.lstrip("/"), hello), *office]
