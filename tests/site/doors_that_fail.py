"""All of the product's addresses, and some that fail with a name in their message."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import path

from sprechzeit.site import urls as product

NAME = "Unverwechselbar"


def raising(error: type[Exception]) -> object:
    def view(request: HttpRequest) -> HttpResponse:
        patient = NAME  # a local variable, as a debug page would show it
        raise error(f"{patient} 4711")

    return view


urlpatterns = [
    path("defect/", raising(ValueError), name="defect"),
    path("suspicious/", raising(SuspiciousOperation), name="suspicious"),
    path("forbidden/", raising(PermissionDenied), name="forbidden"),
    path("missing/", raising(Http404), name="missing"),
    path("api/v1/defect", raising(ValueError), name="api-defect"),
    *product.urlpatterns,
]
handler400 = product.handler400
handler403 = product.handler403
handler404 = product.handler404
handler500 = product.handler500
