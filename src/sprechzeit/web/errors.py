"""The pages for what went wrong. They tell what to do next and nothing about the inside."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _


def problem_page(request: HttpRequest, status: int, title: str, text: str) -> HttpResponse:
    """A plain page with this title and sentence."""
    return render(request, "problem.html", {"title": title, "text": text}, status=status)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return problem_page(
        request, 400, _("Die Anfrage war unvollständig"), _("Bitte gehen Sie zurück und versuchen Sie es noch einmal.")
    )


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return problem_page(request, 403, _("Kein Zugriff"), _("Für diese Seite haben Sie keine Berechtigung."))


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return problem_page(
        request,
        404,
        _("Diese Seite gibt es nicht"),
        _("Vielleicht ist der Link abgelaufen oder unvollständig kopiert."),
    )


def server_error(request: HttpRequest) -> HttpResponse:
    return problem_page(
        request,
        500,
        _("Das hat nicht geklappt"),
        _("Der Fehler liegt bei uns und ist aufgezeichnet. Es wurde nichts halb gespeichert."),
    )


def csrf_failed(request: HttpRequest, reason: str = "") -> HttpResponse:
    return problem_page(
        request,
        403,
        _("Die Seite war zu lange offen"),
        _("Bitte laden Sie die vorige Seite neu und schicken Sie das Formular noch einmal ab."),
    )
