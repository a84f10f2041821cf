"""Forms without a cookie, and what stands in for the token that a cookie would carry."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

from sprechzeit.web.errors import problem_page

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponse]

OUR_OWN = {"same-origin", "same-site", "none"}


def cookieless(view: View[P]) -> View[P]:
    """Take this page out of Django's CSRF check.

    Cross-site request forgery rides on what a browser sends by itself: a session cookie. The patients' pages
    set and read none. What they may do follows from a secret in the address alone, which another site does
    not know, and a slot that another site's form holds is no more than what that site's server could hold by
    itself. So a token would protect nothing and cost the cookie that we promise not to set. Browsers tell
    where a form stands (Fetch Metadata, ``Sec-Fetch-Site``); one on a foreign site is refused all the same.
    """

    @csrf_exempt
    @wraps(view)
    def answer(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if request.method == "POST" and request.headers.get("Sec-Fetch-Site", "none") not in OUR_OWN:
            return problem_page(
                request,
                403,
                _("Das Formular steht auf einer fremden Seite"),
                _("Bitte öffnen Sie die Seite der Praxis und wählen Sie die Zeit dort noch einmal."),
            )
        return view(request, *args, **kwargs)

    return answer
