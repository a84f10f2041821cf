"""Which part speaks which languages: the patients' pages all of them, the desk and the API German and English."""

from __future__ import annotations

import re
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

Answer = Callable[[HttpRequest], HttpResponse]


def desk_in_its_languages(get_response: Answer) -> Answer:
    """A desk address below a language that the desk does not speak leads to the German desk."""
    others = "|".join(code for code, _name in settings.LANGUAGES if code not in settings.WHOLE_LANGUAGES)
    foreign = re.compile(rf"/(?:{others})(?P<rest>/desk/.*)", re.DOTALL)

    def middleware(request: HttpRequest) -> HttpResponse:
        found = foreign.fullmatch(request.path_info)
        if found is None:
            return get_response(request)
        query = request.META.get("QUERY_STRING", "")
        return HttpResponseRedirect(found["rest"] + (f"?{query}" if query else ""))

    return middleware
