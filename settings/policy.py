"""Content-Security-Policy: strict for the office's own pages, wider only where Wagtail's admin needs it."""

from csp.constants import NONE, SELF, UNSAFE_INLINE
from csp.middleware import CSPMiddleware, PolicyParts
from django.http import HttpRequest, HttpResponseBase

#: Path of Wagtail's admin. `settings.urls` mounts it here.
ADMIN_PATH = "admin/"

STRICT = {
    "default-src": [SELF],
    "img-src": [SELF, "data:"],
    "object-src": [NONE],
    "base-uri": [SELF],
    "form-action": [SELF],
    "frame-ancestors": [NONE],
}

#: Wagtail's admin writes scripts and styles into its pages and shows pictures before they are uploaded.
ADMIN = {
    **STRICT,
    "script-src": [SELF, UNSAFE_INLINE],
    "style-src": [SELF, UNSAFE_INLINE],
    "img-src": [SELF, "data:", "blob:"],
    "frame-ancestors": [SELF],  # its preview panel
}


class OfficePolicyMiddleware(CSPMiddleware):
    """Choose the policy by the path; a view's own decorator still has the last word."""

    def get_policy_parts(
        self, request: HttpRequest, response: HttpResponseBase, report_only: bool = False
    ) -> PolicyParts:
        """Return the parts of the policy for this answer."""
        parts = super().get_policy_parts(request, response, report_only)
        if not report_only and parts.config is None and request.path_info.startswith(f"/{ADMIN_PATH}"):
            parts.config = dict(ADMIN)
        return parts
