"""Read-only mode: what would change something is answered by a page that says so; reading and logging out go on."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.urls import Resolver404, resolve
from django.utils.translation import gettext as _

from sprechzeit.api.problems import problem
from sprechzeit.guard.read_only import is_read_only
from sprechzeit.web.errors import problem_page

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
# These are sent by POST and read, or end something.
GO_ON = frozenset(
    {
        "desk:patients",
        "desk:login-begin",
        "desk:login-finish",
        "desk:login-demo",
        "desk:logout",
        "desk:lock",
        "desk:step-up-begin",
        "desk:step-up-finish",
        "desk:session-end",
        "desk:sessions-end",
        "desk:change-practice",
        "desk:brake-pull",
    }
)
READS_OF_THE_API = "/api/v1/desk/patients/search"
RETRY_AFTER = "300"


def read_only_mode(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware: 503 (RFC 9110, section 15.6.4) for what would change something."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if request.method in SAFE or not is_read_only() or _goes_on(request.path_info):
            return get_response(request)
        text = _("Der Server zeigt gerade nur an und ändert nichts. Bitte versuchen Sie es später noch einmal.")
        if request.path_info.startswith("/api/"):
            response = problem(503, "read-only", text)
        else:
            response = problem_page(request, 503, _("Im Moment nur zum Ansehen"), text)
        response.headers["Retry-After"] = RETRY_AFTER
        return response

    return middleware


def _goes_on(path: str) -> bool:
    try:
        return path == READS_OF_THE_API or resolve(path).view_name in GO_ON
    except Resolver404:
        return True  # told as such
