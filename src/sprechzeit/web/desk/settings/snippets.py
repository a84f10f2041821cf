"""What the practice copies into its own site: a script tag, a plain frame, a plain link."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape

from django.conf import settings
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from sprechzeit.practices.models import Practice


@dataclass(frozen=True)
class Snippet:
    """A piece of HTML, and what it is good for."""

    id: str
    title: str | Promise
    what: str | Promise
    html: str


def snippets_of(practice: Practice) -> list[Snippet]:
    """The best first. Plain text: the page that shows it escapes it."""
    host, slug = escape(settings.PUBLIC_URL), practice.slug
    link = host + reverse("front:practice", args=[slug])
    plain = f'<a href="{link}">Termin online buchen</a>'
    script = f'<script src="{host}/static/widget.js" data-praxis="{slug}" async></script>'
    frame = f'<iframe src="{host}/widget/{slug}/" title="Termin online buchen" width="100%" height="800"></iframe>'
    return [
        Snippet(
            "mit-skript", _("Mit Skript"), _("Passt sich in der Höhe an."), f"{script}\n<noscript>{plain}</noscript>"
        ),
        Snippet("rahmen", _("Ohne Skript"), _("Ein Rahmen mit fester Höhe."), frame),
        Snippet("verweis", _("Nur ein Link"), _("Geht immer, auch ohne Eintrag in der Liste."), plain),
    ]
