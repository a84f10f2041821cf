"""The booking pages inside a practice's own site: which pages may be framed, and by which sites.

``/widget/SLUG/`` shows the same pages as ``/praxis/SLUG/``; the prefix tells whose they are, so that each answer,
errors included, names exactly the sites that this practice has listed (CSP ``frame-ancestors``). Everything else stays
unframeable, and so do the pages that change an appointment. The settings' preview has a prefix of its own, which only
our own site may frame.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass

from csp.constants import NONE, SELF
from django.conf import settings
from django.contrib.staticfiles.storage import staticfiles_storage
from django.http import HttpRequest, HttpResponse
from django.urls import get_script_prefix, set_script_prefix

from sprechzeit.errors import NotFound
from sprechzeit.practices.directory import practice_by_slug

Answer = Callable[[HttpRequest], HttpResponse]
ADDRESS = re.compile(r"/(?P<door>widget|widget-vorschau)/(?P<slug>[-\w]+)/(?P<rest>.*)", re.ASCII)
MANAGE = re.compile(r"mein-termin/(?![^/]+/(termin\.ics)?$)")  # all of it but to look and to take along
SCRIPT = "/static/widget.js"  # the one file that other sites load


@dataclass(frozen=True)
class Framed:
    """The frame that a page is made for. ``origins`` are the sites that may hold it."""

    origins: tuple[str, ...]
    is_preview: bool
    outside: str

    @property
    def ancestors(self) -> list[str]:
        """As CSP's ``frame-ancestors`` wants it."""
        return [SELF] if self.is_preview else [*self.origins] or [NONE]


def framing(get_response: Answer) -> Answer:
    """Serve the pages below the prefix with every address in them below it too (WSGI's SCRIPT_NAME)."""
    staticfiles_storage.url("widget.js")  # the storage remembers its address: without any frame's prefix

    def middleware(request: HttpRequest) -> HttpResponse:
        found = ADDRESS.fullmatch(request.path_info)
        inside = _inside(found["slug"], found["rest"]) if found else None
        if found is None or inside is None:
            return get_response(request)
        framed = Framed(_origins(found["slug"]), found["door"] == "widget-vorschau", inside)
        request.framed = framed  # type: ignore[attr-defined]  # base.html draws it
        root = f"{get_script_prefix()}{found['door']}/{found['slug']}/"
        request.path_info, request.path = inside, root + inside[1:]
        with prefixed(root):
            response = get_response(request)
        response._csp_replace = {"frame-ancestors": framed.ancestors}  # type: ignore[attr-defined]  # csp's own way
        # X-Frame-Options cannot list sites: where CSP does, it is left out (site/middleware.py).
        response.is_framed = framed.ancestors != [NONE]  # type: ignore[attr-defined]  # read by security_headers
        return response

    return middleware


@contextmanager
def prefixed(root: str) -> Iterator[None]:
    """All addresses that are made meanwhile begin with this."""
    before = get_script_prefix()
    set_script_prefix(root)
    try:
        yield
    finally:
        set_script_prefix(before)


def _inside(slug: str, rest: str) -> str | None:
    """The address of the same page outside; None for what is never framed."""
    languages = "|".join(code for code, _name in settings.LANGUAGES)
    parts = re.fullmatch(rf"(?P<language>({languages})/)?(?P<page>.*)", rest)
    if parts is None:
        return None
    language, page = parts["language"] or "", parts["page"]
    own = f"praxis/{slug}/"
    if page and not page.startswith(own):
        return None
    if MANAGE.match(page.removeprefix(own)):
        return None
    return f"/{language}{page or own}"


def _origins(slug: str) -> tuple[str, ...]:
    with suppress(NotFound):
        return tuple(practice_by_slug(slug).widget_origins)
    return ()
