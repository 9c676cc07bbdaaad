"""The addresses of the try-out, the samples and the versions of a draft; the gate stands before all of them."""

from __future__ import annotations

from django.urls import URLPattern, path

from .moving_views import move
from .tryout_views import forget_sample, try_all, try_out
from .version_views import restore, versions


def trying_patterns() -> list[URLPattern]:
    """Return the patterns, each with the key of a draft."""
    return [
        path("try/<int:pk>/", try_out, name="try"),
        path("try/<int:pk>/samples/", try_all, name="try-all"),
        path("try/<int:pk>/samples/<int:case>/delete/", forget_sample, name="forget-sample"),
        path("versions/<int:pk>/", versions, name="versions"),
        path("versions/<int:pk>/<int:number>/restore/", restore, name="restore"),
        path("versions/<int:pk>/<int:number>/move/", move, name="move"),
    ]
