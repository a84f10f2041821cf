"""All doors. Pages are German without a prefix, other languages have one (``/en/``); no cookie chooses the language."""

from __future__ import annotations

from django.conf import settings
from django.conf.urls.i18n import i18n_patterns
from django.urls import URLPattern, URLResolver, include, path

from sprechzeit.api.v1 import api
from sprechzeit.web.front.demo_mails import demo_mails

urlpatterns: list[URLPattern | URLResolver] = [
    path("api/v1/", api.urls),
    *i18n_patterns(
        path("desk/", include("sprechzeit.web.desk.urls")),
        *([path("demo/mails/", demo_mails, name="demo-mails")] if settings.DEMO else []),
        path("", include("sprechzeit.web.front.urls")),
        prefix_default_language=False,
    ),
]

handler400 = "sprechzeit.web.errors.bad_request"
handler403 = "sprechzeit.web.errors.forbidden"
handler404 = "sprechzeit.web.errors.not_found"
handler500 = "sprechzeit.web.errors.server_error"
