"""The imprint of a practice's booking page (section 5 DDG), made of what the practice has set."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from sprechzeit.practices.directory import practice_by_slug
from sprechzeit.practices.legal import missing_in_imprint
from sprechzeit.web.front.problems import front_page


@front_page("GET")
def imprint(request: HttpRequest, slug: str) -> HttpResponse:
    practice = practice_by_slug(slug)
    context = {"practice": practice, "host": host_name(), "missing": missing_in_imprint(practice)}
    return render(request, "front/imprint.html", context)


def host_name() -> str:
    """Who runs the server, as SPRECHZEIT_HOST_NAME says."""
    return settings.HOST_NAME or _("der Betreiber dieses Servers")
