"""The site's own addresses, and the trivial page."""

from django.urls import path
from viewflow.workflow.flow import FlowViewset

from bench.context import HELLO
from bench.hello import hello
from bench.stock import StockCase
from settings.urls import urlpatterns as office

urlpatterns = [
    path(HELLO.lstrip("/"), hello),
    path("-/stock/", FlowViewset(StockCase).urls),
    *office,
]
