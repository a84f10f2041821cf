"""The one place where the domain's errors become pages for patients."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.gzip import gzip_page

from sprechzeit.booking.errors import AppointmentNotFound, HoldNotFound
from sprechzeit.errors import DomainError, Invalid, NotFound
from sprechzeit.guard.doors import failures_limited, tell_when
from sprechzeit.guard.errors import TooMany
from sprechzeit.guard.limits import MANAGE_BY_ADDRESS
from sprechzeit.recall.errors import RecallNotFound, RecallOver
from sprechzeit.waiting.errors import EntryNotFound, OfferNotFound
from sprechzeit.web.front.cookieless import P, View, cookieless

GUESSED = (AppointmentNotFound, EntryNotFound, HoldNotFound, OfferNotFound, RecallNotFound)


def front_page(*methods: str) -> Callable[[View[P]], View[P]]:
    """A page of the patients' side: no cookie, these methods only, and every domain error told in words.

    It goes out compressed. What compression gives away elsewhere (BREACH) needs requests that a foreign site makes
    with the victim's cookie: here there is none, and a page with a secret is found by that secret alone.
    """

    def decorate(view: View[P]) -> View[P]:
        @gzip_page
        @cookieless
        @wraps(view)
        def answer(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            if request.method not in {*methods, "HEAD"}:
                return _wrong_method(request, methods)
            try:
                _require_no_preview(request)
                with failures_limited(MANAGE_BY_ADDRESS, *GUESSED):
                    return view(request, *args, **kwargs)
            except DomainError as error:
                page = _page(request, error.status, _title(error), error.message, str(kwargs.get("slug", "")))
                return tell_when(page, error)

        return answer

    return decorate


def _require_no_preview(request: HttpRequest) -> None:
    """The owner looks at the page in the settings (``site/framing.py``): a try there must take nobody's time.

    Raises
    ------
    Invalid
    """
    if request.method == "POST" and getattr(getattr(request, "framed", None), "is_preview", False):
        raise Invalid(_("Das ist nur eine Vorschau: Hier lässt sich nichts buchen."))


def _title(error: DomainError) -> str:
    match error:
        case HoldNotFound():
            return _("Die Reservierung ist abgelaufen")
        case AppointmentNotFound():
            return _("Diesen Termin finden wir nicht")
        case OfferNotFound():
            return _("Dieses Angebot finden wir nicht")
        case EntryNotFound():
            return _("Diesen Platz auf der Warteliste gibt es nicht mehr")
        case RecallOver():
            return _("Diese Einladung ist vorbei")
        case TooMany():
            return _("Einen Augenblick, bitte")
        case NotFound():
            return _("Diese Seite gibt es nicht")
        case _other:
            return _("Das ging nicht")


def _page(request: HttpRequest, status: int, title: str, text: str, slug: str) -> HttpResponse:
    """With a way on: to the practice, unless it is the practice itself that does not exist."""
    match = request.resolver_match
    known = bool(slug) and match is not None and match.url_name != "practice"
    back = reverse("front:practice", args=[slug]) if known else ""
    return render(request, "problem.html", {"title": title, "text": text, "back": back}, status=status)


def _wrong_method(request: HttpRequest, methods: tuple[str, ...]) -> HttpResponse:
    answer = _page(
        request, 405, _("So geht es nicht"), _("Diese Adresse lässt sich nur auf andere Weise aufrufen."), ""
    )
    answer.headers["Allow"] = ", ".join(methods)
    return answer
