"""The trivial page that everything is compared with, and the counter of queries."""

import time
from collections.abc import Callable
from typing import Any

from django.db import connection
from django.http import HttpRequest, HttpResponse

#: What only opens and closes transactions is no query.
BRACKETS = ("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE", "ROLLBACK")


def hello(request: HttpRequest) -> HttpResponse:
    """Answer one word, behind the full middleware of the site."""
    return HttpResponse("hello", content_type="text/plain")


class QueryCountMiddleware:
    """Add number and wall time of the queries as headers to answers that are asked for it with X-Count-Queries."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer the request, counted when asked for."""
        if "X-Count-Queries" not in request.headers:
            return self.get_response(request)
        count, seconds = 0, 0.0

        def counted(execute: Callable[..., Any], sql: str, *arguments: Any) -> Any:
            nonlocal count, seconds
            count += not sql.lstrip().upper().startswith(BRACKETS)
            started = time.perf_counter()
            try:
                return execute(sql, *arguments)
            finally:
                seconds += time.perf_counter() - started

        with connection.execute_wrapper(counted):
            response = self.get_response(request)
        response["X-Queries"] = str(count)
        response["X-Database-Ms"] = f"{seconds * 1000:.3f}"
        return response
