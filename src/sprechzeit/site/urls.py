"""All doors. Pages are German without a prefix and English below ``/en/``; no cookie chooses the language."""

from __future__ import annotations

from django.conf.urls.i18n import i18n_patterns
from django.urls import URLPattern, URLResolver, include, path

from sprechzeit.api.v1 import api

urlpatterns: list[URLPattern | URLResolver] = [
    path("api/v1/", api.urls),
    *i18n_patterns(
        path("desk/", include("sprechzeit.web.desk.urls")),
        path("", include("sprechzeit.web.front.urls")),
        prefix_default_language=False,
    ),
]

handler400 = "sprechzeit.web.errors.bad_request"
handler403 = "sprechzeit.web.errors.forbidden"
handler404 = "sprechzeit.web.errors.not_found"
handler500 = "sprechzeit.web.errors.server_error"
